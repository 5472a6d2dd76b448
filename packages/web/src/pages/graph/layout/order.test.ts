import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { countCrossings, orderLayers, type Lattice } from './order.ts';

/** Two layers of the same size, joined as told: `[place in the first, place in the second]`. */
function latticeOf(size: number, joins: readonly (readonly [number, number])[]): Lattice {
  const before: number[][] = Array.from({ length: size * 2 }, () => []);
  const after: number[][] = Array.from({ length: size * 2 }, () => []);
  for (const [first, second] of joins) {
    after[first]?.push(size + second);
    before[size + second]?.push(first);
  }
  const places = Array.from({ length: size }, (_, place) => place);
  return { layers: [places, places.map((place) => place + size)], before, after };
}

function crossingsOf(lattice: Lattice, layers: Lattice['layers']): number {
  const places = new Int32Array(lattice.before.length);
  for (const layer of layers) for (const [place, item] of layer.entries()) places[item] = place;
  return countCrossings(lattice, layers, places);
}

const joins = fc.uniqueArray(fc.tuple(fc.nat(7), fc.nat(7)), {
  maxLength: 20,
  selector: ([first, second]) => `${first} ${second}`,
});

describe('countCrossings', () => {
  it('counts each pair of edges that cross, as trying every pair does', () => {
    fc.assert(
      fc.property(joins, (pairs) => {
        let expected = 0;
        for (const [index, [a, b]] of pairs.entries()) {
          for (const [c, d] of pairs.slice(index + 1)) if ((a - c) * (b - d) < 0) expected += 1;
        }
        const lattice = latticeOf(8, pairs);
        assert.equal(crossingsOf(lattice, lattice.layers), expected);
      }),
    );
  });
});

describe('orderLayers', () => {
  it('untangles what can be drawn without a crossing', () => {
    const lattice = latticeOf(4, [
      [0, 3],
      [1, 2],
      [2, 1],
      [3, 0],
    ]);
    assert.equal(crossingsOf(lattice, lattice.layers), 6);
    assert.equal(crossingsOf(lattice, orderLayers(lattice)), 0);
  });

  it('keeps every item in its layer, and never makes more crossings', () => {
    fc.assert(
      fc.property(joins, (pairs) => {
        const lattice = latticeOf(8, pairs);
        const ordered = orderLayers(lattice);
        assert.deepEqual(
          ordered.map((layer) => layer.toSorted((a, b) => a - b)),
          lattice.layers,
        );
        assert.ok(crossingsOf(lattice, ordered) <= crossingsOf(lattice, lattice.layers));
      }),
    );
  });
});
