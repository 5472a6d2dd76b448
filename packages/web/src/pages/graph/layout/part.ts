/**
 * The layout of one connected part. Everything is reckoned along the flow and across it; only the result is in x and y,
 * so that both orientations are the same drawing turned. A layer with very many nodes is wrapped into columns.
 */
import type { IndexEdge } from './layers.ts';
import { assignLayers, toNeighbours } from './layers.ts';
import { buildLattice, type BuiltLattice } from './lattice.ts';
import type { LayoutInput, Part, Point, Route } from './layout.ts';
import { orderLayers } from './order.ts';
import { placeSlots, type Pull, type Slot } from './place.ts';
import { createRouter, type Placed } from './route.ts';

export interface PartLayout {
  readonly width: number;
  readonly height: number;
  readonly nodes: readonly { readonly node: number; readonly layer: number; readonly at: Point }[];
  readonly edges: readonly { readonly edge: number; readonly draw: (offset: Point) => Route }[];
}

/** The card and the gaps, along the flow and across it. */
interface Measures {
  readonly along: number;
  readonly across: number;
  /** Between two nodes of a layer. */
  readonly nodeGap: number;
  /** Between the columns of a wrapped layer. */
  readonly columnGap: number;
  readonly layerGap: number;
  /** Nodes of a layer before it is wrapped. */
  readonly leastRows: number;
  /** How much longer than broad the drawing may be before its layers are wrapped less. */
  readonly ratio: number;
}

const BEND_ROOM = 5;
/** Long edges are kept straight: what joins two bends pulls harder than what joins two nodes. */
const PULL = { nodes: 1, mixed: 2, bends: 8 } as const;

export function layoutPart(part: Part, input: LayoutInput): PartLayout {
  const measures = measuresOf(input);
  const count = part.members.length;
  const local = new Map(part.members.map((node, index) => [node, index]));
  const edges = part.edges.map((edge): IndexEdge => {
    const [from, to] = input.edges[edge] ?? [0, 0];
    return [local.get(from) ?? 0, local.get(to) ?? 0];
  });
  const layers = assignLayers([...local.values()], toNeighbours(count, edges));
  const lattice = buildLattice(layers, edges);
  const ordered = orderLayers(lattice);
  const rows = rowsPerLayer(ordered, count, measures);
  const { placed, along, across } = placeItems(lattice, ordered, { count, rows, measures });
  const router = createRouter({ placed, lattice, measures, isTransposed: input.orientation === 'TB' });
  const size = { along, across };
  return {
    width: input.orientation === 'LR' ? size.along : size.across,
    height: input.orientation === 'LR' ? size.across : size.along,
    nodes: part.members.map((node, index) => {
      const { start, middle } = placed[index] ?? { start: 0, middle: 0 };
      const edge = middle - measures.across / 2;
      const at = input.orientation === 'LR' ? { x: start, y: edge } : { x: edge, y: start };
      return { node, layer: layers[index] ?? 0, at };
    }),
    edges: part.edges.map((edge, index) => ({
      edge,
      draw: router(edges[index] ?? [0, 0], lattice.chains[index] ?? []),
    })),
  };
}

function measuresOf({ orientation, card, layerGap }: LayoutInput): Measures {
  if (orientation === 'LR') {
    const { width: along, height: across } = card;
    return { along, across, nodeGap: 14, columnGap: 28, layerGap, leastRows: 16, ratio: 1.9 };
  }
  const { width: across, height: along } = card;
  return { along, across, nodeGap: 20, columnGap: 24, layerGap, leastRows: 12, ratio: 0.6 };
}

/** The number of nodes from which a layer is wrapped: the least with which the drawing is not too long. */
function rowsPerLayer(
  ordered: readonly (readonly number[])[],
  count: number,
  { along, across, nodeGap, columnGap, layerGap, leastRows, ratio }: Measures,
): number {
  const sizes = ordered.map((layer) => layer.filter((item) => item < count).length);
  const most = Math.max(1, ...sizes);
  for (let rows = leastRows; rows < most; rows += 1) {
    let length = -layerGap;
    for (const size of sizes) length += Math.ceil(size / rows) * (along + columnGap) - columnGap + layerGap;
    if (length <= ratio * rows * (across + nodeGap)) return rows;
  }
  return most;
}

