/**
 * What Backstage's catalog answers, written down as plainly as can be: the rows of its search table, and a loop over
 * all entities. It was compared with the SQL of the published catalog backend on thousands of random requests; where
 * Callboard means to differ, the model does as Callboard (see `deviations.fixture.ts`).
 */
import { CATALOG_FILTER_EXISTS, type EntityFilterQuery } from '@backstage/catalog-client';
import { stringifyEntityRef, type Entity } from '@backstage/catalog-model';
import { isObject } from '@callboard/model';
import type { FullText, OrderField, Predicate } from './requests.fixture.ts';

export interface SearchRow {
  /** Lower-case. */
  readonly key: string;
  /** Lower-case; null when there is none, or one of more than 200 characters. */
  readonly value: string | null;
  /** As written. */
  readonly original: string | null;
}

export interface Question {
  readonly filter?: EntityFilterQuery | undefined;
  readonly query?: Predicate | undefined;
  readonly fullTextFilter?: FullText | undefined;
  readonly orderFields?: OrderField | undefined;
}

export interface ServerModel {
  /** References, in the order of `by-query`. */
  query(question: Question): string[];
  /** References of `GET /entities`: by any number of keys, entities without a key last. */
  list(orders: readonly OrderField[]): string[];
  facets(names: readonly string[], question: Question): Record<string, { value: string; count: number }[]>;
}

const NOT_SEARCHED = new Set(['attachments', 'relations', 'status']);
const ADDED_LATER = new Set(['metadata.name', 'metadata.namespace', 'metadata.uid', 'metadata.etag']);
const MAX_LENGTH = 200;

export function createServerModel(entities: readonly Entity[]): ServerModel {
  const all = entities.map((entity) => ({
    ref: stringifyEntityRef(entity),
    uid: entity.metadata.uid ?? '',
    rows: searchRows(entity),
  }));
  type Item = (typeof all)[number];

  /** The smallest value decides where an entity of several values stands. */
  const valueOf = ({ rows }: Item, { field }: OrderField): string | null => {
    const values = rows.filter(({ key }) => key === field.toLowerCase()).flatMap(({ value }) => value ?? []);
    return values.toSorted()[0] ?? null;
  };
  const select = ({ filter, query, fullTextFilter: text, orderFields: order }: Question): Item[] => {
    const term = text?.term.trim().toLowerCase() ?? '';
    const keys = (text?.fields ?? [order?.field ?? 'metadata.uid']).map((key) => key.toLowerCase());
    const found = all.filter(
      ({ rows }) =>
        (filter === undefined || matches(rows, query === undefined ? asWritten(filter) : asGiven(filter))) &&
        (query === undefined || matches(rows, query)) &&
        (term === '' || rows.some(({ key, value }) => keys.includes(key) && value?.includes(term) === true)),
    );
    return order === undefined ? found : found.filter((item) => valueOf(item, order) !== null);
  };

  return {
    query: (question) => {
      const { orderFields: order } = question;
      const sign = order?.order === 'desc' ? -1 : 1;
      const compared = (a: Item, b: Item): number => {
        const values = order === undefined ? 0 : compare(valueOf(a, order), valueOf(b, order));
        return sign * (values === 0 ? compare(a.uid, b.uid) : values);
      };
      return select(question)
        .toSorted(compared)
        .map(({ ref }) => ref);
    },
    list: (orders) => {
      const compared = (a: Item, b: Item): number => {
        for (const order of orders) {
          const [left, right] = [valueOf(a, order), valueOf(b, order)];
          if (left === right) continue;
          if (left === null || right === null) return left === null ? 1 : -1;
          return (order.order === 'desc' ? -1 : 1) * compare(left, right);
        }
        return orders.length === 0 ? compare(a.ref, b.ref) : compare(a.uid, b.uid);
      };
      return all.toSorted(compared).map(({ ref }) => ref);
    },
    facets: (names, question) => {
      const counts = names.map((name) => {
        const rows = select(question).flatMap((item) =>
          item.rows.filter(({ key, original }) => key === name.toLowerCase() && original !== null),
        );
        const byValue = Map.groupBy(rows, ({ original }) => original ?? '');
        const values = [...byValue].map(([value, { length }]) => ({ value, count: length }));
        return [name, values.toSorted((a, b) => compare(a.value, b.value))] as const;
      });
      return Object.fromEntries(counts);
    },
  };
}

