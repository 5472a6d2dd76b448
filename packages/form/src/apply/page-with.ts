/** The schema of a page as it is now: without what rules hide, and with what they require. */
import { isObject, type JsonObject, type JsonValue } from '@callboard/model';
import type { FieldId, FieldState, Resolution } from '../graph.ts';
import { isDeepEqual } from '../resolve/deep-equal.ts';
import { idOf, isJson, isJsonObject, isList, keysOf, valueAt } from '../resolve/pointer.ts';
import { resolveRef } from '../schema/prepare-schema.ts';

export interface PageWithOptions {
  /**
   * `check`: each item of a list has the schema that it has now. `show`: all items of a list have one schema, without what is
   * hidden in all of them and requiring what is required in all of them. Default: `show`.
   */
  readonly purpose?: 'show' | 'check';
}

/** What is made of one field. */
interface Edit {
  readonly isHidden: boolean;
  /** Null: as the schema says. */
  readonly isRequired: boolean | null;
}

type Edits = ReadonlyMap<FieldId, Edit>;

interface Walk {
  readonly edits: Edits;
  readonly root: JsonObject;
  /** The values in which lists have their items; null: all items have one schema. */
  readonly values: JsonObject | null;
}

/** Deeper schemas are left as they are. */
const DEEPEST = 64;
/** Versions of a page that are kept, so that one that comes back is the same object. */
const KEPT = 16;

const made = new WeakMap<JsonObject, Map<string, JsonObject>>();

/** The same object for as long as nothing of it changes; the page itself when no rule changes it. Defaults of fields with
 * rules are taken out: they are suggestions, which the resolution knows. */
export function pageWith(
  page: JsonObject,
  resolution: Resolution,
  { purpose = 'show' }: PageWithOptions = {},
): JsonObject {
  if (resolution.fields.size === 0) return page;
  const edits = purpose === 'check' ? editsByPlace(resolution) : editsByField(resolution);
  const key = JSON.stringify([purpose, [...edits], purpose === 'check' ? lengthsOf(resolution) : null]);
  const versions = made.get(page) ?? new Map<string, JsonObject>();
  made.set(page, versions);
  const known = versions.get(key);
  if (known !== undefined) return known;
  const walk: Walk = { edits, root: page, values: purpose === 'check' ? resolution.values : null };
  const changed = editSchema(page, { id: '', isBranch: false, refs: [] }, walk);
  // Edits of other pages change nothing here.
  const version = [...versions.values()].find((other) => isDeepEqual(other, changed)) ?? changed;
  versions.set(key, version);
  const [oldest] = versions.keys();
  if (versions.size > KEPT && oldest !== undefined) versions.delete(oldest);
  return version;
}

function editsByPlace({ fields }: Resolution): Edits {
  return new Map(fields.entries().map(([id, state]) => [id, toEdit(state)]));
}

/** Of several items of a list: what is true of all of them. */
function editsByField({ fields }: Resolution): Edits {
  const edits = new Map<FieldId, Edit>();
  for (const state of fields.values()) {
    const { id } = state.field;
    const edit = toEdit(state);
    const other = edits.get(id) ?? edit;
    const isRequired = edit.isRequired === null ? null : edit.isRequired && other.isRequired === true;
    edits.set(id, { isHidden: edit.isHidden && other.isHidden, isRequired });
  }
  return edits;
}

function toEdit({ isPresent, isVisible, isRequired, field }: FieldState): Edit {
  const hasRule = isPresent && field.rules !== null && field.rules.required !== null;
  return { isHidden: isPresent && !isVisible, isRequired: hasRule ? isRequired : null };
}

function lengthsOf({ fields, values }: Resolution): readonly (readonly [FieldId, number])[] {
  const lists = new Set<FieldId>();
  for (const { id, field } of fields.values()) {
    const keys = keysOf(id);
    for (const [index, key] of keysOf(field.id).entries())
      if (key === '*') lists.add(idOf(keys.slice(0, index)));
  }
  return [...lists].map((id) => {
    const list = valueAt(values, keysOf(id));
    return [id, isList(list) ? list.length : 0];
  });
}

interface Spot {
  readonly id: FieldId;
  /** In a branch, a property with nothing but a value to compare says when the branch holds. */
  readonly isBranch: boolean;
  /** References that lead here. */
  readonly refs: readonly string[];
}

const BRANCHES = ['allOf', 'anyOf', 'oneOf', 'then', 'else'];

