/**
 * A page of a form as plain JSON Schema: only the keywords that decide about values, each with a value that it can have,
 * so that neither the words of rjsf and Backstage nor mistakes of authors reach the validator. Draft 7, with what forms
 * of older drafts still use: `required: true` at a property, `exclusiveMaximum: true`.
 */
import { CodedError } from '@callboard/kernel';
import { isObject, type JsonObject, type JsonValue } from '@callboard/model';

/** A field whose value is a secret (`ui:field: Secret`). */
export interface SecretField {
  /** Keys from the root of the values; `*` stands for each item of a list. */
  readonly path: readonly string[];
  /** What the secret itself has to satisfy. */
  readonly schema: JsonValue;
}

export interface PlainPage {
  readonly schema: JsonValue;
  readonly secrets: readonly SecretField[];
  /** Of password inputs (`ui:widget: password`): keys from the root of the values; `*` stands for each item of a list. */
  readonly passwords: readonly (readonly string[])[];
  /** Every property that the page has at its root, in any branch. */
  readonly names: ReadonlySet<string>;
  /** The page is shown only to who has this flag. */
  readonly isFlagged: boolean;
}

interface Walk {
  readonly secrets: SecretField[];
  readonly passwords: (readonly string[])[];
  readonly names: Set<string>;
  left: number;
}

interface Spot {
  readonly path: readonly string[];
  readonly depth: number;
}

const MAX_SCHEMAS = 20_000;
const MAX_DEPTH = 64;

const TYPES: readonly unknown[] = ['array', 'boolean', 'integer', 'null', 'number', 'object', 'string'];
const COUNTS = ['minLength', 'maxLength', 'minItems', 'maxItems', 'minProperties', 'maxProperties'];
const NUMBERS = ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum'];
const TEXTS = ['pattern', 'format'];
/** Keywords that hold a schema for the same value. */
const SAME = ['if', 'then', 'else', 'not'];
const SAME_LISTS = ['allOf', 'anyOf', 'oneOf'];
/** Keywords that hold a schema for each part of a value. */
const PARTS = ['additionalItems', 'contains', 'additionalProperties'];
const DEFINITIONS = ['definitions', '$defs'];

/** @throws CodedError `scaffolder/form-unusable` for a page that is too large, or nested too deeply */
export function toPlainPage(page: JsonObject): PlainPage {
  const walk: Walk = { secrets: [], passwords: [], names: new Set(), left: MAX_SCHEMAS };
  const schema = plain(page, { path: [], depth: 0 }, walk);
  const { secrets, passwords, names } = walk;
  return { schema, secrets, passwords, names, isFlagged: flagOf(page) !== null };
}

/** The feature flag that a page or a property is shown for; null: it is always shown. */
function flagOf(schema: unknown): string | null {
  if (!isObject(schema)) return null;
  const nested = schema['ui:backstage'];
  const flag =
    schema['backstage:featureFlag'] ??
    schema['ui:backstage.featureFlag'] ??
    (isObject(nested) ? nested['featureFlag'] : undefined);
  return typeof flag === 'string' && flag !== '' ? flag : null;
}

function plain(schema: unknown, { path, depth }: Spot, walk: Walk): JsonValue {
  if (!isObject(schema)) return schema !== false;
  walk.left -= 1;
  if (walk.left < 0) throw tooLarge(`it has more than ${MAX_SCHEMAS} schemas`);
  if (depth > MAX_DEPTH) throw tooLarge(`it is nested deeper than ${MAX_DEPTH} levels`);
  if (isPassword(schema)) walk.passwords.push(path);
  const same = { path, depth: depth + 1 };
  const each = { path: [...path, '*'], depth: depth + 1 };
  const under = (key: string): Spot => ({ path: [...path, key], depth: depth + 1 });

  const out = simpleKeywords(schema);
  for (const key of SAME) if (isSchema(schema[key])) out[key] = plain(schema[key], same, walk);
  for (const key of PARTS) if (isSchema(schema[key])) out[key] = plain(schema[key], each, walk);
  for (const key of SAME_LISTS) {
    const list = schema[key];
    if (Array.isArray(list) && list.length > 0) out[key] = list.map((item) => plain(item, same, walk));
  }
  for (const key of DEFINITIONS) {
    // Where they are used is not known here, so what they say of secrets is not followed.
    const apart: Walk = { ...walk, secrets: [], passwords: [], names: new Set() };
    if (isObject(schema[key])) out[key] = mapped(schema[key], (_name, item) => plain(item, same, apart));
    walk.left = apart.left;
  }
  const { items, propertyNames, patternProperties, dependencies } = schema;
  if (Array.isArray(items)) out['items'] = items.map((item) => plain(item, each, walk));
  else if (isSchema(items)) out['items'] = plain(items, each, walk);
  if (isSchema(propertyNames)) {
    out['propertyNames'] = plain(propertyNames, { path: ['*', '*'], depth: depth + 1 }, walk);
  }
  if (isObject(patternProperties)) {
    out['patternProperties'] = mapped(patternProperties, (_name, item) => plain(item, each, walk));
  }
  if (isObject(dependencies)) {
    out['dependencies'] = mapped(dependencies, (_name, item) =>
      dependency(item, (found) => plain(found, same, walk)),
    );
  }
  return withProperties(out, schema, { at: under, walk });
}

