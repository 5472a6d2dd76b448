/**
 * gzip over all processors, as pigz does it: blocks are packed side by side, each knowing the end of the one before
 * it (RFC 1951, RFC 1952). The same bytes always give the same bytes, as the header names no time and no system.
 */
import { promisify } from 'node:util';
import { constants, crc32, deflateRaw } from 'node:zlib';

const deflate = promisify(deflateRaw);

/** Bytes of one block. Smaller ones pack worse, larger ones need more memory. */
const BLOCK_BYTES = 256 * 1024;
/** Bytes that a block may refer back to. */
const WINDOW = 32 * 1024;
/** With the files of a Debian 6 saves 0.4 % of the bytes and takes a third longer; 4 is a quarter faster, and 2 % larger. */
const LEVEL = 5;
const HEADER = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff]);
// A last block without content, which ends the stream of blocks.
const LAST = Buffer.from([0x03, 0x00]);

/** Packs a stream; `workers` blocks at once. Default: 4, the threads that Node has for it. */
export async function* gzip(
  source: AsyncIterable<Buffer>,
  options: { readonly workers?: number } = {},
): AsyncGenerator<Buffer, void, undefined> {
  const workers = options.workers ?? 4;
  const packing: Promise<Buffer>[] = [];
  let dictionary = Buffer.alloc(0);
  let crc = 0;
  let size = 0;
  yield HEADER;
  for await (const block of blocks(source, workers + 1)) {
    crc = crc32(block, crc);
    size += block.length;
    const packed = deflate(block, {
      level: LEVEL,
      finishFlush: constants.Z_SYNC_FLUSH,
      // One piece of memory for each block, as what does not pack grows by a few bytes only.
      chunkSize: BLOCK_BYTES + 4096,
      ...(dictionary.length > 0 ? { dictionary } : {}),
    });
    // Who waits for it meets its failure; the others only must not be unhandled.
    packed.catch(() => {});
    packing.push(packed);
    dictionary = block.subarray(Math.max(0, block.length - WINDOW));
    if (packing.length >= workers) {
      yield (await packing.shift()) ?? LAST;
    }
  }
  for (const packed of packing) {
    yield await packed;
  }
  const trailer = Buffer.alloc(8);
  trailer.writeUInt32LE(crc >>> 0, 0);
  trailer.writeUInt32LE(size % 2 ** 32, 4);
  yield Buffer.concat([LAST, trailer]);
}

/** A block is good until `buffers` more were taken: they are used again and again. */
async function* blocks(
  source: AsyncIterable<Buffer>,
  buffers: number,
): AsyncGenerator<Buffer<ArrayBuffer>, void, undefined> {
  const ring = Array.from({ length: buffers }, () => Buffer.allocUnsafeSlow(BLOCK_BYTES));
  let count = 0;
  let filled = 0;
  for await (const chunk of source) {
    for (let at = 0; at < chunk.length;) {
      const block = ring[count % buffers] ?? Buffer.alloc(0);
      const copied = chunk.copy(block, filled, at);
      at += copied;
      filled += copied;
      if (filled === BLOCK_BYTES) {
        yield block;
        count += 1;
        filled = 0;
      }
    }
  }
  const rest = ring[count % buffers]?.subarray(0, filled);
  if (rest !== undefined && filled > 0) {
    yield rest;
  }
}
