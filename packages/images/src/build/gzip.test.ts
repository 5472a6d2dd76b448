import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { describe, it } from 'node:test';
import { gunzipSync, gzipSync } from 'node:zlib';
import { gzip } from './gzip.ts';

async function* parts(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) {
    yield bytes.subarray(at, at + size);
  }
}

async function packed(bytes: Buffer, options: { size: number; workers?: number }): Promise<Buffer> {
  const found: Buffer[] = [];
  for await (const chunk of gzip(parts(bytes, options.size), options)) {
    found.push(chunk);
  }
  return Buffer.concat(found);
}

describe('gzip', () => {
  const lines = Buffer.from(
    Array.from({ length: 60_000 }, (_, at) => `line ${at % 977} of a file\n`).join(''),
  );
  const samples = [
    Buffer.alloc(0),
    Buffer.from('x'),
    lines,
    Buffer.concat([randomBytes(700_000), Buffer.alloc(600_000)]),
  ];

  it('is unpacked to what it was made of', async () => {
    for (const sample of samples) {
      assert.ok(gunzipSync(await packed(sample, { size: 100_000 })).equals(sample));
    }
  });

  it('gives the same bytes however the bytes arrive, and however many workers there are', async () => {
    const one = await packed(lines, { size: 1000, workers: 1 });
    assert.ok(one.equals(await packed(lines, { size: 777_777, workers: 7 })));
  });

  it('packs nearly as well as one block would', async () => {
    const one = gzipSync(lines, { level: 5 });
    assert.ok((await packed(lines, { size: 65_536 })).length < one.length * 1.05 + 1000);
  });

  it('fails with the error of its source', async () => {
    async function* failing(): AsyncGenerator<Buffer> {
      yield lines;
      throw new Error('the source is gone');
    }
    await assert.rejects(async () => {
      for await (const chunk of gzip(failing())) {
        assert.ok(chunk);
      }
    }, /the source is gone/);
  });
});
