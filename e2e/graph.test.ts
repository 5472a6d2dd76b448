/** The relations graph: picked, drawn, moved through, filtered, exported, and read as a list. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { describe, it } from 'node:test';
import { isObject } from '@callboard/model';
import type { Download, Locator, Page } from 'playwright-core';
import { axeProblems } from './axe.fixture.ts';
import { DESK, PHONE, screenshot } from './browser.fixture.ts';
import { address, untilAddress } from './catalog-page.fixture.ts';
import { COMPANY } from './company.fixture.ts';
import { setStage } from './stage.fixture.ts';
import { until } from './until.fixture.ts';

const GRAPH = '/catalog-graph?ref=system:default/booking';
const DRAWING = '.graph-svg';
const LONG_TITLE = 'Settlement reconciliation adapter for the northern clearing hub '.repeat(5).slice(0, 300);
const HUB_SIZE = 1_500;
const FILE = 'graph/catalog-info.yaml';

interface Document {
  readonly kind: string;
  readonly name: string;
  readonly title?: string;
  readonly spec: Readonly<Record<string, unknown>>;
}

const PART = { type: 'service', lifecycle: 'production', owner: 'group:default/odd' } as const;

/** A team of very many parts, a cycle with odd names, and an entity that has nothing to do with any other. */
const ODD: readonly Document[] = [
  { kind: 'Group', name: 'hub', title: 'Hub', spec: { type: 'team', children: [] } },
  ...Array.from({ length: HUB_SIZE }, (_, index): Document => ({
    kind: 'Component',
    name: `part-${index}`,
    spec: { ...PART, owner: 'group:default/hub' },
  })),
  { kind: 'Group', name: 'odd', title: 'Odd & <team> "x"', spec: { type: 'team', children: [] } },
  {
    kind: 'Component',
    name: 'cycle-a',
    title: LONG_TITLE,
    spec: { ...PART, dependsOn: ['component:cycle-b', 'component:cycle-a', 'resource:not-there'] },
  },
  {
    kind: 'Component',
    name: 'cycle-b',
    title: 'خدمة التسعير (pricing) 2.0',
    spec: { ...PART, dependsOn: ['component:cycle-c'] },
  },
  { kind: 'Component', name: 'cycle-c', spec: { ...PART, dependsOn: ['component:cycle-a'] } },
  { kind: 'Group', name: 'alone', title: 'Alone', spec: { type: 'team', children: [] } },
];

const FILES = {
  [FILE]: ODD.map(({ kind, spec, ...metadata }) =>
    JSON.stringify({ apiVersion: 'backstage.io/v1alpha1', kind, metadata, spec }),
  ).join('\n---\n'),
};

