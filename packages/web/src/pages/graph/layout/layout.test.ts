import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import type { IndexEdge } from './layers.ts';
import { layoutGraph, type Box, type Layout, type LayoutInput, type Orientation } from './layout.ts';

const CARD = { width: 200, height: 50 } as const;

function inputOf(
  nodes: number,
  edges: readonly IndexEdge[],
  options: Partial<LayoutInput> = {},
): LayoutInput {
  return { nodes, edges, roots: [0], orientation: 'LR', card: CARD, layerGap: 80, ...options };
}

function boxes(layout: Layout): readonly Box[] {
  return layout.nodes.map((at) => ({ ...at, ...CARD }));
}

function overlapping(layout: Layout): readonly string[] {
  const sorted = [...boxes(layout).entries()].toSorted(([, a], [, b]) => a.x - b.x);
  const found: string[] = [];
  for (const [place, [one, a]] of sorted.entries()) {
    for (const [other, b] of sorted.slice(place + 1)) {
      if (b.x >= a.x + a.width) break;
      if (a.y < b.y + b.height && b.y < a.y + a.height) found.push(`${one} ${other}`);
    }
  }
  return found;
}

function outside(layout: Layout): readonly Box[] {
  const things = [...boxes(layout), ...layout.edges.map((edge) => edge.box)];
  return things.filter(
    ({ x, y, width, height }) => x < 0 || y < 0 || x + width > layout.width || y + height > layout.height,
  );
}

/** The first and the last point of a path. */
function endsOf(path: string): readonly [readonly number[], readonly number[]] {
  const numbers = [...path.matchAll(/-?\d+/g)].map(([text]) => Number(text));
  return [numbers.slice(0, 2), numbers.slice(-2)];
}

/** A neighbourhood as catalogs have them: a team that owns most, systems, services in chains, and some cycles. */
function company(nodes: number): readonly IndexEdge[] {
  let seed = 7;
  const below = (limit: number): number => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((seed / 2_147_483_648) * limit);
  };
  const edges = new Map<string, IndexEdge>();
  const add = (from: number, to: number): void => {
    const key = `${Math.min(from, to)} ${Math.max(from, to)}`;
    if (from !== to && !edges.has(key)) edges.set(key, [from, to]);
  };
  for (let node = 1; node < nodes; node += 1) {
    add(node, below(Math.min(node, Math.ceil(nodes / 20))));
    if (node % 3 === 0) add(node, below(nodes));
    if (node % 2 === 0) add(node, below(Math.ceil(nodes / 5)));
  }
  return [...edges.values()];
}

const graphs = fc.integer({ min: 1, max: 40 }).chain((nodes) =>
  fc.record({
    nodes: fc.constant(nodes),
    edges: fc.array(fc.tuple(fc.nat(nodes - 1), fc.nat(nodes - 1)), { maxLength: 80 }),
    roots: fc.array(fc.nat(nodes - 1), { minLength: 1, maxLength: 3 }),
    orientation: fc.constantFrom<Orientation>('LR', 'TB'),
  }),
);

