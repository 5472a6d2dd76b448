/** Filters against the index: a predicate becomes the set of entities it is true of. */
import type { Predicate } from '../query/predicate.ts';
import { Bitset } from './bitset.ts';
import type { EntityIndex } from './entity-index.ts';

interface Evaluated {
  readonly version: number;
  readonly set: Bitset;
}

/** Results by predicate object, for as long as the object lives and the index does not change. */
const cache = new WeakMap<EntityIndex, WeakMap<Predicate, Evaluated>>();

/** The entities a predicate is true of. Do not change the set: it may be given out again. */
export function evaluate(index: EntityIndex, predicate: Predicate): Bitset {
  let results = cache.get(index);
  if (results === undefined) cache.set(index, (results = new WeakMap()));
  const known = results.get(predicate);
  if (known !== undefined && known.version === index.version) return known.set;
  const set = compute(index, predicate);
  results.set(predicate, { version: index.version, set });
  return set;
}

interface Searched {
  readonly version: number;
  readonly sets: Map<string, Bitset>;
}

/** The searches of late: with each letter that is typed, a list and the counts of its facets ask for the same one. */
const searches = new WeakMap<EntityIndex, Searched>();
const SEARCHES_KEPT = 16;

/**
 * The entities of which any of the keys has a value that contains a text; the text is lower-case. Do not change the
 * set: it may be given out again.
 */
export function containing(index: EntityIndex, keys: readonly string[], text: string): Bitset {
  let searched = searches.get(index);
  if (searched?.version !== index.version) {
    searched = { version: index.version, sets: new Map() };
    searches.set(index, searched);
  }
  const { sets } = searched;
  const question = JSON.stringify([text, ...keys]);
  const known = sets.get(question);
  if (known !== undefined) return known;
  const set = search(index, keys, text);
  const [oldest] = sets.keys();
  if (oldest !== undefined && sets.size >= SEARCHES_KEPT) sets.delete(oldest);
  sets.set(question, set);
  return set;
}

function search(index: EntityIndex, keys: readonly string[], text: string): Bitset {
  const set = new Bitset(index.capacity);
  for (const name of keys) {
    for (const [value, ordinals] of index.key(name)?.lowerCaseEntries() ?? []) {
      if (value.includes(text)) set.addAll(ordinals);
    }
  }
  return set;
}

function compute(index: EntityIndex, predicate: Predicate): Bitset {
  switch (predicate.kind) {
    case 'all': {
      const set = index.live.resized(index.capacity);
      for (const part of predicate.of) set.intersect(compute(index, part));
      return set;
    }
    case 'any': {
      const set = new Bitset(index.capacity);
      for (const part of predicate.of) set.unite(compute(index, part));
      return set;
    }
    case 'not': {
      const set = index.live.resized(index.capacity);
      set.subtract(compute(index, predicate.of));
      return set;
    }
    case 'exists': {
      const set = new Bitset(index.capacity);
      set.addAll(index.key(predicate.key)?.present);
      return set;
    }
    case 'in': {
      const set = new Bitset(index.capacity);
      const key = index.key(predicate.key);
      for (const value of predicate.values) key?.collect(value, set);
      return set;
    }
    case 'prefix': {
      const set = new Bitset(index.capacity);
      for (const [value, ordinals] of index.key(predicate.key)?.lowerCaseEntries() ?? []) {
        if (value.startsWith(predicate.prefix)) set.addAll(ordinals);
      }
      return set;
    }
    default:
      return predicate satisfies never;
  }
}
