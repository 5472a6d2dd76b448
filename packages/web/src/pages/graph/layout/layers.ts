/**
 * The first step of the layout: a layer for every node, so that edges lead from one layer to the next. This is the
 * layering of Sugiyama, Tagawa and Toda (1981) with soft constraints: a cycle needs no edge turned round, and the
 * number of layers stays near the diameter of what is drawn, so that long edges, which cost most, stay few.
 */

/** An edge between nodes, by their index: `[from, to]`. */
export type IndexEdge = readonly [number, number];

export interface Neighbours {
  /** By node: the nodes that its edges lead to. */
  readonly next: readonly (readonly number[])[];
  /** By node: the nodes whose edges lead to it. */
  readonly previous: readonly (readonly number[])[];
}

/** An edge that leads backwards or sideways is worth three that are a layer too long. */
const TURNED = 3;
const TOO_LONG = 1;
const MOST_ROUNDS = 24;

export function toNeighbours(count: number, edges: readonly IndexEdge[]): Neighbours {
  const next: number[][] = Array.from({ length: count }, () => []);
  const previous: number[][] = Array.from({ length: count }, () => []);
  for (const [from, to] of edges) {
    if (from === to) continue;
    next[from]?.push(to);
    previous[to]?.push(from);
  }
  return { next, previous };
}

/**
 * The layer of each of `members`, from 0 on without gaps; -1 for every other node. `members` are connected, and the
 * first of them is where the layers are counted from. Nodes are walked breadth first, one layer on along an edge and
 * one back against it; then each moves to where its own edges are shortest, until none gains by moving.
 */
export function assignLayers(members: readonly number[], neighbours: Neighbours): Int32Array {
  const { next, previous } = neighbours;
  const layers = walkedLayers(members, neighbours);
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    let moved = false;
    for (const node of members) {
      const best = bestLayer(layers, next[node] ?? [], previous[node] ?? [], layers[node] ?? 0);
      if (best === layers[node]) continue;
      layers[node] = best;
      moved = true;
    }
    if (!moved) break;
  }
  return numbered(members, layers);
}

function walkedLayers(members: readonly number[], { next, previous }: Neighbours): Int32Array {
  const layers = new Int32Array(next.length);
  const seen = new Uint8Array(next.length);
  const queue: number[] = [];
  const visit = (node: number, layer: number): void => {
    if (seen[node] === 1) return;
    seen[node] = 1;
    layers[node] = layer;
    queue.push(node);
  };
  const [first] = members;
  if (first !== undefined) visit(first, 0);
  for (let at = 0; at < queue.length; at += 1) {
    const node = queue[at] ?? 0;
    const layer = layers[node] ?? 0;
    for (const other of next[node] ?? []) visit(other, layer + 1);
    for (const other of previous[node] ?? []) visit(other, layer - 1);
  }
  return layers;
}

/**
 * The layer with the least cost for one node while all others stay. The cost is convex and piecewise linear: each
 * edge has one layer where it is exactly one long, and its slope changes there by the same amount.
 */
function bestLayer(
  layers: Int32Array,
  next: readonly number[],
  previous: readonly number[],
  current: number,
): number {
  const ideal: number[] = [];
  for (const node of next) ideal.push((layers[node] ?? 0) - 1);
  for (const node of previous) ideal.push((layers[node] ?? 0) + 1);
  ideal.sort((a, b) => a - b);
  let slope = -(next.length * TOO_LONG + previous.length * TURNED);
  for (const [index, layer] of ideal.entries()) {
    slope += TURNED + TOO_LONG;
    if (slope < 0) continue;
    if (slope > 0) return layer;
    // Every layer up to the next change is as good: the nearest to where the node is.
    return Math.min(Math.max(current, layer), ideal[index + 1] ?? layer);
  }
  return current;
}

/** Counts the layers from 0, leaving out those that nobody is in. */
function numbered(members: readonly number[], layers: Int32Array): Int32Array {
  const used = [...new Set(members.map((node) => layers[node] ?? 0))].toSorted((a, b) => a - b);
  const numbers = new Map(used.map((layer, index) => [layer, index]));
  const result = new Int32Array(layers.length).fill(-1);
  for (const node of members) result[node] = numbers.get(layers[node] ?? 0) ?? 0;
  return result;
}
