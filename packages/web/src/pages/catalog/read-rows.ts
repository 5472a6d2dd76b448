/** Reads entities of the list from the API: one window of rows for the table, and whole lists for exports and bulk actions. */
import type { EntityRef } from '@callboard/model';
import { countFrom, listFrom } from '../../api/answer.ts';
import type { Client } from '../../api/client.ts';
import { objectIn, ROW_FIELDS, textIn, toRef } from '../../api/entity.ts';
import { restPage, type ListQuery, type ListRequest } from './requests.ts';
import { toListedRow, type ListedRow } from './row.ts';
import { WINDOW_ROWS } from './windows.ts';

const BY_QUERY = '/api/catalog/entities/by-query';
const BY_REFS = '/api/catalog/entities/by-refs';
/** Entities in one request of a whole list. */
const PAGE_ITEMS = 1_000;
/** References in one request: the server takes no more at once. */
const REFS_PER_REQUEST = 1_000;

/** What a reference is made of. */
export const REF_FIELDS: readonly string[] = ['kind', 'metadata.namespace', 'metadata.name'];

export interface RowWindow {
  /** Null for an entity that cannot be read. */
  readonly rows: readonly (ListedRow | null)[];
  /** Rows of the whole list. */
  readonly total: number;
}

export interface WindowQuery {
  readonly request: ListRequest;
  readonly window: number;
  /** Fields beyond those of every row. */
  readonly fields: readonly string[];
}

/** One window of the list, across the border between its two parts. */
export async function readWindow(
  client: Client,
  { request, window, fields }: WindowQuery,
  signal: AbortSignal,
): Promise<RowWindow> {
  const offset = window * WINDOW_ROWS;
  const read = async (query: ListQuery, page: { offset: number; limit: number }): Promise<RowWindow> => {
    const body = { ...query, ...page, fields: [...ROW_FIELDS, ...fields] };
    const answer = await client({ path: BY_QUERY, body, signal });
    return { rows: listFrom(answer, 'items').map(toListedRow), total: countFrom(answer, 'totalItems') };
  };
  const first = await read(request.sorted, { offset, limit: WINDOW_ROWS });
  if (request.rest === null) return first;
  const found = first.rows.length;
  const next = restPage({ offset, wanted: WINDOW_ROWS, found, sortedTotal: first.total });
  // One row is asked for even when none is needed: the answer says how many there are.
  const second = await read(request.rest, { offset: next.offset, limit: Math.max(1, next.limit) });
  return {
    rows: [...first.rows, ...second.rows.slice(0, next.limit)],
    total: first.total + second.total,
  };
}

/** How many entities a request matches. */
export async function readTotal(client: Client, query: ListQuery, signal: AbortSignal): Promise<number> {
  const { orderBy: _, ...unordered } = query;
  const answer = await client({ path: BY_QUERY, body: { ...unordered, limit: 0 }, signal });
  return countFrom(answer, 'totalItems');
}

export interface EntityPage {
  readonly entities: readonly unknown[];
  /** Entities of the whole list, as far as it is known. */
  readonly total: number;
}

export interface ReadOptions {
  /** Null: whole entities. */
  readonly fields: readonly string[] | null;
  readonly signal: AbortSignal;
}

/** Every entity of the list in its order, in pages. Cursors keep the place when entities come or go meanwhile. */
export async function* readList(
  client: Client,
  request: ListRequest,
  { fields, signal }: ReadOptions,
): AsyncGenerator<EntityPage> {
  let before = 0;
  for (const query of [request.sorted, request.rest]) {
    if (query === null) continue;
    let body: Readonly<Record<string, unknown>> = query;
    let total = 0;
    for (;;) {
      const paged = { ...body, limit: PAGE_ITEMS, ...(fields !== null && { fields }) };
      const answer = await client({ path: BY_QUERY, body: paged, signal });
      total = Math.max(total, countFrom(answer, 'totalItems'));
      yield { entities: listFrom(answer, 'items'), total: before + total };
      const cursor = textIn(objectIn(answer, 'pageInfo'), 'nextCursor');
      if (cursor === null) break;
      body = { cursor };
    }
    before += total;
  }
}

/** The entities of these references, in pages; those that are gone are left out. */
export async function* readRefs(
  client: Client,
  refs: readonly string[],
  { fields, signal }: ReadOptions,
): AsyncGenerator<EntityPage> {
  for (let start = 0; start < refs.length; start += REFS_PER_REQUEST) {
    const body = {
      entityRefs: refs.slice(start, start + REFS_PER_REQUEST),
      ...(fields !== null && { fields }),
    };
    const answer = await client({ path: BY_REFS, body, signal });
    yield { entities: listFrom(answer, 'items').filter((item) => item !== null), total: refs.length };
  }
}

/** The references of a page. */
export function refsIn({ entities }: EntityPage): readonly EntityRef[] {
  return entities.map(toRef).filter((ref) => ref !== null);
}
