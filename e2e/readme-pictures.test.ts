import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { IMAGES, MOST_BYTES, PICTURES, SIZE } from './readme-pictures.ts';

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

describe('PICTURES', () => {
  for (const name of Object.keys(PICTURES)) {
    it(`has docs/images/${name}, of the size of a screen and light enough for a README`, async () => {
      const picture = await readFile(join(IMAGES, name));
      assert.deepEqual(picture.subarray(0, SIGNATURE.length), SIGNATURE);
      // The first chunk of a PNG holds its width and height.
      assert.equal(picture.readUInt32BE(16), SIZE.width);
      assert.equal(picture.readUInt32BE(20), SIZE.height);
      assert.ok(picture.length < MOST_BYTES, `${picture.length} bytes`);
    });
  }
});
