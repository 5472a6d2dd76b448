/**
 * One search key of the index, such as `spec.type`: which entities have which value of it. Values keep their
 * case, because facets show them; look-ups are by lower-case value.
 */
import { Bitset } from './bitset.ts';
import { hasOrdinal, withOrdinal, withoutOrdinal, type Ordinals } from './ordinals.ts';
import { ValueIndex } from './values.ts';

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
  readonly #values = new ValueIndex();

  /** `value` is null when the entity has the key but no value that can be searched. */
  add(ordinal: number, value: string | null): void {
    this.present = withOrdinal(this.present, ordinal);
    if (value !== null) this.#values.add(ordinal, value);
  }

  /** Takes one value of an entity out; `present` is left to `leave`. */
  remove(ordinal: number, value: string): void {
    this.#values.remove(ordinal, value);
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
    for (const ordinals of this.#values.find(value)) into.addAll(ordinals);
  }

  entries(): Iterable<readonly [string, Ordinals]> {
    return this.#values.entries();
  }

  lowerCaseEntries(): Iterable<readonly [string, Ordinals]> {
    return this.#values.lowerCaseEntries();
  }

  /** Every value, sorted; kept until a value comes or goes. */
  sortedValues(): readonly string[] {
    return this.#values.sorted();
  }

  ordinalsOf(value: string): Ordinals | undefined {
    return this.#values.get(value);
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
