/** Filters against the index: a predicate becomes the set of entities it is true of. */
import type { Predicate } from '../query/predicate.ts';
import { Bitset } from './bitset.ts';
import type { EntityIndex } from './entity-index.ts';
import type { Ordinals } from './ordinals.ts';

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

/** A value in lower case, and who has it. */
type Valued = readonly [string, Ordinals];

interface Found {
  readonly set: Bitset;
  /** Of each key, the values that have the text; null when they are too many to be kept. */
  readonly values: readonly Valued[] | null;
}

interface Searched {
  readonly version: number;
  readonly found: Map<string, Found>;
}

/** The searches of late: with each letter that is typed, a list and the counts of its facets ask for the same one. */
const searches = new WeakMap<EntityIndex, Searched>();
const SEARCHES_KEPT = 16;
const VALUES_KEPT = 20_000;

/**
 * The entities of which any of the keys has a value that contains a text; the text is lower-case. Do not change the
 * set: it may be given out again.
 */
export function containing(index: EntityIndex, keys: readonly string[], text: string): Bitset {
  let searched = searches.get(index);
  if (searched?.version !== index.version) {
    searched = { version: index.version, found: new Map() };
    searches.set(index, searched);
  }
  const { found } = searched;
  const question = questionOf(text, keys);
  const known = found.get(question);
  if (known !== undefined) return known.set;
  const answer = search(index.capacity, candidates(index, keys, { text, found }), text);
  const [oldest] = found.keys();
  if (oldest !== undefined && found.size >= SEARCHES_KEPT) found.delete(oldest);
  found.set(question, answer);
  return answer.set;
}

function questionOf(text: string, keys: readonly string[]): string {
  return JSON.stringify([text, ...keys]);
}

/** People type letter by letter: what has the whole text is among what has its beginning. */
function candidates(
  index: EntityIndex,
  keys: readonly string[],
  { text, found }: { readonly text: string; readonly found: ReadonlyMap<string, Found> },
): Iterable<Valued> {
  for (let end = text.length - 1; end > 0; end -= 1) {
    const values = found.get(questionOf(text.slice(0, end), keys))?.values ?? null;
    if (values !== null) return values;
  }
  return everyValue(index, keys);
}

function* everyValue(index: EntityIndex, keys: readonly string[]): Generator<Valued, void, void> {
  for (const name of keys) yield* index.key(name)?.lowerCaseEntries() ?? [];
}

function search(capacity: number, among: Iterable<Valued>, text: string): Found {
  const set = new Bitset(capacity);
  const values: Valued[] = [];
  for (const entry of among) {
    const [value, ordinals] = entry;
    if (!value.includes(text)) continue;
    set.addAll(ordinals);
    if (values.length <= VALUES_KEPT) values.push(entry);
  }
  return { set, values: values.length > VALUES_KEPT ? null : values };
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
