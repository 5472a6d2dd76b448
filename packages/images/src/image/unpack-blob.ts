/**
 * The tar in the blob of a layer: gzip or Zstandard, told by its first bytes, or as it is. The media type of a layer is
 * the registry's word, its first bytes are the layer's; those who run images go by them too.
 */
import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { layerError } from './layer-errors.ts';
import { unpackZstd } from './zstd-frames.ts';

export interface UnpackBlobOptions {
  /** Most bytes that one byte of the blob may become, once more than 64 MiB were unpacked. Default 300. */
  readonly ratio?: number;
}

const RATIO_FROM = 64 * 1024 * 1024;
/** Bytes that are unpacked at once. */
const CHUNK = 64 * 1024;
const MAGIC = 4;
const ZSTD = 0xfd2fb528;

/** Rejects with `images/layer-broken`, with `images/layer-too-large` for bombs, or with what the source rejects with. */
export async function* unpackBlob(
  source: AsyncIterable<Buffer>,
  { ratio = 300 }: UnpackBlobOptions = {},
): AsyncGenerator<Buffer, void, undefined> {
  const packed = countBytes(source);
  let bytes = 0;
  try {
    for await (const chunk of await unpacker(packed)) {
      bytes += chunk.length;
      if (bytes > RATIO_FROM && bytes > packed.count() * ratio) {
        const message = `The layer unpacks to more than ${ratio} times its size, and is taken for a bomb.`;
        throw layerError('images/layer-too-large', message);
      }
      yield chunk;
    }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (!/^(?:Z_|ZSTD_|ERR_ZSTD|ERR_ZLIB|ERR_TRAILING)/.test(code)) throw error;
    throw layerError('images/layer-broken', `The layer cannot be unpacked: ${code}.`, { cause: error });
  }
}

interface CountedBytes {
  readonly chunks: AsyncGenerator<Buffer, void, undefined>;
  count(): number;
  isAtEnd(): boolean;
}

function countBytes(source: AsyncIterable<Buffer>): CountedBytes {
  let bytes = 0;
  let ended = false;
  async function* chunks(): AsyncGenerator<Buffer, void, undefined> {
    for await (const chunk of source) {
      bytes += chunk.length;
      yield chunk;
    }
    ended = true;
  }
  return { chunks: chunks(), count: () => bytes, isAtEnd: () => ended };
}

async function unpacker(packed: CountedBytes): Promise<AsyncIterable<Buffer>> {
  const head: Buffer[] = [];
  let have = 0;
  while (have < MAGIC) {
    const next = await packed.chunks.next();
    if (next.done === true) break;
    head.push(next.value);
    have += next.value.length;
  }
  const first = Buffer.concat(head);
  const whole = rejoined(first, packed.chunks);
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
  const gunzip = createGunzip({ chunkSize: CHUNK });
  // A failure of either reaches the reader, for whom this is the same stream.
  pipeline(Readable.from(source, { objectMode: false }), gunzip, () => undefined);
  for await (const chunk of gunzip) yield chunk;
  if (packed.isAtEnd() && gunzip.bytesWritten === packed.count()) return;
  throw layerError('images/layer-broken', 'Something follows the end of the packed layer.');
}
