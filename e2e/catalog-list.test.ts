/** The list of the catalog: however long, by keyboard, with columns and views of one's own, in bulk, and as a file. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { describe, it } from 'node:test';
import { isObject } from '@callboard/model';
import type { Locator, Page } from 'playwright-core';
import { parseAllDocuments } from 'yaml';
import { PHONE, screenshot } from './browser.fixture.ts';
import {
  address,
  choose,
  listed,
  texts,
  untilAddress,
  untilChoice,
  untilCount,
  untilListed,
} from './catalog-page.fixture.ts';
import { COMPANY } from './company.fixture.ts';
import { setStage } from './stage.fixture.ts';
import { until } from './until.fixture.ts';

/** Entities of a kind that the example company has none of, so that their number is known. */
const MANY = 1_500;
const GADGETS = Array.from(
  { length: MANY },
  (_, index) => `apiVersion: backstage.io/v1alpha1
kind: Resource
metadata: { name: ${gadget(index)}, namespace: workshop, tags: [gadget] }
spec: { type: gadget, owner: group:default/booking }
`,
).join('---\n');
const GADGET_LIST = '/catalog?kind=resource&namespace=workshop';
const BOOKING = '/catalog?kind=component&q=booking';
/** Rows on the screen and a few beyond it, at most. */
const MOST_ROWS = 60;

