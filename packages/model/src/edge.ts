/**
 * Relations as edges of a graph. The two relations of a pair say the same thing from either end, so they are one edge:
 * from the entity that names the other to the one that it names.
 */
import type { KindDefinition } from './kind.ts';
import { RELATION_PAIRS, type RelationPair } from './relations.ts';

/** What a relation type is as an edge. */
export interface RelationEdge {
  /** The type of the edge: that of the relation which leads from its beginning to its end. */
  readonly type: string;
  /** The type of the relation that answers it; null when no such pair is known. */
  readonly reverse: string | null;
  /** The relation is the answer: the edge leads from its target to its source. */
  readonly isReversed: boolean;
}

/** Of each well-known pair, the relation of the entity that names the other in its spec. */
const FORWARD_PAIRS: readonly RelationPair[] = [
  RELATION_PAIRS.ownedBy,
  RELATION_PAIRS.consumesApi,
  RELATION_PAIRS.providesApi,
  RELATION_PAIRS.dependsOn,
  RELATION_PAIRS.childOf,
  RELATION_PAIRS.memberOf,
  RELATION_PAIRS.partOf,
];

/**
 * Returns what tells of any relation type which edge it is. Knows the well-known pairs, and those of `kinds`, whose
 * `pair.type` is the forward one; the first that has a name keeps it. A type of no pair is an edge of its own.
 */
export function createRelationEdges(
  kinds: readonly Pick<KindDefinition, 'relations' | 'variants'>[] = [],
): (relationType: string) => RelationEdge {
  const edges = new Map<string, RelationEdge>();
  const fields = kinds.flatMap(({ relations, variants = [] }) => [
    ...relations,
    ...variants.flatMap((variant) => variant.relations),
  ]);
  for (const { type, reverse } of [...FORWARD_PAIRS, ...fields.map((field) => field.pair)]) {
    if (type === reverse || edges.has(type) || edges.has(reverse)) continue;
    edges.set(type, { type, reverse, isReversed: false });
    edges.set(reverse, { type, reverse, isReversed: true });
  }
  return (type) => edges.get(type) ?? { type, reverse: null, isReversed: false };
}
