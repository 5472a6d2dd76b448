/**
 * What is around an entity: a walk along relations, breadth first, in the index. The two relations of a pair are one
 * edge, and an edge is found from either end, whichever of its entities emitted it.
 */
import { DEFAULT_NAMESPACE, isObject, parseRef, type RelationEdge } from '@callboard/model';
import type { EntityIndex } from '../index/entity-index.ts';
import type { Direction, NeighbourhoodRequest } from './neighbourhood-parameters.ts';

export interface Neighbourhood {
  /** As they were asked for. */
  readonly roots: readonly string[];
  /** By depth, then by reference. */
  readonly nodes: readonly GraphNode[];
  /** Every edge between two of the nodes that is of a type which was followed; by both ends and type. */
  readonly edges: readonly GraphEdge[];
  /** There are more nodes than the limit allows. */
  readonly truncated: boolean;
  /** How many nodes were found; when truncated, there may be more still. */
  readonly total: number;
}

export interface GraphNode {
  readonly ref: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  /** The name for people: `metadata.title`, or the display name of a user or a group. */
  readonly title: string | null;
  /** `spec.type`. */
  readonly type: string | null;
  /** How many edges it is away from the nearest root. */
  readonly depth: number;
  /** False for what relations name, but the catalog does not have; nothing is followed from there. */
  readonly exists: boolean;
  /** The first 200 characters. */
  readonly description: string | null;
}

export interface GraphEdge {
  readonly from: string;
  readonly to: string;
  readonly type: string;
}

const MAX_DESCRIPTION = 200;
/** More types of relations than there will be. */
const MANY_TYPES = 2 ** 20;
/** What cutting a text may leave of a character beyond U+FFFF. */
const HALF_CHARACTER = /[\uD800-\uDBFF]$/;

/** Roots have to exist. They are nodes whatever the limit and the kinds are. */
export function neighbourhood(
  index: EntityIndex,
  asked: NeighbourhoodRequest,
  edgeOf: (relationType: string) => RelationEdge,
): Neighbourhood {
  const toEdge = createEdgeMaker(edgeOf, asked.relations);
  const { found, total } = walk(index, asked, toEdge);
  return {
    roots: asked.roots,
    nodes: [...found].map(([ref, depth]) => toNode(index, ref, depth)),
    edges: edgesAmong(index, found, toEdge),
    truncated: total > found.size,
    total,
  };
}

/** References with their depth, by depth and then by reference. */
type Found = ReadonlyMap<string, number>;

function walk(
  index: EntityIndex,
  { roots, depth, direction, kinds, limit }: NeighbourhoodRequest,
  toEdge: EdgeMaker,
): { found: Found; total: number } {
  const wanted = new Set(kinds);
  let level = roots.toSorted();
  const found = new Map(level.map((ref) => [ref, 0]));
  for (let at = 1; at <= depth && level.length > 0; at++) {
    const next = new Set<string>();
    const isNew = (ref: string): boolean =>
      !found.has(ref) && !next.has(ref) && (wanted.size === 0 || wanted.has(kindOf(ref)));
    for (const ref of level) {
      const ordinal = index.ordinalOf(ref);
      // Nothing is followed from what is not there.
      if (ordinal === undefined) continue;
      for (const { type, targetRef } of index.relationsOf(ordinal)) {
        if (isNew(targetRef) && leads(toEdge(type, ref, targetRef), ref, direction)) next.add(targetRef);
      }
      // Nearly all of these were just seen from this end.
      for (const { type, sourceRef } of index.relationsTo(ref, isNew)) {
        if (leads(toEdge(type, sourceRef, ref), ref, direction)) next.add(sourceRef);
      }
    }
    const total = found.size + next.size;
    level = [...next].toSorted().slice(0, Math.max(0, limit - found.size));
    for (const ref of level) found.set(ref, at);
    if (found.size < total) return { found, total };
  }
  return { found, total: found.size };
}

