import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { assignLayers, toNeighbours, type IndexEdge } from './layers.ts';

function layersOf(count: number, edges: readonly IndexEdge[]): readonly number[] {
  const members = Array.from({ length: count }, (_, node) => node);
  return [...assignLayers(members, toNeighbours(count, edges))];
}

describe('assignLayers', () => {
  it('gives each edge of a tree one layer', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(), fc.boolean()), { maxLength: 40 }), (branches) => {
        const edges = branches.map(([parent, isForward], index): IndexEdge => {
          const [child, above] = [index + 1, parent % (index + 1)];
          return isForward ? [above, child] : [child, above];
        });
        const layers = layersOf(branches.length + 1, edges);
        for (const [from, to] of edges) assert.equal((layers[to] ?? 0) - (layers[from] ?? 0), 1);
      }),
    );
  });

  it('puts an entity between what it belongs to and what belongs to it', () => {
    // A service provides an interface; both are parts of a system; a team owns all three.
    const [service, api, system, team] = [0, 1, 2, 3] as const;
    const layers = layersOf(4, [
      [service, api],
      [service, system],
      [api, system],
      [service, team],
      [api, team],
      [system, team],
    ]);
    assert.ok((layers[service] ?? 0) < (layers[api] ?? 0));
    assert.ok((layers[api] ?? 0) <= (layers[system] ?? 0));
    assert.ok((layers[system] ?? 0) <= (layers[team] ?? 0));
  });

  it('numbers the layers from 0 without gaps, also for cycles', () => {
    for (const edges of [
      [],
      [
        [0, 1],
        [1, 0],
      ],
      [
        [0, 1],
        [1, 2],
        [2, 0],
        [2, 2],
      ],
    ] satisfies IndexEdge[][]) {
      const layers = layersOf(3, edges);
      const used = [...new Set(layers)].toSorted((a, b) => a - b);
      assert.deepEqual(used, [...used.keys()]);
    }
  });
});
