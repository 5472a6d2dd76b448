import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { createSeal } from './seal.ts';

describe('createSeal', () => {
  const seal = createSeal(randomBytes(32));
  const unreadable = { code: 'scaffolder/sealed-unreadable' };

  it('opens what it closed, and closes the same thing differently each time', () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.string(), (plain, purpose) => {
        const sealed = seal.close(plain, purpose);
        assert.deepEqual(Uint8Array.from(seal.open(sealed, purpose)), plain);
        assert.notDeepEqual(sealed, seal.close(plain, purpose));
      }),
    );
  });

  it('opens nothing for another purpose or with another key', () => {
    const sealed = seal.close(Buffer.from('text'), 'task a');
    assert.throws(() => seal.open(sealed, 'task b'), unreadable);
    assert.throws(() => createSeal(randomBytes(32)).open(sealed, 'task a'), unreadable);
  });

  it('opens nothing of which a bit was changed or the end is missing', () => {
    const sealed = seal.close(Buffer.from('some text'), 'p');
    fc.assert(
      fc.property(fc.nat(sealed.length - 1), fc.integer({ min: 1, max: 255 }), (at, bits) => {
        const changed = Uint8Array.from(sealed, (byte, index) => (index === at ? byte ^ bits : byte));
        assert.throws(() => seal.open(changed, 'p'), unreadable);
        assert.throws(() => seal.open(sealed.subarray(0, at), 'p'), unreadable);
      }),
    );
  });

  it('takes a key of 32 bytes only', () => {
    for (const bytes of [0, 16, 31, 33]) {
      assert.throws(() => createSeal(new Uint8Array(bytes)), { code: 'scaffolder/secret-key' });
    }
  });
});
