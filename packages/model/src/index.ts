/** The door of the model: entities, references, kinds, relations, diagnostics. */
export { isObject, parseJson } from './json.ts';
export { formatDiagnostic, hasErrors, type Diagnostic, type Severity } from './diagnostic.ts';
export {
  DEFAULT_NAMESPACE,
  type Entity,
  type EntityEnvelope,
  type EntityLink,
  type EntityMeta,
  type EntityRelation,
  type EntityStatus,
  type EntityStatusItem,
  type JsonObject,
  type JsonPrimitive,
  type JsonValue,
} from './entity.ts';
export { parseRef, refOf, stringifyRef, type EntityRef, type RefDefaults } from './ref.ts';
export { didYouMean } from './near-name.ts';
export { childPath, itemPath, pathSegments } from './path.ts';
export { PROBLEM_CODES, toDiagnostic, type Problem, type ProblemCode } from './problem.ts';
export { ModelError, type ModelErrorCode } from './error.ts';
export {
  FIELD_RULES,
  isApiVersion,
  isDnsLabel,
  isDnsSubdomain,
  isEntityName,
  isKindName,
  isLabelValue,
  isNonBlank,
  isPrefixedName,
  isTag,
  isUrl,
  type FieldRule,
  type FieldRules,
} from './fields.ts';
export { checkEnvelope, type EnvelopeResult } from './envelope.ts';
export { findPlaceholders, replacePlaceholders, type Placeholder } from './substitution.ts';
export {
  anyObject,
  anyText,
  text,
  texts,
  type EitherShape,
  type ListShape,
  type ObjectShape,
  type Shape,
  type TextShape,
} from './shape.ts';
export {
  defineKind,
  type KindDefinition,
  type KindVariant,
  type RelationField,
  type SpecRules,
} from './kind.ts';
export { BUILTIN_KINDS } from './kinds/builtin.ts';
export { createModel, type EntityResult, type Model } from './model.ts';
export type { EmittedRelation } from './relate.ts';
export { RELATION, RELATION_PAIRS, type RelationPair } from './relations.ts';
export { createRelationEdges, type RelationEdge } from './edge.ts';
export { ANNOTATION, CLUSTER_ANNOTATION } from './annotations.ts';
export {
  isScriptUrl,
  locationEntityName,
  parseLocationRef,
  stringifyLocationRef,
  type LocationRef,
} from './location.ts';
export { caseConflicts, searchTerms, type Term } from './terms.ts';
