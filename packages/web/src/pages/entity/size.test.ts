import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { sizeText } from './size.ts';

describe('sizeText', () => {
  it('takes the largest unit that fits', () => {
    assert.equal(sizeText(0), '0 B');
    assert.equal(sizeText(999), '999 B');
    assert.equal(sizeText(1_240), '1.2 KB');
    assert.equal(sizeText(65_536), '66 KB');
    assert.equal(sizeText(20_971_520), '21 MB');
    assert.equal(sizeText(5_000_000_000_000), '5,000 GB');
  });
});
