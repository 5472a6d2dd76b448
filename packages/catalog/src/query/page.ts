/**
 * Pages of entities: which ones, in which order, how many there are in all, and the cursors to the pages beside.
 * Answered from the index alone.
 */
import type { Bitset } from '../index/bitset.ts';
import type { EntityIndex } from '../index/entity-index.ts';
import { containing, evaluate } from '../index/evaluate.ts';
import type { KeyOrder, OrderPoint } from '../index/order.ts';
import type { Cursor, OrderField, OrderFieldValues } from './cursor.ts';
import type { ByQueryRequest, EntitiesRequest } from './parameters.ts';
import type { Predicate } from './predicate.ts';

/** The key that orders when a request names none: uids are made in order of time. */
const UID_KEY = 'metadata.uid';

export interface Page {
  /** Ordinals of the index. */
  readonly ordinals: readonly number[];
  readonly totalItems: number;
  readonly next: Cursor | null;
  readonly previous: Cursor | null;
}

/** A page of a by-query request. Entities without the key of the order are not in it. */
export function queryPage(index: EntityIndex, request: ByQueryRequest): Page {
  const key = request.order?.key ?? UID_KEY;
  const matching = matchingSet(index, { ...request, key });
  const descending = request.order?.descending === true;
  const { cursor } = request;
  const totalItems = cursor?.totalItems ?? countItems(index, { request, key, matching });
  if (request.limit === 0) return { ordinals: [], totalItems, next: null, previous: null };
  const order = index.order(key);
  const window = takeWindow(order, {
    matching,
    descending,
    backwards: cursor?.isPrevious === true,
    from: cursor === null ? null : toPoint(cursor.orderFieldValues, request.order),
    offset: request.offset,
    limit: request.limit,
  });
  const { ordinals, hasMore } = window;
  const first = valuesAt(order, ordinals[0], request.order);
  const last = valuesAt(order, ordinals.at(-1), request.order);
  const start = cursor?.firstSortFieldValues ?? (cursor === null ? first : null);
  const carry = { ...pick(request), firstSortFieldValues: start, totalItems };
  return {
    ordinals,
    totalItems,
    next: hasMore && last !== null ? { ...carry, orderFieldValues: last, isPrevious: false } : null,
    previous:
      cursor !== null && first !== null && !sameValues(first, start)
        ? { ...carry, orderFieldValues: first, isPrevious: true }
        : null,
  };
}

/** Everything a `GET /entities` request asks for, in order; entities without an order key come last. */
export function listEntities(index: EntityIndex, request: EntitiesRequest): number[] {
  const matching = matchingSet(index, { ...request, fullText: null, key: '' });
  const [primary, ...others] = request.order;
  if (primary === undefined)
    return index
      .orderByRef()
      .sorted()
      .filter((ordinal) => matching.has(ordinal));
  if (others.length === 0) return oneKey(index, primary, matching);
  return manyKeys(index, request.order, matching);
}

/** The entities that a request matches. Do not change the set. */
export function matchingSet(
  index: EntityIndex,
  query: {
    readonly predicate: Predicate;
    readonly fullText: ByQueryRequest['fullText'];
    /** The key that is searched when the full text names none. */
    readonly key: string;
  },
): Bitset {
  const matching = evaluate(index, query.predicate);
  const { fullText } = query;
  if (fullText === null) return matching;
  const narrowed = matching.resized(index.capacity);
  narrowed.intersect(containing(index, fullText.keys ?? [query.key], fullText.term));
  return narrowed;
}

function countItems(
  index: EntityIndex,
  { request, key, matching }: { request: ByQueryRequest; key: string; matching: Bitset },
): number {
  if (request.totalItems === 'exclude') return 0;
  if (key === UID_KEY) return matching.count;
  return index.order(key).sorted().length === index.size
    ? matching.count
    : matching.countIn(index.order(key).sorted());
}

