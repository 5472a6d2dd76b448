import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { PackedBytes } from './bytes.ts';

const texts = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 40 }),
  fc.constantFrom('', 'ä', '🙂', '\ud800', '\0'),
  // A few of these fill a chunk.
  fc.integer({ min: 100_000, max: 1_500_000 }).map((length) => 'x'.repeat(length)),
);

const changes = fc.array(
  fc.record({ slot: fc.integer({ min: 0, max: 2_000 }), text: fc.option(texts, { nil: null }) }),
  { maxLength: 60 },
);

/** What UTF-8 makes of a text. */
const toBytes = (text: string): string => Buffer.from(text).toString('hex');

function check(packed: PackedBytes, expected: ReadonlyMap<number, string>): void {
  let size = 0;
  for (const [slot, text] of expected) {
    const bytes = Buffer.from(text);
    size += bytes.length;
    assert.equal(packed.lengthOf(slot), bytes.length);
    assert.ok(packed.get(slot).equals(bytes), `slot ${slot}`);
    const target = Buffer.alloc(bytes.length + 4, '.');
    assert.equal(packed.copyTo(slot, target, 2), bytes.length + 2);
    assert.equal(target.toString('hex'), toBytes('..') + bytes.toString('hex') + toBytes('..'));
  }
  assert.equal(packed.size, size);
}

describe('PackedBytes', () => {
  it('gives back what was put in last, for every slot', () => {
    fc.assert(
      fc.property(changes, (list) => {
        const packed = new PackedBytes();
        const expected = new Map<number, string>();
        for (const { slot, text } of list) {
          if (text === null) {
            packed.delete(slot);
            expected.delete(slot);
          } else {
            packed.set(slot, text);
            expected.set(slot, text);
          }
          assert.equal(packed.lengthOf(slot), Buffer.byteLength(text ?? ''));
        }
        check(packed, expected);
      }),
      { numRuns: 50 },
    );
  });

  it('knows nothing of slots that were never set', () => {
    const packed = new PackedBytes();
    for (const slot of [0, 5, 1_000_000]) {
      assert.equal(packed.lengthOf(slot), 0);
      assert.equal(packed.get(slot).length, 0);
      assert.equal(packed.copyTo(slot, Buffer.alloc(1), 0), 0);
      packed.delete(slot);
    }
    assert.equal(packed.size, 0);
  });

  it('holds a value that is larger than a chunk, and others after it', () => {
    const packed = new PackedBytes();
    const large = 'ü'.repeat(2_000_000);
    packed.set(0, 'before');
    packed.set(1, large);
    packed.set(2, 'after');
    check(
      packed,
      new Map([
        [0, 'before'],
        [1, large],
        [2, 'after'],
      ]),
    );
  });

  it('loses nothing when the space of replaced values is used again', () => {
    const packed = new PackedBytes();
    const expected = new Map<number, string>();
    for (let round = 0; round < 400; round += 1) {
      for (let slot = 0; slot < 16; slot += 1) {
        const text = `${round}-${slot}-${'y'.repeat(20_000 + ((slot * 977) % 5_000))}`;
        packed.set(slot, text);
        expected.set(slot, text);
      }
    }
    check(packed, expected);
  });
});
