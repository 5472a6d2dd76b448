import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { Bitset } from './bitset.ts';

const CAPACITY = 100;
const members = fc.uniqueArray(fc.integer({ min: 0, max: CAPACITY - 1 }));

function setOf(ordinals: readonly number[], capacity = CAPACITY): Bitset {
  const set = new Bitset(capacity);
  for (const ordinal of ordinals) set.add(ordinal);
  return set;
}

const both = (a: ReadonlySet<number>, b: ReadonlySet<number>): Set<number> =>
  new Set([...a].filter((ordinal) => b.has(ordinal)));
const sorted = (ordinals: Iterable<number>): number[] => [...ordinals].toSorted((a, b) => a - b);

describe('Bitset', () => {
  it('is empty at first, whatever it can hold', () => {
    for (const capacity of [0, 1, 31, 32, 33, 1_000]) {
      const set = new Bitset(capacity);
      assert.equal(set.count, 0);
      assert.deepEqual([...set], []);
      assert.equal(set.has(0), false);
    }
  });

  it('holds the first and the last bit of a word', () => {
    const set = setOf([0, 31, 32, 63, 64, 99]);
    assert.deepEqual([...set], [0, 31, 32, 63, 64, 99]);
    assert.equal(set.count, 6);
    set.remove(31);
    assert.deepEqual([...set], [0, 32, 63, 64, 99]);
    assert.equal(set.has(31), false);
    assert.equal(set.has(CAPACITY * 10), false);
  });

  it('does what a set of numbers does, in ascending order', () => {
    fc.assert(
      fc.property(members, members, (a, b) => {
        const [left, right] = [new Set(a), new Set(b)];
        const check = (change: (set: Bitset) => void, expected: Set<number>): void => {
          const set = setOf(a);
          change(set);
          assert.deepEqual([...set], sorted(expected));
          assert.equal(set.count, expected.size);
          for (let i = 0; i < CAPACITY; i += 1) assert.equal(set.has(i), expected.has(i));
        };
        check((set) => set.intersect(setOf(b)), both(left, right));
        check((set) => set.unite(setOf(b)), new Set([...left, ...right]));
        check((set) => set.subtract(setOf(b)), new Set([...left].filter((ordinal) => !right.has(ordinal))));
        check((set) => set.addAll(sorted(b)), new Set([...left, ...right]));
        check((set) => set.addAll(b[0]), new Set([...a, ...b.slice(0, 1)]));
        check((set) => set.addAll(undefined), left);
        check(
          (set) => {
            for (const ordinal of b) set.remove(ordinal);
          },
          new Set([...left].filter((ordinal) => !right.has(ordinal))),
        );
        assert.equal(setOf(a).countIn(sorted(b)), both(left, right).size);
        for (const ordinal of b) assert.equal(setOf(a).countIn(ordinal), left.has(ordinal) ? 1 : 0);
      }),
    );
  });

  it('counts full words', () => {
    const set = setOf(Array.from({ length: CAPACITY }, (_, i) => i));
    assert.equal(set.count, CAPACITY);
  });

  it('can be copied with another capacity, and the copy is its own', () => {
    fc.assert(
      fc.property(members, fc.integer({ min: 0, max: 300 }), (ordinals, capacity) => {
        const original = setOf(ordinals);
        const copy = original.resized(capacity);
        const words = Math.ceil(capacity / 32) * 32;
        assert.deepEqual([...copy], sorted(ordinals.filter((ordinal) => ordinal < words)));
        if (capacity > 0) copy.add(capacity - 1);
        assert.deepEqual([...original], sorted(ordinals));
      }),
    );
  });
});
