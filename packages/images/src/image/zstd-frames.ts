/**
 * Unpacks Zstandard of several frames (RFC 8878, 3.1), as layers of the kind `zstd:chunked` are: a frame for each file, and
 * frames to be skipped. Node unpacks the first frame and drops the rest without a word.
 */
import { pipeline, Readable } from 'node:stream';
import { createZstdDecompress } from 'node:zlib';

export async function* unpackZstd(source: AsyncIterator<Buffer>): AsyncGenerator<Buffer, void, undefined> {
  let rest: Buffer = Buffer.alloc(0);
  for (;;) {
    if (rest.length === 0) {
      const next = await source.next();
      if (next.done === true) return;
      rest = next.value;
    }
    const frame = createZstdDecompress();
    const fed = feed(rest, source, () => frame.bytesWritten);
    pipeline(Readable.from(fed.chunks, { objectMode: false }), frame, () => undefined);
    for await (const chunk of frame) yield chunk;
    await fed.chunks.return();
    const left = fed.left();
    if (left.length === rest.length && frame.bytesWritten === 0) {
      throw Object.assign(new Error('What follows a frame is none.'), { code: 'ZSTD_no_frame' });
    }
    rest = left;
  }
}

/** Chunks for a frame that ends where it likes; `left` is what it did not take of them. */
function feed(
  first: Buffer,
  source: AsyncIterator<Buffer>,
  taken: () => number,
): { readonly chunks: AsyncGenerator<Buffer, void, undefined>; left(): Buffer } {
  let kept = [first];
  let passed = 0;
  async function* chunks(): AsyncGenerator<Buffer, void, undefined> {
    yield first;
    for (let next = await source.next(); next.done !== true; next = await source.next()) {
      kept.push(next.value);
      for (let [head] = kept; head !== undefined && passed + head.length <= taken(); [head] = kept) {
        passed += head.length;
        kept = kept.slice(1);
      }
      yield next.value;
    }
  }
  return { chunks: chunks(), left: () => Buffer.concat(kept).subarray(taken() - passed) };
}
