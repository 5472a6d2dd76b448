/** A graph with its layout: everything that is drawn, with its place, its texts and its looks. */
import { kindName } from '../../parts/ref-text.ts';
import { directionOf, fitText, type MeasureText } from './fit-text.ts';
import { kindOf, type Graph, type GraphNode, type Pair } from './graph.ts';
import { lookOf, type KindLook } from './kind-look.ts';
import type { Box, Layout, LayoutInput, Orientation, Route } from './layout/layout.ts';
import { messages } from './messages.ts';

export const CARD = { width: 216, height: 48 } as const;
/** Where things stand in a card, in pixels from its upper left corner. */
export const IN_CARD = { tile: 9, tileSize: 30, icon: 16, text: 48, title: 21, note: 37, end: 12 } as const;
export const TITLE_FONT = { size: 13, weight: 600 } as const;
export const NOTE_FONT = { size: 11, weight: 400 } as const;
export const LABEL_HEIGHT = 18;
const LABEL_PADDING = 6;

/** With more lines than this only the labels of what is pointed at are drawn. */
const LABELLED_UP_TO = 26;
/** With more lines than this each is drawn fainter. */
const CROWDED_FROM = 250;
const LAYER_GAP = {
  LR: { labelled: 150, plain: 88 },
  TB: { labelled: 84, plain: 72 },
} as const;

export interface SceneNode {
  readonly index: number;
  readonly node: GraphNode;
  readonly box: Box;
  readonly layer: number;
  readonly look: KindLook;
  readonly isRoot: boolean;
}

export interface SceneEdge {
  readonly index: number;
  readonly pair: Pair;
  /** The nodes by their index. */
  readonly from: number;
  readonly to: number;
  readonly route: Route;
  readonly label: string;
  /** The arrow heads, in the direction of the path. */
  readonly atStart: boolean;
  readonly atEnd: boolean;
}

export interface Scene {
  readonly width: number;
  readonly height: number;
  readonly orientation: Orientation;
  readonly nodes: readonly SceneNode[];
  readonly edges: readonly SceneEdge[];
  /** By node: the edges that end there. */
  readonly edgesOf: readonly (readonly SceneEdge[])[];
  readonly indexOf: ReadonlyMap<string, number>;
  /** Whether labels are drawn without pointing. */
  readonly isLabelled: boolean;
  /** There are so many lines that each is drawn fainter. */
  readonly isCrowded: boolean;
}

/** What the worker is asked for. */
export function toLayoutInput(graph: Graph, pairs: readonly Pair[], orientation: Orientation): LayoutInput {
  const indexOf = indexNodes(graph);
  const at = (ref: string): number => indexOf.get(ref) ?? 0;
  const gaps = LAYER_GAP[orientation];
  return {
    nodes: graph.nodes.length,
    edges: pairs.map(({ from, to }) => [at(from), at(to)] as const),
    roots: graph.roots.map(at),
    orientation,
    card: CARD,
    layerGap: pairs.length <= LABELLED_UP_TO ? gaps.labelled : gaps.plain,
  };
}

export function createScene(
  graph: Graph,
  pairs: readonly Pair[],
  { layout, orientation }: { readonly layout: Layout; readonly orientation: Orientation },
): Scene {
  const indexOf = indexNodes(graph);
  const roots = new Set(graph.roots);
  const nodes = graph.nodes.map((node, index): SceneNode => {
    const at = layout.nodes[index] ?? { x: 0, y: 0 };
    return {
      index,
      node,
      box: { ...at, ...CARD },
      layer: layout.layers[index] ?? 0,
      look: lookOf(kindOf(node)),
      isRoot: roots.has(node.ref),
    };
  });
  const edgesOf: SceneEdge[][] = nodes.map(() => []);
  const edges = pairs.flatMap((pair, index): readonly SceneEdge[] => {
    const route = layout.edges[index];
    const [from, to] = [indexOf.get(pair.from), indexOf.get(pair.to)];
    if (route === undefined || from === undefined || to === undefined) return [];
    const both = pair.backward.length > 0;
    const edge: SceneEdge = {
      index,
      pair,
      from,
      to,
      route,
      label: labelOf(pair),
      atStart: both || route.isTurned,
      atEnd: both || !route.isTurned,
    };
    edgesOf[from]?.push(edge);
    if (from !== to) edgesOf[to]?.push(edge);
    return [edge];
  });
  const { width, height } = layout;
  const isLabelled = edges.length <= LABELLED_UP_TO;
  const isCrowded = edges.length >= CROWDED_FROM;
  return { width, height, orientation, nodes, edges, edgesOf, indexOf, isLabelled, isCrowded };
}

function indexNodes(graph: Graph): ReadonlyMap<string, number> {
  return new Map(graph.nodes.map((node, index) => [node.ref, index]));
}

function labelOf({ forward, backward }: Pair): string {
  return [...new Set([...forward, ...backward])].map(messages.relation).join(', ');
}

/** The second line of a card: "API · openapi". */
export function noteOf({ entityRef, type, exists }: GraphNode): string {
  const kind = kindName(entityRef.kind);
  if (!exists) return `${kind} · ${messages.missing}`;
  return type === null ? kind : `${kind} · ${type}`;
}

export interface CardText {
  readonly text: string;
  readonly direction: 'ltr' | 'rtl';
}

/** A text cut to the room that a card has for it. */
export function cardText(text: string, measure: MeasureText): CardText {
  const fitted = fitText(text, CARD.width - IN_CARD.text - IN_CARD.end, measure);
  return { text: fitted, direction: directionOf(text) };
}

/** The box of a label around its point. */
export function labelBox({ label, route }: SceneEdge, measure: MeasureText): Box {
  const width = Math.ceil(measure(label)) + LABEL_PADDING * 2;
  return {
    x: route.label.x - width / 2,
    y: route.label.y - LABEL_HEIGHT / 2,
    width,
    height: LABEL_HEIGHT,
  };
}

/** The edges whose labels have room: none lies on a card or on another label. Earlier ones go first. */
export function labelsWithRoom(
  edges: readonly SceneEdge[],
  nodes: readonly SceneNode[],
  measure: MeasureText,
): readonly SceneEdge[] {
  const taken: Box[] = [];
  return edges.filter((edge) => {
    const box = labelBox(edge, measure);
    if (nodes.some((node) => overlaps(node.box, box)) || taken.some((other) => overlaps(other, box))) {
      return false;
    }
    taken.push(box);
    return true;
  });
}

export function overlaps(a: Box, b: Box): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}
