/**
 * The cursors that clients pass back to get another page. They are base64 of JSON, as in Backstage, whose
 * client looks for a `query` in them to choose between GET and POST. Nothing in a cursor is trusted: what is
 * decoded is a valid cursor, whoever wrote it.
 */
import { CodedError, messageOf } from '@callboard/kernel';
import { isObject, parseJson, type JsonObject } from '@callboard/model';
import { parseLocationPredicate, parsePredicate, predicateToJson } from './predicate-json.ts';
import { EVERYTHING, type Predicate } from './predicate.ts';

/** Longest cursor, in characters: a filter of 10,000 terms of about 70 characters each. */
export const MAX_CURSOR_LENGTH = 1_048_576;
/** How many keys one full text filter may name. */
export const MAX_FULL_TEXT_KEYS = 100;

/** Order by the values of one key. */
export interface OrderField {
  /** Lower-case. */
  readonly key: string;
  readonly descending: boolean;
}

/** Entities of which a value contains the term. */
export interface FullText {
  /** Trimmed, lower-case, not empty. */
  readonly term: string;
  /** Lower-case; null means the key of the order, or `metadata.uid` without one. Of none, nothing matches. */
  readonly keys: readonly string[] | null;
}

/** Where a page starts: the value of the order key (null without an order), and the uid that breaks ties. */
export type OrderFieldValues = readonly [value: string | null, uid: string];

/** A place in the result of a by-query request, and all of the request that the next page needs. */
export interface Cursor {
  /** What the request asked for, without the conditions of anybody's permissions. */
  readonly predicate: Predicate;
  readonly order: OrderField | null;
  readonly fullText: FullText | null;
  /** The last entity of the page before, or the first of the page after when `isPrevious`. */
  readonly orderFieldValues: OrderFieldValues;
  /** The first entity of the first page; there is no page before it. Null when that is not known. */
  readonly firstSortFieldValues: OrderFieldValues | null;
  readonly isPrevious: boolean;
  /** Counted for the first page; 0 when it was not. */
  readonly totalItems: number;
}

/** The next page of `GET /entities`. */
export interface EntitiesAfter {
  /** At least 1; null when the cursor leaves it to the request. */
  readonly limit: number | null;
  /** Null when the cursor leaves it to the request. */
  readonly offset: number | null;
}

/** The next page of `POST /locations/by-query`. */
export interface LocationsCursor {
  readonly predicate: Predicate;
  /** At least 1. */
  readonly limit: number;
  /** The page starts after the location of this id; null is the first page. */
  readonly afterId: string | null;
}

/** Throws `catalog/invalid-query` (400) when the filter makes a cursor too long to be taken back. */
export function encodeCursor(cursor: Cursor): string {
  const { order, fullText } = cursor;
  return encode({
    orderFields: order === null ? [] : [{ field: order.key, order: order.descending ? 'desc' : 'asc' }],
    ...(fullText !== null && {
      fullTextFilter: { term: fullText.term, ...(fullText.keys !== null && { fields: fullText.keys }) },
    }),
    orderFieldValues: cursor.orderFieldValues,
    ...toQuery(cursor.predicate),
    isPrevious: cursor.isPrevious,
    ...(cursor.firstSortFieldValues !== null && { firstSortFieldValues: cursor.firstSortFieldValues }),
    totalItems: cursor.totalItems,
  });
}

/** Throws `catalog/invalid-cursor` (400) for anything but a text that `encodeCursor` could have written. */
export function decodeCursor(text: string): Cursor {
  const json = decode(text);
  const { isPrevious, totalItems, firstSortFieldValues: first } = json;
  if (typeof isPrevious !== 'boolean') throw malformed('isPrevious is not a boolean');
  if (totalItems !== undefined && !isCount(totalItems)) throw malformed('totalItems is not a count');
  return {
    predicate: fromQuery(json['query'], parsePredicate),
    order: readOrder(json['orderFields']),
    fullText: readFullText(json['fullTextFilter']),
    orderFieldValues: readValues('orderFieldValues', json['orderFieldValues']),
    firstSortFieldValues: first === undefined ? null : readValues('firstSortFieldValues', first),
    isPrevious,
    totalItems: totalItems ?? 0,
  };
}

/** The `after` parameter of the page that starts at `offset`. */
export function encodeAfter(page: { readonly limit: number; readonly offset: number }): string {
  return encode({ limit: page.limit, offset: page.offset });
}

