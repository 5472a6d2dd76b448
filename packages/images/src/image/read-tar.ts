/**
 * Reads a tar as a stream, strictly: what two readers could take for different things is refused. Nothing is kept but
 * the header at hand, so a tar of any size needs the same memory.
 */
import { layerError } from './layer-errors.ts';
import {
  BLOCK,
  checksum,
  kindOf,
  padding,
  readNumber,
  readPax,
  readText,
  XATTR_PREFIX,
  type TarHeader,
} from './tar.ts';

export interface TarEntry {
  readonly header: TarHeader;
  /** The bytes of a file, once. What is not read is passed over. */
  readonly content: AsyncIterable<Buffer>;
}

/** Bytes of pax records and long names of one entry. */
const MAX_RECORDS = 256 * 1024;
/** Bytes of a name or of where a link leads; Linux takes 4096. */
const MAX_NAME = 4096;

function broken(what: string): Error {
  return layerError('images/layer-broken', `The layer is no tar that can be read: ${what}.`);
}

class ByteSource {
  readonly #chunks: AsyncIterator<Buffer>;
  #left: Buffer = Buffer.alloc(0);

  constructor(source: AsyncIterable<Buffer>) {
    this.#chunks = source[Symbol.asyncIterator]();
  }

  /** At least one byte and at most `most`; null at the end. */
  async some(most: number): Promise<Buffer | null> {
    while (this.#left.length === 0) {
      const next = await this.#chunks.next();
      if (next.done === true) {
        return null;
      }
      this.#left = next.value;
    }
    const part = this.#left.subarray(0, most);
    this.#left = this.#left.subarray(part.length);
    return part;
  }

  /** So many bytes; null when the source ended before the first of them. */
  async take(count: number): Promise<Buffer | null> {
    if (this.#left.length >= count) {
      const part = this.#left.subarray(0, count);
      this.#left = this.#left.subarray(count);
      return part;
    }
    const parts: Buffer[] = [];
    let missing = count;
    while (missing > 0) {
      const part = await this.some(missing);
      if (part === null) {
        if (missing === count) {
          return null;
        }
        throw broken('it ends in the middle of an entry');
      }
      parts.push(part);
      missing -= part.length;
    }
    return Buffer.concat(parts);
  }

  async skip(count: number): Promise<void> {
    let missing = count;
    while (missing > 0) {
      const part = await this.some(missing);
      if (part === null) {
        throw broken('it ends in the middle of an entry');
      }
      missing -= part.length;
    }
  }

  async close(): Promise<void> {
    await this.#chunks.return?.();
  }
}

/** What the records before a header say of it. */
interface Records {
  /** The type flags of the records that were read. */
  readonly flags: string;
  readonly pax: ReadonlyMap<string, Buffer>;
  readonly longName: string | null;
  readonly longLink: string | null;
}
const NO_RECORDS: Records = { flags: '', pax: new Map(), longName: null, longLink: null };

/** Entries in their order; rejects with `images/layer-broken`, or with what the source rejects with. */
export async function* readTar(source: AsyncIterable<Buffer>): AsyncGenerator<TarEntry, void, undefined> {
  const bytes = new ByteSource(source);
  try {
    let records = NO_RECORDS;
    for (;;) {
      const block = await bytes.take(BLOCK);
      if (block === null || isEmpty(block)) {
        if (/[xLK]/.test(records.flags)) {
          throw broken('it ends before the entry that its last records are about');
        }
        // Readers differ in where a tar ends when more than zeros follow its first empty block.
        for (let rest = await bytes.some(MAX_RECORDS); rest !== null; rest = await bytes.some(MAX_RECORDS)) {
          if (!isEmpty(rest)) {
            throw broken('something follows its end');
          }
        }
        return;
      }
      if (checksum(block) !== readNumber(block.subarray(148, 156))) {
        throw broken('the checksum of a header is wrong');
      }
      const flag = block.toString('latin1', 156, 157);
      if ('xgLK'.includes(flag)) {
        if (records.flags.includes(flag)) {
          throw broken('an entry has two records of one kind');
        }
        records = await readRecords({ bytes, block, flag, records });
        continue;
      }
      const header = toHeader(block, records);
      records = NO_RECORDS;
      let missing = header.size;
      async function* content(): AsyncGenerator<Buffer, void, undefined> {
        while (missing > 0) {
          const part = await bytes.some(missing);
          if (part === null) {
            throw broken(`it ends inside ${JSON.stringify(header.path)}`);
          }
          missing -= part.length;
          yield part;
        }
      }
      yield { header, content: content() };
      await bytes.skip(missing + padding(header.size));
    }
  } finally {
    await bytes.close();
  }
}

