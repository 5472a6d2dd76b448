import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { describe, it } from 'node:test';
import { zstdCompressSync } from 'node:zlib';
import * as fc from 'fast-check';
import { unpackZstd } from './zstd-frames.ts';

async function* pieces(bytes: Buffer, size: number): AsyncGenerator<Buffer, void, undefined> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

describe('unpackZstd', () => {
  it('gives the content of all frames, wherever they are cut', async () => {
    const frames = fc.array(fc.uint8Array({ maxLength: 3_000 }), { minLength: 1, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(frames, fc.integer({ min: 1, max: 4_000 }), async (parts, size) => {
        const packed = Buffer.concat(parts.map((part) => zstdCompressSync(part)));
        const unpacked = await buffer(Readable.from(unpackZstd(pieces(packed, size)), { objectMode: false }));
        assert.deepEqual(unpacked, Buffer.concat(parts));
      }),
      { numRuns: 60 },
    );
  });

  it('gives frames that are larger than any buffer', async () => {
    const part = Buffer.from('0123456789'.repeat(100_000));
    const packed = Buffer.concat([zstdCompressSync(part), zstdCompressSync(part)]);
    let bytes = 0;
    for await (const chunk of unpackZstd(pieces(packed, 10))) bytes += chunk.length;
    assert.equal(bytes, 2_000_000);
  });

  it('rejects what is no frame after one, and one that is cut', async () => {
    const frame = zstdCompressSync(Buffer.from('content'));
    for (const packed of [Buffer.concat([frame, Buffer.from('none')]), frame.subarray(0, -2)]) {
      await assert.rejects(buffer(Readable.from(unpackZstd(pieces(packed, 5)))), { code: /ZSTD|Z_/ });
    }
  });
});
