/** From a type of zod 3 to JSON Schema (draft 7), as far as fields of forms use them. What JSON cannot say becomes anything. */
import { isObject } from '@callboard/model';

type Schema = Record<string, unknown>;

/** Recursive types end here. */
const MAX_DEPTH = 20;

export function toJsonSchema(type: unknown): Schema {
  return schemaOf(type, 0);
}

function schemaOf(type: unknown, depth: number): Schema {
  const def = defOf(type);
  if (def === null || depth > MAX_DEPTH) return {};
  const { description } = def;
  const schema = bareSchema(def, depth + 1);
  return typeof description === 'string' ? { ...schema, description } : schema;
}

function bareSchema(def: Schema, depth: number): Schema {
  const inner = (value: unknown): Schema => schemaOf(value, depth);
  switch (def['typeName']) {
    case 'ZodString':
      return { type: 'string', ...stringChecks(def['checks']) };
    case 'ZodNumber':
      return { type: 'number', ...numberChecks(def['checks']) };
    case 'ZodBoolean':
      return { type: 'boolean' };
    case 'ZodNull':
      return { type: 'null' };
    case 'ZodLiteral':
      return { const: def['value'] };
    case 'ZodEnum':
      return { type: 'string', enum: def['values'] };
    case 'ZodNativeEnum':
      return { enum: Object.values(isObject(def['values']) ? def['values'] : {}) };
    case 'ZodArray':
      return { type: 'array', items: inner(def['type']), ...lengths(def) };
    case 'ZodTuple':
      return { type: 'array', items: listOf(def['items']).map(inner) };
    case 'ZodObject':
      return objectSchema(def, inner);
    case 'ZodRecord':
      return { type: 'object', additionalProperties: inner(def['valueType']) };
    case 'ZodUnion':
      return { anyOf: listOf(def['options']).map(inner) };
    case 'ZodDiscriminatedUnion': {
      const { options } = def;
      return { anyOf: (options instanceof Map ? [...options.values()] : listOf(options)).map(inner) };
    }
    case 'ZodIntersection':
      return { allOf: [inner(def['left']), inner(def['right'])] };
    case 'ZodNullable':
      return { anyOf: [inner(def['innerType']), { type: 'null' }] };
    case 'ZodDefault':
      return { ...inner(def['innerType']), ...defaultOf(def['defaultValue']) };
    case 'ZodOptional':
    case 'ZodReadonly':
    case 'ZodCatch':
      return inner(def['innerType']);
    case 'ZodBranded':
      return inner(def['type']);
    case 'ZodEffects':
      return inner(def['schema']);
    case 'ZodPipeline':
      return inner(def['in']);
    case 'ZodLazy':
      return typeof def['getter'] === 'function' ? inner(def['getter']()) : {};
    default:
      return {};
  }
}

function objectSchema(def: Schema, inner: (value: unknown) => Schema): Schema {
  const shape: unknown = typeof def['shape'] === 'function' ? def['shape']() : def['shape'];
  const entries = Object.entries(isObject(shape) ? shape : {});
  const required = entries.filter(([, type]) => !isOptional(type)).map(([key]) => key);
  return {
    type: 'object',
    properties: Object.fromEntries(entries.map(([key, type]) => [key, inner(type)])),
    ...(required.length === 0 ? {} : { required }),
    additionalProperties: def['unknownKeys'] === 'passthrough',
  };
}

function isOptional(type: unknown): boolean {
  const method = isObject(type) ? type['isOptional'] : undefined;
  return typeof method === 'function' && method.call(type) === true;
}

function stringChecks(checks: unknown): Schema {
  const schema: Schema = {};
  for (const { kind, value, regex } of listOf(checks).filter(isObject)) {
    if (kind === 'min' || kind === 'length') schema['minLength'] = value;
    if (kind === 'max' || kind === 'length') schema['maxLength'] = value;
    if (kind === 'regex' && regex instanceof RegExp) schema['pattern'] = regex.source;
    if (kind === 'email' || kind === 'uuid') schema['format'] = kind;
    if (kind === 'url') schema['format'] = 'uri';
  }
  return schema;
}

function numberChecks(checks: unknown): Schema {
  const schema: Schema = {};
  for (const { kind, value, inclusive } of listOf(checks).filter(isObject)) {
    if (kind === 'int') schema['type'] = 'integer';
    if (kind === 'min') schema[inclusive === false ? 'exclusiveMinimum' : 'minimum'] = value;
    if (kind === 'max') schema[inclusive === false ? 'exclusiveMaximum' : 'maximum'] = value;
    if (kind === 'multipleOf') schema['multipleOf'] = value;
  }
  return schema;
}

function lengths(def: Schema): Schema {
  const limit = (key: string): unknown => {
    const given = def[key] ?? def['exactLength'];
    return isObject(given) ? given['value'] : undefined;
  };
  const [minItems, maxItems] = [limit('minLength'), limit('maxLength')];
  return {
    ...(minItems === undefined ? {} : { minItems }),
    ...(maxItems === undefined ? {} : { maxItems }),
  };
}

function defaultOf(make: unknown): Schema {
  const value: unknown = typeof make === 'function' ? make() : undefined;
  return value === undefined ? {} : { default: value };
}

function defOf(type: unknown): Schema | null {
  const def = isObject(type) ? type['_def'] : undefined;
  return isObject(def) ? def : null;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
