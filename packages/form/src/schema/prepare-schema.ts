/**
 * A JSON Schema made safe for the interpreter that checks it. What authors write wrong there (a keyword of the wrong
 * type, a pattern that is no regular expression) is left out rather than thrown; the server names it to them.
 */
import { isObject } from '@callboard/model';

/** A schema whose keywords all have the type that JSON Schema gives them. */
export type Prepared = boolean | Readonly<Record<string, unknown>>;

export interface PreparedSchema {
  readonly schema: Prepared;
  /** What each local `$ref` in it leads to, by its text. One that leads nowhere allows everything. */
  readonly targets: Readonly<Record<string, Prepared>>;
}

const SCHEMA = new Set([
  'additionalItems',
  'additionalProperties',
  'contains',
  'else',
  'if',
  'not',
  'propertyNames',
  'then',
  'unevaluatedItems',
  'unevaluatedProperties',
]);
const SCHEMA_LIST = new Set(['allOf', 'anyOf', 'oneOf', 'prefixItems']);
const SCHEMA_MAP = new Set(['$defs', 'definitions', 'dependentSchemas', 'patternProperties', 'properties']);
const NUMBER = new Set([
  'exclusiveMaximum',
  'exclusiveMinimum',
  'maxContains',
  'maxItems',
  'maxLength',
  'maxProperties',
  'maximum',
  'minContains',
  'minItems',
  'minLength',
  'minProperties',
  'minimum',
  'multipleOf',
]);
const TEXT = new Set(['$ref', 'format']);
const AS_IT_IS = new Set(['const', 'errorMessage', 'title', 'uniqueItems']);

/** Beside a pattern that had to be written in another way: what the author wrote. */
export const WRITTEN_PATTERN = 'writtenPattern';

const known = new WeakMap<object, Prepared>();

/** `root`: what local references are looked up in. */
export function prepareSchema(schema: unknown, root: unknown): PreparedSchema {
  const prepared = prepare(schema);
  const targets: Record<string, Prepared> = Object.create(null);
  const waiting = [prepared];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    for (const ref of refsIn(next)) {
      if (ref in targets) continue;
      const target = prepare(resolveRef(ref, root) ?? true);
      targets[ref] = target;
      waiting.push(target);
    }
  }
  return { schema: prepared, targets };
}

/** What `#/a/b` leads to in a document; undefined when it leads nowhere. */
export function resolveRef(ref: string, root: unknown): unknown {
  if (!ref.startsWith('#')) return undefined;
  let place = root;
  for (const key of pointerKeys(ref)) {
    if (Array.isArray(place)) place = place[Number(key)];
    else place = isObject(place) && Object.hasOwn(place, key) ? place[key] : undefined;
  }
  return place;
}

/** The keys of a JSON Pointer (RFC 6901) in a fragment, as `#/a/b~1c`. */
export function pointerKeys(pointer: string): readonly string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((key) => decoded(key).replaceAll('~1', '/').replaceAll('~0', '~'));
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function prepare(schema: unknown): Prepared {
  if (typeof schema === 'boolean') return schema;
  if (!isObject(schema)) return true;
  const before = known.get(schema);
  if (before !== undefined) return before;
  const made: Record<string, unknown> = {};
  // Held before its parts are made, so that an object that holds itself ends.
  known.set(schema, made);
  for (const [key, value] of Object.entries(schema)) {
    const kept = keyword(key, value);
    if (kept !== undefined) made[key] = kept;
  }
  if (made['pattern'] !== schema['pattern']) made[WRITTEN_PATTERN] = schema['pattern'];
  return made;
}

/** The value of a keyword as it may be used; undefined for one that is not. */
function keyword(key: string, value: unknown): unknown {
  if (SCHEMA.has(key)) return isSchema(value) ? prepare(value) : undefined;
  if (SCHEMA_LIST.has(key)) return Array.isArray(value) ? value.map(prepare) : undefined;
  if (SCHEMA_MAP.has(key)) return isObject(value) ? prepareMap(key, value) : undefined;
  if (NUMBER.has(key)) return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
  if (TEXT.has(key)) return typeof value === 'string' ? value : undefined;
  if (AS_IT_IS.has(key)) return value;
  switch (key) {
    case 'items':
      if (Array.isArray(value)) return value.map(prepare);
      return isSchema(value) ? prepare(value) : undefined;
    case 'type':
      return typeof value === 'string' || isTexts(value) ? value : undefined;
    case 'enum':
      return Array.isArray(value) ? value : undefined;
    case 'required':
      return isTexts(value) ? value : undefined;
    case 'dependentRequired':
      return isObject(value) ? texts(value) : undefined;
    case 'dependencies':
      return isObject(value) ? dependencies(value) : undefined;
    case 'pattern':
      return typeof value === 'string' ? safePattern(value) : undefined;
    default:
      return undefined;
  }
}

function prepareMap(key: string, map: Readonly<Record<string, unknown>>): Record<string, Prepared> {
  const made: Record<string, Prepared> = {};
  for (const [name, schema] of Object.entries(map)) {
    const kept = key === 'patternProperties' ? safePattern(name) : name;
    if (kept !== undefined) made[kept] = prepare(schema);
  }
  return made;
}

function dependencies(map: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(map).map(([name, value]) => [name, isTexts(value) ? value : prepare(value)]),
  );
}

function texts(map: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(map).filter(([, value]) => isTexts(value)));
}

/**
 * The pattern as one of Unicode mode, which is how it is run. `\_` and its like, which that mode refuses, are written as
 * the character that they mean. Undefined when it is no regular expression at all.
 */
function safePattern(pattern: string): string | undefined {
  if (isPattern(pattern)) return pattern;
  const escaped = pattern.replaceAll(
    /\\([^A-Za-z0-9^$\\.*+?()[\]{}|/])/gu,
    (_, character: string) => `\\u{${character.codePointAt(0)?.toString(16) ?? '0'}}`,
  );
  return isPattern(escaped) ? escaped : undefined;
}

function isPattern(pattern: string): boolean {
  try {
    return new RegExp(pattern, 'u').source !== '';
  } catch {
    return false;
  }
}

function* refsIn(value: unknown, seen = new Set<unknown>()): Generator<string, void, void> {
  if (typeof value !== 'object' || value === null || seen.has(value)) return;
  seen.add(value);
  for (const [key, part] of Object.entries(value)) {
    if (key === '$ref' && typeof part === 'string') yield part;
    else yield* refsIn(part, seen);
  }
}

function isSchema(value: unknown): boolean {
  return typeof value === 'boolean' || isObject(value);
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}
