import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseGraph } from './graph.ts';
import { createRelated } from './related.ts';

describe('createRelated', () => {
  it('reads relations from either end, those of the entity itself first', () => {
    const graph = parseGraph({
      roots: [],
      nodes: ['api:default/a', 'component:default/b', 'group:default/c'].map((ref) => ({ ref })),
      edges: [
        { from: 'component:default/b', to: 'api:default/a', type: 'consumesApi' },
        { from: 'api:default/a', to: 'group:default/c', type: 'ownedBy' },
        { from: 'component:default/b', to: 'api:default/a', type: 'likes' },
      ],
    });
    const groups = createRelated(graph)('api:default/a');
    assert.deepEqual(
      groups.map(({ title, nodes }) => [title, nodes.map((node) => node.ref)]),
      [
        ['owned by', ['group:default/c']],
        ['API consumed by', ['component:default/b']],
        ['likes (from)', ['component:default/b']],
      ],
    );
    assert.deepEqual(createRelated(graph)('component:default/unknown'), []);
  });
});
