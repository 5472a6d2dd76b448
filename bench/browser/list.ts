/** What the list of the catalog has to show, as the API says it, and the condition under which the page shows it. */
import { isObject } from '@callboard/model';
import type { BrowsedPortal } from './portal.ts';

const TEXT_FIELDS = ['metadata.name', 'metadata.title', 'metadata.description', 'metadata.tags'];
const numbers = new Intl.NumberFormat('en-GB');

export interface ExpectedList {
  readonly total: number;
  /** The titles of the first entities, or their names. */
  readonly titles: readonly string[];
  /** Their names. */
  readonly names: readonly string[];
}

/** The components that have the text. */
export async function expectedList(portal: BrowsedPortal, text = ''): Promise<ExpectedList> {
  const answer = await portal.ask('/api/catalog/entities/by-query', {
    query: { kind: 'component' },
    orderBy: [{ field: 'metadata.name', order: 'asc' }],
    ...(text !== '' && { fullTextFilter: { term: text, fields: TEXT_FIELDS } }),
    limit: 20,
  });
  if (!isObject(answer) || !Array.isArray(answer['items'])) throw new Error('the answer is no list');
  const metadata = answer['items'].map((item: unknown) => (isObject(item) ? item['metadata'] : null));
  const names = metadata.map((one) => (isObject(one) ? String(one['name']) : ''));
  const titles = metadata.map((one, index) =>
    isObject(one) && typeof one['title'] === 'string' ? one['title'] : (names[index] ?? ''),
  );
  return { total: Number(answer['totalItems']), titles, names };
}

/** Holds in the page when it shows this list, from its first row. */
export function showsList({ total, titles }: ExpectedList): string {
  const count = `${numbers.format(total)} ${total === 1 ? 'entity' : 'entities'} of kind Component`;
  return `(() => {
    const table = document.querySelector('table.entities');
    if (table === null || table.getAttribute('aria-busy') !== 'false') return false;
    if (document.querySelector('.catalog-count').textContent.trim() !== ${JSON.stringify(count)}) return false;
    const titles = ${JSON.stringify(titles.slice(0, 5))};
    return titles.every((title, index) =>
      table.querySelector('[data-index="' + index + '"] .col-name a')?.textContent === title);
  })()`;
}
