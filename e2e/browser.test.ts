/** The judge of the journeys is judged: whatever a page must not do is noticed. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setStage } from './stage.fixture.ts';
import { until } from './until.fixture.ts';

const MISDEEDS: Readonly<Record<string, readonly [string, RegExp]>> = {
  'an error in the console': ["console.error('so it is')", /console: so it is/],
  'an error in a script': ["setTimeout(() => { throw new Error('so it was') })", /script: Error: so it was/],
  'a rejection nobody handles': ["void Promise.reject(new Error('left alone'))", /script: Error: left alone/],
  'a request to another host': [
    "new Image().src = 'https://elsewhere.example/pixel.png'",
    /request to another host: https:\/\/elsewhere\.example/,
  ],
  'an answer that is an error': ["fetch('/api/catalog/entities').catch(() => 0)", /answer: 401 .*entities/],
  'an inline script, which the policy forbids': [
    "document.body.append(Object.assign(document.createElement('script'), { textContent: 'var x = 1' }))",
    /console: .*Content Security Policy/,
  ],
};

describe('a visit', () => {
  const stage = setStage();

  for (const [what, [script, message]] of Object.entries(MISDEEDS)) {
    it(`fails for ${what}`, async () => {
      const visit = stage.chrome.visit({ url: stage.portal.url }, async (page) => {
        await page.getByRole('row').nth(1).waitFor();
        const noticed = new Promise<void>((resolve) => {
          page.once('console', () => resolve());
          page.once('pageerror', () => resolve());
          page.once('requestfailed', () => resolve());
        });
        await page.evaluate(`{ ${script} }`);
        await noticed;
      });
      await assert.rejects(visit, message);
    });
  }

  it('fails when what it expects does not occur', async () => {
    const visit = stage.chrome.visit(
      { url: stage.portal.url, expects: [/answer: 418/] },
      async () => undefined,
    );
    await assert.rejects(visit, /expects .*418.* did not occur/);
  });

  it('fails with the place and the cause when the journey does', async () => {
    const visit = stage.chrome.visit({ url: stage.portal.url, path: '/catalog?kind=api' }, async () => {
      await until('the moon is blue', () => false, { within: 1 });
    });
    await assert.rejects(visit, (error: Error) => {
      assert.match(error.message, /the journey failed at .*kind=api/);
      assert.match(String(error.cause), /the moon is blue/);
      return true;
    });
  });
});
