/**
 * The JSON form of filters, Backstage's filter predicates: `{ $all }`, `{ $any }`, `{ $not }` and expressions
 * such as `{ kind: 'component', 'metadata.tags': { $contains: 'java' } }`. Reads it into a `Predicate` within
 * bounds of depth and size, and writes a `Predicate` back for cursors.
 */
import { CodedError } from '@callboard/kernel';
import { isObject, type JsonObject } from '@callboard/model';
import { EVERYTHING, type Predicate } from './predicate.ts';

/** How deep operators may be nested. */
export const MAX_DEPTH = 64;
/** How many `$all`, `$any`, `$not` and expressions of several keys one predicate may have. */
export const MAX_NODES = 10_000;
/** How many comparisons one filter may make; every value of an `$in` is one. */
export const MAX_TERMS = 10_000;

/** True of no entity. */
const NOTHING: Predicate = { kind: 'any', of: [] };
const LOCATION_KEYS: ReadonlySet<string> = new Set(['id', 'type', 'target', 'entityref']);

/** Where the predicates of entities and of locations differ. */
interface Dialect {
  readonly emptyAll: Predicate;
  /** Throws when the thing that is queried cannot have the key. */
  checkKey(key: string): void;
  /** `{ $contains: target }` of a key; the target is a value or an object. */
  contains(reading: Reading, key: string, target: unknown): Predicate;
}

interface Reading {
  readonly dialect: Dialect;
  nodes: number;
  terms: number;
}

const ENTITIES: Dialect = { emptyAll: EVERYTHING, checkKey() {}, contains: readEntityContains };

const LOCATIONS: Dialect = {
  emptyAll: NOTHING,
  checkKey(key) {
    if (LOCATION_KEYS.has(key.toLowerCase())) return;
    throw invalid(`expected the key to be 'id', 'type', 'target' or 'entityRef', but got ${describe(key)}`);
  },
  contains(reading) {
    countNode(reading);
    return NOTHING;
  },
};

/**
 * Reads the `query` of an entity request. Keys and values become lower-case; an empty `$all` and `{}` are
 * true of everything, an empty `$any` of nothing. As in Backstage, a value with several operators means the
 * first of `$exists`, `$in`, `$contains`, `$hasPrefix`.
 *
 * Throws `catalog/invalid-query` (400) for anything else, a value in the place of an object included, and
 * when `MAX_DEPTH`, `MAX_NODES` or `MAX_TERMS` is passed.
 */
export function parsePredicate(value: unknown): Predicate {
  return readPredicate({ dialect: ENTITIES, nodes: 0, terms: 0 }, value, 1);
}

/**
 * Reads the `query` of a location request, like `parsePredicate` with Backstage's differences: the keys are
 * `id`, `type`, `target` and `entityRef` (`entityref` in the result), and an empty `$all` and every
 * `$contains` are true of nothing.
 */
export function parseLocationPredicate(value: unknown): Predicate {
  return readPredicate({ dialect: LOCATIONS, nodes: 0, terms: 0 }, value, 1);
}

/** The JSON form of a predicate; reading it again gives an equal one. */
export function predicateToJson(predicate: Predicate): JsonObject {
  switch (predicate.kind) {
    case 'all':
      return predicate.of.length === 0 ? {} : { $all: predicate.of.map(predicateToJson) };
    case 'any':
      return { $any: predicate.of.map(predicateToJson) };
    case 'not':
      // As short as it can be given, so that what was read within the bounds is within them again.
      if (predicate.of.kind === 'exists') return { [predicate.of.key]: { $exists: false } };
      return { $not: predicateToJson(predicate.of) };
    case 'exists':
      return { [predicate.key]: { $exists: true } };
    case 'in': {
      const [first] = predicate.values;
      const single = predicate.values.length === 1 && first !== undefined;
      return { [predicate.key]: single ? first : { $in: predicate.values } };
    }
    case 'prefix':
      return { [predicate.key]: { $hasPrefix: predicate.prefix } };
    default:
      return predicate satisfies never;
  }
}

/** True of a text that the JSON form can have as a key: it does not start with `$` and is one line. */
export function isPredicateKey(text: string): boolean {
  return /^(?!\$)[^\n\r\u2028\u2029]*$/.test(text);
}

function readPredicate(reading: Reading, value: unknown, depth: number): Predicate {
  if (!isObject(value)) {
    const example = isPrimitive(value) ? `; name a field, for example { "kind": ${describe(value)} }` : '';
    throw invalid(`expected an object, but got ${describe(value)}${example}`);
  }
  if (depth > MAX_DEPTH) throw invalid(`it is nested more than ${MAX_DEPTH} levels deep`);
  const keys = Object.keys(value);
  const [key] = keys;
  if (key === undefined) {
    countNode(reading);
    return EVERYTHING;
  }
  if (keys.some((each) => each.startsWith('$'))) {
    if (keys.length > 1) {
      throw invalid(`an operator must be the only key of its object, but got ${describe(value)}; use $all`);
    }
    return readOperator(reading, key, value[key], depth);
  }
  if (keys.length === 1) return readField(reading, key, value[key]);
  countNode(reading);
  if (depth === MAX_DEPTH) throw invalid(`it is nested more than ${MAX_DEPTH} levels deep`);
  return { kind: 'all', of: keys.map((each) => readField(reading, each, value[each])) };
}

