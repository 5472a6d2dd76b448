/**
 * Every request of the catalog API that asks a question, from its query string or JSON body to one typed
 * value: what to filter by, in which order, which part of the result, and what of each entity. Requests that
 * say the same in GET and POST give the same value.
 */
import { isObject } from '@callboard/model';
import {
  decodeAfter,
  decodeCursor,
  decodeLocationsCursor,
  MAX_FULL_TEXT_KEYS,
  type Cursor,
  type FullText,
  type OrderField,
} from './cursor.ts';
import { parseFields, type Projection } from './fields.ts';
import { parseFilter } from './filter.ts';
import { parseLocationPredicate, parsePredicate } from './predicate-json.ts';
import { EVERYTHING, type Predicate } from './predicate.ts';
import {
  checkInteger,
  invalidParameter,
  readInteger,
  readQueryString,
  readText,
  readTexts,
  type QueryValues,
} from './query-string.ts';

/** Entities per page of a by-query request that does not say. */
const BY_QUERY_LIMIT = 200;
/** Locations per page of a request that does not say. */
const LOCATIONS_LIMIT = 1000;

/** `GET /entities` */
export interface EntitiesRequest {
  readonly predicate: Predicate;
  /** Null keeps all of each entity. */
  readonly fields: Projection | null;
  /** Most significant first; entities without a key come last. */
  readonly order: readonly OrderField[];
  /** Null is everything. A `limit` of null goes to the end; any other is at least 1. */
  readonly page: { readonly limit: number | null; readonly offset: number } | null;
}

/** `GET` and `POST /entities/by-query` */
export interface ByQueryRequest {
  readonly predicate: Predicate;
  /** Null orders by uid. Entities without the key are not in the result. */
  readonly order: OrderField | null;
  readonly fullText: FullText | null;
  readonly fields: Projection | null;
  /** 0 asks for `totalItems` alone. */
  readonly limit: number;
  /** 0 with a cursor. */
  readonly offset: number;
  /** `exclude` with a cursor, which has the count of the first page. */
  readonly totalItems: 'include' | 'exclude';
  /** Where the page starts. `predicate`, `order` and `fullText` are those of the cursor. */
  readonly cursor: Cursor | null;
}

/** `GET` and `POST /entity-facets` */
export interface FacetsRequest {
  /** As given, at least one: the names of the answer. Keys of the index are their lower-case forms. */
  readonly facets: readonly string[];
  readonly predicate: Predicate;
  /** Counts only entities that match a text too; an addition of ours, in the body. */
  readonly fullText: FullText | null;
}

/** `POST /entities/by-refs` */
export interface ByRefsRequest {
  /** As given, in the order of the answer. */
  readonly entityRefs: readonly string[];
  readonly predicate: Predicate;
  readonly fields: Projection | null;
}

/** `POST /locations/by-query` */
export interface LocationsQueryRequest {
  /** Keys are `id`, `type`, `target` and `entityref`. */
  readonly predicate: Predicate;
  /** At least 1. */
  readonly limit: number;
  /** Locations with a greater id; null is the first page. */
  readonly afterId: string | null;
}

type Body = Record<string, unknown>;

const ENTITIES_NAMES = new Set(['filter', 'fields', 'order', 'offset', 'limit', 'after']);
const BY_QUERY_NAMES = new Set([
  'filter',
  'fields',
  'limit',
  'offset',
  'orderField',
  'cursor',
  'totalItems',
  'fullTextFilterTerm',
  'fullTextFilterFields',
]);
const FACETS_NAMES = new Set(['facet', 'filter']);
const BY_REFS_NAMES = new Set(['filter', 'fields']);

/**
 * Reads `GET /entities`. Like all `parse…Parameters` it takes everything after the `?`, which may be empty,
 * ignores parameters that the route does not have, and throws errors of status 400:
 * `catalog/invalid-parameter`, and those of `parseFilter`, `parseFields` and the cursors. What `after` says
 * wins over `limit` and `offset`.
 */
export function parseEntitiesParameters(rawQuery: string): EntitiesRequest {
  const values = readQueryString(rawQuery, ENTITIES_NAMES);
  return {
    predicate: readFilter(values),
    fields: parseFields(readTexts(values, 'fields')),
    order: readTexts(values, 'order').map(parseOrder),
    page: readPage(values),
  };
}

