/** Every page for people who do not see it or see it badly, in light and in dark. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { COMPANY } from './company.fixture.ts';
import { DIFFICULT, DIFFICULT_PAGE } from './difficult.fixture.ts';
import { setStage } from './stage.fixture.ts';
import { contrastProblems, parseSnapshot, structureProblems } from './structure.fixture.ts';

const SERVICE = '/catalog/default/component/booking-service';
const MISSING = '/catalog/default/component/nobody-has-this';

/** Each page, and what is there when it is complete. */
const PAGES: readonly (readonly [string, (page: Page) => Promise<void>])[] = [
  ['/catalog?kind=all&tag=java', (page) => page.getByRole('table').waitFor()],
  ['/catalog?q=nothing-has-this', (page) => page.getByRole('heading', { name: 'Nothing matches' }).waitFor()],
  [SERVICE, (page) => page.getByText('Consumes API', { exact: true }).waitFor()],
  [`${SERVICE}/yaml`, (page) => page.getByRole('region', { name: 'YAML of the entity' }).waitFor()],
  [`${SERVICE}/source`, (page) => page.getByRole('heading', { name: 'How it got here' }).waitFor()],
  [DIFFICULT_PAGE, (page) => page.getByText('references lead to nothing').waitFor()],
  [MISSING, (page) => page.getByRole('heading', { name: 'is not in the catalog' }).waitFor()],
  ['/no/such/page', (page) => page.getByRole('heading', { name: 'There is no such page' }).waitFor()],
];

describe('the structure of a page', () => {
  const stage = setStage({
    files: { 'difficult/catalog-info.yaml': DIFFICULT },
    locations: [COMPANY, 'difficult/catalog-info.yaml'],
  });

  for (const colours of ['light', 'dark'] as const) {
    it(`has landmarks, headings in order, names for all controls and enough contrast, in ${colours}`, async () => {
      const expects = [/^answer: 404 .*nobody-has-this/, /^console: .* 404 .*nobody-has-this/];
      await stage.chrome.visit({ url: stage.portal.url, colours, expects }, async (page) => {
        for (const [path, complete] of PAGES) {
          await page.goto(path);
          await complete(page);
          await page.getByText('Signed in as').waitFor({ state: 'attached' });
          assert.deepEqual(await structureProblems(page), [], path);
          assert.deepEqual(await contrastProblems(page), [], path);
        }
      });
    });
  }

  it('is judged: what is missing is noticed', async () => {
    await stage.chrome.visit({ url: stage.portal.url, path: '/no/such/page' }, async (page) => {
      await page.getByRole('heading', { level: 1 }).waitFor();
      await page.evaluate(
        "document.querySelector('main').innerHTML = '<h3>Deep</h3><button></button><p style=\"color: #aaa\">pale</p>'",
      );
      const problems = await structureProblems(page);
      assert.deepEqual(problems, [
        'the page has 0 headings of level 1',
        'the heading “Deep” skips a level, from 0 to 3',
        'a button has no name',
      ]);
      const [weak = '', ...others] = await contrastProblems(page);
      assert.match(weak, /^2\.\d+: pale/);
      assert.deepEqual(others, []);
    });
  });
});

describe('parseSnapshot', () => {
  it('reads roles, names and levels', () => {
    const snapshot =
      '- heading "Says \\"so\\"" [level=2]\n- list:\n  - \'button "All 8: type"\': All 8\n  - text: x\n  - link';
    assert.deepEqual(parseSnapshot(snapshot), [
      { role: 'heading', name: 'Says \\"so\\"', level: 2 },
      { role: 'list', name: '', level: 0 },
      { role: 'button', name: 'All 8: type', level: 0 },
      { role: 'link', name: '', level: 0 },
    ]);
  });
});
