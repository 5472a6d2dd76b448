/** What an action that is skipped in a dry-run seems to put out, so that later steps have something to read. */
import type { JsonObject, JsonValue } from '@callboard/model';
import type { JsonSchema } from '@callboard/plugin';
import { isJsonObject } from './active-run.ts';

/** A schema may refer to itself. */
const MAX_DEPTH = 8;

/**
 * From the output schema: its first example, default, const or first enum value, else a value of its type.
 * @param isList with `each`, each output is a list
 */
export function sampleOutput(schema: JsonSchema | undefined, isList = false): JsonObject {
  if (schema === undefined) return {};
  const sample = sampleOf(schema, { root: schema, depth: 0 });
  if (!isJsonObject(sample)) return {};
  if (!isList) return sample;
  return Object.fromEntries(
    Object.entries(sample).map(([name, value]) => [name, value === undefined ? [] : [value]]),
  );
}

interface Place {
  readonly root: JsonSchema;
  readonly depth: number;
}

function sampleOf(schema: JsonValue | undefined, place: Place): JsonValue {
  if (!isJsonObject(schema) || place.depth > MAX_DEPTH) return '<unknown>';
  const inner = { ...place, depth: place.depth + 1 };
  const { $ref, examples, properties, items } = schema;
  if (Array.isArray(examples) && examples.length > 0) return examples[0] ?? null;
  for (const key of ['default', 'const'] as const) {
    const value = schema[key];
    if (value !== undefined) return value;
  }
  if (Array.isArray(schema['enum']) && schema['enum'].length > 0) return schema['enum'][0] ?? null;
  if (typeof $ref === 'string') return sampleOf(lookUp(place.root, $ref), inner);
  for (const key of ['anyOf', 'oneOf', 'allOf'] as const) {
    const choices = schema[key];
    if (Array.isArray(choices) && choices.length > 0) return sampleOf(choices[0], inner);
  }
  switch (typeOf(schema)) {
    case 'object': {
      const members = isJsonObject(properties) ? Object.entries(properties) : [];
      return Object.fromEntries(members.map(([name, member]) => [name, sampleOf(member, inner)]));
    }
    case 'array': {
      const first: JsonValue | undefined = Array.isArray(items) ? items[0] : items;
      return first === undefined ? [] : [sampleOf(first, inner)];
    }
    case 'string':
      return '<example>';
    case 'number':
    case 'integer':
      return 0;
    case 'boolean':
      return false;
    case 'null':
      return null;
    default:
      return '<unknown>';
  }
}

function typeOf({ type, properties, items }: JsonObject): JsonValue | undefined {
  if (Array.isArray(type)) return type.find((name) => name !== 'null');
  if (type !== undefined) return type;
  if (properties !== undefined) return 'object';
  return items === undefined ? undefined : 'array';
}

/** A reference inside the same schema, as `#/definitions/repo`. */
function lookUp(root: JsonSchema, ref: string): JsonValue | undefined {
  let found: JsonValue | undefined = root;
  for (const part of ref
    .replace(/^#\/?/, '')
    .split('/')
    .filter((name) => name !== '')) {
    const key = part.replaceAll('~1', '/').replaceAll('~0', '~');
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, key)) return undefined;
    found = Object.entries(found).find(([name]) => name === key)?.[1];
  }
  return found;
}