/** Reads `GET /entities/by-query`. With a cursor, only `fields` and `limit` of the others count. */
export function parseByQueryParameters(rawQuery: string): ByQueryRequest {
  const values = readQueryString(rawQuery, BY_QUERY_NAMES);
  const fields = parseFields(readTexts(values, 'fields'));
  const limit = readInteger(values, 'limit') ?? BY_QUERY_LIMIT;
  const offset = readInteger(values, 'offset') ?? 0;
  const totalItems = parseTotalItems(readText(values, 'totalItems') ?? undefined, 'query');
  const term = readText(values, 'fullTextFilterTerm');
  const cursor = readText(values, 'cursor');
  if (cursor !== null) return ofCursor(decodeCursor(cursor), { fields, limit });
  const orders = readTexts(values, 'orderField').map(parseOrderField);
  const fullText = toFullText(term ?? '', readFullTextFields(values));
  const predicate = readFilter(values);
  return { predicate, order: orders[0] ?? null, fullText, fields, limit, offset, totalItems, cursor: null };
}

/**
 * Reads `POST /entities/by-query`. Like all `parse…Body` it takes parsed JSON, `undefined` or null when there
 * was no body, and throws errors of status 400: `catalog/invalid-parameter`, and those of `parsePredicate`,
 * `parseFields` and the cursors. With a cursor, only `fields` and `limit` of the others count.
 */
export function parseByQueryBody(body: unknown): ByQueryRequest {
  const request = toBody(body);
  const fields = parseFields(stringsOf(request, 'fields') ?? []);
  const limit = integerOf(request, 'limit') ?? BY_QUERY_LIMIT;
  const cursor = cursorOf(request);
  if (cursor !== null) return ofCursor(decodeCursor(cursor), { fields, limit });
  return {
    predicate: queryOf(request, parsePredicate),
    order: orderByOf(request),
    fullText: fullTextOf(request),
    fields,
    limit,
    offset: integerOf(request, 'offset') ?? 0,
    totalItems: parseTotalItems(request['totalItems'], 'body'),
    cursor: null,
  };
}

/** Reads `GET /entity-facets`; at least one `facet` has to be given, and a facet is not split at commas. */
export function parseFacetsParameters(rawQuery: string): FacetsRequest {
  const values = readQueryString(rawQuery, FACETS_NAMES);
  const facets = readTexts(values, 'facet').filter((facet) => facet !== '');
  if (facets.length === 0) throw invalidParameter('Missing facet parameter');
  return { facets: [...new Set(facets)], predicate: readFilter(values), fullText: null };
}

/** Reads `POST /entity-facets`; at least one of `facets` has to be given. */
export function parseFacetsBody(body: unknown): FacetsRequest {
  const request = toBody(body);
  const facets = (stringsOf(request, 'facets') ?? []).filter((facet) => facet !== '');
  if (facets.length === 0) throw invalidParameter('Missing or empty facets parameter');
  return {
    facets: [...new Set(facets)],
    predicate: queryOf(request, parsePredicate),
    fullText: fullTextOf(request),
  };
}

/** Reads `POST /entities/by-refs`. `filter` of the query string and `query` of the body have both to hold. */
export function parseByRefsBody(body: unknown, rawQuery: string): ByRefsRequest {
  const request = toBody(body);
  const entityRefs = stringsOf(request, 'entityRefs');
  if (entityRefs === null) throw invalidParameter("request/body must have required property 'entityRefs'");
  const values = readQueryString(rawQuery, BY_REFS_NAMES);
  const filter = parseFilter(readTexts(values, 'filter'));
  const query = queryOf(request, parsePredicate);
  return {
    entityRefs,
    predicate: filter === null ? query : both(filter, query),
    fields: parseFields([...(stringsOf(request, 'fields') ?? []), ...readTexts(values, 'fields')]),
  };
}

/** Reads `POST /locations/by-query`. With a cursor, everything is taken from the cursor. */
export function parseLocationsQueryBody(body: unknown): LocationsQueryRequest {
  const request = toBody(body);
  const limit = integerOf(request, 'limit') ?? LOCATIONS_LIMIT;
  const cursor = cursorOf(request);
  if (cursor !== null) return decodeLocationsCursor(cursor);
  if (limit < 1) throw invalidParameter('Invalid limit, must be greater than zero');
  return { predicate: queryOf(request, parseLocationPredicate), limit, afterId: null };
}

function ofCursor(
  cursor: Cursor,
  given: { readonly fields: Projection | null; readonly limit: number },
): ByQueryRequest {
  const { predicate, order, fullText } = cursor;
  return { predicate, order, fullText, ...given, offset: 0, totalItems: 'exclude', cursor };
}

function readFilter(values: QueryValues): Predicate {
  return parseFilter(readTexts(values, 'filter')) ?? EVERYTHING;
}

