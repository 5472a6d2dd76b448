/** Where an entity comes from: its sources, edits on disk, files that break, conflicts and orphans. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isObject } from '@callboard/model';
import type { Page } from 'playwright-core';
import { screenshot } from './browser.fixture.ts';
import { COMPANY } from './company.fixture.ts';
import type { Portal } from './portal.fixture.ts';
import { setStage } from './stage.fixture.ts';
import { until } from './until.fixture.ts';

const FILE = 'catalog/systems/booking/catalog-info.yaml';
const DESK_PAGE = '/catalog/default/component/booking-desk';
const DESK_API = '/api/catalog/entities/by-name/component/default/booking-desk';
const BEFORE = 'The screen that the freight desks work with all day; made for keyboards.';
const AFTER = 'The screen of the freight desks, edited on disk.';
/** How soon the API has what was written to a watched file, in milliseconds; it usually takes a tenth of it. */
const SEEN_WITHIN_MS = 2_000;

const TWIN = (description: string): string => `apiVersion: backstage.io/v1alpha1
kind: Component
metadata: { name: twin, description: ${description} }
spec: { type: service, lifecycle: production, owner: booking }
`;
const LEAVING = `apiVersion: backstage.io/v1alpha1
kind: Component
metadata: { name: leaving, title: Leaving soon }
spec: { type: service, lifecycle: deprecated, owner: booking }
`;
const STAYING = LEAVING.replace('name: leaving', 'name: staying');
const SECOND = 'second/catalog-info.yaml';

describe('where an entity comes from', () => {
  const files = { 'first/catalog-info.yaml': TWIN('the first'), [SECOND]: `${LEAVING}---\n${STAYING}` };
  const stage = setStage({
    files,
    locations: [COMPANY, ...Object.keys(files)],
    catalog: { orphanStrategy: 'keep' },
  });

  it('names every source on the way, says when it was read, and reads again on request', async () => {
    await stage.chrome.visit({ url: stage.portal.url, path: DESK_PAGE }, async (page) => {
      await page.getByRole('link', { name: 'Why?' }).click();
      await page.getByText('Up to date', { exact: true }).waitFor();
      const steps = page.getByRole('listitem').filter({ hasText: 'harbourline' });
      await steps.first().waitFor();
      await page.getByText('catalog.locations of the configuration').waitFor();
      await page.getByRole('link', { name: 'location:harbourline-systems' }).waitFor();
      await page.getByText(stage.portal.company.path(FILE)).first().waitFor();
      await screenshot(page, '07-source', { whole: true });

      const before = await lastRead(stage.portal);
      await page.getByRole('button', { name: 'Refresh now' }).click();
      await page.getByRole('status').getByText('Read again.').waitFor();
      assert.ok((await lastRead(stage.portal)) > before);
      await screenshot(page, '07-refreshed');
    });
  });

  it('follows a file on disk: edited, broken, repaired', async (t) => {
    const { portal } = stage;
    const { company } = portal;
    const good = await company.read(FILE);
    await stage.chrome.visit({ url: stage.portal.url, path: DESK_PAGE }, async (page) => {
      await page.getByText(BEFORE).waitFor();

      await company.edit(FILE, BEFORE, AFTER);
      const seen = await until('the API has the new description', async () => hasText(portal, AFTER), {
        within: SEEN_WITHIN_MS,
        every: 10,
      });
      t.diagnostic(`an edit on disk was in the API after ${Math.round(seen)} ms`);
      await page.reload();
      await page.getByText(AFTER).waitFor();
      await screenshot(page, '08-edited');

      // A bracket that is never closed: nobody can say what the entity is now.
      const edited = await company.read(FILE);
      await company.write(FILE, edited.replace('name: booking-desk', 'name: [booking-desk'));
      await until('the API says that the file is broken', async () => (await problems(portal)) > 0);
      const line = edited.slice(0, edited.indexOf('name: booking-desk')).split('\n').length;
      await page.reload();
      await page.getByText('The source of this entity has 1 problem').waitFor();
      await page.getByText(AFTER).waitFor();
      await page.getByText(placeNear(line)).waitFor();
      await screenshot(page, '08-broken');
      await page.getByRole('link', { name: 'See where it comes from' }).click();
      await page.getByText('the last version that could be read').waitFor();
      await page.getByText(placeNear(line)).waitFor();
      await screenshot(page, '08-broken-source', { whole: true });

      // Readable again, and still wrong: the owner is missing.
      await company.write(FILE, edited.replace(/(name: booking-desk\n[^]*?)\n {2}owner: booking/, '$1'));
      await until('the API says that the entity is wrong', async () => (await stateOf(portal)) === 'failing');
      await page.reload();
      await page.getByText('The last reading failed').waitFor();
      await page.getByText('spec.owner is missing').waitFor();
      await screenshot(page, '08-invalid-source', { whole: true });
      await page.getByRole('link', { name: 'Overview' }).click();
      await page.getByText('This entity has 1 problem').waitFor();
      await page.getByText('the last version that was good').waitFor();
      await page.getByText(AFTER).waitFor();
      await screenshot(page, '08-invalid');

      await company.write(FILE, good);
      await until('the API has the file as it was', async () => hasText(portal, BEFORE));
      await page.reload();
      await page.getByText(BEFORE).waitFor();
      await page.getByRole('link', { name: 'Why?' }).click();
      await page.getByText('Up to date', { exact: true }).waitFor();
    });
  });

  it('explains that two sources have the same entity', async () => {
    const { company } = stage.portal;
    await stage.chrome.visit(
      { url: stage.portal.url, path: '/catalog/default/component/twin' },
      async (page) => {
        await page.getByText('the first', { exact: true }).waitFor();
        await company.write(SECOND, [LEAVING, STAYING, TWIN('the second')].join('---\n'));
        await untilText(page, {
          path: '/catalog/default/component/twin/source',
          text: 'Another source describes an entity with the same reference',
        });
        await page.getByText(company.path(SECOND)).first().waitFor();
        await screenshot(page, '09-conflict', { whole: true });
        await page.getByRole('link', { name: 'Overview' }).click();
        await page.getByText('the first', { exact: true }).waitFor();
      },
    );
  });

  it('keeps an orphan when the configuration says so, and says that it is one', async () => {
    await stage.portal.company.write(SECOND, STAYING);
    await stage.chrome.visit(
      { url: stage.portal.url, path: '/catalog/default/component/leaving' },
      async (page) => {
        await untilText(page, {
          path: '/catalog/default/component/leaving',
          text: 'No source has this entity any more',
        });
        await screenshot(page, '09-orphan');
        await page.getByRole('link', { name: 'See where it comes from' }).click();
        await page.getByText('No source has it any more').waitFor();
        await screenshot(page, '09-orphan-source', { whole: true });
      },
    );
  });
});