/** Whether somebody at one end of an edge may follow it in this direction. */
function leads(edge: GraphEdge | null, ref: string, direction: Direction): boolean {
  if (edge === null) return false;
  return (edge.from === ref && direction !== 'in') || (edge.to === ref && direction !== 'out');
}

/**
 * All edges between what was found, by both ends and type. Every relation is one of its source, so they are found
 * there, most of them from both ends.
 */
function edgesAmong(index: EntityIndex, found: Found, toEdge: EdgeMaker): GraphEdge[] {
  const ranks = new Map([...found.keys()].toSorted().map((ref, rank) => [ref, rank]));
  // Numbers in place of three texts: there may be many edges. Types are few, and refs at most some thousands.
  const types = new Map<string, number>();
  const edges = new Map<number, GraphEdge>();
  const add = (edge: GraphEdge): void => {
    const { from, to, type } = edge;
    const typeRank = types.get(type) ?? types.size;
    types.set(type, typeRank);
    edges.set(((ranks.get(from) ?? 0) * ranks.size + (ranks.get(to) ?? 0)) * MANY_TYPES + typeRank, edge);
  };
  for (const ref of found.keys()) {
    const ordinal = index.ordinalOf(ref);
    if (ordinal === undefined) continue;
    for (const { type, targetRef } of index.relationsOf(ordinal)) {
      const edge = found.has(targetRef) ? toEdge(type, ref, targetRef) : null;
      if (edge !== null) add(edge);
    }
  }
  const ends = (key: number): number => Math.floor(key / MANY_TYPES);
  return [...edges]
    .toSorted(([a, left], [b, right]) => ends(a) - ends(b) || (left.type < right.type ? -1 : 1))
    .map(([, edge]) => edge);
}

/** The edge that a relation is; null when its type is not among those that are followed. */
type EdgeMaker = (relationType: string, source: string, target: string) => GraphEdge | null;

function createEdgeMaker(
  edgeOf: (relationType: string) => RelationEdge,
  relations: readonly string[],
): EdgeMaker {
  const followed = new Set(relations);
  const byType = new Map<string, RelationEdge | null>();
  const wantedEdge = (relationType: string): RelationEdge | null => {
    const edge = edgeOf(relationType);
    const names = [edge.type, edge.reverse ?? edge.type].map((name) => name.toLowerCase());
    return followed.size === 0 || names.some((name) => followed.has(name)) ? edge : null;
  };
  return (relationType, source, target) => {
    let edge = byType.get(relationType);
    if (edge === undefined) byType.set(relationType, (edge = wantedEdge(relationType)));
    if (edge === null) return null;
    const { type, isReversed } = edge;
    return isReversed ? { from: target, to: source, type } : { from: source, to: target, type };
  };
}

function toNode(index: EntityIndex, ref: string, depth: number): GraphNode {
  const ordinal = index.ordinalOf(ref);
  if (ordinal === undefined) return missingNode(ref, depth);
  const { kind, metadata, spec } = index.contentOf(ordinal);
  const { namespace = DEFAULT_NAMESPACE, name, title, description } = metadata;
  const { type, profile } = isObject(spec) ? spec : {};
  const displayName = isObject(profile) ? profile['displayName'] : undefined;
  return {
    ref,
    kind,
    namespace,
    name,
    title: textOrNull(title) ?? textOrNull(displayName),
    type: textOrNull(type),
    depth,
    exists: true,
    description: textOrNull(description)?.slice(0, MAX_DESCRIPTION).replace(HALF_CHARACTER, '') ?? null,
  };
}

function missingNode(ref: string, depth: number): GraphNode {
  const { kind, namespace, name } = parseRef(ref) ?? { kind: '', namespace: '', name: ref };
  return { ref, kind, namespace, name, title: null, type: null, depth, exists: false, description: null };
}

function textOrNull(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

function kindOf(ref: string): string {
  return ref.slice(0, ref.indexOf(':')).toLowerCase();
}
