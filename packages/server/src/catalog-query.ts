/** Entities by the `catalogFilter` of a form's field and a text, answered from the index of the catalog. */
import { containing, type Catalog } from '@callboard/catalog';
import { isObject, type Entity } from '@callboard/model';
import type { CatalogPort } from '@callboard/scaffolder';

type Index = Catalog['index'];
type Entities = Index['live'];
type Query = NonNullable<CatalogPort['query']>;

/** What people know an entity by. */
const NAMES = ['metadata.name', 'metadata.title', 'spec.profile.displayname'];

/** Everybody who is signed in may read the whole catalog, so who asks makes no difference yet. */
export function createCatalogQuery({ index }: Pick<Catalog, 'index'>): Query {
  return async ({ filter, text = '', refs, limit }) => {
    const matching = matchesOf(index, filter);
    if (text !== '') matching.intersect(containing(index, NAMES, text.toLowerCase()));
    const ordinals = refs === undefined ? index.orderByRef().sorted() : ordinalsOf(index, refs);
    const entities: Entity[] = [];
    for (const ordinal of ordinals) {
      if (entities.length >= limit) break;
      if (matching.has(ordinal)) entities.push(index.contentOf(ordinal));
    }
    const total = refs === undefined ? matching.count : ordinals.filter((one) => matching.has(one)).length;
    return { entities, total };
  };
}

function ordinalsOf(index: Index, refs: readonly string[]): readonly number[] {
  const found = refs.map((ref) => index.ordinalOf(ref.toLowerCase()));
  return [...new Set(found.filter((ordinal) => ordinal !== undefined))];
}

/** A set of one's own, which can be changed. */
function everything(index: Index): Entities {
  return index.live.resized(index.capacity);
}

function nothing(index: Index): Entities {
  const set = everything(index);
  set.subtract(index.live);
  return set;
}

/** An object says what all has to hold, a list what of it may hold; an empty one takes everything. */
function matchesOf(index: Index, filter: unknown): Entities {
  if (Array.isArray(filter)) {
    if (filter.length === 0) return everything(index);
    const set = nothing(index);
    for (const one of filter) set.unite(matchesOf(index, one));
    return set;
  }
  const set = everything(index);
  if (!isObject(filter)) return set;
  for (const [key, condition] of Object.entries(filter))
    narrow(set, { index, key: key.toLowerCase(), condition });
  return set;
}

/** A condition that says nothing takes everything. */
function narrow(
  set: Entities,
  { index, key, condition }: { readonly index: Index; readonly key: string; readonly condition: unknown },
): void {
  const view = index.key(key);
  if (isObject(condition)) {
    if (!('exists' in condition)) return;
    const present = nothing(index);
    present.addAll(view?.present);
    if (condition['exists'] === false) set.subtract(present);
    else set.intersect(present);
    return;
  }
  if (condition === null || condition === undefined) return;
  const found = nothing(index);
  for (const value of Array.isArray(condition) ? condition : [condition]) {
    if (typeof value !== 'object') view?.collect(String(value).toLowerCase(), found);
  }
  set.intersect(found);
}
