/**
 * One search key of the index, such as `spec.type`: which entities have which value of it. Values keep their
 * case, because facets show them; look-ups are by lower-case value.
 */
import { Bitset } from './bitset.ts';
import { hasOrdinal, withOrdinal, withoutOrdinal, type Ordinals } from './ordinals.ts';

/** What a query may ask of a key, stored or derived. */
export interface KeyView {
  /** Every entity that has the key, with a value or without. */
  readonly present: Ordinals | undefined;
  /** Adds the entities with this lower-case value to the set. */
  collect(value: string, into: Bitset): void;
  /** Every value with its entities, in no order. */
  entries(): Iterable<readonly [string, Ordinals]>;
  /** Like `entries`, in lower case; a value that is spelled in several ways comes several times. */
  lowerCaseEntries(): Iterable<readonly [string, Ordinals]>;
}

export class IndexedKey implements KeyView {
  present: Ordinals | undefined;
  /** Entities for which the key is an array of strings; `<key>.<item>` is derived from them. */
  arrays: Ordinals | undefined;
  readonly #values = new Map<string, Ordinals>();
  /** Spellings of values that are not lower-case, by their lower-case form. */
  readonly #spellings = new Map<string, string[]>();
  #sorted: readonly string[] | null = null;

  /** `value` is null when the entity has the key but no value that can be searched. */
  add(ordinal: number, value: string | null): void {
    this.present = withOrdinal(this.present, ordinal);
    if (value === null) return;
    const known = this.#values.get(value);
    const next = withOrdinal(known, ordinal);
    if (known === undefined) this.#addSpelling(value);
    if (known !== next) this.#values.set(value, next);
  }

  /** Takes one value of an entity out; `present` is left to `leave`. */
  remove(ordinal: number, value: string): void {
    const known = this.#values.get(value);
    const next = withoutOrdinal(known, ordinal);
    if (next === undefined) {
      if (!this.#values.delete(value)) return;
      this.#removeSpelling(value);
    } else if (next !== known) {
      this.#values.set(value, next);
    }
  }

  /** The entity no longer has the key at all. */
  leave(ordinal: number): void {
    this.present = withoutOrdinal(this.present, ordinal);
    this.arrays = withoutOrdinal(this.arrays, ordinal);
  }

  markArray(ordinal: number): void {
    this.arrays = withOrdinal(this.arrays, ordinal);
  }

  collect(value: string, into: Bitset): void {
    into.addAll(this.#values.get(value));
    for (const spelling of this.#spellings.get(value) ?? []) into.addAll(this.#values.get(spelling));
  }

  entries(): Iterable<readonly [string, Ordinals]> {
    return this.#values;
  }

  lowerCaseEntries(): Iterable<readonly [string, Ordinals]> {
    return this.#spellings.size === 0 ? this.#values : this.#inLowerCase();
  }

  /** Every value, sorted; kept until a value comes or goes. */
  sortedValues(): readonly string[] {
    this.#sorted ??= [...this.#values.keys()].toSorted();
    return this.#sorted;
  }

  ordinalsOf(value: string): Ordinals | undefined {
    return this.#values.get(value);
  }

  *#inLowerCase(): Generator<readonly [string, Ordinals]> {
    for (const [lower, spellings] of this.#spellings) {
      for (const spelling of spellings) yield [lower, this.#values.get(spelling) ?? []];
    }
    for (const entry of this.#values) {
      // A value is its own lower-case form unless it was filed as a spelling.
      if (entry[0] === entry[0].toLowerCase()) yield entry;
    }
  }

  #addSpelling(value: string): void {
    this.#sorted = null;
    const lower = value.toLowerCase();
    if (lower === value) return;
    const spellings = this.#spellings.get(lower);
    if (spellings === undefined) this.#spellings.set(lower, [value]);
    else spellings.push(value);
  }

  #removeSpelling(value: string): void {
    this.#sorted = null;
    const lower = value.toLowerCase();
    if (lower === value) return;
    const rest = (this.#spellings.get(lower) ?? []).filter((spelling) => spelling !== value);
    if (rest.length === 0) this.#spellings.delete(lower);
    else this.#spellings.set(lower, rest);
  }
}

/**
 * `<array key>.<item>`: a key whose only value is `true`, for entities whose array has the item. It is derived
 * when asked for, since storing it would double the index.
 */
export function derivedItemKey(array: IndexedKey, item: string, capacity: number): KeyView | null {
  const matching = new Bitset(capacity);
  array.collect(item, matching);
  let present: Ordinals | undefined;
  for (const ordinal of matching) {
    if (hasOrdinal(array.arrays, ordinal)) present = withOrdinal(present, ordinal);
  }
  if (present === undefined) return null;
  const found = present;
  return {
    present: found,
    collect: (value, into) => {
      if (value === 'true') into.addAll(found);
    },
    entries: () => [['true', found]],
    lowerCaseEntries: () => [['true', found]],
  };
}
