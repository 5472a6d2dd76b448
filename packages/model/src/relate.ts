/** From the relation fields of a kind to checked references and to relations in both directions. */
import type { Entity } from './entity.ts';
import type { RelationField } from './kind.ts';
import { pathSegments, itemPath } from './path.ts';
import { valueAt } from './place.ts';
import { quote, typeOf, type Problem } from './problem.ts';
import { namespaceOr, parseRef, refOf, stringifyRef, type EntityRef } from './ref.ts';

/** One direction of a relation. Both references are full and lower-case. */
export interface EmittedRelation {
  readonly sourceRef: string;
  readonly type: string;
  readonly targetRef: string;
}

/** The relation fields of a kind, ready for use on its entities. */
export interface CompiledRelations {
  /** The keys that lead to each field, for sorting what is in it. */
  readonly places: readonly (readonly string[])[];
  /** A problem for each reference that cannot be read. Expects an entity whose spec has the right shape. */
  check(entity: Record<string, unknown>): Problem[];
  /** Both directions of every relation, in the order of the fields. Unreadable references are passed over. */
  emit(entity: Entity): EmittedRelation[];
}

interface CompiledField extends RelationField {
  readonly keys: readonly string[];
  /** Lower-case; null when every kind is allowed. */
  readonly allowed: readonly string[] | null;
}

export function compileRelations(fields: readonly RelationField[]): CompiledRelations {
  const compiled: readonly CompiledField[] = fields.map((field) => ({
    ...field,
    keys: (pathSegments(field.path) ?? []).map(String),
    allowed: field.allowedKinds?.map((kind) => kind.toLowerCase()) ?? null,
  }));

  function check(entity: Record<string, unknown>): Problem[] {
    const problems: Problem[] = [];
    for (const field of compiled) {
      const value = valueAt(entity, field.keys);
      if (Array.isArray(value)) {
        for (let index = 0; index < value.length; index += 1) {
          const item: unknown = value[index];
          if (!isRef(field, item)) problems.push(badRef(field, { value: item, index }));
        }
      } else if (!isNothing(value) && !isRef(field, value)) problems.push(badRef(field, { value }));
    }
    return problems;
  }

  function emit(entity: Entity): EmittedRelation[] {
    const relations: EmittedRelation[] = [];
    const selfRef = refOf(entity);
    const namespace = namespaceOr(entity.metadata.namespace);
    for (const field of compiled) {
      const value = valueAt(entity, field.keys);
      if (typeof value === 'string') emitOne(field, value);
      else if (Array.isArray(value))
        for (const item of value) if (typeof item === 'string') emitOne(field, item);
    }
    return relations;

    function emitOne(field: CompiledField, text: string): void {
      const target = readRef(field, text, namespace);
      if (target === null || !isAllowed(field, target)) return;
      const targetRef = stringifyRef(target);
      relations.push({ sourceRef: selfRef, type: field.pair.type, targetRef });
      relations.push({ sourceRef: targetRef, type: field.pair.reverse, targetRef: selfRef });
    }
  }

  return { places: compiled.map((field) => field.keys), check, emit };
}

function readRef(field: RelationField, text: string, namespace: string): EntityRef | null {
  const { defaultKind } = field;
  return parseRef(text, defaultKind === undefined ? { namespace } : { kind: defaultKind, namespace });
}

function isAllowed(field: CompiledField, ref: EntityRef): boolean {
  return field.allowed === null || field.allowed.includes(ref.kind.toLowerCase());
}

function isRef(field: RelationField, value: unknown): boolean {
  // Any namespace will do here: none can make a reference unreadable.
  return typeof value === 'string' && readRef(field, value, '') !== null;
}

/** An empty value means no reference in a field that has no shape, as in Backstage. */
function isNothing(value: unknown): boolean {
  return value === undefined || value === null || value === '' || value === false || value === 0;
}

function badRef(field: RelationField, found: { value: unknown; index?: number }): Problem {
  const { value, index } = found;
  const path = index === undefined ? field.path : itemPath(field.path, index);
  const code = 'model/invalid-ref';
  if (typeof value !== 'string') {
    const message = `${path} must be a reference to an entity, but is ${typeOf(value)}.`;
    return { path, code, message, hint: 'Write it as a text: kind:namespace/name.' };
  }
  const isKindNeeded = field.defaultKind === undefined;
  if (isKindNeeded && parseRef(value, { kind: 'any' }) !== null) {
    const message = `${path} does not say which kind of entity ${quote(value)} is.`;
    const hint = `Write the kind before it: ${quote(`component:${value}`)} or ${quote(`resource:${value}`)}.`;
    return { path, code, message, hint };
  }
  const form = isKindNeeded ? 'kind:[namespace/]name' : '[kind:][namespace/]name';
  const message = `${path} is not a reference to an entity: ${quote(value)}.`;
  return { path, code, message, hint: `Write it as ${form}, with no part empty.` };
}
