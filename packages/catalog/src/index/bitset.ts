/** A set of entity ordinals, one bit each: what filters evaluate to. */
import type { Ordinals } from './ordinals.ts';

export class Bitset {
  readonly words: Uint32Array;

  /** An empty set that can hold ordinals below `capacity`. */
  constructor(capacity: number) {
    this.words = new Uint32Array((capacity + 31) >>> 5);
  }

  add(ordinal: number): void {
    this.words[ordinal >>> 5] = (this.words[ordinal >>> 5] ?? 0) | (1 << (ordinal & 31));
  }

  remove(ordinal: number): void {
    this.words[ordinal >>> 5] = (this.words[ordinal >>> 5] ?? 0) & ~(1 << (ordinal & 31));
  }

  /** The same set with room for ordinals below `capacity`. */
  resized(capacity: number): Bitset {
    const larger = new Bitset(capacity);
    larger.words.set(this.words.subarray(0, larger.words.length));
    return larger;
  }

  has(ordinal: number): boolean {
    return ((this.words[ordinal >>> 5] ?? 0) & (1 << (ordinal & 31))) !== 0;
  }

  addAll(list: Ordinals | undefined): void {
    if (list === undefined) return;
    if (typeof list === 'number') return this.add(list);
    const { words } = this;
    for (const ordinal of list) words[ordinal >>> 5] = (words[ordinal >>> 5] ?? 0) | (1 << (ordinal & 31));
  }

  /** Keeps what the other set has too. */
  intersect(other: Bitset): void {
    const { words } = this;
    for (let i = 0; i < words.length; i++) words[i] = (words[i] ?? 0) & (other.words[i] ?? 0);
  }

  unite(other: Bitset): void {
    const { words } = this;
    for (let i = 0; i < words.length; i++) words[i] = (words[i] ?? 0) | (other.words[i] ?? 0);
  }

  /** Takes out what the other set has. */
  subtract(other: Bitset): void {
    const { words } = this;
    for (let i = 0; i < words.length; i++) words[i] = (words[i] ?? 0) & ~(other.words[i] ?? 0);
  }

  /** How many of the list are in this set. */
  countIn(list: number | readonly number[]): number {
    if (typeof list === 'number') return this.has(list) ? 1 : 0;
    const { words } = this;
    let count = 0;
    for (const ordinal of list) count += ((words[ordinal >>> 5] ?? 0) >>> (ordinal & 31)) & 1;
    return count;
  }

  get count(): number {
    let count = 0;
    for (const word of this.words) count += bits(word);
    return count;
  }

  *[Symbol.iterator](): Iterator<number> {
    for (let i = 0; i < this.words.length; i++) {
      let word = this.words[i] ?? 0;
      while (word !== 0) {
        yield (i << 5) + (31 - Math.clz32(word & -word));
        word &= word - 1;
      }
    }
  }
}

/** Population count of a 32-bit word (Warren, Hacker's Delight, 5-1). */
function bits(word: number): number {
  let n = word - ((word >>> 1) & 0x55555555);
  n = (n & 0x33333333) + ((n >>> 2) & 0x33333333);
  return Math.imul((n + (n >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
