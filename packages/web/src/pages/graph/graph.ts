/** A graph of relations as the API answers it, checked at the edge, and what the page makes of it before drawing. */
import { isObject, parseRef, stringifyRef, type EntityRef } from '@callboard/model';
import { listIn, textIn } from '../../api/entity.ts';
import { notAnswered } from '../../api/answer.ts';
import type { FlowDirection } from './url-state.ts';

export interface GraphNode {
  /** Full reference in lower case; the identity of the node. */
  readonly ref: string;
  /** As the entity is written. */
  readonly entityRef: EntityRef;
  /** The title, or the name. */
  readonly label: string;
  readonly type: string | null;
  readonly description: string | null;
  /** Steps to the nearest root. */
  readonly depth: number;
  /** False when nothing in the catalog has this reference. */
  readonly exists: boolean;
}

/** A relation in its forward direction: `ownedBy`, never `ownerOf`. */
export interface GraphEdge {
  readonly from: string;
  readonly to: string;
  readonly type: string;
}

export interface Graph {
  readonly roots: readonly string[];
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
  /** There are more nodes than were sent. */
  readonly truncated: boolean;
  /** How many nodes were found; when truncated, there may be more still. */
  readonly total: number;
}

/** The relations between two nodes, drawn as one line. `from` is the end that names the other. */
export interface Pair {
  readonly from: string;
  readonly to: string;
  /** Relation types from `from` to `to`, sorted. */
  readonly forward: readonly string[];
  /** Relation types from `to` to `from`, sorted. */
  readonly backward: readonly string[];
}

/** Throws an ApiError when the answer is no graph; nodes and edges that make no sense are left out. */
export function parseGraph(answer: unknown): Graph {
  if (!isObject(answer) || !Array.isArray(answer['nodes']) || !Array.isArray(answer['edges'])) {
    throw notAnswered('a graph');
  }
  const nodes = listIn(answer, 'nodes').flatMap(parseNode);
  const known = new Set(nodes.map((node) => node.ref));
  const edges = listIn(answer, 'edges').flatMap((edge) => parseEdge(edge, known));
  const roots = listIn(answer, 'roots').filter((root) => typeof root === 'string' && known.has(root));
  const total = answer['total'];
  return {
    roots: roots.filter((root) => typeof root === 'string'),
    nodes: nodes.toSorted(byKindAndLabel),
    edges,
    truncated: answer['truncated'] === true,
    total: typeof total === 'number' ? total : nodes.length,
  };
}

function parseNode(value: unknown): readonly GraphNode[] {
  const ref = parseRef(textIn(value, 'ref') ?? '');
  if (ref === null || !isObject(value)) return [];
  const entityRef = {
    kind: textIn(value, 'kind') ?? ref.kind,
    namespace: textIn(value, 'namespace') ?? ref.namespace,
    name: textIn(value, 'name') ?? ref.name,
  };
  const { depth } = value;
  return [
    {
      ref: stringifyRef(ref),
      entityRef,
      label: textIn(value, 'title') ?? entityRef.name,
      type: textIn(value, 'type'),
      description: textIn(value, 'description'),
      depth: typeof depth === 'number' ? depth : 0,
      exists: value['exists'] !== false,
    },
  ];
}

function parseEdge(value: unknown, known: ReadonlySet<string>): readonly GraphEdge[] {
  const [from, to, type] = [textIn(value, 'from'), textIn(value, 'to'), textIn(value, 'type')];
  if (from === null || to === null || type === null) return [];
  return known.has(from) && known.has(to) ? [{ from, to, type }] : [];
}

/** Kinds side by side and names in order, so that what is equal otherwise is drawn in this order. */
function byKindAndLabel(a: GraphNode, b: GraphNode): number {
  return (
    compare(kindOf(a), kindOf(b)) ||
    compare(a.label.toLowerCase(), b.label.toLowerCase()) ||
    compare(a.ref, b.ref)
  );
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** In lower case, as references have it. */
export function kindOf(node: GraphNode): string {
  return node.entityRef.kind.toLowerCase();
}

/** One pair for each two nodes that have relations, in the order of the first of them. */
export function toPairs(edges: readonly GraphEdge[]): readonly Pair[] {
  const pairs = new Map<string, { from: string; to: string; forward: Set<string>; backward: Set<string> }>();
  for (const { from, to, type } of edges) {
    const answered = pairs.get(`${to} ${from}`);
    if (answered !== undefined && from !== to) {
      answered.backward.add(type);
      continue;
    }
    const key = `${from} ${to}`;
    const pair = pairs.get(key) ?? { from, to, forward: new Set(), backward: new Set() };
    pair.forward.add(type);
    pairs.set(key, pair);
  }
  return [...pairs.values()].map((pair) => ({
    from: pair.from,
    to: pair.to,
    forward: [...pair.forward].toSorted(),
    backward: [...pair.backward].toSorted(),
  }));
}

export interface Narrowing {
  /** In lower case; none means all. Roots stay whatever they are. */
  readonly kinds: readonly string[];
  /** None means all. */
  readonly relations: readonly string[];
  readonly direction: FlowDirection;
}

/**
 * The graph as the server would answer it with these filters: what can no longer be reached is gone as well, and
 * nothing is reached from what is not in the catalog.
 */
export function narrowGraph(graph: Graph, { kinds, relations, direction }: Narrowing): Graph {
  if (kinds.length === 0 && relations.length === 0) return graph;
  const nodes = new Map(graph.nodes.map((node) => [node.ref, node]));
  const edges = graph.edges.filter(({ type }) => relations.length === 0 || relations.includes(type));
  const steps = new Map<string, string[]>();
  const addStep = (from: string, to: string): void => {
    const known = steps.get(from) ?? [];
    known.push(to);
    steps.set(from, known);
  };
  for (const { from, to } of edges) {
    if (direction !== 'in') addStep(from, to);
    if (direction !== 'out') addStep(to, from);
  }
  const deepest = graph.nodes.reduce((most, node) => Math.max(most, node.depth), 0);
  const depths = new Map(graph.roots.map((root) => [root, 0]));
  for (const [ref, depth] of depths) {
    if (depth >= deepest || nodes.get(ref)?.exists === false) continue;
    for (const other of steps.get(ref) ?? []) {
      const node = nodes.get(other);
      if (node === undefined || depths.has(other)) continue;
      if (kinds.length > 0 && !kinds.includes(kindOf(node))) continue;
      depths.set(other, depth + 1);
    }
  }
  const kept = graph.nodes.flatMap((node) => {
    const depth = depths.get(node.ref);
    return depth === undefined ? [] : [{ ...node, depth }];
  });
  return {
    ...graph,
    nodes: kept,
    edges: edges.filter(({ from, to }) => depths.has(from) && depths.has(to)),
    total: graph.truncated ? graph.total : kept.length,
  };
}

export interface Counted {
  readonly value: string;
  readonly count: number;
}

/** The kinds of the nodes, the most frequent first. */
export function countKinds({ nodes }: Pick<Graph, 'nodes'>): readonly Counted[] {
  return countAll(nodes.map(kindOf));
}

/** The types of the edges, the most frequent first. */
export function countRelations({ edges }: Pick<Graph, 'edges'>): readonly Counted[] {
  return countAll(edges.map((edge) => edge.type));
}

function countAll(values: readonly string[]): readonly Counted[] {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts]
    .map(([value, count]) => ({ value, count }))
    .toSorted((a, b) => b.count - a.count || compare(a.value, b.value));
}