/** Properties, and which of them are required. */
function withProperties(
  out: Record<string, JsonValue>,
  schema: Readonly<Record<string, unknown>>,
  { at, walk }: { readonly at: (key: string) => Spot; readonly walk: Walk },
): JsonObject {
  const properties = isObject(schema['properties']) ? schema['properties'] : {};
  const required = new Set(textsIn(schema['required']));
  out['properties'] = mapped(properties, (name, property) => {
    const spot = at(name);
    if (spot.path.length === 1) walk.names.add(name);
    if (isObject(property) && property['required'] === true) required.add(name);
    // Who has not the flag is not asked for it.
    if (flagOf(property) !== null) required.delete(name);
    if (!isSecret(property)) return plain(property, spot, walk);
    walk.secrets.push({ path: spot.path, schema: plain(property, spot, walk) });
    return true;
  });
  if (required.size > 0) out['required'] = [...required];
  return out;
}

function isSecret(property: unknown): boolean {
  if (!isObject(property)) return false;
  const options = property['ui:options'];
  return property['ui:field'] === 'Secret' || (isObject(options) && options['field'] === 'Secret');
}

function isPassword(schema: Readonly<Record<string, unknown>>): boolean {
  const options = schema['ui:options'];
  return schema['ui:widget'] === 'password' || (isObject(options) && options['widget'] === 'password');
}

function simpleKeywords(schema: Readonly<Record<string, unknown>>): Record<string, JsonValue> {
  const out: Record<string, JsonValue> = {};
  const types = [schema['type']].flat().filter((type) => TYPES.includes(type));
  if (schema['nullable'] === true && types.length > 0) types.push('null');
  // A type that nobody knows says nothing.
  const isWhole = types.length >= [schema['type']].flat().length;
  if (types.length > 0 && isWhole) out['type'] = [...new Set(types.map(String))];
  for (const key of COUNTS) {
    const count = schema[key];
    if (typeof count === 'number' && Number.isInteger(count) && count >= 0) out[key] = count;
  }
  for (const key of NUMBERS) {
    const limit = schema[key];
    if (typeof limit === 'number') out[key] = limit;
  }
  for (const key of TEXTS) {
    const text = schema[key];
    if (typeof text === 'string') out[key] = text;
  }
  const { multipleOf, uniqueItems, $ref } = schema;
  if (typeof multipleOf === 'number' && multipleOf > 0) out['multipleOf'] = multipleOf;
  if (uniqueItems === true) out['uniqueItems'] = true;
  if (typeof $ref === 'string') out['$ref'] = $ref;
  if (Array.isArray(schema['enum'])) Object.assign(out, choice(schema['enum']));
  if (Object.hasOwn(schema, 'const')) out['const'] = json(schema['const']);
  if (schema['exclusiveMinimum'] === true) exclude(out, { from: 'minimum', to: 'exclusiveMinimum' });
  if (schema['exclusiveMaximum'] === true) exclude(out, { from: 'maximum', to: 'exclusiveMaximum' });
  return out;
}

function choice(values: readonly unknown[]): JsonObject {
  return values.length === 0 ? { not: {} } : { enum: values.map(json) };
}

function exclude(
  out: Record<string, JsonValue>,
  { from, to }: { readonly from: string; readonly to: string },
): void {
  const limit = out[from];
  if (limit === undefined) return;
  out[to] = limit;
  delete out[from];
}

function dependency(item: unknown, toSchema: (schema: unknown) => JsonValue): JsonValue {
  if (typeof item === 'string') return [item];
  return Array.isArray(item) ? textsIn(item) : toSchema(item);
}

function isSchema(value: unknown): boolean {
  return typeof value === 'boolean' || isObject(value);
}

function textsIn(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

/** A name such as `__proto__` is a name like others here. */
function mapped(
  of: Readonly<Record<string, unknown>>,
  change: (name: string, value: unknown) => JsonValue,
): JsonObject {
  return Object.fromEntries(Object.entries(of).map(([name, value]) => [name, change(name, value)]));
}

/** A value of a schema, which came as JSON or YAML. */
function json(value: unknown): JsonValue {
  const parsed: JsonValue = JSON.parse(JSON.stringify(value) ?? 'null');
  return parsed;
}

function tooLarge(why: string): CodedError {
  return new CodedError(
    400,
    'scaffolder/form-unusable',
    `The form cannot be checked: ${why}. Make it smaller.`,
  );
}