/** The rows of an entity; each pair of key and value once, as the first that has it is written. */
export function searchRows(entity: Entity): SearchRow[] {
  const rows = new Map<string, SearchRow>();
  function add(path: string, value: string | number | boolean | null): void {
    const key = path.toLowerCase();
    if (key.length > MAX_LENGTH) return;
    const text = value === null ? null : String(value);
    const isShort = text !== null && text.toLowerCase().length <= MAX_LENGTH;
    const row = { key, value: isShort ? text.toLowerCase() : null, original: isShort ? text : null };
    const identity = JSON.stringify([row.key, row.value]);
    if (!rows.has(identity)) rows.set(identity, row);
  }
  function visit(path: string, value: unknown): void {
    if (NOT_SEARCHED.has(path) || ADDED_LATER.has(path)) return;
    if (Array.isArray(value)) {
      for (const item of value) {
        visit(path, item);
        if (typeof item === 'string') add(`${path}.${item}`, true);
      }
      return;
    }
    if (!isObject(value)) return add(path, isScalar(value) ? value : null);
    for (const [key, member] of Object.entries(value)) visit(path === '' ? key : `${path}.${key}`, member);
  }
  visit('', entity);
  const { name, namespace, uid } = entity.metadata;
  add('metadata.name', name);
  add('metadata.namespace', namespace ?? 'default');
  add('metadata.uid', uid ?? null);
  for (const { type, targetRef } of entity.relations ?? []) add(`relations.${type}`, targetRef);
  return [...rows.values()];
}

/** Beside a predicate, the client sends a filter as a predicate too. */
function asGiven(filter: EntityFilterQuery): unknown {
  const sets = [filter].flat().map((set) =>
    Object.entries(set).map(([key, values]) => {
      const $in = [values].flat();
      return { [key]: $in.includes(CATALOG_FILTER_EXISTS) ? { $exists: true } : { $in } };
    }),
  );
  return { $any: sets.map(($all) => ({ $all })) };
}

/** Else it joins the conditions with commas, and the server splits them there. */
function asWritten(filter: EntityFilterQuery): unknown {
  const sets = [filter].flat().map((set) => {
    const conditions = Object.entries(set).flatMap(([key, values]) =>
      [values].flat().map((value) => (value === CATALOG_FILTER_EXISTS ? key : `${key}=${String(value)}`)),
    );
    const parts = conditions
      .join(',')
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== '');
    const byKey = Map.groupBy(parts, (part) => part.replace(/=.*/s, '').trim());
    const $all = [...byKey].map(([key, same]) => {
      const $in = same.filter((part) => part.includes('=')).map((part) => part.replace(/[^=]*=/, '').trim());
      return { [key]: $in.length === 0 ? { $exists: true } : { $in } };
    });
    return { $all };
  });
  const asked = sets.filter(({ $all }) => $all.length > 0);
  return asked.length === 0 ? {} : { $any: asked };
}

function matches(rows: readonly SearchRow[], predicate: unknown): boolean {
  if (!isObject(predicate)) return false;
  const { $all, $any, $not } = predicate;
  if (Array.isArray($all)) return $all.every((part) => matches(rows, part));
  if (Array.isArray($any)) return $any.some((part) => matches(rows, part));
  if ($not !== undefined) return !matches(rows, $not);
  return Object.entries(predicate).every(([key, value]) => matchesField(rows, key, value));
}

function matchesField(rows: readonly SearchRow[], path: string, wanted: unknown): boolean {
  const values = rows.filter(({ key }) => key === path.toLowerCase()).map(({ value }) => value);
  const hasAny = (texts: readonly unknown[]): boolean =>
    texts.some((text) => values.includes(String(text).toLowerCase()));
  if (!isObject(wanted)) return hasAny([wanted]);
  const { $exists, $in, $contains, $hasPrefix } = wanted;
  if (typeof $exists === 'boolean') return values.length > 0 === $exists;
  if (Array.isArray($in)) return hasAny($in);
  if (typeof $hasPrefix === 'string')
    return values.some((value) => value?.startsWith($hasPrefix.toLowerCase()));
  return isObject($contains) ? matchesRelation(rows, $contains) : hasAny([$contains]);
}

function matchesRelation(rows: readonly SearchRow[], wanted: Record<string, unknown>): boolean {
  const entries = Object.entries(wanted).map(([key, value]) => [key.toLowerCase(), value]);
  const { type, targetref = { $exists: true } } = Object.fromEntries(entries);
  return matchesField(rows, `relations.${String(type)}`, targetref);
}

function isScalar(value: unknown): value is string | number | boolean {
  return ['string', 'number', 'boolean'].includes(typeof value);
}

function compare(a: string | null, b: string | null): number {
  if (a === b) return 0;
  return (a ?? '') < (b ?? '') ? -1 : 1;
}
