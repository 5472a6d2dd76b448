/** What several of the built-in kinds have in common. */
import type { RelationField } from '../kind.ts';
import { RELATION_PAIRS } from '../relations.ts';

/** The versions of all built-in kinds except Template and AiResource. */
export const CORE_API_VERSIONS = ['backstage.io/v1alpha1', 'backstage.io/v1beta1'] as const;

export const owner: RelationField = {
  path: 'spec.owner',
  pair: RELATION_PAIRS.ownedBy,
  defaultKind: 'Group',
};

export const system: RelationField = {
  path: 'spec.system',
  pair: RELATION_PAIRS.partOf,
  defaultKind: 'System',
};

/** No default kind: these may name anything, so each reference must say what it names. */
export const dependsOn: RelationField = { path: 'spec.dependsOn', pair: RELATION_PAIRS.dependsOn };
export const dependencyOf: RelationField = { path: 'spec.dependencyOf', pair: RELATION_PAIRS.dependencyOf };