interface Window {
  readonly matching: Bitset;
  readonly descending: boolean;
  readonly backwards: boolean;
  readonly from: OrderPoint | null;
  readonly offset: number;
  readonly limit: number;
}

/** Walks the order from a point, in the direction of the page, and takes what matches. */
function takeWindow(order: KeyOrder, window: Window): { ordinals: number[]; hasMore: boolean } {
  const { matching, descending, backwards, from, offset, limit } = window;
  const sorted = order.sorted();
  const step = descending === backwards ? 1 : -1;
  let at = step === 1 ? 0 : sorted.length - 1;
  if (from !== null) {
    at =
      step === 1
        ? order.countBefore(from, { inclusive: true })
        : order.countBefore(from, { inclusive: false }) - 1;
  }
  const ordinals: number[] = [];
  let toSkip = offset;
  let hasMore = false;
  for (; at >= 0 && at < sorted.length; at += step) {
    const ordinal = sorted[at] ?? 0;
    if (!matching.has(ordinal)) continue;
    if (toSkip > 0) {
      toSkip--;
      continue;
    }
    hasMore = ordinals.length === limit;
    if (hasMore) break;
    ordinals.push(ordinal);
  }
  // There always is a page after a page that was walked back from.
  return backwards ? { ordinals: ordinals.toReversed(), hasMore: true } : { ordinals, hasMore };
}

function oneKey(index: EntityIndex, field: OrderField, matching: Bitset): number[] {
  const order = index.order(field.key);
  const sorted = order.sorted().filter((ordinal) => matching.has(ordinal));
  const ordered = field.descending ? withTiesAscending(order, sorted.toReversed()) : sorted;
  if (ordered.length === matching.count) return ordered;
  const without = index
    .order(UID_KEY)
    .sorted()
    .filter((ordinal) => matching.has(ordinal) && order.pointOf(ordinal) === null);
  return ordered.concat(without);
}

/** Equal values are ordered by uid, ascending whatever the direction of the key. */
function withTiesAscending(order: KeyOrder, descending: number[]): number[] {
  const result: number[] = [];
  let tie: number[] = [];
  let value: string | undefined;
  for (const ordinal of descending) {
    const current = order.pointOf(ordinal)?.value;
    if (current !== value) {
      result.push(...tie.toReversed());
      tie = [];
    }
    value = current;
    tie.push(ordinal);
  }
  return result.concat(tie.toReversed());
}

function manyKeys(index: EntityIndex, fields: readonly OrderField[], matching: Bitset): number[] {
  const orders = fields.map(({ key, descending }) => ({ order: index.order(key), descending }));
  // Reading the orders once brings them up to date.
  for (const { order } of orders) order.sorted();
  return [...matching].toSorted((a, b) => {
    for (const { order, descending } of orders) {
      const left = order.pointOf(a)?.value;
      const right = order.pointOf(b)?.value;
      if (left === right) continue;
      if (left === undefined) return 1;
      if (right === undefined) return -1;
      return left < right === descending ? 1 : -1;
    }
    return index.uidOf(a) < index.uidOf(b) ? -1 : 1;
  });
}

function pick({
  predicate,
  order,
  fullText,
}: ByQueryRequest): Pick<Cursor, 'predicate' | 'order' | 'fullText'> {
  return { predicate, order, fullText };
}

/** The values of an entity that a cursor carries; without an order only the uid counts. */
function valuesAt(
  order: KeyOrder,
  ordinal: number | undefined,
  field: OrderField | null,
): OrderFieldValues | null {
  const point = ordinal === undefined ? null : order.pointOf(ordinal);
  if (point === null) return null;
  return [field === null ? null : point.value, point.uid];
}

function toPoint([value, uid]: OrderFieldValues, field: OrderField | null): OrderPoint {
  return field === null ? { value: uid, uid } : { value: value ?? '', uid };
}

function sameValues(a: OrderFieldValues, b: OrderFieldValues | null): boolean {
  return b !== null && a[0] === b[0] && a[1] === b[1];
}
