/** The JSON Schema of an action's input or output, as lines for people and as an example of a step. */
import { isObject, type JsonObject, type JsonValue } from '@callboard/model';
import type { Action, JsonSchema } from '@callboard/plugin';
import { stringify } from 'yaml';
import { plain } from './open.ts';

/** One member of an input or output. */
export interface Field {
  /** `a`, `a.b` of an object in it, `a[].b` of the items of a list. */
  readonly name: string;
  readonly type: string;
  readonly required: boolean;
  readonly default?: JsonValue;
  readonly description?: string;
}

/** Levels of objects that are looked into. */
const DEEPEST = 4;

/** All members, those of objects and of items of lists below their own. */
export function fieldsOf(schema: JsonSchema | undefined): readonly Field[] {
  return schema === undefined ? [] : membersOf(schema, { prefix: '', depth: 0 });
}

interface Level {
  readonly prefix: string;
  readonly depth: number;
}

function membersOf(schema: JsonObject, { prefix, depth }: Level): readonly Field[] {
  const { properties, required } = schema;
  if (!isSchema(properties) || depth >= DEEPEST) return [];
  const names: readonly unknown[] = Array.isArray(required) ? required : [];
  return Object.entries(properties).flatMap(([name, member]): readonly Field[] => {
    if (!isSchema(member)) return [];
    const { title, description } = member;
    const text = typeof description === 'string' ? description : title;
    const field: Field = {
      name: `${prefix}${name}`,
      type: typeText(member),
      required: names.includes(name),
      ...(member['default'] !== undefined && { default: member['default'] }),
      ...(typeof text === 'string' && { description: plain(text) }),
    };
    const items = member['items'];
    const inner = isSchema(items) ? items : member;
    const suffix = isSchema(items) ? '[].' : '.';
    return [field, ...membersOf(inner, { prefix: `${field.name}${suffix}`, depth: depth + 1 })];
  });
}

/** As TypeScript writes it: `string`, `'a' | 'b'`, `number[]`. */
function typeText(schema: JsonObject): string {
  const { type, items } = schema;
  const values = schema['enum'];
  if (schema['const'] !== undefined) return JSON.stringify(schema['const']);
  if (Array.isArray(values)) return values.map((value) => JSON.stringify(value)).join(' | ');
  const choices = schema['anyOf'] ?? schema['oneOf'];
  if (type === undefined && Array.isArray(choices)) {
    const texts = choices.map((choice: JsonValue) => (isSchema(choice) ? typeText(choice) : 'any'));
    return [...new Set(texts)].join(' | ');
  }
  if (type === 'array') {
    const item = isSchema(items) ? typeText(items) : 'any';
    return item.includes(' ') ? `(${item})[]` : `${item}[]`;
  }
  if (Array.isArray(type)) return type.join(' | ');
  return typeof type === 'string' ? type : 'any';
}

/** A step that gives each required input something of its type. */
export function exampleOf({ id, schema, examples }: Action): string {
  const [given] = examples ?? [];
  if (given !== undefined) return plain(given.example);
  const required = fieldsOf(schema?.input).filter((field) => field.required && !/[.[]/.test(field.name));
  const input = Object.fromEntries(required.map((field) => [field.name, sample(field)]));
  const step = { id: id.split(':').at(-1) ?? id, action: id, ...(required.length > 0 && { input }) };
  return stringify({ steps: [step] }).trim();
}

function sample({ name, type, default: given }: Field): JsonValue {
  if (given !== undefined) return given;
  if (type === 'boolean') return true;
  if (type === 'number' || type === 'integer') return 1;
  if (type.endsWith('[]')) return [];
  if (type === 'object') return {};
  const [, first] = /^"([^"]*)"/.exec(type) ?? [];
  return first ?? `<${name}>`;
}

function isSchema(value: JsonValue | undefined): value is JsonObject {
  return isObject(value);
}
