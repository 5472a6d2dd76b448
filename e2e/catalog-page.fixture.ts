/** The catalog page as a person sees it: what it counts, which entities it lists, and its filters. */
import assert from 'node:assert/strict';
import type { Locator, Page } from 'playwright-core';
import { until } from './until.fixture.ts';

/** What runs in the page knows its elements by this much. */
interface WithAttributes {
  readonly getAttribute: (name: string) => string | null;
}

interface WithLink extends WithAttributes {
  readonly querySelector: (selector: string) => WithAttributes | null;
}

interface Scrollable {
  scrollTop: number;
  readonly scrollHeight: number;
}

/** Waits until the page says how many entities there are, as `42 entities of kind Component`. */
export async function untilCount(page: Page, total: number, kind?: string): Promise<void> {
  const of = kind === undefined ? '' : ` of kind ${kind}`;
  const text = `${total.toLocaleString('en')} ${total === 1 ? 'entity' : 'entities'}${of}`;
  await page.locator('.catalog-count').getByText(text, { exact: true }).waitFor();
}

/**
 * The references of the rows that exist, as `component:default/booking-service`, in the order of the list, once the
 * page has settled. A long list has more rows than those on the screen and a few beyond it.
 */
export async function listed(page: Page): Promise<readonly string[]> {
  const table = page.getByRole('table', { name: 'Entities of the catalog' });
  await table.and(page.locator('[aria-busy=false]')).waitFor();
  const links = table.locator('td.col-name a');
  const paths = await links.evaluateAll((found: readonly WithAttributes[]) =>
    found.map((link) => link.getAttribute('href')),
  );
  return paths.map(toRef);
}

/** The references of all rows, from the first to the last: scrolls through the list. */
export async function everyListed(page: Page): Promise<readonly string[]> {
  const table = page.getByRole('table', { name: 'Entities of the catalog' });
  const total = Number(await table.getAttribute('aria-rowcount')) - 1;
  const seen = new Map<number, string>();
  await until(`all ${total} rows were seen`, async () => {
    for (const [row, ref] of await numbered(page)) seen.set(row, ref);
    const next = Array.from({ length: total }, (_, row) => row).find((row) => !seen.has(row)) ?? 0;
    await page.locator('.entities-scroll').evaluate((element: Scrollable, share) => {
      element.scrollTop = share * element.scrollHeight;
    }, next / total);
    return seen.size === total;
  });
  return [...seen].toSorted(([a], [b]) => a - b).map(([, ref]) => ref);
}

/** The rows that exist with their numbers, from 0. */
async function numbered(page: Page): Promise<readonly (readonly [number, string])[]> {
  const rows = page.locator('tr.entity-row:has(td.col-name a)');
  const found = await rows.evaluateAll((all: readonly WithLink[]) =>
    all.map((row) => [
      row.getAttribute('data-index'),
      row.querySelector('td.col-name a')?.getAttribute('href') ?? null,
    ]),
  );
  return found.map(([index = null, href = null]) => [Number(index), toRef(href)]);
}

/** The texts of a column, in the order of the rows that exist. */
export async function texts(page: Page, column: string): Promise<readonly string[]> {
  return page.getByRole('table').locator(`td.col-${column}`).allInnerTexts();
}

/** Waits until the rows are these, in this order. */
export async function untilListed(page: Page, refs: readonly string[]): Promise<void> {
  await until(`the rows are ${refs.join(', ')}`, async () => {
    assert.deepEqual(await listed(page), refs);
    return true;
  });
}

/** The choice of a filter with its count, whatever that is: `choice(page, 'Type', 'service')`. */
export function choice(page: Page, filter: string, value: string): Locator {
  const name = new RegExp(`^${value} , [0-9,]+$`);
  const role = roleOf(filter);
  return page.getByRole('group', { name: filter, exact: true }).getByRole(role, { name });
}

/** One of the choices, or several of them. */
function roleOf(filter: string): 'radio' | 'checkbox' {
  return filter === 'Kind' || filter === 'Show' ? 'radio' : 'checkbox';
}

/** Presses the label of a choice. */
export async function choose(page: Page, filter: string, value: string): Promise<void> {
  await choice(page, filter, value).locator('xpath=ancestor::label').click();
}

/** Waits until a filter says that a choice would give so many. */
export async function untilChoice(page: Page, filter: string, value: string, total: number): Promise<void> {
  const role = roleOf(filter);
  const group = page.getByRole('group', { name: filter, exact: true });
  await group.getByRole(role, { name: `${value} , ${total.toLocaleString('en')}`, exact: true }).waitFor();
}

/** What the address says, without the host. */
export function address(page: Page): string {
  const { pathname, search } = new URL(page.url());
  return `${pathname}${search}`;
}

export async function untilAddress(page: Page, expected: string): Promise<void> {
  await until(`the address is ${expected}`, () => {
    assert.equal(address(page), expected);
    return true;
  });
}

/** `/catalog/default/component/x` is `component:default/x`. */
function toRef(href: string | null): string {
  const [, , namespace, kind, name] = (href ?? '').split('/').map((part) => decodeURIComponent(part));
  return `${kind}:${namespace}/${name}`;
}
