/** The judge of the journeys is judged: whatever a page must not do is noticed. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setStage } from './stage.fixture.ts';
import { until } from './until.fixture.ts';

/** What a page must not do, and how it is told. */
const MISDEEDS: readonly (readonly [string, RegExp])[] = [
  ["console.error('so it is')", /console: so it is/],
  ["setTimeout(() => { throw new Error('so it was') })", /script: Error: so it was/],
  ["void Promise.reject(new Error('left alone'))", /script: Error: left alone/],
  [
    "new Image().src = 'https://elsewhere.example/pixel.png'",
    /request to another host: https:\/\/elsewhere\.example/,
  ],
  ["fetch('/api/catalog/entities').catch(() => 0)", /answer: 401 .*entities/],
  [
    "document.body.append(Object.assign(document.createElement('script'), { textContent: 'var x = 1' }))",
    /console: .*Content Security Policy/,
  ],
];

describe('a visit', () => {
  const stage = setStage({ locations: [] });

  it('fails for whatever a page must not do, and names it all', async () => {
    const visit = stage.chrome.visit({ url: stage.portal.url, path: '/no/such/page' }, async (page) => {
      await page.getByRole('heading', { level: 1 }).waitFor();
      for (const [script] of MISDEEDS) {
        const noticed = new Promise<void>((resolve) => {
          page.once('console', () => resolve());
          page.once('pageerror', () => resolve());
        });
        await page.evaluate(`{ ${script} }`);
        await noticed;
      }
    });
    await assert.rejects(visit, (error: Error) => {
      for (const [, message] of MISDEEDS) assert.match(error.message, message);
      return true;
    });
  });

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
