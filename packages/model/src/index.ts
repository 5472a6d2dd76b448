/** The door of the model: entities, references, kinds, relations, diagnostics. */
export { formatDiagnostic, hasErrors, type Diagnostic, type Severity } from './diagnostic.ts';
export {
  DEFAULT_NAMESPACE,
  type Entity,
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