interface PlaceOptions {
  readonly count: number;
  readonly rows: number;
  readonly measures: Measures;
}

interface PlacedItems {
  /** By item. */
  readonly placed: readonly Placed[];
  readonly along: number;
  readonly across: number;
}

function placeItems(
  lattice: BuiltLattice,
  ordered: readonly (readonly number[])[],
  { count, rows, measures }: PlaceOptions,
): PlacedItems {
  const items = lattice.before.length;
  const slotOf = new Int32Array(items);
  const columnOf = new Int32Array(items);
  const contents: number[][] = [];
  const columns: number[] = [];
  const slotLayers = ordered.map((layer) => {
    const nodes = layer.reduce((sum, item) => sum + (item < count ? 1 : 0), 0);
    const wide = Math.max(1, Math.ceil(nodes / rows));
    columns.push(wide);
    return fillSlots(layer, { count, columns: wide, contents, slotOf, columnOf });
  });
  const slots = contents.map((content): Slot => {
    const isBend = (content[0] ?? 0) >= count;
    return {
      size: isBend ? 0 : measures.across,
      room: isBend ? BEND_ROOM : measures.nodeGap,
      before: content.flatMap((item) => pulls(item, lattice.before, { count, slotOf })),
      after: content.flatMap((item) => pulls(item, lattice.after, { count, slotOf })),
    };
  });
  const middles = placeSlots(slotLayers, slots);
  let least = Number.POSITIVE_INFINITY;
  let most = Number.NEGATIVE_INFINITY;
  for (const [slot, { size }] of slots.entries()) {
    least = Math.min(least, (middles[slot] ?? 0) - size / 2);
    most = Math.max(most, (middles[slot] ?? 0) + size / 2);
  }
  const placed: Placed[] = Array.from({ length: items });
  let along = 0;
  for (const [index, layer] of ordered.entries()) {
    const wide = columns[index] ?? 1;
    const length = wide * (measures.along + measures.columnGap) - measures.columnGap;
    for (const item of layer) {
      const column = columnOf[item] ?? 0;
      placed[item] = {
        isBend: item >= count,
        start: along + column * (measures.along + measures.columnGap),
        middle: Math.round((middles[slotOf[item] ?? 0] ?? 0) - least),
        column,
        layer: { start: along, end: along + length, columns: wide },
      };
    }
    along += length + measures.layerGap;
  }
  return { placed, along: along - measures.layerGap, across: Math.ceil(most - least) };
}

interface FillOptions {
  readonly count: number;
  readonly columns: number;
  readonly contents: number[][];
  readonly slotOf: Int32Array;
  readonly columnOf: Int32Array;
}

/** Puts the items of a layer into slots; a slot of a wrapped layer is filled before the next is begun. */
function fillSlots(layer: readonly number[], options: FillOptions): readonly number[] {
  const { count, columns, contents, slotOf, columnOf } = options;
  const slots: number[] = [];
  /** Bends that came while a row was not full yet: they stand below it. */
  const waiting: number[] = [];
  let row: number[] = [];
  const begin = (content: number[]): void => {
    slots.push(contents.length);
    contents.push(content);
  };
  const addBend = (bend: number): void => {
    slotOf[bend] = contents.length;
    begin([bend]);
  };
  for (const item of layer) {
    if (item >= count) {
      if (row.length === 0) addBend(item);
      if (row.length > 0) waiting.push(item);
      continue;
    }
    if (row.length === 0) begin(row);
    slotOf[item] = contents.length - 1;
    columnOf[item] = row.length;
    row.push(item);
    if (row.length < columns) continue;
    row = [];
    for (const bend of waiting.splice(0)) addBend(bend);
  }
  for (const bend of waiting) addBend(bend);
  return slots;
}

function pulls(
  item: number,
  joined: readonly (readonly number[])[],
  { count, slotOf }: { readonly count: number; readonly slotOf: Int32Array },
): readonly Pull[] {
  return (joined[item] ?? []).map((other) => {
    const bends = (item >= count ? 1 : 0) + (other >= count ? 1 : 0);
    const weight = [PULL.nodes, PULL.mixed, PULL.bends][bends] ?? PULL.nodes;
    return { slot: slotOf[other] ?? 0, weight };
  });
}
