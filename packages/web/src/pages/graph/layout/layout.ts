/**
 * Where everything in a relations graph stands: layers, order, places, routes. Pure, and equal input gives equal output.
 * What is not connected is laid out apart and put on shelves. Nothing here knows what a node means.
 */
import { toNeighbours, type IndexEdge } from './layers.ts';
import { layoutPart, type PartLayout } from './part.ts';

/** Left to right, or top to bottom. */
export type Orientation = 'LR' | 'TB';

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Box extends Point {
  readonly width: number;
  readonly height: number;
}

export interface LayoutInput {
  /** How many nodes there are. */
  readonly nodes: number;
  /** One for each pair of nodes, by their index. An edge from a node to itself is drawn as a loop. */
  readonly edges: readonly IndexEdge[];
  /** The nodes that the layers are counted from. */
  readonly roots: readonly number[];
  readonly orientation: Orientation;
  /** The size of every node, in pixels. */
  readonly card: { readonly width: number; readonly height: number };
  /** The room between two layers, in pixels. */
  readonly layerGap: number;
}

export interface Route {
  /** The data of an SVG path, in the direction of the flow. */
  readonly path: string;
  /** The path ends where the edge begins. */
  readonly isTurned: boolean;
  /** What the path lies within. */
  readonly box: Box;
  /** Where a label of the edge is nearest to the node with fewer edges. */
  readonly label: Point;
}

export interface Layout {
  readonly width: number;
  readonly height: number;
  /** The upper left corner of each node. */
  readonly nodes: readonly Point[];
  /** By edge. */
  readonly edges: readonly Route[];
  /** By node: its layer, for those who move through the graph by keyboard. */
  readonly layers: readonly number[];
}

/** The room around the drawing and between unconnected parts. */
const MARGIN = 32;
const EDGE_MARGIN = 8;
const PART_GAP = 56;
/** How much wider than high the shelves may become. */
const SHELF_RATIO = 1.6;

export function layoutGraph(input: LayoutInput): Layout {
  const parts = connectedParts(input).map((part) => layoutPart(part, input));
  const offsets = onShelves(parts);
  const nodes: Point[] = Array.from({ length: input.nodes }, () => ({ x: 0, y: 0 }));
  const layers: number[] = Array.from({ length: input.nodes }, () => 0);
  const edges: Route[] = [];
  let width = 0;
  let height = 0;
  for (const [index, part] of parts.entries()) {
    const { x: dx, y: dy } = offsets[index] ?? { x: 0, y: 0 };
    width = Math.max(width, dx + part.width + MARGIN);
    height = Math.max(height, dy + part.height + MARGIN);
    for (const { node, layer, at } of part.nodes) {
      nodes[node] = { x: at.x + dx, y: at.y + dy };
      layers[node] = layer;
    }
    for (const { edge, draw } of part.edges) {
      const route = draw({ x: dx, y: dy });
      edges[edge] = route;
      // An edge within the last layer bulges beyond it.
      width = Math.max(width, route.box.x + route.box.width + EDGE_MARGIN);
      height = Math.max(height, route.box.y + route.box.height + EDGE_MARGIN);
    }
  }
  return { width, height, nodes, edges, layers };
}

export interface Part {
  /** The first is where the layers are counted from. */
  readonly members: readonly number[];
  /** The edges between them, by their index in the whole. */
  readonly edges: readonly number[];
}

/** The connected parts: those of the roots first, then by the index of their nodes. */
function connectedParts({ nodes, edges, roots }: LayoutInput): readonly Part[] {
  const { next, previous } = toNeighbours(nodes, edges);
  const partOf = new Int32Array(nodes).fill(-1);
  const parts: { members: number[]; edges: number[] }[] = [];
  for (const start of [...roots, ...partOf.keys()]) {
    if (start >= nodes || partOf[start] !== -1) continue;
    const members = [start];
    partOf[start] = parts.length;
    for (let at = 0; at < members.length; at += 1) {
      const node = members[at] ?? 0;
      for (const other of [...(next[node] ?? []), ...(previous[node] ?? [])]) {
        if (partOf[other] !== -1) continue;
        partOf[other] = parts.length;
        members.push(other);
      }
    }
    parts.push({ members: [start, ...members.slice(1).toSorted((a, b) => a - b)], edges: [] });
  }
  for (const [index, [from]] of edges.entries()) parts[partOf[from] ?? 0]?.edges.push(index);
  return parts;
}

/** The upper left corner of each part: beside one another while there is room, then below. */
function onShelves(parts: readonly PartLayout[]): readonly Point[] {
  const area = parts.reduce((sum, part) => sum + (part.width + PART_GAP) * (part.height + PART_GAP), 0);
  const widest = parts.reduce((most, part) => Math.max(most, part.width), 0);
  const room = Math.max(widest, Math.sqrt(area * SHELF_RATIO));
  const offsets: Point[] = [];
  let x = MARGIN;
  let y = MARGIN;
  let shelf = 0;
  for (const part of parts) {
    if (x > MARGIN && x + part.width > room + MARGIN) {
      x = MARGIN;
      y += shelf + PART_GAP;
      shelf = 0;
    }
    offsets.push({ x, y });
    x += part.width + PART_GAP;
    shelf = Math.max(shelf, part.height);
  }
  return offsets;
}