function readPage(values: QueryValues): EntitiesRequest['page'] {
  const limit = readInteger(values, 'limit');
  const offset = readInteger(values, 'offset');
  const text = readText(values, 'after');
  if (limit === 0) throw invalidParameter('Invalid limit, must be greater than zero');
  if (limit === null && offset === null && text === null) return null;
  const after = text === null ? null : decodeAfter(text);
  return { limit: after?.limit ?? limit, offset: after?.offset ?? offset ?? 0 };
}

function readFullTextFields(values: QueryValues): readonly string[] | null {
  const texts = readTexts(values, 'fullTextFilterFields');
  if (texts.length === 0) return null;
  return texts
    .flatMap((text) => text.split(','))
    .map((key) => key.trim())
    .filter((key) => key !== '');
}

function parseOrder(text: string): OrderField {
  const [, direction, field] = /^(asc|desc):(.+)$/.exec(text) ?? [];
  if (field !== undefined) return { key: field.toLowerCase(), descending: direction === 'desc' };
  throw invalidParameter(
    `Invalid order parameter "${text.slice(0, 100)}", expected "<asc or desc>:<field name>"`,
  );
}

function parseOrderField(text: string): OrderField {
  const [field = '', direction = 'asc'] = text.split(',', 2);
  return toOrderField(field, direction);
}

function toOrderField(field: string, direction: unknown): OrderField {
  if (direction !== 'asc' && direction !== 'desc') {
    throw invalidParameter('Invalid order field order, must be asc or desc');
  }
  return { key: field.toLowerCase(), descending: direction === 'desc' };
}

function parseTotalItems(value: unknown, place: 'query' | 'body'): 'include' | 'exclude' {
  if (value === undefined || value === 'include') return 'include';
  if (value === 'exclude') return 'exclude';
  throw invalidParameter(
    `request/${place}/totalItems must be equal to one of the allowed values: include, exclude`,
  );
}

function toFullText(term: string, keys: readonly string[] | null): FullText | null {
  if (keys !== null && keys.length > MAX_FULL_TEXT_KEYS) {
    throw invalidParameter(`A full text filter takes at most ${MAX_FULL_TEXT_KEYS} fields`);
  }
  const normalized = term.trim().toLowerCase();
  if (normalized === '') return null;
  return { term: normalized, keys: keys === null ? null : keys.map((key) => key.toLowerCase()) };
}

function both(first: Predicate, second: Predicate): Predicate {
  return second === EVERYTHING ? first : { kind: 'all', of: [first, second] };
}

function toBody(body: unknown): Body {
  if (body === undefined || body === null) return {};
  if (!isObject(body)) throw invalidParameter('request/body must be object');
  return body;
}

function queryOf(body: Body, parse: (value: unknown) => Predicate): Predicate {
  return body['query'] === undefined ? EVERYTHING : parse(body['query']);
}

function cursorOf(body: Body): string | null {
  const { cursor } = body;
  if (cursor === undefined) return null;
  if (typeof cursor !== 'string') throw invalidParameter('request/body/cursor must be string');
  if (cursor === '') throw invalidParameter('Cursor cannot be empty');
  return cursor;
}

function orderByOf(body: Body): OrderField | null {
  const { orderBy } = body;
  if (orderBy === undefined) return null;
  if (!Array.isArray(orderBy)) throw invalidParameter('request/body/orderBy must be array');
  const orders = orderBy.map((item: unknown) => {
    if (isObject(item) && typeof item['field'] === 'string')
      return toOrderField(item['field'], item['order']);
    throw invalidParameter('request/body/orderBy must have items with the properties field and order');
  });
  return orders[0] ?? null;
}

function fullTextOf(body: Body): FullText | null {
  const { fullTextFilter: filter } = body;
  if (filter === undefined) return null;
  if (!isObject(filter)) throw invalidParameter('request/body/fullTextFilter must be object');
  const { term = '' } = filter;
  if (typeof term !== 'string') throw invalidParameter('request/body/fullTextFilter/term must be string');
  return toFullText(term, stringsOf(filter, 'fields'));
}

function integerOf(body: Body, name: string): number | null {
  const value = body[name];
  if (value === undefined) return null;
  return checkInteger(typeof value === 'number' ? value : Number.NaN, `request/body/${name}`);
}

function stringsOf(body: Body, name: string): readonly string[] | null {
  const value = body[name];
  if (value === undefined) return null;
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value;
  throw invalidParameter(`request/body/${name} must be array of strings`);
}