describe('layoutGraph', () => {
  it('puts what leads to an entity before it, and what it leads to after it', () => {
    const layout = layoutGraph(
      inputOf(3, [
        [1, 0],
        [0, 2],
      ]),
    );
    const [root, before, after] = layout.nodes;
    assert.ok(before !== undefined && root !== undefined && after !== undefined);
    assert.ok(before.x + CARD.width + 80 === root.x && root.x + CARD.width + 80 === after.x);
    assert.deepEqual([before.y, after.y], [root.y, root.y]);
    assert.deepEqual(layout.layers, [1, 0, 2]);
  });

  it('turns the same drawing for the other orientation', () => {
    const edges: readonly IndexEdge[] = [
      [1, 0],
      [2, 0],
      [0, 3],
    ];
    const square = { card: { width: 60, height: 60 } };
    const across = layoutGraph(inputOf(4, edges, square));
    const down = layoutGraph(inputOf(4, edges, { ...square, orientation: 'TB' }));
    assert.deepEqual(down.layers, across.layers);
    const order = (values: readonly number[]): readonly number[] =>
      [...values.keys()].toSorted((a, b) => (values[a] ?? 0) - (values[b] ?? 0) || a - b);
    assert.deepEqual(order(down.nodes.map(({ y }) => y)), order(across.nodes.map(({ x }) => x)));
  });

  it('never lets cards overlap, nor anything leave the drawing, whatever the graph is', () => {
    fc.assert(
      fc.property(graphs, ({ nodes, edges, ...options }) => {
        const layout = layoutGraph(inputOf(nodes, edges, options));
        assert.deepEqual(overlapping(layout), []);
        assert.deepEqual(outside(layout), []);
        assert.equal(layout.edges.filter((edge) => edge !== undefined).length, edges.length);
        assert.ok([...boxes(layout), layout].every(({ width, height }) => width > 0 && height > 0));
      }),
    );
  });

  it('is the same every time', () => {
    fc.assert(
      fc.property(graphs, ({ nodes, edges, ...options }) => {
        const input = inputOf(nodes, edges, options);
        assert.deepEqual(layoutGraph(input), layoutGraph(structuredClone(input)));
      }),
    );
  });

  it('keeps the nodes of a layer in line, and layers in order', () => {
    const edges = company(120);
    const layout = layoutGraph(inputOf(120, edges, { roots: [0] }));
    const spans = new Map<number, { from: number; to: number }>();
    for (const [node, layer] of layout.layers.entries()) {
      const x = layout.nodes[node]?.x ?? 0;
      const span = spans.get(layer) ?? { from: x, to: x };
      spans.set(layer, { from: Math.min(span.from, x), to: Math.max(span.to, x) });
    }
    const sorted = [...spans].toSorted(([a], [b]) => a - b).map(([, span]) => span);
    for (const [index, span] of sorted.entries()) {
      const next = sorted[index + 1];
      if (next !== undefined) assert.ok(span.to + CARD.width < next.from);
    }
  });

  it('leads every edge from card to card', () => {
    const edges = company(60);
    const layout = layoutGraph(inputOf(60, edges));
    for (const [index, [from, to]] of edges.entries()) {
      const route = layout.edges[index];
      assert.ok(route !== undefined);
      const [first, last] = endsOf(route.path);
      const [start, end] = route.isTurned ? [to, from] : [from, to];
      for (const [node, [x = 0, y = 0]] of [
        [start, first],
        [end, last],
      ] as const) {
        const at = layout.nodes[node];
        assert.ok(at !== undefined);
        assert.ok(x === at.x || x === at.x + CARD.width, `${index}: ${x} is no side of ${at.x}`);
        assert.ok(Math.abs(y - at.y - CARD.height / 2) <= 1);
      }
    }
  });

  it('wraps a layer of 1,500 nodes, so that the drawing is not a tower', () => {
    const edges = Array.from({ length: 1_500 }, (_, index): IndexEdge => [index + 1, 0]);
    for (const orientation of ['LR', 'TB'] as const) {
      const layout = layoutGraph(inputOf(1_501, edges, { orientation }));
      const ratio = layout.width / layout.height;
      assert.ok(ratio > 1 && ratio < 3, `${orientation}: ${ratio}`);
      assert.deepEqual(overlapping(layout), []);
      // Those that nothing tells apart are read row by row, in the order in which they came.
      const places = layout.nodes.slice(1).map(({ x, y }) => (orientation === 'LR' ? [y, x] : [x, y]));
      assert.deepEqual(
        places,
        places.toSorted((a, b) => (a[0] ?? 0) - (b[0] ?? 0) || (a[1] ?? 0) - (b[1] ?? 0)),
      );
    }
  });

  it('lays out cycles and entities that refer to themselves', () => {
    const layout = layoutGraph(
      inputOf(3, [
        [0, 1],
        [1, 2],
        [2, 0],
        [0, 0],
      ]),
    );
    assert.deepEqual(overlapping(layout), []);
    assert.equal(layout.edges.length, 4);
    assert.match(layout.edges[3]?.path ?? '', /^M\d+ \d+C/);
  });

  it('puts what is not connected beside or below, without one part covering another', () => {
    const layout = layoutGraph(inputOf(40, [[0, 1]], { roots: [0, 2, 3] }));
    assert.deepEqual(overlapping(layout), []);
    assert.ok(layout.width / layout.height < 4 && layout.height / layout.width < 4);
    assert.deepEqual(layoutGraph(inputOf(0, [], { roots: [] })).nodes, []);
  });

  it('draws 2,000 nodes with few layers, few long edges and no more work than a few times the size', (context) => {
    const sizes = [500, 2_000] as const;
    const [small, large] = sizes.map((nodes) => {
      const edges = company(nodes);
      const start = performance.now();
      const layout = layoutGraph(inputOf(nodes, edges));
      context.diagnostic(
        `${nodes} nodes, ${edges.length} edges: ${Math.round(performance.now() - start)} ms, ` +
          `${layout.width} × ${layout.height}`,
      );
      assert.deepEqual(overlapping(layout), []);
      assert.deepEqual(outside(layout), []);
      assert.ok(Math.max(...layout.layers) < 24);
      const steps = layout.edges.reduce((sum, { path }) => sum + path.length, 0);
      return { area: layout.width * layout.height, steps, nodes };
    });
    assert.ok(small !== undefined && large !== undefined);
    // Four times the nodes: the paper and the strokes grow about as much, not by the square.
    assert.ok(large.area / small.area < 9, `area: ${large.area / small.area}`);
    assert.ok(large.steps / small.steps < 9, `strokes: ${large.steps / small.steps}`);
  });
});
