/**
 * Reads the layers of an image as streams, without unpacking anything: tar, gzip or zstd, told by their first bytes.
 * What could reach out of the image, or fill this machine, is refused by name with the same checks that a build makes.
 */
import { createHash } from 'node:crypto';
import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { LayerCheck, cleanPath, EMPTY_TREE, roleOf } from '../build/check-layer.ts';
import type { EntryRole, LayerBudget, LayerTree } from '../build/check-layer.ts';
import { buildError } from '../build/errors.ts';
import { readTar } from '../build/read-tar.ts';
import type { TarHeader } from '../build/tar.ts';
import { endDigest } from './digest.ts';
import type { Digest } from './image.ts';
import { unpackZstd } from './zstd-frames.ts';

export interface LayerEntry {
  readonly header: TarHeader;
  /** Without slashes around it, one character a byte; the root is the empty text. */
  readonly path: string;
  readonly role: EntryRole;
  /** The bytes of a file, once; what is not read is passed over. */
  readonly content: AsyncIterable<Buffer>;
}

export interface LayerOptions {
  /** What may be unpacked; it is used up, so that one budget holds for all layers of an image. */
  readonly budget: LayerBudget;
  /** What the layers below show. Default: there are none. */
  readonly below?: LayerTree;
  /** What the unpacked layer has to be. */
  readonly diffId: Digest;
  /** Most bytes that one byte of the blob may become, once more than 64 MiB were unpacked. Default 300. */
  readonly ratio?: number;
  readonly see: (entry: LayerEntry) => Promise<void> | void;
}

const RATIO_FROM = 64 * 1024 * 1024;
const MAGIC = 4;
const ZSTD = 0xfd2fb528;

/**
 * Shows every entry in its order, and gives the tree with this layer on top. What was shown counts only once this
 * resolves: some faults are known at the end. Rejects with `images/layer-…`, or with what the source rejects with.
 */
export async function readLayer(source: AsyncIterable<Buffer>, options: LayerOptions): Promise<LayerTree> {
  const { budget, below = EMPTY_TREE, diffId, see } = options;
  const check = new LayerCheck(below, budget);
  const packed = countBytes(source);
  const hash = createHash('sha256');
  const limits = { ratio: options.ratio ?? 300, packed };
  for await (const { header, content } of readTar(hashed(unpacked(packed.chunks(), limits), hash))) {
    refuseNames(header);
    check.see(header);
    const path = cleanPath(header.path);
    const role = roleOf(header, path);
    if ((role === 'whiteout' || role === 'opaque') && header.kind !== 'character' && !isMark(header)) {
      throw refused('images/layer-bad-path', header.path, 'takes something away and is no empty file');
    }
    await see({ header, path, role, content });
  }
  const found = endDigest(hash);
  if (found !== diffId) {
    throw buildError('images/layer-wrong-content', `The layer unpacks to ${found}, not to ${diffId}.`);
  }
  return check.finish().tree;
}

interface CountedBytes {
  chunks(): AsyncGenerator<Buffer, void, undefined>;
  count(): number;
  isAtEnd(): boolean;
}

function countBytes(source: AsyncIterable<Buffer>): CountedBytes {
  let bytes = 0;
  let ended = false;
  return {
    async *chunks() {
      for await (const chunk of source) {
        bytes += chunk.length;
        yield chunk;
      }
      ended = true;
    },
    count: () => bytes,
    isAtEnd: () => ended,
  };
}

interface UnpackLimits {
  readonly ratio: number;
  readonly packed: CountedBytes;
}

async function* unpacked(
  source: AsyncGenerator<Buffer, void, undefined>,
  { ratio, packed }: UnpackLimits,
): AsyncGenerator<Buffer, void, undefined> {
  let bytes = 0;
  try {
    for await (const chunk of await decompressed(source, packed)) {
      bytes += chunk.length;
      if (bytes > RATIO_FROM && bytes > packed.count() * ratio) {
        const message = `The layer unpacks to more than ${ratio} times its size, and is taken for a bomb.`;
        throw buildError('images/layer-too-large', message);
      }
      yield chunk;
    }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (!/^(?:Z_|ZSTD_|ERR_ZSTD|ERR_ZLIB|ERR_TRAILING)/.test(code)) throw error;
    throw buildError('images/layer-broken', `The layer cannot be unpacked: ${code}.`, { cause: error });
  }
}

/** The media type of a layer is the registry's word; the first bytes are the layer's. */
async function decompressed(
  source: AsyncGenerator<Buffer, void, undefined>,
  packed: CountedBytes,
): Promise<AsyncIterable<Buffer>> {
  const head: Buffer[] = [];
  let have = 0;
  while (have < MAGIC) {
    const next = await source.next();
    if (next.done === true) break;
    head.push(next.value);
    have += next.value.length;
  }
  const first = Buffer.concat(head);
  const whole = rejoined(first, source);
  if (first[0] === 0x1f && first[1] === 0x8b) return unpackGzip(whole, packed);
  return first.length >= MAGIC && first.readUInt32LE(0) === ZSTD ? unpackZstd(whole) : whole;
}

async function* rejoined(
  first: Buffer,
  rest: AsyncGenerator<Buffer, void, undefined>,
): AsyncGenerator<Buffer, void, undefined> {
  if (first.length > 0) yield first;
  yield* rest;
}

/** Several members count as one (RFC 1952, 2.2); Node passes over zeros after the last, which are not right. */
async function* unpackGzip(
  source: AsyncGenerator<Buffer, void, undefined>,
  packed: CountedBytes,
): AsyncGenerator<Buffer, void, undefined> {
  const unpacker = createGunzip();
  // A failure of either reaches the reader, for whom this is the same stream.
  pipeline(Readable.from(source, { objectMode: false }), unpacker, () => undefined);
  for await (const chunk of unpacker) yield chunk;
  if (packed.isAtEnd() && unpacker.bytesWritten === packed.count()) return;
  throw buildError('images/layer-broken', 'Something follows the end of the packed layer.');
}

async function* hashed(
  source: AsyncIterable<Buffer>,
  hash: ReturnType<typeof createHash>,
): AsyncGenerator<Buffer, void, undefined> {
  for await (const chunk of source) {
    hash.update(chunk);
    yield chunk;
  }
}

function isMark(header: TarHeader): boolean {
  return header.kind === 'file' && header.size === 0;
}

/** Names go into logs, lists and command lines of people; no package has one with a control character. */
function refuseNames({ path, link }: TarHeader): void {
  for (const name of [path, link]) {
    for (let at = 0; at < name.length; at += 1) {
      const code = name.charCodeAt(at);
      if (code >= 0x20 && code !== 0x7f) continue;
      throw refused('images/layer-bad-path', name, 'has a control character in it');
    }
  }
}

function refused(code: Parameters<typeof buildError>[0], path: string, what: string): Error {
  return buildError(code, `The layer is refused: ${JSON.stringify(path.slice(0, 200))} ${what}.`);
}
