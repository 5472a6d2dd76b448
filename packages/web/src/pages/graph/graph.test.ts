import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { countKinds, countRelations, narrowGraph, parseGraph, toPairs, type Graph } from './graph.ts';

/** A graph from short texts: `'component:a'` and `'component:a dependsOn component:b'`; the first node is the root. */
function graphOf(nodes: readonly string[], edges: readonly string[], missing: readonly string[] = []): Graph {
  const full = (ref: string): string => ref.replace(':', ':default/');
  return parseGraph({
    roots: nodes.slice(0, 1).map(full),
    nodes: nodes.map((ref, index) => ({
      ref: full(ref),
      kind: ref.split(':')[0],
      namespace: 'default',
      name: ref.split(':')[1],
      title: null,
      type: null,
      description: null,
      depth: index === 0 ? 0 : 3,
      exists: !missing.includes(ref),
    })),
    edges: edges.map((edge) => {
      const [from = '', type = '', to = ''] = edge.split(' ');
      return { from: full(from), to: full(to), type };
    }),
    truncated: false,
    total: nodes.length,
  });
}

function names(graph: Graph): readonly string[] {
  return graph.nodes.map((node) => node.entityRef.name);
}

describe('parseGraph', () => {
  it('leaves out what is no node, and edges that lead nowhere', () => {
    const graph = parseGraph({
      roots: ['component:default/a', 'component:default/other', 7],
      nodes: [{ ref: 'component:default/a', kind: 'Component', name: 'a' }, { ref: '' }, null, 'text'],
      edges: [
        { from: 'component:default/a', to: 'component:default/gone', type: 'dependsOn' },
        { from: 'component:default/a', to: 'component:default/a', type: 'dependsOn' },
        { from: 1 },
      ],
    });
    assert.deepEqual(graph.roots, ['component:default/a']);
    assert.deepEqual(graph.edges, [
      { from: 'component:default/a', to: 'component:default/a', type: 'dependsOn' },
    ]);
    assert.deepEqual([graph.nodes.length, graph.total, graph.truncated], [1, 1, false]);
    assert.deepEqual(graph.nodes[0]?.entityRef, { kind: 'Component', namespace: 'default', name: 'a' });
  });

  it('refuses an answer that is no graph', () => {
    for (const answer of [null, 'text', {}, { nodes: 7 }]) {
      assert.throws(() => parseGraph(answer), {
        name: 'AnswerError',
        message: 'The answer is not a graph.',
      });
    }
  });
});

describe('toPairs', () => {
  it('makes one line of all relations between two entities, in both directions', () => {
    const { edges } = graphOf(
      ['component:a', 'component:b'],
      [
        'component:a partOf component:b',
        'component:a dependsOn component:b',
        'component:b dependsOn component:a',
        'component:a dependsOn component:a',
      ],
    );
    assert.deepEqual(toPairs(edges), [
      {
        from: 'component:default/a',
        to: 'component:default/b',
        forward: ['dependsOn', 'partOf'],
        backward: ['dependsOn'],
      },
      { from: 'component:default/a', to: 'component:default/a', forward: ['dependsOn'], backward: [] },
    ]);
  });
});

describe('narrowGraph', () => {
  const graph = graphOf(
    ['component:a', 'api:b', 'component:c', 'group:team', 'component:d'],
    [
      'component:a consumesApi api:b',
      'component:c providesApi api:b',
      'component:a ownedBy group:team',
      'component:d ownedBy group:team',
    ],
  );
  const all = { kinds: [], relations: [], direction: 'both' } as const;

  it('is the same graph without filters', () => {
    assert.equal(narrowGraph(graph, all), graph);
  });

  it('drops what is reached only through what was filtered out', () => {
    assert.deepEqual(names(narrowGraph(graph, { ...all, kinds: ['component', 'api'] })), ['b', 'a', 'c']);
    assert.deepEqual(names(narrowGraph(graph, { ...all, kinds: ['component'] })), ['a']);
    assert.deepEqual(names(narrowGraph(graph, { ...all, relations: ['ownedBy'] })), ['a', 'd', 'team']);
  });

  it('follows edges in the direction that was asked for, and says the new distances', () => {
    const out = narrowGraph(graph, { ...all, kinds: ['api', 'component', 'group'], direction: 'out' });
    assert.deepEqual(names(out), ['b', 'a', 'team']);
    assert.deepEqual(
      out.nodes.map((node) => node.depth),
      [1, 0, 1],
    );
  });

  it('reaches nothing from what is not in the catalog', () => {
    const broken = graphOf(
      ['component:a', 'api:b', 'component:c'],
      ['component:a consumesApi api:b', 'component:c consumesApi api:b'],
      ['api:b'],
    );
    assert.deepEqual(names(narrowGraph(broken, { ...all, relations: ['consumesApi'] })), ['b', 'a']);
  });

  it('keeps edges among what is left, and counts them', () => {
    const narrow = narrowGraph(graph, { ...all, kinds: ['group'] });
    assert.deepEqual(countRelations(narrow), [{ value: 'ownedBy', count: 1 }]);
    assert.deepEqual(countKinds(narrow), [
      { value: 'component', count: 1 },
      { value: 'group', count: 1 },
    ]);
  });
});
