/**
 * Defects of other portals that forms here do not have, each named by its number upstream. Those that show without a page
 * are tested where the code is:
 *
 *   backstage#28729, #19597, rjsf#3367, #4439, #513   packages/form/src/session/*.test.ts; here with fields of people
 *   rjsf#3838, rjsf#4089                              packages/form/src/session/create-form-session.test.ts
 *   rjsf#1090                                         packages/form/src/apply/page-with.test.ts
 *   backstage#14363                                   packages/web/src/pages/create/form/page-view.test.ts; here by hand
 *   backstage#15788, #11687                           packages/web/src/pages/create/form/pages.test.ts; here by hand
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { COMPANY } from './company.fixture.ts';
import { DEFECT_FILES } from './form-defects.fixture.ts';
import { atPage, atReview, create, fill, FORMS, pathOf, press, shownIn } from './forms.fixture.ts';
import { setStage } from './stage.fixture.ts';
import { until } from './until.fixture.ts';

describe('a form that others have trouble with', () => {
  const stage = setStage({
    files: DEFECT_FILES,
    locations: [COMPANY, FORMS],
  });

  const visit = (name: string, journey: (page: Page) => Promise<void>): Promise<void> =>
    stage.chrome.visit({ url: stage.portal.url, path: pathOf(name) }, journey);

  it('backstage#28729, #19597, rjsf#3367, #4439, #513: fields that write in one effect all count', async () => {
    await visit('writers', async (page) => {
      await fill(page, 'Seed', 'tide');
      await shows(page, { a: 'tide-a', e: 'tide-e', halves: '{"left":"tide","right":"tide"}', g: 'tide-g' });
      await press(page, 'Next');
      await atPage(page, 'Second');
      await shows(page, { h: 'tide-h', i: 'tide-i' });
      await press(page, 'Back');
      await fill(page, 'Seed', 'ebb');
      await shows(page, { a: 'ebb-a' });
      await press(page, 'Next');
      await shows(page, { i: 'ebb-i' });
      await press(page, 'Review');
      await atReview(page);
      assert.deepEqual(await create(stage.portal, page), {
        seed: 'ebb',
        ...Object.fromEntries(['a', 'b', 'c', 'd', 'e', 'h', 'i'].map((name) => [name, `ebb-${name}`])),
        halves: { left: 'ebb', right: 'ebb' },
        group: { f: 'ebb-f', g: 'ebb-g' },
      });
    });
  });

  it('backstage#14308, #15830: a field knows the values of all pages when it is rendered first', async () => {
    const values = (given: object): string => JSON.stringify([given, given]);
    await visit('knowing', async (page) => {
      assert.equal(await shownIn(page, 'one-first'), values({ region: 'eu' }));
      await fill(page, 'Name', 'quay');
      await shows(page, { 'one-now': values({ region: 'eu', name: 'quay' }) });
      await press(page, 'Next');
      await atPage(page, 'Second');
      assert.equal(await shownIn(page, 'two-first'), values({ region: 'eu', name: 'quay' }));
      await fill(page, 'Note', 'low');
      await shows(page, { 'two-now': values({ region: 'eu', name: 'quay', note: 'low' }) });
      await press(page, 'Back');
      await atPage(page, 'First');
      assert.equal(await shownIn(page, 'one-first'), values({ region: 'eu', name: 'quay', note: 'low' }));
    });
  });

  it('rjsf#4721: onChange has the value, the errors and the id, in this order', async () => {
    await visit('shaped', async (page) => {
      await page.getByRole('button', { name: 'Shaped: nothing' }).click();
      await page.getByRole('button', { name: 'Shaped: right' }).waitFor();
      await fill(page, 'Inner', 'x');
      await shows(page, { seen: '[{"inner":"x"},false,false]' });
      await press(page, 'Review');
      await atReview(page);
      assert.deepEqual(await create(stage.portal, page), { shaped: 'right', watched: { inner: 'x' } });
    });
  });

  it('backstage#22506: a field that decides what else is asked for keeps its own look', async () => {
    await visit('shades', async (page) => {
      await page.getByRole('group', { name: 'Shade' }).getByRole('button', { name: 'dark' }).click();
      await fill(page, 'Candle', 'wax');
      await page.getByRole('button', { name: 'dark', pressed: true }).waitFor();
      await page.getByRole('button', { name: 'light' }).click();
      await page.getByRole('textbox', { name: /^Lamp/ }).waitFor();
      assert.equal(await page.getByRole('combobox').count(), 0);
      await press(page, 'Next');
      await page.getByRole('radio', { name: 'dark' }).check();
      await page.getByRole('textbox', { name: /^Candle/ }).waitFor();
      assert.equal(await page.getByRole('radio', { name: 'dark' }).isChecked(), true);
      assert.equal(await page.getByRole('combobox').count(), 0);
    });
  });

  it('rjsf#4203: four times the alternatives do not take sixteen times as long to type beside', async () => {
    const quickest = async (name: string): Promise<number> => {
      let least = Number.POSITIVE_INFINITY;
      await visit(name, async (page) => {
        const box = page.getByRole('textbox', { name: /^Note/ });
        await page.getByRole('textbox', { name: /^Size of kind-1/ }).waitFor();
        for (const key of 'alongside') {
          await page.evaluate(FRAME_AFTER_KEY);
          await box.press(key);
          least = Math.min(least, Number(await page.evaluate('keyed')));
        }
        assert.equal(await box.inputValue(), 'alongside');
      });
      return least;
    };
    const few = await quickest('few-alternatives');
    const many = await quickest('many-alternatives');
    assert.ok(many < Math.max(few, 4) * 8, `50: ${few.toFixed(1)} ms, 200: ${many.toFixed(1)} ms`);
  });

  it('backstage#14363, #18673: a whole step comes and goes with a value', async () => {
    await visit('steps', async (page) => {
      await press(page, 'Next');
      await atPage(page, 'Last');
      await press(page, 'Back');
      await page.getByRole('combobox', { name: /^Kind/ }).selectOption('large');
      await press(page, 'Next');
      await atPage(page, 'Only for large ones');
      await press(page, 'Next');
      await page.getByRole('alert').filter({ hasText: 'missing or wrong' }).waitFor();
      await fill(page, 'Reason', 'cranes');
      await press(page, 'Next');
      await atPage(page, 'Last');
      await press(page, 'Back');
      await press(page, 'Back');
      await page.getByRole('combobox', { name: /^Kind/ }).selectOption('small');
      await press(page, 'Next');
      await atPage(page, 'Last');
      await press(page, 'Review');
      await atReview(page);
      assert.equal(await page.getByText('cranes').count(), 0);
      assert.deepEqual(await create(stage.portal, page), { kind: 'small' });
    });
  });

  it('backstage#15450, #20747: the explorer lists custom fields, with what they say of themselves', async () => {
    const { chrome, portal } = stage;
    await chrome.visit({ url: portal.url, path: '/create/fields?name=Shade' }, async (page) => {
      const main = page.getByRole('main');
      for (const name of ['Writer', 'Halves', 'Knowing', 'Shaped', 'Watching', 'EntityPicker']) {
        await main.getByText(name, { exact: true }).first().waitFor();
      }
      await main.getByText('How bright it is').waitFor();
      await main.getByText('Says when dusk begins').waitFor();
      await page.getByRole('group', { name: 'Shade' }).getByRole('button', { name: 'dark' }).click();
      await page.getByRole('button', { name: 'dark', pressed: true }).waitFor();
    });
  });

  const PASSWORD = 'Kelp-under-pier-9';
  const TOKEN = 'tok-barnacle';
  const HIDDEN = new RegExp(`${PASSWORD}|${TOKEN}`);

  it('backstage#23836, #26157: a secret has a pattern, is required and is disabled as any other field', async () => {
    await visit('secrets', async (page) => {
      const spare = page.getByLabel(/^Spare/);
      assert.equal(await spare.isDisabled(), true);
      await press(page, 'Review');
      const wrong = page.getByRole('alert').filter({ hasText: 'missing or wrong' });
      await wrong.getByText('Token').waitFor();
      await page.getByLabel(/^Token/).fill('barnacle');
      await press(page, 'Review');
      await wrong.getByText('Token').waitFor();
      await page.getByLabel(/^Token/).fill(TOKEN);
      await wrong.waitFor({ state: 'detached' });
      await fill(page, 'Name', 'quay');
      await until('the spare one may be given', () => spare.isEnabled());
      await press(page, 'Review');
      await atReview(page);
      assert.deepEqual(await create(stage.portal, page), { name: 'quay', token: '*'.repeat(TOKEN.length) });
    });
  });

  it('backstage#14428, #24483, #15788, #11687: what is hidden is in no address, draft or review', async () => {
    await visit('secrets', async (page) => {
      await fill(page, 'Name', 'quay');
      await page.getByLabel(/^Password/).fill(PASSWORD);
      await page.getByLabel(/^Token/).fill(TOKEN);
      await fill(page, 'Left out', 'flotsam');
      await fill(page, 'Masked', 'jetsam');
      await press(page, 'Review');
      await atReview(page);
      const review = await page.content();
      assert.doesNotMatch(review, HIDDEN);
      assert.doesNotMatch(review, /flotsam|jetsam/);
      assert.equal(await page.getByText('(covered)', { exact: true }).count(), 1);
      let kept = '';
      await until('the draft is kept', async () => {
        kept = String(await page.evaluate('JSON.stringify({ ...sessionStorage, ...localStorage })'));
        return kept.includes('jetsam');
      });
      assert.doesNotMatch(kept, HIDDEN);
      assert.doesNotMatch(page.url(), /quay|flotsam|\*/);
      // Start over is offered to who comes back to a form.
      await page.reload();
      await page.getByRole('button', { name: 'Change Secrets' }).click();
      await press(page, 'Start over');
      assert.equal(await page.getByRole('textbox', { name: /^Name/ }).inputValue(), '');
      assert.equal(new URL(page.url()).pathname, pathOf('secrets'));
      assert.doesNotMatch(page.url(), /quay|flotsam|formData|Kelp|tok-|\*/);
      await page.getByLabel(/^Password/).fill(PASSWORD);
      await page.getByLabel(/^Token/).fill(TOKEN);
      await press(page, 'Review');
      await atReview(page);
      // Backstage would have the password here.
      assert.deepEqual(await create(stage.portal, page), {
        password: '******',
        token: '*'.repeat(TOKEN.length),
      });
      assert.doesNotMatch(page.url(), HIDDEN);
    });
    assert.doesNotMatch(stage.portal.said.join('\n'), HIDDEN);
  });
});

/** Sets `keyed` to the milliseconds from the next key to the frame that it leads to. */
const FRAME_AFTER_KEY = `keyed = new Promise((resolve) =>
  addEventListener('keydown', ({ timeStamp }) =>
    requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - timeStamp))),
  { once: true, capture: true })); null`;

/** Waits until each element shows that text. */
async function shows(page: Page, expected: Readonly<Record<string, string>>): Promise<void> {
  for (const [testId, wanted] of Object.entries(expected)) {
    let found = '';
    await until(`${testId} shows ${wanted}`, async () => {
      found = await shownIn(page, testId);
      return found === wanted;
    }).catch((cause: unknown) => {
      throw new Error(`${testId} shows ${JSON.stringify(found)}`, { cause });
    });
  }
}