/** Throws `catalog/invalid-cursor` (400). */
export function decodeAfter(text: string): EntitiesAfter {
  const json = decode(text);
  const { limit, offset } = json;
  if (limit !== undefined && !(isCount(limit) && limit >= 1)) throw malformed('limit is not 1 or more');
  if (offset !== undefined && !isCount(offset)) throw malformed('offset is not 0 or more');
  return { limit: limit ?? null, offset: offset ?? null };
}

/** Throws `catalog/invalid-query` (400) when the filter makes a cursor too long to be taken back. */
export function encodeLocationsCursor(cursor: LocationsCursor): string {
  const { limit, afterId, predicate } = cursor;
  return encode({ limit, ...(afterId !== null && { afterId }), ...toQuery(predicate) });
}

/** Throws `catalog/invalid-cursor` (400). */
export function decodeLocationsCursor(text: string): LocationsCursor {
  const json = decode(text);
  const { limit, afterId } = json;
  if (!isCount(limit) || limit < 1) throw malformed('limit is not 1 or more');
  if (afterId !== undefined && typeof afterId !== 'string') throw malformed('afterId is not a string');
  return {
    predicate: fromQuery(json['query'], parseLocationPredicate),
    limit,
    afterId: afterId ?? null,
  };
}

function encode(json: JsonObject): string {
  const text = Buffer.from(JSON.stringify(json), 'utf8').toString('base64');
  if (text.length <= MAX_CURSOR_LENGTH) return text;
  throw new CodedError(
    400,
    'catalog/invalid-query',
    'The filter is too long for a result of several pages; ask for fewer values, or for one larger page',
  );
}

function decode(text: string): Record<string, unknown> {
  if (text.length > MAX_CURSOR_LENGTH) throw malformed(`it has more than ${MAX_CURSOR_LENGTH} characters`);
  const json = parseJson(Buffer.from(text, 'base64').toString('utf8'));
  if (!isObject(json)) throw malformed('unknown encoding');
  return json;
}

function toQuery(predicate: Predicate): JsonObject {
  const isEverything = predicate.kind === 'all' && predicate.of.length === 0;
  return isEverything ? {} : { query: predicateToJson(predicate) };
}

function fromQuery(query: unknown, parse: (value: unknown) => Predicate): Predicate {
  if (query === undefined) return EVERYTHING;
  try {
    return parse(query);
  } catch (error) {
    throw malformed(messageOf(error), error);
  }
}

function readOrder(list: unknown): OrderField | null {
  if (!Array.isArray(list)) throw malformed('orderFields is not an array');
  if (list.length === 0) return null;
  const field: unknown = list[0];
  const known = isObject(field) && (field['order'] === 'asc' || field['order'] === 'desc');
  if (!known || typeof field['field'] !== 'string') throw malformed('orderFields names no field and order');
  return { key: field['field'].toLowerCase(), descending: field['order'] === 'desc' };
}

function readFullText(value: unknown): FullText | null {
  if (value === undefined) return null;
  if (!isObject(value) || typeof value['term'] !== 'string') throw malformed('fullTextFilter has no term');
  const term = value['term'].trim().toLowerCase();
  const keys = readKeys(value['fields']);
  return term === '' ? null : { term, keys };
}

function readKeys(list: unknown): readonly string[] | null {
  if (list === undefined) return null;
  const known = Array.isArray(list) && list.length <= MAX_FULL_TEXT_KEYS;
  if (!known || !list.every((key) => typeof key === 'string')) {
    throw malformed(`the fields of fullTextFilter are not ${MAX_FULL_TEXT_KEYS} strings at most`);
  }
  return list.map((key) => key.toLowerCase());
}

function readValues(name: string, list: unknown): OrderFieldValues {
  if (!Array.isArray(list) || list.length !== 2) throw malformed(`${name} is not a value and a uid`);
  const [value, uid]: readonly unknown[] = list;
  if ((value !== null && typeof value !== 'string') || typeof uid !== 'string') {
    throw malformed(`${name} is not a value and a uid`);
  }
  return [value, uid];
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

function malformed(reason: string, cause?: unknown): CodedError {
  return new CodedError(400, 'catalog/invalid-cursor', `Malformed cursor: ${reason}`, { cause });
}
