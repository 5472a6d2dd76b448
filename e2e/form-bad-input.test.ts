/** What must not spoil a form: expressions, sources and custom fields that misbehave, and values that no form has sent. */
import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import type { JsonObject } from '@callboard/model';
import type { Locator, Page } from 'playwright-core';
import { axeProblems } from './axe.fixture.ts';
import { screenshot } from './browser.fixture.ts';
import { COMPANY } from './company.fixture.ts';
import { badInputFiles, CREDENTIAL, startOutside } from './form-bad-input.fixture.ts';
import { atReview, create, fill, FORMS, pathOf, press, shownIn } from './forms.fixture.ts';
import { setStage } from './stage.fixture.ts';
import { until } from './until.fixture.ts';

const outside = await startOutside();

describe('a form goes on', () => {
  const stage = setStage({
    files: badInputFiles(outside.host),
    locations: [COMPANY, FORMS],
    scaffolder: {
      forms: {
        endpoints: {
          outside: {
            target: `http://${outside.host}`,
            headers: { Authorization: CREDENTIAL },
            timeout: '1s',
            cache: '0s',
          },
        },
      },
    },
  });
  after(() => outside[Symbol.asyncDispose]());

  const visit = (
    name: string,
    expects: readonly RegExp[],
    journey: (page: Page) => Promise<void>,
  ): Promise<void> => stage.chrome.visit({ url: stage.portal.url, path: pathOf(name), expects }, journey);

  it('beside expressions that never end, grow without end, or throw', async () => {
    await visit('expressions', [], async (page) => {
      await fill(page, 'Name', 'quay');
      const follows = page.getByRole('textbox', { name: /^Follows/ });
      await until('the one that works is followed', async () => (await follows.inputValue()) === 'QUAY');
      for (const title of ['Loops', 'Grows', 'Throws']) {
        await fieldOf(page, title).getByText('A rule of this field does not work').waitFor();
      }
      await fieldOf(page, 'Throws')
        .getByText(/never mind quay/)
        .waitFor();
      await fill(page, 'Loops', 'by hand');
      await page.evaluate('scrollTo(0, 0)');
      await screenshot(page, '76-form-expressions');
      assert.deepEqual(await axeProblems(page), []);
      await press(page, 'Review');
      await atReview(page);
      await page.getByText('by hand', { exact: true }).waitFor();
    });
  });

  it('beside sources that hang, send 10 MB, a page, or 401, or change their shape', async () => {
    await visit('sources', [/^answer: 503 .*forms\/options/, /^console: .* 503 /], async (page) => {
      await fill(page, 'Name', 'flood');
      const changes = page.getByRole('combobox', { name: /^Changes/ });
      await until('there is a choice', () => changes.isEnabled());
      await changes.fill('north');
      await page.getByRole('option', { name: 'north' }).click();
      const said: Readonly<Record<string, RegExp>> = {
        Hangs: /gave no whole answer within 1000 ms/,
        Large: /answered with more than 2000000 bytes/,
        Page: /answered 200 with text\/html; JSON was expected/,
        Refuses: /does not know who asks \(401\)/,
      };
      for (const [title, words] of Object.entries(said)) {
        await fieldOf(page, title).getByText(words).waitFor();
        await fieldOf(page, title).getByRole('button', { name: 'Try again' }).waitFor();
      }
      await fill(page, 'Name', 'ebb');
      await fieldOf(page, 'Changes')
        .getByText(/has changed its answers/)
        .waitFor();
      assert.equal(await changes.inputValue(), 'north');
      await page.evaluate('scrollTo(0, 0)');
      await screenshot(page, '77-form-sources');
      assert.deepEqual(await axeProblems(page), []);
      await fill(page, 'Name', 'flood');
      await fieldOf(page, 'Changes')
        .getByText(/has changed its answers/)
        .waitFor({ state: 'detached' });
      assert.equal(await changes.inputValue(), 'north');
      assert.doesNotMatch(await page.content(), /lighthouse/);
      await press(page, 'Review');
      await atReview(page);
      assert.deepEqual(await create(stage.portal, page), { name: 'flood', changes: 'north' });
    });
    assert.doesNotMatch(stage.portal.said.join('\n'), /lighthouse/);
  });

  it('beside fields that write for ever', async () => {
    // React ends those that write each time they are drawn; the others the form ends.
    await visit('writes', [/^console: .*#185/], async (page) => {
      await fill(page, 'Name', 'quay');
      await page
        .getByRole('alert')
        .filter({ hasText: 'WritesForEver (writes.tsx) does not work' })
        .getByText(/without end/)
        .waitFor();
      await page.getByText(/written again and again by itself/).waitFor();
      await fill(page, 'Name', 'the old quay');
      assert.equal(await page.getByRole('textbox', { name: /^Name/ }).inputValue(), 'the old quay');
      await page.evaluate('scrollTo(0, 0)');
      await screenshot(page, '78-form-writes');
      await press(page, 'Review');
      await atReview(page);
      await page.getByText('the old quay', { exact: true }).waitFor();
    });
  });

  it('beside custom fields that do not compile, throw, or draw themselves for ever; a saved file mends it', async () => {
    await visit(
      'broken',
      [/^console: TypeError: .*berth/, /^console: .*#301/, /^console: .*without end/],
      async (page) => {
        await fill(page, 'Name', 'quay');
        const places: Readonly<Record<string, RegExp>> = {
          AtImport: /at-import\.tsx:3:7/,
          AtDrawing: /at-drawing\.tsx:2:26/,
          EndlessState: /endless\.tsx/,
          EndlessEffect: /endless\.tsx/,
          Uncompiled: /uncompiled\.tsx:4:1/,
        };
        for (const [name, place] of Object.entries(places)) {
          await page
            .getByRole('alert')
            .filter({ hasText: `The custom field ${name} ` })
            .getByText(place)
            .first()
            .waitFor();
        }
        await page.getByRole('button', { name: 'Good: nothing' }).click();
        await page.getByRole('button', { name: 'Good: good' }).waitFor();
        // Its plain value can be given meanwhile.
        await fill(page, 'Uncompiled', 'as it is');
        await screenshot(page, '79-form-broken', { whole: true });
        assert.deepEqual(await axeProblems(page), []);
        await stage.portal.company.edit('extensions/uncompiled.tsx', "'nothing'}", "'nothing'}</b>");
        await page.getByTestId('mended').getByText('as it is').waitFor();
        assert.equal(await page.getByRole('textbox', { name: /^Name/ }).inputValue(), 'quay');
        await press(page, 'Review');
        await atReview(page);
        assert.deepEqual(await create(stage.portal, page), {
          name: 'quay',
          uncompiled: 'as it is',
          good: 'good',
        });
      },
    );
  });

  it('beside a hostile field, which the policy of the page keeps from other hosts but not from the portal', async () => {
    const expects = [
      /Content Security Policy/,
      /script\.js/,
      /request to another host: https:.*seen\.png/,
      /ERR_.*seen\.png|seen\.png.*ERR_/,
    ];
    await visit('hostile', expects, async (page) => {
      await fill(page, 'Name', 'quay');
      let found = '';
      await until('all was tried', async () => (found = await shownIn(page, 'hostile')) !== '');
      assert.deepEqual(JSON.parse(found), {
        // Nothing of these came to the other host, or ran.
        fetch: 'TypeError',
        beacon: 'sent',
        eval: 'EvalError',
        function: 'EvalError',
        inline: 'false',
        script: 'refused',
        keptToken: 'false',
        blocked: ['connect-src', 'script-src', 'script-src-elem'],
        // It is a part of the portal: it may ask as who is signed in, and pictures may come from any host with https.
        asPerson: '200',
        image: 'asked',
      });
      await press(page, 'Review');
      await atReview(page);
    });
    assert.deepEqual(outside.reached, []);
  });

  const REFUSED: readonly (readonly [string, JsonObject, string])[] = [
    ['a value that is no option', { name: 'flood', changes: 'west' }, 'changes'],
    ['a value whose options cannot be looked up', { name: 'flood', refuses: 'x' }, 'refuses'],
  ];
  for (const [what, values, at] of REFUSED) {
    it(`refuses ${what}, from the API and in forms/check, at its field`, async () => {
      const { ask } = stage.portal;
      const sent = { templateRef: 'template:default/sources', values };
      await assert.rejects(ask('/api/scaffolder/v2/tasks', sent), (error) => {
        assert.match(String(error), /: 400 /);
        assert.match(String(error), new RegExp(`"(?:property|field|path)":"?[^"]*\\b${at}\\b`));
        return true;
      });
      const checked = await ask('/api/scaffolder/v2/forms/check', {
        template: 'template:default/sources',
        values,
      });
      assert.match(JSON.stringify(checked), new RegExp(`"errors":\\[\\{[^\\]]*\\b${at}\\b`));
    });
  }
});

function fieldOf(page: Page, title: string): Locator {
  return page
    .locator('.form-field')
    .filter({ has: page.getByText(title, { exact: true }) })
    .last();
}