/** Opens the page again until it has the text. */
async function untilText(
  page: Page,
  { path, text }: { readonly path: string; readonly text: string },
): Promise<void> {
  await until(`${path} says: ${text}`, async () => {
    await page.goto(path);
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.getByRole('heading', { level: 2 }).first().waitFor();
    return (await page.getByText(text).count()) > 0;
  });
}

async function explained(portal: Portal): Promise<Record<string, unknown>> {
  const answer = await portal.ask(`${DESK_API}/diagnostics`);
  return isObject(answer) ? answer : {};
}

async function problems(portal: Portal): Promise<number> {
  const { diagnostics } = await explained(portal);
  return Array.isArray(diagnostics) ? diagnostics.length : 0;
}

/** The file with the line, or one of the next two: parsers notice some errors where they end. */
function placeNear(line: number): RegExp {
  return new RegExp(`/${FILE}:(${line}|${line + 1}|${line + 2})\\b`);
}

async function stateOf(portal: Portal): Promise<unknown> {
  return (await explained(portal))['state'];
}

/** When the file was last read, as ISO 8601. */
async function lastRead(portal: Portal): Promise<string> {
  const { sources } = await explained(portal);
  const nearest: unknown = Array.isArray(sources) ? sources[0] : undefined;
  return isObject(nearest) ? String(nearest['lastReadAt']) : '';
}

async function hasText(portal: Portal, description: string): Promise<boolean> {
  const entity = await portal.ask(DESK_API);
  const metadata = isObject(entity) ? entity['metadata'] : undefined;
  return isObject(metadata) && metadata['description'] === description;
}
