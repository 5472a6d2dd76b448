/**
 * Port writes rules where JSON Schema has words of its own: `enum: {jqQuery: …}` is no list, and `default: {jqQuery: …}` no
 * default. Whoever takes a schema for JSON Schema takes it without them.
 */
import { isObject, type JsonObject, type JsonValue } from '@callboard/model';

const WORDS = new Set(['visible', 'disabled', 'required', 'default', 'enum']);
/** What is in these are values. */
const VALUES = new Set(['default', 'const', 'enum', 'examples']);
/** What is in these are schemas by any name. */
const NAMED = new Set([
  'properties',
  'patternProperties',
  'definitions',
  '$defs',
  'dependencies',
  'dependentSchemas',
]);
const DEEPEST = 64;

/** A schema, with all that is in it, without rules in Port's spelling; the same object when there are none. */
export function withoutJq(schema: JsonObject): JsonObject {
  return plainSchema(schema, 0);
}

function plainSchema(schema: JsonObject, depth: number): JsonObject {
  if (depth > DEEPEST) return schema;
  return mapped(schema, (key, value) => {
    if (WORDS.has(key) && isObject(value) && value['jqQuery'] !== undefined) return undefined;
    if (VALUES.has(key)) return value;
    if (NAMED.has(key) && isObject(value)) return mapped(value, (_, inner) => plainValue(inner, depth + 1));
    return plainValue(value, depth + 1);
  });
}

function plainValue(value: JsonValue | undefined, depth: number): JsonValue | undefined {
  if (isObject(value)) return plainSchema(value, depth);
  if (!Array.isArray(value)) return value;
  const items: readonly JsonValue[] = value;
  const plain = items.map((item) => (isObject(item) ? plainSchema(item, depth) : item));
  return plain.every((item, index) => item === items[index]) ? value : plain;
}

/** Without the members for which there is nothing; the same object where nothing changes. */
function mapped(
  of: JsonObject,
  change: (key: string, value: JsonValue | undefined) => JsonValue | undefined,
): JsonObject {
  const entries = Object.entries(of).map(([key, value]): [string, JsonValue | undefined] => [
    key,
    change(key, value),
  ]);
  if (entries.every(([key, value]) => value === of[key])) return of;
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}
