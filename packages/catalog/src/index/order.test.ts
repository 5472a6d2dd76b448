import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { KeyOrder } from './order.ts';

/** Entities by ordinal: their values in lower case, or none. */
type World = Map<number, readonly string[]>;

const uidOf = (ordinal: number): string => `uid-${String((ordinal * 7) % 20).padStart(2, '0')}`;

function orderOf(world: World): KeyOrder {
  const entries = [...world].flatMap(([ordinal, values]) =>
    values.map((value): [string, number] => [value.toUpperCase(), ordinal]),
  );
  return new KeyOrder({ valueOf: (ordinal) => smallest(world.get(ordinal) ?? []), uidOf }, entries);
}

function smallest(values: readonly string[]): string | null {
  return values.toSorted()[0] ?? null;
}

function naive(world: World): number[] {
  return [...world]
    .flatMap(([ordinal, values]) => {
      const value = smallest(values);
      return value === null ? [] : [{ ordinal, key: `${value}\0${uidOf(ordinal)}` }];
    })
    .toSorted((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ ordinal }) => ordinal);
}

const values = fc.array(fc.constantFrom('a', 'b', 'c', 'aa', 'z', 'é', ''), { maxLength: 3 });
const ordinals = fc.integer({ min: 0, max: 19 });
const entities = fc.uniqueArray(fc.tuple(ordinals, values), { selector: ([ordinal]) => ordinal });
const changes = fc.array(fc.array(fc.tuple(ordinals, values), { maxLength: 4 }), { maxLength: 8 });

describe('KeyOrder', () => {
  it('is by the smallest value, then by uid, and stays so through any changes', () => {
    fc.assert(
      fc.property(entities, changes, (start, rounds) => {
        const world: World = new Map(start);
        const order = orderOf(world);
        assert.deepEqual(order.sorted(), naive(world));
        for (const round of rounds) {
          for (const [ordinal, next] of round) {
            world.set(ordinal, next);
            order.touch(ordinal);
          }
          assert.deepEqual(order.sorted(), naive(world));
          assert.deepEqual(order.sorted(), orderOf(world).sorted());
        }
      }),
    );
  });

  it('counts what stands before a point, whether anything stands at it or not', () => {
    fc.assert(
      fc.property(
        entities,
        fc.constantFrom('a', 'aa', 'b', 'bb', 'zz', ''),
        ordinals,
        (start, value, ordinal) => {
          const world: World = new Map(start);
          const order = orderOf(world);
          const point = { value, uid: uidOf(ordinal) };
          const keyOf = (at: { value: string; uid: string }): string => `${at.value}\0${at.uid}`;
          const points = order.sorted().map((each) => order.pointOf(each));
          const before = points.filter((each) => each !== null && keyOf(each) < keyOf(point)).length;
          const upTo = points.filter((each) => each !== null && keyOf(each) <= keyOf(point)).length;
          assert.equal(order.countBefore(point, { inclusive: false }), before);
          assert.equal(order.countBefore(point, { inclusive: true }), upTo);
        },
      ),
    );
  });

  it('knows the point of what has a value, and no other', () => {
    const order = orderOf(
      new Map([
        [1, ['b', 'a']],
        [2, []],
      ]),
    );
    assert.deepEqual(order.pointOf(1), { value: 'a', uid: uidOf(1) });
    assert.equal(order.pointOf(2), null);
    assert.equal(order.pointOf(3), null);
  });
});
