import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createRelationEdges } from './edge.ts';
import { BUILTIN_KINDS } from './kinds/builtin.ts';
import { RELATION, RELATION_PAIRS } from './relations.ts';

describe('createRelationEdges', () => {
  const edgeOf = createRelationEdges(BUILTIN_KINDS);

  it('makes one edge of each well-known pair, named by the one that names the other', () => {
    const forward = new Set<string>();
    for (const type of Object.values(RELATION)) {
      const edge = edgeOf(type);
      assert.deepEqual({ ...edgeOf(RELATION_PAIRS[type].reverse), isReversed: edge.isReversed }, edge);
      assert.equal(edge.isReversed, edge.type !== type);
      assert.equal(edge.reverse, edge.isReversed ? type : RELATION_PAIRS[type].reverse);
      forward.add(edge.type);
    }
    assert.deepEqual(
      [...forward].toSorted(),
      ['childOf', 'consumesApi', 'dependsOn', 'memberOf', 'ownedBy', 'partOf', 'providesApi'].toSorted(),
    );
  });

  it('knows the pairs of other kinds, but lets them rename none', () => {
    const field = (type: string, reverse: string) => ({ path: `spec.${type}`, pair: { type, reverse } });
    const known = createRelationEdges([
      {
        relations: [field('runsOn', 'hosts'), field('uses', 'ownedBy'), field('peerOf', 'peerOf')],
        variants: [
          { type: 'x', spec: {}, relations: [field('builtFrom', 'baseOf'), field('hosts', 'other')] },
        ],
      },
    ]);
    assert.deepEqual(known('hosts'), { type: 'runsOn', reverse: 'hosts', isReversed: true });
    assert.deepEqual(known('baseOf'), { type: 'builtFrom', reverse: 'baseOf', isReversed: true });
    assert.deepEqual(known('ownedBy'), { type: 'ownedBy', reverse: 'ownerOf', isReversed: false });
    for (const type of ['uses', 'peerOf', 'other', 'anything']) {
      assert.deepEqual(known(type), { type, reverse: null, isReversed: false });
    }
  });
});