async function readRecords(at: {
  bytes: ByteSource;
  block: Buffer;
  flag: string;
  records: Records;
}): Promise<Records> {
  const size = readNumber(at.block.subarray(124, 136));
  if (!(size >= 0 && size <= MAX_RECORDS)) {
    throw broken('the records about an entry are too long');
  }
  const body = size === 0 ? Buffer.alloc(0) : await at.bytes.take(size);
  if (body === null) {
    throw broken('it ends in the middle of an entry');
  }
  await at.bytes.skip(padding(size));
  const records = { ...at.records, flags: at.records.flags + at.flag };
  if (at.flag === 'L') {
    return { ...records, longName: readText(body) };
  }
  if (at.flag === 'K') {
    return { ...records, longLink: readText(body) };
  }
  const pax = readPax(body);
  if (pax === null) {
    throw broken('a pax record is malformed');
  }
  if (at.flag === 'g') {
    // Some writers note a commit for the whole archive; what would change entries is not taken.
    for (const key of pax.keys()) {
      if (key !== 'comment') {
        throw broken(`it sets ${JSON.stringify(key)} for all its entries`);
      }
    }
    return records;
  }
  return { ...records, pax };
}

function toHeader(block: Buffer, records: Records): TarHeader {
  const flag = block.toString('latin1', 156, 157);
  const { pax } = records;
  for (const key of pax.keys()) {
    if (key.startsWith('GNU.sparse.')) {
      throw broken('it has a file with holes');
    }
  }
  const magic = block.toString('latin1', 257, 263);
  const prefix = magic === 'ustar\0' ? readText(block.subarray(345, 500)) : '';
  const short = readText(block.subarray(0, 100));
  const named = prefix === '' ? short : `${prefix}/${short}`;
  const path = textOf(pax, 'path') ?? records.longName ?? named;
  const link = textOf(pax, 'linkpath') ?? records.longLink ?? readText(block.subarray(157, 257));
  const plain = kindOf(flag);
  if (plain === null) {
    throw broken(`${JSON.stringify(path)} is of the unknown type ${JSON.stringify(flag)}`);
  }
  // Before ustar a slash at the end was the only sign of a folder.
  const kind = plain === 'file' && path.endsWith('/') ? 'folder' : plain;
  const size = numberOf(pax, 'size') ?? readNumber(block.subarray(124, 136));
  const header: TarHeader = {
    path,
    kind,
    mode: readNumber(block.subarray(100, 108)) & 0o7777,
    uid: numberOf(pax, 'uid') ?? readNumber(block.subarray(108, 116)),
    gid: numberOf(pax, 'gid') ?? readNumber(block.subarray(116, 124)),
    size: kind === 'file' ? size : 0,
    mtime: Math.floor(numberOf(pax, 'mtime') ?? readNumber(block.subarray(136, 148))),
    link: kind === 'symlink' || kind === 'hardlink' ? link : '',
    major: readNumber(block.subarray(329, 337)) || 0,
    minor: readNumber(block.subarray(337, 345)) || 0,
    xattrs: xattrsOf(pax),
  };
  if (path.length > MAX_NAME || link.length > MAX_NAME) {
    throw broken(`a name is longer than ${MAX_NAME} bytes`);
  }
  if (kind !== 'file' && size !== 0 && kind !== 'hardlink') {
    throw broken(`${JSON.stringify(path)} is no file and has content`);
  }
  if (kind === 'hardlink' && size !== 0) {
    throw broken(`the hard link ${JSON.stringify(path)} has content of its own`);
  }
  if (![header.uid, header.gid, header.size].every((value) => Number.isSafeInteger(value) && value >= 0)) {
    throw broken(`${JSON.stringify(path)} has a size or an owner that is no number`);
  }
  if (!Number.isSafeInteger(header.mtime)) {
    throw broken(`${JSON.stringify(path)} has a time that is no number`);
  }
  return header;
}

function isEmpty(block: Buffer): boolean {
  return block.every((byte) => byte === 0);
}

function textOf(pax: ReadonlyMap<string, Buffer>, key: string): string | null {
  const value = pax.get(key);
  if (value === undefined) {
    return null;
  }
  if (value.includes(0)) {
    throw broken(`the ${key} of an entry has a NUL in it`);
  }
  return value.toString('latin1');
}

function numberOf(pax: ReadonlyMap<string, Buffer>, key: string): number | null {
  const value = pax.get(key);
  if (value === undefined) {
    return null;
  }
  const text = value.toString('latin1');
  return /^-?[0-9]{1,16}(\.[0-9]*)?$/.test(text) ? Number(text) : Number.NaN;
}

function xattrsOf(pax: ReadonlyMap<string, Buffer>): ReadonlyMap<string, Buffer> {
  const found = new Map<string, Buffer>();
  for (const [key, value] of pax) {
    if (key.startsWith(XATTR_PREFIX)) {
      found.set(key.slice(XATTR_PREFIX.length), Buffer.from(value));
    }
  }
  return found;
}
