/**
 * The entities in the order of one key: by lower-case value, then by uid. Made when a query first needs it, then
 * kept up to date: changes are collected and merged in at the next read, which costs one pass instead of a sort.
 */
import { toArray, type Ordinals } from './ordinals.ts';

export interface OrderSource {
  /** The lower-case value an entity is ordered by; null when it has none and is left out. */
  valueOf(ordinal: number): string | null;
  uidOf(ordinal: number): string;
}

export interface OrderPoint {
  readonly value: string;
  readonly uid: string;
}

export class KeyOrder {
  readonly #source: OrderSource;
  #values: (string | undefined)[] = [];
  #sorted: number[] = [];
  readonly #dirty = new Set<number>();

  /** `entries`: every value of the key with its entities; an entity with several stands at the smallest. */
  constructor(source: OrderSource, entries: Iterable<readonly [string, Ordinals]>) {
    this.#source = source;
    for (const [value, ordinals] of entries) {
      const lower = value.toLowerCase();
      for (const ordinal of toArray(ordinals)) this.#offer(ordinal, lower);
    }
    this.#sorted.sort(this.#compare);
  }

  /** Says that the value of an entity may have changed, come or gone. */
  touch(ordinal: number): void {
    this.#dirty.add(ordinal);
  }

  /** All entities that have a value, in ascending order. */
  sorted(): readonly number[] {
    if (this.#dirty.size > 0) this.#merge();
    return this.#sorted;
  }

  /** The point an entity stands at; null when it has no value. */
  pointOf(ordinal: number): OrderPoint | null {
    const value = this.#values[ordinal];
    return value === undefined ? null : { value, uid: this.#source.uidOf(ordinal) };
  }

  /** How many entities stand before a point; with `inclusive`, those that stand exactly at it too. */
  countBefore(point: OrderPoint, { inclusive }: { inclusive: boolean }): number {
    const sorted = this.sorted();
    let low = 0;
    let high = sorted.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const order = this.#comparePoint(sorted[middle] ?? 0, point);
      if (order < 0 || (inclusive && order === 0)) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #offer(ordinal: number, value: string): void {
    const known = this.#values[ordinal];
    if (known === undefined) this.#sorted.push(ordinal);
    if (known === undefined || value < known) this.#values[ordinal] = value;
  }

  #read(ordinal: number): boolean {
    const value = this.#source.valueOf(ordinal) ?? undefined;
    this.#values[ordinal] = value;
    return value !== undefined;
  }

  #merge(): void {
    const dirty = this.#dirty;
    const kept = this.#sorted.filter((ordinal) => !dirty.has(ordinal));
    const added = [...dirty].filter((ordinal) => this.#read(ordinal)).toSorted(this.#compare);
    const merged: number[] = [];
    let next = 0;
    for (const ordinal of kept) {
      let candidate = added[next];
      while (candidate !== undefined && this.#compare(candidate, ordinal) < 0) {
        merged.push(candidate);
        candidate = added[++next];
      }
      merged.push(ordinal);
    }
    this.#sorted = merged.concat(added.slice(next));
    dirty.clear();
  }

  readonly #compare = (a: number, b: number): number => {
    const left = this.#values[a] ?? '';
    const right = this.#values[b] ?? '';
    if (left !== right) return left < right ? -1 : 1;
    return this.#source.uidOf(a) < this.#source.uidOf(b) ? -1 : 1;
  };

  #comparePoint(ordinal: number, point: OrderPoint): number {
    const value = this.#values[ordinal] ?? '';
    if (value !== point.value) return value < point.value ? -1 : 1;
    const uid = this.#source.uidOf(ordinal);
    if (uid === point.uid) return 0;
    return uid < point.uid ? -1 : 1;
  }
}