describe('the list of the catalog', () => {
  const stage = setStage({
    files: { 'gadgets/catalog-info.yaml': GADGETS },
    locations: [COMPANY, 'gadgets/catalog-info.yaml'],
  });

  it('scrolls to its end with few rows, and comes back to the same place', async () => {
    await stage.chrome.visit({ url: stage.portal.url, path: GADGET_LIST }, async (page) => {
      await untilCount(page, MANY, 'Resource');
      assert.equal(await page.getByRole('table').getAttribute('aria-rowcount'), String(MANY + 1));
      for (const index of [30, 777, 1_250, 420]) {
        await scrollTo(page, index);
        await row(page, index)
          .getByRole('link', { name: gadget(index), exact: true })
          .waitFor();
        assert.equal(await row(page, index).getAttribute('aria-rowindex'), String(index + 2));
      }

      await scrollTo(page, MANY);
      const last = page.getByRole('link', { name: `gadget-${MANY - 1}`, exact: true });
      await last.waitFor();
      assert.ok((await page.locator('tr.entity-row').count()) < MOST_ROWS);
      assert.equal(await page.locator('.catalog-head').isVisible(), true);
      assert.equal(await page.getByRole('columnheader', { name: 'Owner' }).isVisible(), true);
      await screenshot(page, '40-list-end');

      await scrollTo(page, 700);
      await until('the address names the row', () => address(page).endsWith('row=700'));
      await page.getByRole('link', { name: 'gadget-0702', exact: true }).click();
      await page.getByRole('heading', { level: 1, name: 'gadget-0702' }).waitFor();
      await page.goBack();
      await page.getByRole('link', { name: 'gadget-0702', exact: true }).waitFor();
      assert.equal(await topRow(page), 700);
      await page.reload();
      await page.getByRole('link', { name: 'gadget-0702', exact: true }).waitFor();
      assert.equal(await topRow(page), 700);

      // Another list begins at its top.
      await page.getByRole('searchbox', { name: 'Search the catalog' }).fill('gadget-1');
      await untilCount(page, 500, 'Resource');
      assert.equal(await topRow(page), 0);
    });
  });

  it('is worked with by keyboard alone', async () => {
    await stage.chrome.visit({ url: stage.portal.url, path: GADGET_LIST }, async (page) => {
      await untilCount(page, MANY, 'Resource');
      const press = (key: string): Promise<void> => page.keyboard.press(key);
      await press('/');
      await page.keyboard.type('gadget-00');
      await untilCount(page, 100, 'Resource');
      await press('ArrowDown');
      await untilFocused(row(page, 0));
      await press('j');
      await press('j');
      await press('ArrowDown');
      await press('k');
      await untilFocused(row(page, 2));
      await screenshot(page, '40-list-keyboard');

      await press('x');
      await press('j');
      await press('j');
      await press('Shift+X');
      await page.getByText('3 selected', { exact: true }).waitFor();
      await press('Escape');
      await page.getByText('3 selected', { exact: true }).waitFor({ state: 'detached' });

      await press('s');
      await row(page, 4).getByRole('button', { name: 'Star', pressed: true }).waitFor();
      await untilChoice(page, 'Show', 'Starred', 1);
      await press('s');
      await row(page, 4).getByRole('button', { name: 'Star', pressed: false }).waitFor();

      await press('End');
      await untilFocused(row(page, 99));
      await press('Home');
      await untilFocused(row(page, 0));
      // Every part of the row is a stop, and the next row follows.
      await press('Tab');
      await untilFocused(row(page, 0).getByRole('checkbox'));
      await press('Tab');
      await untilFocused(row(page, 0).getByRole('link', { name: 'gadget-0000' }));
      await press('Tab');
      await untilFocused(row(page, 0).getByRole('link', { name: 'Booking' }));
      await press('Tab');
      await press('Tab');
      await untilFocused(row(page, 1).getByRole('link', { name: 'gadget-0001' }));
      await press('j');
      await untilFocused(row(page, 2));
      await press('Enter');
      await page.getByRole('heading', { level: 1, name: 'gadget-0002' }).waitFor();
    });
  });

  it('has the columns that a person chose, and those that an address names', async () => {
    const { url } = stage.portal;
    await stage.chrome.visit({ url, path: BOOKING }, async (page) => {
      await page.getByRole('row').nth(1).waitFor();
      // Titles, where the entities have some.
      await untilText(page, 'owner', 'Booking');
      await page.getByRole('button', { name: 'Columns' }).click();
      const menu = page.getByRole('group', { name: 'Columns' });
      await menu.getByText('Tags', { exact: true }).click();
      await menu.getByText('Defined in', { exact: true }).click();
      await untilAddress(page, `${BOOKING}&columns=kind%2Ctype%2Clifecycle%2Cowner%2Csystem%2Clocation`);
      await until('the places are shown', async () =>
        (await texts(page, 'location')).every((text) => text.endsWith('catalog-info.yaml')),
      );
      await screenshot(page, '40-columns');
      await page.keyboard.press('Escape');
      assert.equal(await page.getByRole('columnheader', { name: 'Tags' }).count(), 0);

      await page.goto('/catalog');
      await page.getByRole('columnheader', { name: 'Defined in' }).waitFor();
      await page.goto('/catalog?columns=tags');
      await page.getByRole('columnheader', { name: 'Tags' }).waitFor();
      assert.equal(await page.getByRole('columnheader', { name: 'Defined in' }).count(), 0);

      await page.getByRole('button', { name: 'Columns' }).click();
      await page.getByRole('button', { name: 'Back to the usual ones' }).click();
      await untilAddress(page, '/catalog');
      await page.getByRole('columnheader', { name: 'Owner' }).waitFor();
    });
  });

  it('keeps views by their names', async () => {
    const { url } = stage.portal;
    const expects = [/^(answer|console): .*503/];
    await stage.chrome.visit(
      { url, path: '/catalog?type=service&lifecycle=production', expects },
      async (page) => {
        await page.getByRole('row').nth(1).waitFor();
        const open = (): Promise<void> => page.getByRole('button', { name: 'Views' }).click();
        await open();
        await page.getByRole('link', { name: 'What I own' }).waitFor();
        await screenshot(page, '40-views-first');

        // Nothing that was typed is lost when it cannot be saved.
        await page.route('**/api/user-settings/**', (route) => route.fulfill({ status: 503, body: '{}' }));
        const name = page.getByRole('textbox', { name: 'Name' });
        await name.fill('Services in production');
        await name.press('Enter');
        await page.getByRole('alert').getByText('It could not be saved').waitFor();
        assert.equal(await name.inputValue(), 'Services in production');
        await screenshot(page, '40-views-unsaved');
        await page.unroute('**/api/user-settings/**');
        await page.getByRole('button', { name: 'Save', exact: true }).click();
        await page.getByRole('link', { name: 'Services in production' }).waitFor();
        assert.equal(await name.inputValue(), '');

        await page.goto('/catalog?kind=system');
        await untilCount(page, await stage.portal.total({ kind: 'system' }), 'System');
        await open();
        await page.getByRole('link', { name: 'Services in production' }).click();
        await untilAddress(page, '/catalog?type=service&lifecycle=production');
        await open();
        await page.getByRole('button', { name: 'Copy the link of the view Services in production' }).click();
        await until('the link is copied', async () => {
          const copied = await page.evaluate('navigator.clipboard.readText()');
          return copied === `${url}/catalog?type=service&lifecycle=production`;
        });
        await page.getByRole('button', { name: 'Rename the view Services in production' }).click();
        const rename = page.getByRole('textbox', { name: 'Rename the view Services in production' });
        await rename.fill('Live services');
        await rename.press('Enter');
        await page.getByRole('link', { name: 'Live services' }).waitFor();
        await page.reload();
        await open();
        await page.getByRole('link', { name: 'Live services' }).waitFor();
        await page.getByRole('button', { name: 'Delete the view Live services' }).click();
        await page.getByRole('link', { name: 'All components' }).waitFor();
      },
    );
  });

  it('stars, refreshes and copies what is selected', async () => {
    const { url } = stage.portal;
    const expects = [/^(answer|console): .*404/];
    await stage.chrome.visit({ url, path: BOOKING, expects }, async (page) => {
      const refs = await listed(page);
      assert.ok(refs.length > 3);
      await box(page, 0).click();
      await box(page, 2).click({ modifiers: ['Shift'] });
      const bar = page.getByRole('region', { name: 'Selection' });
      await bar.getByText('3 selected', { exact: true }).waitFor();
      await screenshot(page, '40-selection');
      await bar.getByRole('button', { name: 'Star', exact: true }).click();
      await bar.getByText('3 entities starred').waitFor();
      await bar.getByRole('button', { name: 'Copy references' }).click();
      await bar.getByText('3 references copied').waitFor();
      assert.equal(await page.evaluate('navigator.clipboard.readText()'), refs.slice(0, 3).join('\n'));

      const [first = ''] = refs;
      const body = '{"error":{"name":"NotFoundError","message":"It is gone."}}';
      await page.route('**/api/catalog/refresh', (route) =>
        route.request().postData()?.includes(`"${first}"`) === true
          ? route.fulfill({ status: 404, contentType: 'application/json', body })
          : route.continue(),
      );
      await bar.getByRole('button', { name: 'Refresh' }).click();
      await bar.getByText('2 entities will be read again').waitFor();
      await bar.getByRole('alert').getByText(`${first}: It is gone.`).waitFor();
      await screenshot(page, '40-selection-refused');
      await bar.getByRole('button', { name: 'Clear the selection' }).click();
      await bar.waitFor({ state: 'detached' });

      await page.goto('/catalog?kind=all&show=starred');
      await untilListed(page, refs.slice(0, 3).toSorted());
      await page.reload();
      await untilListed(page, refs.slice(0, 3).toSorted());
      await page.getByRole('checkbox', { name: 'Select all 3' }).click();
      await bar.getByRole('button', { name: 'Unstar' }).click();
      await page.getByRole('heading', { name: 'Nothing is starred yet' }).waitFor();
    });
  });

  it('selects a whole list, loaded or not', async () => {
    await stage.chrome.visit({ url: stage.portal.url, path: GADGET_LIST }, async (page) => {
      await untilCount(page, MANY, 'Resource');
      await page.getByRole('checkbox', { name: 'Select all 1,500' }).click();
      const bar = page.getByRole('region', { name: 'Selection' });
      await box(page, 1).click();
      await bar.getByText('1,499 selected', { exact: true }).waitFor();
      await scrollTo(page, 900);
      await until('a row that was not there is selected', () => box(page, 905).isChecked());
      await bar.getByRole('button', { name: 'Copy references' }).click();
      await bar.getByText('1,499 references copied').waitFor();
      const copied = String(await page.evaluate('navigator.clipboard.readText()')).split('\n');
      assert.equal(copied.length, MANY - 1);
      assert.equal(copied[1], 'resource:workshop/gadget-0002');
      // Other filters, another list.
      await choose(page, 'Kind', 'All kinds');
      await bar.waitFor({ state: 'detached' });
    });
  });

  it('exports what matches, and what is selected', async () => {
    await stage.chrome.visit({ url: stage.portal.url, path: GADGET_LIST }, async (page) => {
      await untilCount(page, MANY, 'Resource');
      const csv = await exported(page, 'CSV');
      const lines = csv.split('\r\n');
      assert.equal(lines[0], '\uFEFFReference,Name,Type,Lifecycle,Owner,System,Tags');
      assert.equal(
        lines[1],
        'resource:workshop/gadget-0000,gadget-0000,gadget,,group:default/booking,,gadget',
      );
      assert.deepEqual([lines.length, lines.at(-1)], [MANY + 2, '']);

      const json: unknown = JSON.parse(await exported(page, 'JSON'));
      assert.ok(Array.isArray(json) && json.length === MANY);
      const ask = '/api/catalog/entities/by-name/resource/workshop/gadget-1234';
      assert.deepEqual(json[1_234], await stage.portal.ask(ask));

      await box(page, 3).click();
      await box(page, 1).click();
      await page.getByRole('region', { name: 'Selection' }).waitFor();
      const documents = parseAllDocuments(await exported(page, 'YAML')).map((each): unknown => each.toJS());
      await screenshot(page, '40-export');
      assert.deepEqual(new Set(documents.map(nameIn)), new Set(['gadget-0001', 'gadget-0003']));
      assert.deepEqual(Object.keys(Object(documents[0])), ['apiVersion', 'kind', 'metadata', 'spec']);
    });
  });

  it('says that the server is slow, that it failed, and keeps the rows of before', async () => {
    const { url } = stage.portal;
    const expects = [/^(answer|console): .*500/];
    await stage.chrome.visit({ url, path: '/catalog?kind=component', expects }, async (page) => {
      const before = await listed(page);
      const { promise: held, resolve: release } = Promise.withResolvers<void>();
      await page.route('**/entities/by-query', async (route) => {
        await held;
        await route.fulfill({ status: 500, body: '{}' }).catch(() => undefined);
      });
      await page.getByRole('searchbox', { name: 'Search the catalog' }).fill('made for keyboards');
      await page.getByText('Still loading…').waitFor();
      await screenshot(page, '40-slow');
      release();
      const alert = page.getByRole('alert').filter({ hasText: 'The catalog could not be read' });
      await alert.waitFor();
      const still = await listed(page);
      assert.ok(still.length > 0);
      assert.deepEqual(still, before.slice(0, still.length));
      await screenshot(page, '40-failed');
      await page.unroute('**/entities/by-query');
      await alert.getByRole('button', { name: 'Try again' }).click();
      await untilListed(page, ['component:default/booking-desk']);
      await alert.waitFor({ state: 'detached' });
    });
  });

  it('works without settings, and says what it cannot do then', async () => {
    const { url } = stage.portal;
    const expects = [/^(answer|console): .*501/];
    await stage.chrome.visit({ url, path: '/catalog', expects }, async (page) => {
      await page.route('**/api/user-settings/**', (route) => route.fulfill({ status: 501, body: '{}' }));
      await page.goto(BOOKING);
      assert.ok((await listed(page)).length > 0);
      await page.getByRole('columnheader', { name: 'Tags' }).waitFor();
      assert.equal(await row(page, 0).getByRole('button', { name: 'Star' }).count(), 0);
      await page.getByRole('group', { name: 'Show' }).getByText('Starred').click();
      await page.getByRole('heading', { name: 'Your stars could not be read' }).waitFor();
      await page.getByRole('button', { name: 'Show everybody’s' }).click();
      await untilAddress(page, BOOKING);
    });
  });

  it('has its filters in a sheet on a phone', async () => {
    const { url } = stage.portal;
    await stage.chrome.visit({ url, path: GADGET_LIST, size: PHONE }, async (page) => {
      await untilCount(page, MANY, 'Resource');
      await scrollTo(page, MANY);
      await page.getByRole('link', { name: `gadget-${MANY - 1}`, exact: true }).waitFor();
      await screenshot(page, '40-phone-end');
      await page.getByRole('button', { name: 'Filters (1)' }).click();
      const sheet = page.getByRole('dialog', { name: 'Filters' });
      await choose(page, 'Kind', 'All kinds');
      await sheet.getByRole('button', { name: /^Show [\d,]+ entities$/ }).waitFor();
      await screenshot(page, '40-phone-sheet');
      await page.keyboard.press('Escape');
      await sheet.waitFor({ state: 'detached' });
      for (const menu of ['Views', 'Columns']) {
        await page.getByRole('button', { name: menu }).click();
        await page.getByRole('group', { name: menu }).getByRole('heading').first().waitFor();
        const wide = await page.evaluate('document.documentElement.scrollWidth');
        assert.equal(wide, PHONE.width);
        await screenshot(page, `40-phone-${menu.toLowerCase()}`);
        await page.keyboard.press('Escape');
      }
    });
  });
});

