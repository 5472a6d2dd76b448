/**
 * Writes a bbolt database, the file format of Trivy's vulnerability database, so that no Go toolchain is needed. Only
 * what a reader has to find: two meta pages, an empty list of free pages, and one leaf page for each bucket, which may
 * run over many pages. Layout: bbolt's `page.go`, `meta.go` and `bucket.go` (format version 2, little endian).
 */

const PAGE_SIZE = 4096;
const HEADER = 16;
const ELEMENT = 16;
const [LEAF, META, FREELIST] = [0x02, 0x04, 0x10];
const BUCKET_ELEMENT = 1;
/** The count of a page has 16 bits, and its greatest value means something else. */
const MOST_ELEMENTS = 0xfffe;

/** Keys and what is under them: bytes, or a bucket of more. */
export interface Bucket {
  readonly [key: string]: Buffer | Bucket;
}

/** The whole file. Throws a RangeError when one bucket has more than 65,534 keys. */
export function toBolt(root: Bucket): Buffer {
  const pages = new Pages();
  const [metaA, metaB, free] = [pages.take(1), pages.take(1), pages.take(1)];
  const rootPage = writeBucket(pages, root);
  pages.put(free, { flags: FREELIST, count: 0, body: Buffer.alloc(0) });
  for (const [index, page] of [metaA, metaB].entries()) {
    const body = meta({ root: rootPage, free, end: pages.end, transaction: index });
    pages.put(page, { flags: META, count: 0, body });
  }
  return pages.bytes();
}

function writeBucket(pages: Pages, bucket: Bucket): number {
  const entries = Object.entries(bucket)
    .map(([key, value]) => ({ key: Buffer.from(key), value, nested: !Buffer.isBuffer(value) }))
    .toSorted((a, b) => Buffer.compare(a.key, b.key));
  if (entries.length > MOST_ELEMENTS) throw new RangeError(`A bucket of ${entries.length} keys.`);
  const elements = Buffer.alloc(entries.length * ELEMENT);
  const data: Buffer[] = [];
  let end = elements.length;
  for (const [index, { key, value }] of entries.entries()) {
    const at = index * ELEMENT;
    const bytes = Buffer.isBuffer(value) ? value : bucketHeader(writeBucket(pages, value));
    elements.writeUInt32LE(Buffer.isBuffer(value) ? 0 : BUCKET_ELEMENT, at);
    // From the element itself, not from the page.
    elements.writeUInt32LE(end - at, at + 4);
    elements.writeUInt32LE(key.length, at + 8);
    elements.writeUInt32LE(bytes.length, at + 12);
    data.push(key, bytes);
    end += key.length + bytes.length;
  }
  const body = Buffer.concat([elements, ...data]);
  const page = pages.take(Math.ceil((HEADER + body.length) / PAGE_SIZE));
  pages.put(page, { flags: LEAF, count: entries.length, body });
  return page;
}

/** The page of its keys, and a sequence that nobody asked for. */
function bucketHeader(page: number): Buffer {
  const bytes = Buffer.alloc(16);
  bytes.writeBigUInt64LE(BigInt(page));
  return bytes;
}

function meta(fields: { root: number; free: number; end: number; transaction: number }): Buffer {
  const bytes = Buffer.alloc(64);
  bytes.writeUInt32LE(0xed0cdaed, 0);
  bytes.writeUInt32LE(2, 4);
  bytes.writeUInt32LE(PAGE_SIZE, 8);
  bytes.writeBigUInt64LE(BigInt(fields.root), 16);
  bytes.writeBigUInt64LE(BigInt(fields.free), 32);
  bytes.writeBigUInt64LE(BigInt(fields.end), 40);
  bytes.writeBigUInt64LE(BigInt(fields.transaction), 48);
  bytes.writeBigUInt64LE(fnv1a(bytes.subarray(0, 56)), 56);
  return bytes;
}

/** FNV-1a, 64 bits. */
function fnv1a(bytes: Buffer): bigint {
  let hash = 0xcbf29ce484222325n;
  for (const byte of bytes) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  return hash;
}

class Pages {
  #written = new Map<number, Buffer>();
  end = 0;

  /** The number of the first of so many pages in a row. */
  take(count: number): number {
    const first = this.end;
    this.end += count;
    return first;
  }

  put(id: number, page: { flags: number; count: number; body: Buffer }): void {
    const count = Math.ceil((HEADER + page.body.length) / PAGE_SIZE);
    const bytes = Buffer.alloc(count * PAGE_SIZE);
    bytes.writeBigUInt64LE(BigInt(id), 0);
    bytes.writeUInt16LE(page.flags, 8);
    bytes.writeUInt16LE(page.count, 10);
    bytes.writeUInt32LE(count - 1, 12);
    page.body.copy(bytes, HEADER);
    this.#written.set(id, bytes);
  }

  bytes(): Buffer {
    return Buffer.concat([...this.#written].toSorted(([a], [b]) => a - b).map(([, bytes]) => bytes));
  }
}