function editSchema(schema: JsonObject, spot: Spot, walk: Walk): JsonObject {
  if (spot.refs.length > DEEPEST || spot.id.length > 4096) return schema;
  const ref = schema['$ref'];
  if (typeof ref === 'string') return editReference(schema, ref, spot, walk);
  const changes = new Map<string, JsonValue | undefined>();
  const properties = schema['properties'];
  if (isJsonObject(properties)) {
    const edited = editProperties(properties, spot, walk);
    if (edited !== properties) changes.set('properties', edited);
    const required = editRequired(schema, properties, spot, walk);
    if (!isDeepEqual(required, schema['required'])) changes.set('required', required);
  } else if (isList(schema['required'])) {
    changes.set(
      'required',
      schema['required'].filter(isJson).filter((name) => !isHidden(name, spot, walk)),
    );
  }
  const order = schema['ui:order'];
  if (isList(order))
    changes.set(
      'ui:order',
      order.filter(isJson).filter((name) => !isHidden(name, spot, walk)),
    );
  if (isJson(schema['items'])) editItems(schema, schema['items'], changes, spot, walk);
  const branch: Spot = { ...spot, isBranch: true };
  for (const key of BRANCHES) {
    const part = schema[key];
    if (isJsonObject(part)) changes.set(key, editSchema(part, branch, walk));
    else if (isList(part))
      changes.set(
        key,
        part.filter(isJson).map((one) => editPart(one, branch, walk)),
      );
  }
  for (const key of ['dependencies', 'dependentSchemas', 'dependentRequired']) {
    const parts = schema[key];
    if (!isJsonObject(parts)) continue;
    const entries = Object.entries(parts).map(
      ([name, part]) => [name, editDependency(part, branch, walk)] as const,
    );
    changes.set(key, Object.fromEntries(entries));
  }
  return withChanges(schema, changes);
}

function withChanges(schema: JsonObject, changes: ReadonlyMap<string, JsonValue | undefined>): JsonObject {
  const real = [...changes].filter(([key, value]) => !isDeepEqual(value, schema[key]));
  if (real.length === 0) return schema;
  const changed = new Map<string, JsonValue | undefined>([...Object.entries(schema), ...real]);
  return Object.fromEntries([...changed].filter(([, value]) => value !== undefined));
}

/** What a reference leads to stays shared, unless it has to be another here. */
function editReference(schema: JsonObject, ref: string, spot: Spot, walk: Walk): JsonObject {
  if (spot.refs.includes(ref)) return schema;
  const target = resolveRef(ref, walk.root);
  if (!isJsonObject(target)) return schema;
  const edited = editSchema(target, { ...spot, refs: [...spot.refs, ref] }, walk);
  if (edited === target) return schema;
  const { $ref: _, ...beside } = schema;
  return { ...edited, ...beside };
}

function editPart(part: JsonValue, spot: Spot, walk: Walk): JsonValue {
  return isJsonObject(part) ? editSchema(part, spot, walk) : part;
}

function editDependency(part: JsonValue | undefined, spot: Spot, walk: Walk): JsonValue | undefined {
  if (isList(part)) return part.filter(isJson).filter((name) => !isHidden(name, spot, walk));
  return part === undefined ? part : editPart(part, spot, walk);
}

function isHidden(name: JsonValue, { id }: Spot, { edits }: Walk): boolean {
  return typeof name === 'string' && edits.get(`${id}${idOf([name])}`)?.isHidden === true;
}

function editProperties(properties: JsonObject, spot: Spot, walk: Walk): JsonObject {
  const entries: [string, JsonValue | undefined][] = [];
  for (const [name, property] of Object.entries(properties)) {
    if (property === undefined || (spot.isBranch && isComparison(property))) {
      entries.push([name, property]);
      continue;
    }
    if (isHidden(name, spot, walk)) continue;
    const id = `${spot.id}${idOf([name])}`;
    entries.push([name, editProperty(property, { ...spot, id, isBranch: false }, walk)]);
  }
  const edited = Object.fromEntries(entries);
  return isDeepEqual(edited, properties) ? properties : edited;
}

function editProperty(property: JsonValue, spot: Spot, walk: Walk): JsonValue {
  if (!isJsonObject(property)) return property;
  const edited = editSchema(property, spot, walk);
  if (!walk.edits.has(spot.id) || edited['default'] === undefined) return edited;
  const { default: _, ...rest } = edited;
  return rest;
}

function isComparison(property: JsonValue): boolean {
  return (
    isObject(property) && Object.keys(property).every((key) => ['const', 'enum', 'not', 'type'].includes(key))
  );
}

function editRequired(
  schema: JsonObject,
  properties: JsonObject,
  spot: Spot,
  walk: Walk,
): readonly JsonValue[] | undefined {
  const written = isList(schema['required']) ? schema['required'].filter(isJson) : [];
  const names = new Set(written.filter((name) => !isHidden(name, spot, walk)));
  for (const [name, property] of Object.entries(properties)) {
    const edit = walk.edits.get(`${spot.id}${idOf([name])}`);
    if (edit === undefined || edit.isHidden || edit.isRequired === null) continue;
    if (property === undefined || (spot.isBranch && isComparison(property))) continue;
    if (edit.isRequired) names.add(name);
    else names.delete(name);
  }
  return names.size === 0 && schema['required'] === undefined ? undefined : [...names];
}

function editItems(
  schema: JsonObject,
  items: JsonValue,
  changes: Map<string, JsonValue | undefined>,
  spot: Spot,
  walk: Walk,
): void {
  const at = (index: number | string): Spot => ({ ...spot, id: `${spot.id}/${index}`, isBranch: false });
  if (!isJsonObject(items)) return;
  if (walk.values === null) {
    changes.set('items', editSchema(items, at('*'), walk));
    return;
  }
  const list = valueAt(walk.values, keysOf(spot.id));
  if (!isList(list)) return;
  const each = list.map((_, index) => editSchema(items, at(index), walk));
  if (each.every((one) => one === items)) return;
  changes.set('items', each);
  changes.set('additionalItems', items);
}