function gadget(index: number): string {
  return `gadget-${String(index).padStart(4, '0')}`;
}

/** The part of the page that scrolls. */
interface Scroller {
  scrollTop: number;
  querySelector(selector: string): { readonly offsetHeight: number } | null;
}

function row(page: Page, index: number): Locator {
  return page.locator(`tr[data-index="${index}"]`);
}

function box(page: Page, index: number): Locator {
  return row(page, index).getByRole('checkbox');
}

/** Scrolls so that a row is at the top, or as far as it goes. */
async function scrollTo(page: Page, index: number): Promise<void> {
  const { height } = await sizes(page);
  const scroller = page.locator('.entities-scroll');
  await scroller.evaluate((element: Scroller, top) => {
    element.scrollTop = top;
  }, index * height);
}

async function topRow(page: Page): Promise<number> {
  const { height, top } = await sizes(page);
  return Math.floor(top / height);
}

/** In one look: rows come and go while the list is scrolled. */
async function sizes(page: Page): Promise<{ readonly height: number; readonly top: number }> {
  await page.locator('tr.entity-row').first().waitFor();
  return page.locator('.entities-scroll').evaluate((element: Scroller) => ({
    height: element.querySelector('tr.entity-row')?.offsetHeight ?? Number.NaN,
    top: element.scrollTop,
  }));
}

