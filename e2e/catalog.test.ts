/** The catalog page: what a first visit shows, and every way to narrow and order the list. */
import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { isObject } from '@callboard/model';
import type { Page } from 'playwright-core';
import { screenshot } from './browser.fixture.ts';
import {
  address,
  choice,
  choose,
  everyListed,
  listed,
  texts,
  untilAddress,
  untilChoice,
  untilCount,
  untilListed,
} from './catalog-page.fixture.ts';
import { setStage } from './stage.fixture.ts';
import { until } from './until.fixture.ts';

const SERVICES = { kind: 'component', 'spec.type': 'service' };
/** The budget of a first visit: everything that the browser loads, as it is on the wire. */
const MOST_BYTES = 250_000;
const SLOWEST_MS = 10_000;

describe('the catalog page', () => {
  const stage = setStage();

  it('shows a first visit the components of the company and its counts', async (t) => {
    const components = await stage.portal.total({ kind: 'component' });
    const everything = await stage.portal.total();
    await stage.chrome.visit({ url: stage.portal.url, path: '/catalog' }, async (page) => {
      await page.getByRole('row').nth(1).waitFor();
      const shown = Number(await page.evaluate('performance.now()'));
      await untilCount(page, components, 'Component');
      assert.equal(address(page), '/catalog');
      assert.equal(await page.title(), 'Catalog · Callboard');
      await untilChoice(page, 'Kind', 'All kinds', everything);
      await untilChoice(page, 'Kind', 'Component', components);
      assert.equal(await choice(page, 'Kind', 'Component').isChecked(), true);
      assert.equal((await everyListed(page)).length, components);
      await page.getByText('Signed in as Guest').waitFor();
      await reportLoad(t, { page, shown });
      await screenshot(page, '01-first-visit');
    });
  });

  it('narrows by type, owner, lifecycle and tag, and the address keeps it all', async () => {
    const start = '/catalog?kind=component&type=service';
    const full = `${start}&owner=${encodeURIComponent('group:default/booking')}&lifecycle=production&tag=java`;
    const owned = { ...SERVICES, 'relations.ownedBy': 'group:default/booking' };
    const java = { ...owned, 'spec.lifecycle': 'production', 'metadata.tags': 'java' };
    const javaTotal = await stage.portal.total(java);
    assert.ok(javaTotal > 0 && javaTotal < (await stage.portal.total(SERVICES)));

    await stage.chrome.visit({ url: stage.portal.url, path: '/catalog?kind=component' }, async (page) => {
      await untilCount(page, await stage.portal.total({ kind: 'component' }), 'Component');
      await choose(page, 'Type', 'service');
      await untilCount(page, await stage.portal.total(SERVICES), 'Component');
      assert.equal(address(page), start);
      const inProduction = await stage.portal.total({ ...SERVICES, 'spec.lifecycle': 'production' });
      await untilChoice(page, 'Lifecycle', 'production', inProduction);
      // The other types stay visible, with what each would give.
      const websites = await stage.portal.total({ kind: 'component', 'spec.type': 'website' });
      await untilChoice(page, 'Type', 'website', websites);

      await choose(page, 'Owner', 'Booking');
      await untilCount(page, await stage.portal.total(owned), 'Component');
      await choose(page, 'Lifecycle', 'production');
      await choose(page, 'Tag', 'java');
      await untilCount(page, javaTotal, 'Component');
      await untilAddress(page, full);
      const rows = await listed(page);
      await screenshot(page, '02-filters');

      await page.reload();
      await untilCount(page, javaTotal, 'Component');
      assert.deepEqual(await listed(page), rows);
      for (const [filter, value] of [
        ['Type', 'service'],
        ['Owner', 'Booking'],
        ['Lifecycle', 'production'],
        ['Tag', 'java'],
      ] as const) {
        assert.equal(await choice(page, filter, value).isChecked(), true, `${filter} ${value}`);
      }

      await page.goBack();
      await page.goBack();
      await untilCount(page, await stage.portal.total(owned), 'Component');
      await page.goForward();
      await page.goForward();
      await untilCount(page, javaTotal, 'Component');

      await page.getByRole('button', { name: 'Remove the filter Tag: java' }).click();
      await page.getByRole('button', { name: 'Clear filters' }).click();
      await untilAddress(page, '/catalog?kind=component');
      await choose(page, 'Kind', 'System');
      await untilCount(page, await stage.portal.total({ kind: 'system' }), 'System');
    });
  });

  it('finds by text in names, descriptions and tags, and says when there is nothing', async () => {
    const byText = async (term: string): Promise<number> => {
      const fields = ['metadata.name', 'metadata.title', 'metadata.description', 'metadata.tags'];
      const answer = await stage.portal.ask('/api/catalog/entities/by-query', {
        query: { kind: 'component' },
        fullTextFilter: { term, fields },
        limit: 0,
      });
      return isObject(answer) ? Number(answer['totalItems']) : Number.NaN;
    };
    const search = (page: Page) => page.getByRole('searchbox', { name: 'Search the catalog' });

    await stage.chrome.visit({ url: stage.portal.url, path: '/catalog' }, async (page) => {
      await search(page).fill('made for keyboards');
      await untilListed(page, ['component:default/booking-desk']);
      await untilAddress(page, `/catalog?q=made+for+keyboards`);
      await untilChoice(page, 'Lifecycle', 'production', 1);

      await search(page).fill('booking');
      await untilCount(page, await byText('booking'), 'Component');
      await untilAddress(page, '/catalog?q=booking');
      await screenshot(page, '03-search');
      await page.reload();
      await untilCount(page, await byText('booking'), 'Component');
      assert.equal(await search(page).inputValue(), 'booking');

      await search(page).fill('100% of (nothing)');
      await page.getByRole('heading', { name: 'Nothing matches' }).waitFor();
      await screenshot(page, '03-search-nothing');
      await page.getByRole('button', { name: 'Clear filters' }).first().click();
      await untilCount(page, await stage.portal.total({ kind: 'component' }), 'Component');
      assert.equal(await search(page).inputValue(), '');
      assert.equal(address(page), '/catalog');
    });
  });

  it('orders by a column both ways; what lacks the field comes last', async () => {
    const path = '/catalog?kind=all';
    // High enough for every row.
    const size = { width: 1280, height: 60 * (await stage.portal.total()) };
    await stage.chrome.visit({ url: stage.portal.url, path, size }, async (page) => {
      await untilCount(page, await stage.portal.total());
      const names = async (): Promise<readonly string[]> => (await listed(page)).map(nameOf);
      await untilOrdered(names, (all) => all.toSorted(byCharacter));

      await page.getByRole('button', { name: 'Name', exact: true }).click();
      await untilAddress(page, '/catalog?kind=all&dir=desc');
      await page.locator('th[aria-sort=descending]').waitFor();
      await untilOrdered(names, (all) => all.toSorted(byCharacter).toReversed());

      await page.getByRole('button', { name: 'Lifecycle', exact: true }).click();
      await untilAddress(page, '/catalog?kind=all&sort=spec.lifecycle');
      await untilOrdered(
        () => texts(page, 'lifecycle'),
        (all) => {
          const named = all.filter((text) => text !== '');
          assert.ok(named.length > 1 && named.length < all.length);
          return [...named.toSorted(byCharacter), ...all.filter((text) => text === '')];
        },
      );
    });
  });

  it('opens addresses of before: pages at their first row, and those that Backstage writes', async () => {
    const everything = await stage.portal.total();
    const { url } = stage.portal;
    const paged = '/catalog?kind=all&offset=60&pageSize=20';
    await stage.chrome.visit({ url, path: paged }, async (page) => {
      await untilCount(page, everything);
      await page.locator('tr[data-index="60"] .col-name').waitFor();
      assert.equal(await page.locator('tr[data-index="0"]').count(), 0);
    });
    const owner = encodeURIComponent('group:default/booking');
    const backstage = `/catalog?filters[kind]=component&filters[type]=service&filters[owners]=${owner}`;
    const path = `${backstage}&filters[user]=all&filters[tags]=java&limit=20`;
    await stage.chrome.visit({ url, path }, async (page) => {
      await untilAddress(page, `/catalog?kind=component&type=service&owner=${owner}&tag=java`);
      const query = { ...SERVICES, 'relations.ownedBy': 'group:default/booking', 'metadata.tags': 'java' };
      await untilCount(page, await stage.portal.total(query), 'Component');
    });
  });
});

