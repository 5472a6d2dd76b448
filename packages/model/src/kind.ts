/**
 * A kind of entity, declared as data: which fields its spec has and which of them relate it to others.
 * The built-in kinds and those of plugins use this one interface.
 */
import { ModelError } from './error.ts';
import { isApiVersion, isKindName } from './fields.ts';
import { pathSegments } from './path.ts';
import type { RelationPair } from './relations.ts';
import type { ObjectShape } from './shape.ts';

/** A field that refers to other entities, by one reference or a list of them. */
export interface RelationField {
  /** Where it is: `spec.owner`. Always below `spec`. */
  readonly path: string;
  /** What it makes of the entity that holds it, and of the one that it names. */
  readonly pair: RelationPair;
  /** The kind of references that name none. Without it, every reference must name its kind. */
  readonly defaultKind?: string;
  /** References to other kinds are passed over. Default: any kind. */
  readonly allowedKinds?: readonly string[];
}

/** The rules for a spec. */
export interface SpecRules {
  /** Fields that are not named here are allowed, and may hold anything. */
  readonly spec: Pick<ObjectShape, 'required' | 'optional'>;
  /** Relations are emitted in this order. */
  readonly relations: readonly RelationField[];
}

/** Rules that hold in place of the kind's own when `spec.type` is the given one. */
export interface KindVariant extends SpecRules {
  readonly type: string;
  /** The variant does not hold for an entity that has this field in its spec. */
  readonly unless?: string;
}

export interface KindDefinition extends SpecRules {
  readonly kind: string;
  /** The values of `apiVersion` under which the kind is known; at least one. */
  readonly apiVersions: readonly string[];
  /** One sentence for people. */
  readonly description: string;
  readonly variants?: readonly KindVariant[];
}

/**
 * Declares a kind. Returns the definition as it was given.
 * @throws ModelError `model/bad-kind` when no entity could ever be of this kind, or a relation cannot be read.
 */
export function defineKind(definition: KindDefinition): KindDefinition {
  const { kind, apiVersions, variants = [] } = definition;
  if (!isKindName(kind)) throw badKind(kind, 'the kind must be a letter followed by letters and digits');
  if (apiVersions.length === 0) throw badKind(kind, 'it has no apiVersion');
  for (const apiVersion of apiVersions) {
    if (!isApiVersion(apiVersion)) throw badKind(kind, `the apiVersion ${apiVersion} is not valid`);
  }
  for (const { path } of [definition, ...variants].flatMap((rules) => rules.relations)) {
    const segments = pathSegments(path) ?? [];
    const isBelowSpec = segments[0] === 'spec' && segments.length > 1;
    if (!isBelowSpec || segments.some((segment) => typeof segment === 'number')) {
      throw badKind(kind, `the relation field ${path} is not a path below spec`);
    }
  }
  const types = new Set(variants.map((variant) => variant.type));
  if (types.size !== variants.length) throw badKind(kind, 'two variants have the same spec.type');
  return definition;
}

function badKind(kind: string, reason: string): ModelError {
  return new ModelError('model/bad-kind', `The definition of kind ${kind} cannot be used: ${reason}.`);
}