async function untilFocused(target: Locator): Promise<void> {
  await target.and(target.page().locator(':focus')).waitFor();
}

async function untilText(page: Page, column: string, text: string): Promise<void> {
  await until(`the column ${column} has ${text}`, async () => (await texts(page, column)).includes(text));
}

/** Exports in a format, as it is set up otherwise, and answers the text of the file. */
async function exported(page: Page, format: string): Promise<string> {
  await page.getByRole('button', { name: 'Export', exact: true }).first().click();
  const dialog = page.getByRole('dialog', { name: 'Export' });
  await dialog.getByRole('radio', { name: format }).click();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    dialog.getByRole('button', { name: 'Export', exact: true }).click(),
  ]);
  assert.match(
    download.suggestedFilename(),
    new RegExp(`^catalog-\\d{4}-\\d\\d-\\d\\d\\.${format.toLowerCase()}$`),
  );
  await dialog.getByText('written to').waitFor();
  const text = await readFile(await download.path(), 'utf8');
  await dialog.getByRole('button', { name: 'Close' }).last().click();
  await dialog.waitFor({ state: 'detached' });
  return text;
}

function nameIn(entity: unknown): unknown {
  const metadata = isObject(entity) ? entity['metadata'] : undefined;
  return isObject(metadata) ? metadata['name'] : undefined;
}
