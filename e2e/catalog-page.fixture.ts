/** The catalog page as a person sees it: what it counts, which entities it lists, and its filters. */
import assert from 'node:assert/strict';
import type { Locator, Page } from 'playwright-core';
import { until } from './until.fixture.ts';

/** What runs in the page knows its elements by this much. */
interface WithAttributes {
  readonly getAttribute: (name: string) => string | null;
}

/** Waits until the page says how many entities there are, as `42 entities of kind Component`. */
export async function untilCount(page: Page, total: number, kind?: string): Promise<void> {
  const of = kind === undefined ? '' : ` of kind ${kind}`;
  const text = `${total} ${total === 1 ? 'entity' : 'entities'}${of}`;
  await page.locator('.catalog-count').getByText(text, { exact: true }).waitFor();
}

/** The references of the rows, as `component:default/booking-service`, once the page has settled. */
export async function listed(page: Page): Promise<readonly string[]> {
  const table = page.getByRole('table', { name: 'Entities of the catalog' });
  await table.and(page.locator('[aria-busy=false]')).waitFor();
  const links = table.locator('td.col-name a');
  const paths = await links.evaluateAll((found: readonly WithAttributes[]) =>
    found.map((link) => link.getAttribute('href')),
  );
  return paths.map(toRef);
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
  const role = filter === 'Kind' ? 'radio' : 'checkbox';
  return page.getByRole('group', { name: filter, exact: true }).getByRole(role, { name });
}

/** Presses the label of a choice. */
export async function choose(page: Page, filter: string, value: string): Promise<void> {
  await choice(page, filter, value).locator('xpath=ancestor::label').click();
}

/** Waits until a filter says that a choice would give so many. */
export async function untilChoice(page: Page, filter: string, value: string, total: number): Promise<void> {
  const role = filter === 'Kind' ? 'radio' : 'checkbox';
  const group = page.getByRole('group', { name: filter, exact: true });
  await group.getByRole(role, { name: `${value} , ${total}`, exact: true }).waitFor();
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