function readOperator(reading: Reading, operator: string, value: unknown, depth: number): Predicate {
  countNode(reading);
  if (operator === '$not') return { kind: 'not', of: readPredicate(reading, value, depth + 1) };
  if (operator !== '$all' && operator !== '$any') {
    throw invalid(`unknown operator ${describe(operator)}; expected $all, $any, $not or a field`);
  }
  if (!Array.isArray(value)) throw invalid(`${operator} expects an array, but got ${describe(value)}`);
  const of: Predicate[] = [];
  for (const item of value) of.push(readPredicate(reading, item, depth + 1));
  if (operator === '$any') return { kind: 'any', of };
  return of.length === 0 ? reading.dialect.emptyAll : { kind: 'all', of };
}

function readField(reading: Reading, rawKey: string, value: unknown): Predicate {
  if (!isPredicateKey(rawKey)) throw invalid(`the key ${describe(rawKey)} has a line break`);
  reading.dialect.checkKey(rawKey);
  const key = rawKey.toLowerCase();
  if (isPrimitive(value)) return readValues(reading, key, [value]);
  if (isObject(value)) {
    const { $exists, $in, $contains, $hasPrefix } = value;
    if (typeof $exists === 'boolean') return readExists(reading, key, $exists);
    if (Array.isArray($in)) return readValues(reading, key, $in);
    if (isPrimitive($contains) || isObject($contains)) {
      return reading.dialect.contains(reading, key, $contains);
    }
    if (typeof $hasPrefix === 'string') {
      countTerms(reading, 1);
      return { kind: 'prefix', key, prefix: $hasPrefix.toLowerCase() };
    }
  }
  throw invalid(
    `the field ${describe(rawKey)} expects a string, number, boolean, { $exists: boolean }, { $in: array }, ` +
      `{ $hasPrefix: string } or { $contains: value }, but got ${describe(value)}`,
  );
}

function readExists(reading: Reading, key: string, expected: boolean): Predicate {
  countTerms(reading, 1);
  const exists: Predicate = { kind: 'exists', key };
  if (expected) return exists;
  countNode(reading);
  return { kind: 'not', of: exists };
}

function readValues(reading: Reading, key: string, list: readonly unknown[]): Predicate {
  countTerms(reading, Math.max(1, list.length));
  const values = new Set<string>();
  for (const value of list) {
    if (!isPrimitive(value)) {
      throw invalid(
        `the values of ${describe(key)} must be strings, numbers or booleans, not ${describe(value)}`,
      );
    }
    values.add(String(value).toLowerCase());
  }
  return { kind: 'in', key, values: [...values] };
}

function readEntityContains(reading: Reading, key: string, target: unknown): Predicate {
  if (isPrimitive(target)) return readValues(reading, key, [target]);
  if (!isObject(target) || key !== 'relations') {
    throw invalid(`$contains of ${describe(key)} expects a value; only "relations" can contain an object`);
  }
  return readRelation(reading, target);
}

/** `{ type, targetRef? }`: is there a relation of this type, and to one of these entities. */
function readRelation(reading: Reading, target: Record<string, unknown>): Predicate {
  let type: unknown;
  let targetRef: unknown;
  for (const [rawKey, value] of Object.entries(target)) {
    const key = rawKey.toLowerCase();
    const seen = key === 'type' ? type : targetRef;
    if (key !== 'type' && key !== 'targetref') {
      throw invalid(`$contains of "relations" takes "type" and "targetRef", but got ${describe(rawKey)}`);
    }
    if (seen !== undefined) throw invalid(`$contains of "relations" has ${describe(rawKey)} twice`);
    if (key === 'type') type = value;
    if (key === 'targetref') targetRef = value;
  }
  if (typeof type !== 'string' || type === '' || !isPredicateKey(type)) {
    throw invalid('$contains of "relations" requires "type", a string');
  }
  const key = `relations.${type.toLowerCase()}`;
  if (targetRef === undefined) return readExists(reading, key, true);
  return readValues(reading, key, readTargetRefs(targetRef));
}

function readTargetRefs(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  const list = isObject(value) && Object.keys(value).length === 1 ? value['$in'] : undefined;
  if (!Array.isArray(list) || !list.every((item) => typeof item === 'string')) {
    throw invalid(
      `"targetRef" of "relations" expects a string or { "$in": [strings] }, but got ${describe(value)}`,
    );
  }
  if (list.length === 0) throw invalid('"targetRef" of "relations" has an empty $in');
  return list;
}

function countNode(reading: Reading): void {
  reading.nodes += 1;
  if (reading.nodes > MAX_NODES) throw invalid(`it has more than ${MAX_NODES} operators`);
}

function countTerms(reading: Reading, terms: number): void {
  reading.terms += terms;
  if (reading.terms > MAX_TERMS) throw invalid(`it makes more than ${MAX_TERMS} comparisons`);
}

function isPrimitive(value: unknown): value is string | number | boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

/** A few words for any value, however large it is. */
function describe(value: unknown): string {
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (isObject(value)) {
    const keys = Object.keys(value);
    return `an object with ${keys.length === 0 ? 'no keys' : keys.slice(0, 3).map(describe).join(', ')}`;
  }
  if (typeof value !== 'string') return String(value);
  return JSON.stringify(value.length > 100 ? `${value.slice(0, 100)}…` : value);
}

function invalid(reason: string): CodedError {
  return new CodedError(400, 'catalog/invalid-query', `Invalid filter predicate: ${reason}`);
}
