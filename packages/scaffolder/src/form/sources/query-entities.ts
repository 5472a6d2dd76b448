/** Entities of a list by the filter and the text of a query: the catalog of a test, which has no index. */
import { isObject, refOf, searchTerms, type Entity } from '@callboard/model';
import type { CatalogPort, EntityQuery } from '../../catalog-port.ts';

type Found = Awaited<ReturnType<NonNullable<CatalogPort['query']>>>;

/** What people know an entity by. */
const NAMES = ['metadata.name', 'metadata.title', 'spec.profile.displayname'];

/** By reference, as the catalog gives them. */
export function queryEntities(entities: readonly Entity[], asked: EntityQuery): Found {
  const { filter, text = '', refs, limit } = asked;
  const wanted = refs === undefined ? null : new Set(refs.map((ref) => ref.toLowerCase()));
  const found = entities
    .filter((entity) => wanted?.has(refOf(entity)) ?? true)
    .filter((entity) => {
      const terms = termsOf(entity);
      const isNamed = NAMES.some((name) =>
        terms.get(name)?.some((value) => value.includes(text.toLowerCase())),
      );
      return (text === '' || isNamed) && fits(terms, filter);
    })
    .toSorted((a, b) => (refOf(a) < refOf(b) ? -1 : 1));
  return { entities: found.slice(0, limit), total: found.length };
}

/** Lower-case values by lower-case key. */
type Terms = ReadonlyMap<string, readonly string[]>;

function termsOf(entity: Entity): Terms {
  const terms = new Map<string, string[]>();
  for (const { key, value } of searchTerms(entity)) {
    const values = terms.get(key.toLowerCase()) ?? [];
    if (value !== null) values.push(value.toLowerCase());
    terms.set(key.toLowerCase(), values);
  }
  return terms;
}

function fits(terms: Terms, filter: unknown): boolean {
  if (Array.isArray(filter)) return filter.length === 0 || filter.some((one) => fits(terms, one));
  if (!isObject(filter)) return true;
  return Object.entries(filter).every(([key, condition]) => {
    const values = terms.get(key.toLowerCase());
    if (isObject(condition)) {
      return !('exists' in condition) || (condition['exists'] !== false) === (values !== undefined);
    }
    if (condition === null || condition === undefined) return true;
    const any: readonly unknown[] = Array.isArray(condition) ? condition : [condition];
    return any.some((one) => isPrimitive(one) && values?.includes(String(one).toLowerCase()));
  });
}

function isPrimitive(value: unknown): value is string | number | boolean {
  return ['string', 'number', 'boolean'].includes(typeof value);
}
