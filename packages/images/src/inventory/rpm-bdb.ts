/**
 * The headers in rpm's `Packages`, a hash database of Berkeley DB (RHEL to 8, CentOS, Amazon Linux 2): pages of keys and
 * values in turn, large values on chains of overflow pages (db_page.h). Both byte orders, as machines of both wrote it.
 */

import { BadDatabase, type Blobs } from './rpm-blobs.ts';

const MAGIC = 0x00061561;
const PAGE_HEADER = 26;
const HASH_PAGES: ReadonlySet<number> = new Set([2, 13]);
const OVERFLOW_PAGE = 7;
const IN_PAGE = 1;
const OFF_PAGE = 3;

interface Pages {
  readonly size: number;
  readonly count: number;
  /** What the database says is its last one. */
  readonly last: number;
  /** Null when there is no such page. */
  page(number: number): Page | null;
}

interface Page {
  readonly bytes: Buffer;
  u16(at: number): number;
  u32(at: number): number;
}

/** Throws `BadDatabase` when it is none; what is broken inside is counted. */
export function readBdb(bytes: Buffer): Blobs {
  const pages = openPages(bytes);
  const used = new Set<number>();
  const blobs: Buffer[] = [];
  let broken = 0;
  for (let number = 1; number < pages.count; number++) {
    const page = pages.page(number);
    if (page === null || !HASH_PAGES.has(page.bytes[25] ?? 0)) continue;
    for (const value of valuesOf(page)) {
      const blob = value === null ? null : readValue(value, page, { pages, used });
      if (blob === null) broken++;
      if (blob !== null && blob !== 'counter') blobs.push(blob);
    }
  }
  const isCut = pages.last >= pages.count || hasOrphans(pages, used);
  return { blobs, broken: broken === 0 && isCut ? 1 : broken };
}

/** Pages of a value that no entry leads to any more: entries were lost. */
function hasOrphans(pages: Pages, used: ReadonlySet<number>): boolean {
  for (let number = 1; number < pages.count; number++) {
    if (pages.page(number)?.bytes[25] === OVERFLOW_PAGE && !used.has(number)) return true;
  }
  return false;
}

function openPages(bytes: Buffer): Pages {
  if (bytes.length < 512) throw new BadDatabase('it is too short for a Berkeley DB');
  const little = bytes.readUInt32LE(12) === MAGIC;
  if (!little && bytes.readUInt32BE(12) !== MAGIC)
    throw new BadDatabase('it is no hash database of Berkeley DB');
  const pageOf = (part: Buffer): Page => ({
    bytes: part,
    u16: (at) => (little ? part.readUInt16LE(at) : part.readUInt16BE(at)),
    u32: (at) => (little ? part.readUInt32LE(at) : part.readUInt32BE(at)),
  });
  const size = pageOf(bytes).u32(20);
  if (size < 512 || size > 65536 || (size & (size - 1)) !== 0) {
    throw new BadDatabase(`it says that a page has ${size} bytes`);
  }
  if (bytes[24] !== 0) throw new BadDatabase('it is encrypted');
  const count = Math.floor(bytes.length / size);
  return {
    size,
    count,
    last: pageOf(bytes).u32(32),
    page: (number) =>
      number > 0 && number < count ? pageOf(bytes.subarray(number * size, (number + 1) * size)) : null,
  };
}

interface Value {
  readonly key: Buffer;
  readonly from: number;
  readonly to: number;
}

/** Items grow from the end of a page to its front; their offsets stand behind the header. Null for a broken pair. */
function* valuesOf(page: Page): Generator<Value | null> {
  const entries = page.u16(20);
  const size = page.bytes.length;
  if (PAGE_HEADER + entries * 2 > size) {
    yield null;
    return;
  }
  const offset = (entry: number): number => (entry === -1 ? size : page.u16(PAGE_HEADER + entry * 2));
  for (let entry = 0; entry + 1 < entries; entry += 2) {
    const [end, key, from] = [offset(entry - 1), offset(entry), offset(entry + 1)];
    const fits = from >= PAGE_HEADER + entries * 2 && from < key && key < end && end <= size;
    yield fits ? { key: page.bytes.subarray(key + 1, end), from, to: key } : null;
  }
}

/** The entry of key 0 counts packages and is none. Null when it is broken. */
function readValue(
  { key, from, to }: Value,
  page: Page,
  { pages, used }: { pages: Pages; used: Set<number> },
): Buffer | 'counter' | null {
  if (key.every((byte) => byte === 0)) return 'counter';
  const type = page.bytes[from];
  if (type === IN_PAGE) return page.bytes.subarray(from + 1, to);
  if (type !== OFF_PAGE || to - from < 12) return null;
  const total = page.u32(from + 8);
  const chunks: Buffer[] = [];
  let size = 0;
  for (let number = page.u32(from + 4); size < total;) {
    const next = pages.page(number);
    // A page belongs to one value: a chain that comes back, or many that share one, would never end.
    if (next === null || used.has(number) || next.bytes[25] !== OVERFLOW_PAGE) return null;
    used.add(number);
    const length = next.u16(22);
    if (length === 0 || PAGE_HEADER + length > pages.size) return null;
    chunks.push(next.bytes.subarray(PAGE_HEADER, PAGE_HEADER + length));
    size += length;
    number = next.u32(16);
  }
  return size === total ? Buffer.concat(chunks, total) : null;
}