/** Says how long the first rows took and how much was loaded for them. */
async function reportLoad(
  t: TestContext,
  { page, shown }: { readonly page: Page; readonly shown: number },
): Promise<void> {
  const script =
    "['navigation', 'resource'].flatMap((type) => performance.getEntriesByType(type)).reduce((sum, entry) => sum + entry.transferSize, 0)";
  const bytes = Number(await page.evaluate(script));
  await page.reload();
  await page.getByRole('row').nth(1).waitFor();
  const again = Number(await page.evaluate('performance.now()'));
  t.diagnostic(
    `first rows after ${Math.round(shown)} ms and ${Math.round(bytes / 1_000)} kB; reloaded ${Math.round(again)} ms`,
  );
  assert.ok(bytes > 0 && bytes < MOST_BYTES, `${bytes} bytes`);
  assert.ok(shown < SLOWEST_MS, `${shown} ms`);
}

/** Waits until the texts of the rows are in an order; the rows of before stay a moment. */
async function untilOrdered(
  read: () => Promise<readonly string[]>,
  inOrder: (all: readonly string[]) => readonly string[],
): Promise<void> {
  await until('the rows are in order', async () => {
    const all = await read();
    assert.deepEqual(all, inOrder(all));
    return true;
  });
}

function nameOf(ref: string): string {
  return ref.slice(ref.indexOf('/') + 1).toLowerCase();
}

function byCharacter(a: string, b: string): number {
  return Number(a > b) - Number(a < b);
}
