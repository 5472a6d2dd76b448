/**
 * What the second and the third step of the layout work on: the nodes in their layers, and a bend wherever an edge
 * passes a layer. Many long edges that share an end share their bends, so that they are drawn as one line that forks.
 */
import type { IndexEdge } from './layers.ts';
import type { Lattice } from './order.ts';

/** From so many long edges at one side of a node they share their bends. */
const BUNDLED_FROM = 4;

/** Where an edge passes: its ends with the bends between, from the earlier layer to the later; nothing within a layer. */
export type Chain = readonly number[];

export interface BuiltLattice extends Lattice {
  /** By edge. */
  readonly chains: readonly Chain[];
}

/** `layers`: by node. Nodes keep their numbers; bends have the numbers after them. */
export function buildLattice(layers: Int32Array, edges: readonly IndexEdge[]): BuiltLattice {
  const rows: number[][] = [];
  for (const [node, layer] of layers.entries()) (rows[layer] ??= []).push(node);
  const bends = new Map<string, number>();
  let items = layers.length;
  const addBend = (layer: number): number => {
    (rows[layer] ??= []).push(items);
    items += 1;
    return items - 1;
  };
  const bendAt = (bundle: string | null, layer: number): number => {
    if (bundle === null) return addBend(layer);
    const key = `${bundle} ${layer}`;
    const known = bends.get(key);
    if (known !== undefined) return known;
    const bend = addBend(layer);
    bends.set(key, bend);
    return bend;
  };

  const directed = edges.map((edge) => inOrder(edge, layers));
  const bundleOf = createBundles(directed, layers);
  const chains = directed.map(([first, last]): Chain => {
    const [from, to] = [layers[first] ?? 0, layers[last] ?? 0];
    if (from === to) return [];
    const chain = [first];
    const bundle = bundleOf(first, last);
    for (let layer = from + 1; layer < to; layer += 1) chain.push(bendAt(bundle, layer));
    chain.push(last);
    return chain;
  });
  return { layers: rows, chains, ...joinChains(chains, items) };
}

/** The ends of an edge, the one in the earlier layer first. */
function inOrder([from, to]: IndexEdge, layers: Int32Array): IndexEdge {
  return (layers[from] ?? 0) <= (layers[to] ?? 0) ? [from, to] : [to, from];
}

/** Tells of an edge which bundle it belongs to: that of the end where more long edges meet; null for none. */
function createBundles(
  edges: readonly IndexEdge[],
  layers: Int32Array,
): (first: number, last: number) => string | null {
  const leaving = new Int32Array(layers.length);
  const arriving = new Int32Array(layers.length);
  for (const [first, last] of edges) {
    if ((layers[last] ?? 0) - (layers[first] ?? 0) < 2) continue;
    leaving[first] = (leaving[first] ?? 0) + 1;
    arriving[last] = (arriving[last] ?? 0) + 1;
  }
  return (first, last) => {
    const [out, into] = [leaving[first] ?? 0, arriving[last] ?? 0];
    if (Math.max(out, into) < BUNDLED_FROM) return null;
    return into >= out ? `to ${last}` : `from ${first}`;
  };
}

function joinChains(chains: readonly Chain[], items: number): Pick<Lattice, 'before' | 'after'> {
  const before: number[][] = Array.from({ length: items }, () => []);
  const after: number[][] = Array.from({ length: items }, () => []);
  const joined = new Set<number>();
  for (const chain of chains) {
    for (const [index, item] of chain.entries()) {
      const following = chain[index + 1];
      if (following === undefined || joined.has(item * items + following)) continue;
      joined.add(item * items + following);
      after[item]?.push(following);
      before[following]?.push(item);
    }
  }
  return { before, after };
}
