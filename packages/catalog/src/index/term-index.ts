/** All search keys of the index, and the orders that queries have asked for. */
import type { Term } from '@callboard/model';
import { derivedItemKey, IndexedKey, type KeyView } from './key.ts';
import { KeyOrder } from './order.ts';

/** What the terms need to know of the entities they belong to. */
export interface TermSource {
  /** The lower-case values an entity has of a key now; none when it is gone. */
  valuesOf(ordinal: number, key: string): readonly string[];
  uidOf(ordinal: number): string;
  /** Ordinals are below this. */
  readonly capacity: number;
}

/** Orders beyond this many are forgotten, the one that was not asked for longest first. */
const MAX_ORDERS = 32;

export class TermIndex {
  readonly #source: TermSource;
  readonly #keys = new Map<string, IndexedKey>();
  readonly #orders = new Map<string, KeyOrder>();

  constructor(source: TermSource) {
    this.#source = source;
  }

  /** Every key that any entity has. */
  keys(): Iterable<readonly [string, IndexedKey]> {
    return this.#keys;
  }

  /** A key that is stored, not derived from an array's items. */
  stored(key: string): IndexedKey | undefined {
    return this.#keys.get(key);
  }

  /** What is known of a key; null when no entity has it. */
  key(key: string): KeyView | null {
    const stored = this.#keys.get(key);
    if (stored !== undefined) return stored;
    for (let dot = key.indexOf('.'); dot !== -1; dot = key.indexOf('.', dot + 1)) {
      const array = this.#keys.get(key.slice(0, dot));
      if (array?.arrays === undefined) continue;
      const derived = derivedItemKey(array, key.slice(dot + 1), this.#source.capacity);
      if (derived !== null) return derived;
    }
    return null;
  }

  /** The entities that have a value of this key, in its order. */
  order(key: string): KeyOrder {
    const known = this.#orders.get(key);
    const order = known ?? new KeyOrder(this.#orderSource(key), this.key(key)?.entries() ?? []);
    // Only stored keys are told about changes, so others are ordered anew each time.
    if (known === undefined && !this.#keys.has(key)) return order;
    this.#orders.delete(key);
    this.#orders.set(key, order);
    const [oldest] = this.#orders.keys();
    if (this.#orders.size > MAX_ORDERS && oldest !== undefined) this.#orders.delete(oldest);
    return order;
  }

  /** The orders that are kept at the moment. */
  orders(): Iterable<readonly [string, KeyOrder]> {
    return this.#orders;
  }

  add(ordinal: number, term: Term): void {
    let key = this.#keys.get(term.key);
    if (key === undefined) this.#keys.set(term.key, (key = new IndexedKey()));
    key.add(ordinal, term.value);
    if (term.item) key.markArray(ordinal);
    this.#orders.get(term.key)?.touch(ordinal);
  }

  /** Takes one value out; the entity still has the key. */
  removeValue(ordinal: number, name: string, value: string): void {
    this.#keys.get(name)?.remove(ordinal, value);
    this.#orders.get(name)?.touch(ordinal);
  }

  /** The entity no longer has the key; its values were taken out before. */
  leave(ordinal: number, name: string): void {
    const key = this.#keys.get(name);
    key?.leave(ordinal);
    if (key?.present === undefined) this.#keys.delete(name);
    this.#orders.get(name)?.touch(ordinal);
  }

  /** Makes the terms of an entity what they are now, touching only what differs. */
  replace(ordinal: number, before: readonly Term[], after: readonly Term[]): void {
    if (before.length === 0) {
      for (const term of after) this.add(ordinal, term);
      return;
    }
    const kept = new Set(after.map(identify));
    const gone = before.filter((term) => !kept.has(identify(term)));
    const had = new Set(before.map(identify));
    // A key is left as a whole and entered again, so that its marks are those of the new terms.
    const touched = new Set(gone.map((term) => term.key));
    for (const { key, value } of gone) if (value !== null) this.removeValue(ordinal, key, value);
    for (const key of touched) this.leave(ordinal, key);
    for (const term of after) {
      if (touched.has(term.key) || !had.has(identify(term))) this.add(ordinal, term);
    }
  }

  #orderSource(key: string) {
    const source = this.#source;
    return {
      valueOf: (ordinal: number): string | null => source.valuesOf(ordinal, key).toSorted()[0] ?? null,
      uidOf: (ordinal: number): string => source.uidOf(ordinal),
    };
  }
}

function identify({ key, value, item }: Term): string {
  return `${item ? 'i' : 's'}${key}\0${value ?? '\0'}`;
}