describe('the relations graph', () => {
  const stage = setStage({ files: FILES, locations: [COMPANY, FILE] });

  it('begins with a search, and leads on to the page of an entity', async () => {
    await stage.chrome.visit({ url: stage.portal.url, path: '/catalog-graph' }, async (page) => {
      await page.getByRole('heading', { level: 1, name: 'What should be in the middle?' }).waitFor();
      await page.getByRole('heading', { level: 2, name: 'Domains' }).waitFor();
      await screenshot(page, '30-graph-start');
      await page.getByRole('searchbox', { name: 'Search entities' }).fill('booking');
      await page.getByRole('link', { name: 'Booking System', exact: true }).click();
      await untilAddress(page, GRAPH);
      await page.getByRole('heading', { level: 1, name: 'Relations of Booking' }).waitFor();
      await card(page, 'system:default/booking').waitFor();
      await screenshot(page, '30-graph');

      await press(page, 'component:default/booking-desk');
      const panel = page.getByRole('complementary', { name: 'Selected entity' });
      await panel.getByRole('link', { name: 'Booking desk' }).waitFor();
      await panel.getByText('component:default/booking-desk').waitFor();
      await untilAddress(page, `${GRAPH}&selected=component:default/booking-desk`);
      await screenshot(page, '30-graph-selected');

      await panel.getByRole('button', { name: 'Put in the middle' }).click();
      await page.getByRole('heading', { level: 1, name: 'Relations of Booking desk' }).waitFor();
      await page.goBack();
      await page.getByRole('heading', { level: 1, name: 'Relations of Booking', exact: true }).waitFor();
      await page.getByRole('complementary').getByRole('link', { name: 'Open' }).click();
      await page.getByRole('heading', { level: 1, name: 'Booking desk' }).waitFor();
    });
  });

  it('shows what the API answers, as drawing and as list, for any depth and direction', async () => {
    await stage.chrome.visit({ url: stage.portal.url, path: GRAPH }, async (page) => {
      for (const [change, query] of [
        [async () => undefined, 'depth=2'],
        [async () => page.getByRole('button', { name: 'One step less' }).click(), 'depth=1'],
        [async () => page.getByLabel('Direction').selectOption('in'), 'depth=1&direction=in'],
        [async () => page.getByRole('button', { name: 'One step more' }).click(), 'depth=2&direction=in'],
      ] as const) {
        await change();
        const { nodes, edges } = await asked(`ref=system:default/booking&${query}`);
        const summary = `${nodes.length} entities, ${edges} relations`;
        await page.getByText(summary, { exact: true }).waitFor();
        await page.getByRole('img', { name: `Relations of Booking: ${summary}` }).waitFor();
        await page.getByRole('button', { name: 'List' }).click();
        const listed = page.getByRole('table').locator('td:first-child a');
        await until(`the list has ${nodes.length} rows`, async () => (await listed.count()) === nodes.length);
        await page.getByRole('button', { name: 'Graph' }).click();
      }
      assert.equal(address(page), `${GRAPH}&direction=in`);
      await page.getByRole('button', { name: 'List' }).click();
      await page.reload();
      await page.getByRole('table').waitFor();
      await screenshot(page, '30-graph-list');
    });
  });

  it('filters by kind and relation, with counts that the address keeps', async () => {
    const { kinds } = await asked('ref=system:default/booking&depth=2');
    const resources = kinds.filter((kind) => kind === 'Resource').length;
    await stage.chrome.visit({ url: stage.portal.url, path: GRAPH }, async (page) => {
      await card(page, 'system:default/booking').waitFor();
      await page.getByRole('button', { name: 'Filters' }).click();
      await page.getByRole('checkbox', { name: `Resource ${resources}` }).check();
      await untilAddress(page, `${GRAPH}&kind=resource`);
      const narrowed = await asked('ref=system:default/booking&depth=2&kind=resource');
      await page.getByText(`${narrowed.nodes.length} entities, ${narrowed.edges} relations`).waitFor();
      await screenshot(page, '30-graph-filters');
      await page.getByRole('checkbox', { name: /^part of/ }).check();
      const both = await asked('ref=system:default/booking&depth=2&kind=resource&relation=partOf');
      await page.getByText(`${both.nodes.length} entities, ${both.edges} relations`).waitFor();
      await page.keyboard.press('Escape');
      await page.getByRole('button', { name: 'Filters, 2 set' }).waitFor();
      await page.reload();
      await page.getByText(`${both.nodes.length} entities, ${both.edges} relations`).waitFor();
    });
  });

  it('is used by keyboard alone', async () => {
    await stage.chrome.visit({ url: stage.portal.url, path: `${GRAPH}&depth=1` }, async (page) => {
      await card(page, 'system:default/booking').waitFor();
      const list = page.getByRole('button', { name: 'List', exact: true });
      const drawing = page.getByRole('application');
      await tabTo(page, list);
      await tabTo(page, drawing);
      await page.keyboard.press('ArrowRight');
      await untilSelected(page, 'system:default/booking');
      await page.keyboard.press('ArrowRight');
      await until('another entity is selected', async () => !(await selected(page)).includes('system:'));
      await screenshot(page, '30-graph-keyboard');
      await page.keyboard.press('ArrowLeft');
      await page.keyboard.press('+');
      await page.keyboard.press('-');
      await page.keyboard.press('0');
      const ref = await selected(page);
      const name = await page.getByRole('complementary').getByRole('heading').innerText();
      await tabTo(page, page.getByRole('complementary').getByRole('link', { name: 'Open' }));
      await page.keyboard.press('Escape');
      assert.equal(await page.getByRole('complementary').count(), 0);
      assert.equal(await isFocused(drawing), true);
      await page.keyboard.press('ArrowRight');
      for (let step = 0; step < 10 && (await selected(page)) !== ref; step += 1) {
        await page.keyboard.press('ArrowDown');
      }
      await page.keyboard.press('Enter');
      await page.waitForURL('**/catalog/**');
      assert.notEqual(name, '');
    });
  });

  it('understands the addresses of Backstage', async () => {
    const path =
      '/catalog-graph?rootEntityRefs%5B%5D=system%3Adefault%2Fbooking&maxDepth=1&unidirectional=false' +
      '&mergeRelations=true&direction=TB&selectedKinds%5B%5D=component&selectedRelations%5B%5D=hasPart';
    await stage.chrome.visit({ url: stage.portal.url, path }, async (page) => {
      await untilAddress(page, `${GRAPH}&depth=1&orientation=TB&kind=component&relation=partOf`);
      await card(page, 'component:default/booking-desk').waitFor();
      await screenshot(page, '30-graph-top-to-bottom');
    });
  });

  it('is saved as a drawing and as a picture', async () => {
    await stage.chrome.visit({ url: stage.portal.url, path: GRAPH }, async (page) => {
      await card(page, 'system:default/booking').waitFor();
      const svg = (await saved(page, 'SVG drawing', 'relations-booking.svg')).toString('utf8');
      const parsed = await page.evaluate<readonly [string, number, number]>(
        `(() => {
          const parsed = new DOMParser().parseFromString(${JSON.stringify(svg)}, 'image/svg+xml');
          const root = parsed.documentElement;
          return [root.nodeName, Number(root.getAttribute('width')), parsed.querySelectorAll('g[transform]').length];
        })()`,
      );
      const { nodes } = await asked('ref=system:default/booking&depth=2');
      assert.equal(parsed[0], 'svg');
      assert.equal(parsed[2], nodes.length);
      assert.ok(!svg.includes('var('));

      const png = await saved(page, 'PNG picture', 'relations-booking.png');
      assert.deepEqual([...png.subarray(0, 8)], [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
      assert.equal(png.readUInt32BE(16), parsed[1] * 2);
      assert.ok(png.length > 20_000, `${png.length} bytes`);
    });
  });

  it('draws cycles, long titles, right-to-left names and what is not in the catalog', async () => {
    const path = '/catalog-graph?ref=component:default/cycle-a';
    await stage.chrome.visit({ url: stage.portal.url, path }, async (page) => {
      await card(page, 'component:default/cycle-b').waitFor();
      assert.equal(await page.locator('.graph-base .graph-card[data-missing]').count(), 1);
      await press(page, 'resource:default/not-there');
      const panel = page.getByRole('complementary', { name: 'Selected entity' });
      await panel.getByText('Nothing in the catalog has this reference').waitFor();
      assert.equal(await page.evaluate('document.documentElement.scrollWidth'), DESK.width);
      await screenshot(page, '30-graph-odd');
      const svg = (await saved(page, 'SVG drawing', /^relations-settlement-.*\.svg$/)).toString('utf8');
      assert.ok(svg.includes('Odd &amp; &lt;team&gt; &quot;x&quot;'));
    });
  });

  it('moves through a team of 1,500 without drawing them all', async () => {
    const path = '/catalog-graph?ref=group:default/hub&depth=1';
    await stage.chrome.visit({ url: stage.portal.url, path }, async (page) => {
      await page.getByText(`${(HUB_SIZE + 1).toLocaleString('en')} entities`).waitFor();
      await card(page, 'group:default/hub').waitFor();
      await screenshot(page, '30-graph-hub');
      const drawn = (): Promise<number> => page.locator(`${DRAWING} *`).count();
      assert.ok((await drawn()) < 2_500, `${await drawn()} elements`);
      await page.getByRole('button', { name: 'Show everything' }).click();
      await page.locator('.graph-far').waitFor({ state: 'attached' });
      assert.ok((await drawn()) < 50, `${await drawn()} elements`);
      await screenshot(page, '30-graph-hub-far');
      await page.getByRole('button', { name: 'Export' }).click();
      await page.getByRole('button', { name: 'PNG picture' }).click();
      await page.getByText(/was saved at \d+ % of its size/).waitFor({ timeout: 60_000 });
      await page.keyboard.press('Escape');
      await page.getByRole('button', { name: 'List', exact: true }).click();
      await page.getByRole('button', { name: /^Show \d+ more$/ }).waitFor();
    });
  });

  it('says when an entity is not there, has no relations, or the graph is cut off', async () => {
    const { url } = stage.portal;
    const expects = [/^answer: 404 .*\/catalog\/graph/, /^console: .* 404 /];
    const path = '/catalog-graph?ref=component:default/nobody';
    await stage.chrome.visit({ url, path, expects }, async (page) => {
      await page.getByText('component:default/nobody is not in the catalog').waitFor();
      await screenshot(page, '30-graph-not-found');
    });
    await stage.chrome.visit({ url, path: '/catalog-graph?ref=group:default/alone' }, async (page) => {
      await page.getByText('Nothing is related to it.').waitFor();
      await card(page, 'group:default/alone').waitFor();
    });
    const before = async (page: Page): Promise<void> => {
      await page.route('**/api/catalog/graph?**', (route) =>
        route.continue({ url: route.request().url().replace('limit=2000', 'limit=10') }),
      );
    };
    await stage.chrome.visit({ url, path: GRAPH, before }, async (page) => {
      await page.getByText(/^10 of [0-9,]+ entities or more are shown/).waitFor();
    });
  });

  it('says that the server failed, and tries again when asked', async () => {
    const expects = [/^answer: 500 /, /^console: .* 500 /];
    let isBroken = true;
    const before = async (page: Page): Promise<void> => {
      await page.route('**/api/catalog/graph?**', (route) =>
        isBroken ? route.fulfill({ status: 500, body: 'oh' }) : route.continue(),
      );
    };
    await stage.chrome.visit({ url: stage.portal.url, path: GRAPH, expects, before }, async (page) => {
      await page.getByText('The relations could not be read').waitFor();
      await screenshot(page, '30-graph-failed');
      isBroken = false;
      await page.getByRole('button', { name: 'Try again' }).click();
      await card(page, 'system:default/booking').waitFor();
    });
  });

  it('is a tab of every entity, where the wheel scrolls the page', async () => {
    const path = '/catalog/default/system/booking/graph';
    await stage.chrome.visit({ url: stage.portal.url, path }, async (page) => {
      await card(page, 'system:default/booking').waitFor();
      await screenshot(page, '30-graph-tab');
      await page.setViewportSize({ width: 900, height: 500 });
      await page.getByRole('application').hover();
      await page.mouse.wheel(0, 200);
      await until('the page scrolls', async () => (await page.evaluate<number>('scrollY')) > 0);
      await page.getByRole('link', { name: 'Open in full' }).click();
      await untilAddress(page, `${GRAPH}&depth=1`);
    });
  });

  it('has no serious barrier, in light and dark, as drawing and as list, on a desk and on a phone', async () => {
    for (const colours of ['light', 'dark'] as const) {
      for (const size of [DESK, PHONE]) {
        await stage.chrome.visit(
          { url: stage.portal.url, path: '/catalog-graph', colours, size },
          async (page) => {
            await page.getByRole('heading', { level: 2, name: 'Domains' }).waitFor();
            assert.deepEqual(await axeProblems(page), []);
            await page.goto(`${GRAPH}&selected=system:default/booking`);
            await page.getByRole('complementary').waitFor();
            assert.deepEqual(await axeProblems(page), []);
            assert.equal(await page.evaluate('document.documentElement.scrollWidth'), size.width);
            await screenshot(page, `30-graph-${size === PHONE ? 'phone-' : ''}${colours}`, { whole: true });
            await page.goto(`${GRAPH}&view=list`);
            await page.getByRole('table').waitFor();
            assert.deepEqual(await axeProblems(page), []);
          },
        );
      }
    }
  });

  /** What the API says to a question about a graph. */
  async function asked(query: string): Promise<Answer> {
    const answer = await stage.portal.ask(`/api/catalog/graph?${query}`);
    assert.ok(isObject(answer) && Array.isArray(answer['nodes']) && Array.isArray(answer['edges']));
    const nodes: readonly unknown[] = answer['nodes'];
    const read = (key: string): readonly string[] =>
      nodes.map((node) => (isObject(node) ? String(node[key]) : ''));
    return { nodes: read('ref'), kinds: read('kind'), edges: answer['edges'].length };
  }
});

interface Answer {
  readonly nodes: readonly string[];
  readonly kinds: readonly string[];
  readonly edges: number;
}

/** The card of an entity in the drawing. */
function card(page: Page, ref: string): Locator {
  return page.locator(`.graph-base .graph-card[data-ref="${ref}"]`);
}

/** Presses a card where people do: in its middle, through whatever is drawn over it. */
async function press(page: Page, ref: string): Promise<void> {
  const box = await card(page, ref).boundingBox();
  assert.ok(box !== null, `${ref} is not drawn`);
  await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
}

async function selected(page: Page): Promise<string> {
  return page.getByRole('complementary', { name: 'Selected entity' }).locator('code').innerText();
}

async function untilSelected(page: Page, ref: string): Promise<void> {
  await until(`${ref} is selected`, async () => (await selected(page)) === ref);
}

/** Saves by the export menu, and answers what is in the file. */
async function saved(page: Page, item: string, name: string | RegExp): Promise<Buffer> {
  await page.getByRole('button', { name: 'Export' }).click();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: item }).click(),
  ]);
  assert.match(download.suggestedFilename(), name instanceof RegExp ? name : new RegExp(`^${name}$`));
  await page.keyboard.press('Escape');
  return contentOf(download);
}

async function contentOf(download: Download): Promise<Buffer> {
  return readFile(await download.path());
}

async function tabTo(page: Page, target: Locator): Promise<void> {
  for (let stops = 0; stops < 60; stops += 1) {
    if (await isFocused(target)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`the keyboard does not reach ${String(target)}`);
}

async function isFocused(target: Locator): Promise<boolean> {
  return (await target.and(target.page().locator(':focus')).count()) === 1;
}
