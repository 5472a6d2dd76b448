import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { countOf, hasOrdinal, toArray, withOrdinal, withoutOrdinal, type Ordinals } from './ordinals.ts';

const steps = fc.array(fc.record({ adds: fc.boolean(), ordinal: fc.integer({ min: 0, max: 12 }) }), {
  maxLength: 60,
});

describe('ordinals', () => {
  it('are a sorted set, whatever is added and taken out', () => {
    fc.assert(
      fc.property(steps, (changes) => {
        let list: Ordinals | undefined;
        const expected = new Set<number>();
        for (const { adds, ordinal } of changes) {
          if (adds) {
            list = withOrdinal(list, ordinal);
            expected.add(ordinal);
          } else {
            list = withoutOrdinal(list, ordinal);
            expected.delete(ordinal);
          }
          assert.deepEqual(
            toArray(list),
            [...expected].toSorted((a, b) => a - b),
          );
          assert.equal(countOf(list), expected.size);
          assert.equal(list === undefined, expected.size === 0);
          for (let i = 0; i <= 12; i += 1) assert.equal(hasOrdinal(list, i), expected.has(i));
        }
      }),
    );
  });

  it('are a bare number when there is one', () => {
    assert.equal(withOrdinal(undefined, 7), 7);
    assert.equal(withOrdinal(7, 7), 7);
    assert.deepEqual(withOrdinal(7, 3), [3, 7]);
    assert.equal(withoutOrdinal(7, 7), undefined);
    assert.equal(withoutOrdinal(7, 3), 7);
  });
});
