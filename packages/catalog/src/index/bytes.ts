/**
 * The bytes of all entities, packed into large chunks: no object per entity for the garbage collector to
 * visit, and a page of entities is a few copies. Slots are small integers chosen by the caller.
 */

const CHUNK_BYTES = 1 << 20;
/** Chunks are rewritten when more than this share of them is bytes that were replaced. */
const MAX_WASTE = 0.5;

export class PackedBytes {
  #chunks: Buffer[] = [];
  #used = 0;
  #live = 0;
  #total = 0;
  #chunkOf = new Uint32Array(0);
  #offsetOf = new Uint32Array(0);
  #lengthOf = new Uint32Array(0);

  /** Bytes held for values, without those that were replaced. */
  get size(): number {
    return this.#live;
  }

  /** Stores the UTF-8 bytes of a text in a slot, in place of what was there. */
  set(slot: number, text: string): void {
    const length = Buffer.byteLength(text);
    this.delete(slot);
    if (slot >= this.#chunkOf.length) this.#grow(slot + 1);
    const chunk = this.#room(length);
    chunk.write(text, this.#used);
    this.#place(slot, this.#chunks.length - 1, this.#used, length);
    this.#used += length;
    this.#live += length;
    this.#compactWhenWasteful();
  }

  /** A view of the bytes of a slot; empty when nothing is stored. Valid until the next `set`. */
  get(slot: number): Buffer {
    const chunk = this.#chunks[this.#chunkOf[slot] ?? 0];
    const length = this.#lengthOf[slot] ?? 0;
    if (chunk === undefined || length === 0) return Buffer.alloc(0);
    const offset = this.#offsetOf[slot] ?? 0;
    return chunk.subarray(offset, offset + length);
  }

  lengthOf(slot: number): number {
    return this.#lengthOf[slot] ?? 0;
  }

  /** Copies the bytes of a slot; returns the position behind them. */
  copyTo(slot: number, target: Buffer, position: number): number {
    const chunk = this.#chunks[this.#chunkOf[slot] ?? 0];
    const offset = this.#offsetOf[slot] ?? 0;
    const length = this.#lengthOf[slot] ?? 0;
    chunk?.copy(target, position, offset, offset + length);
    return position + length;
  }

  delete(slot: number): void {
    if (slot >= this.#lengthOf.length) return;
    this.#live -= this.#lengthOf[slot] ?? 0;
    this.#lengthOf[slot] = 0;
  }

  #room(length: number): Buffer {
    const last = this.#chunks.at(-1);
    if (last !== undefined && this.#used + length <= last.length) return last;
    const chunk = Buffer.allocUnsafeSlow(Math.max(CHUNK_BYTES, length));
    this.#chunks.push(chunk);
    this.#used = 0;
    this.#total += chunk.length;
    return chunk;
  }

  #place(slot: number, chunk: number, offset: number, length: number): void {
    this.#chunkOf[slot] = chunk;
    this.#offsetOf[slot] = offset;
    this.#lengthOf[slot] = length;
  }

  #grow(slots: number): void {
    const capacity = Math.max(1024, slots, this.#chunkOf.length * 2);
    this.#chunkOf = enlarge(this.#chunkOf, capacity);
    this.#offsetOf = enlarge(this.#offsetOf, capacity);
    this.#lengthOf = enlarge(this.#lengthOf, capacity);
  }

  #compactWhenWasteful(): void {
    if (this.#total < 8 * CHUNK_BYTES || this.#live > this.#total * (1 - MAX_WASTE)) return;
    const old = this.#chunks;
    this.#chunks = [];
    this.#used = 0;
    this.#total = 0;
    for (let slot = 0; slot < this.#lengthOf.length; slot++) {
      const length = this.#lengthOf[slot] ?? 0;
      if (length === 0) continue;
      const offset = this.#offsetOf[slot] ?? 0;
      const chunk = this.#room(length);
      old[this.#chunkOf[slot] ?? 0]?.copy(chunk, this.#used, offset, offset + length);
      this.#place(slot, this.#chunks.length - 1, this.#used, length);
      this.#used += length;
    }
  }
}

function enlarge(array: Uint32Array<ArrayBuffer>, capacity: number): Uint32Array<ArrayBuffer> {
  const larger = new Uint32Array(capacity);
  larger.set(array);
  return larger;
}
