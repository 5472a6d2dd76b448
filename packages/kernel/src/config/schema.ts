/**
 * Schemas beside data: which parts of all schemas describe a value, and what they say about it. This is
 * done by following the schema, without a validator, so that masking and the frontend's share of the
 * configuration cost nothing at start.
 */
import type { JsonObject, JsonValue } from '@callboard/model';
import { fits, resolveReference, type SchemaPart } from './fits.ts';
import { isJsonList, isJsonObject, type ConfigNode } from './tree.ts';

/** What a room or plugin expects of the configuration. */
export interface ConfigSchema {
  /** Whose it is; diagnostics name it. */
  readonly id: string;
  /**
   * JSON Schema, draft 7, of the whole configuration. Extra keywords: `visibility` (`frontend`, `backend` or
   * `secret`) of a value, `deepVisibility` of everything in a value, `deprecated` (a text), and
   * `x-known-keys: true` on an object in which other keys than the described ones mean nothing.
   */
  readonly schema: JsonObject;
}

export type Visibility = 'frontend' | 'backend' | 'secret';

/** One schema that describes a value. */
export interface Rule extends SchemaPart {
  /** False for alternatives that the value does not take; what they call secret is kept secret anyway. */
  readonly applies: boolean;
}

/** The rules of the whole configuration. */
export function rulesOf(schemas: readonly ConfigSchema[], node: ConfigNode): readonly Rule[] {
  const rules = schemas.map(({ schema }) => ({ schema, root: schema, applies: true }));
  return expand(rules, node);
}

/** The rules of `child`, a key of an object or an item of a list that `rules` describe. */
export function rulesBelow(
  rules: readonly Rule[],
  step: string | number,
  child: ConfigNode,
): readonly Rule[] {
  const found = rules.flatMap(({ schema, root, applies }) => {
    const below = typeof step === 'number' ? itemSchemas(schema, step) : keySchemas(schema, step);
    return below.filter(isJsonObject).map((part) => ({ schema: part, root, applies }));
  });
  return expand(found, child);
}

/** The visibility that the rules themselves state; secret is stronger than frontend. */
export function visibilityOf(
  rules: readonly Rule[],
  keyword: 'visibility' | 'deepVisibility',
): Visibility | null {
  if (rules.some(({ schema }) => schema[keyword] === 'secret')) return 'secret';
  const stated = new Set(rules.filter(({ applies }) => applies).map(({ schema }) => schema[keyword]));
  if (stated.has('frontend')) return 'frontend';
  return stated.has('backend') ? 'backend' : null;
}

/** Whether the rules call a value both frontend and secret. */
export function isConflict(rules: readonly Rule[]): boolean {
  const stated = new Set(rules.flatMap(({ schema }) => [schema.visibility, schema.deepVisibility]));
  return stated.has('secret') && stated.has('frontend');
}

/** Why a value should not be used any more, or null. */
export function deprecationOf(rules: readonly Rule[]): string | null {
  const texts = rules.filter(({ applies }) => applies).map(({ schema }) => schema.deprecated);
  return texts.find((text) => typeof text === 'string') ?? null;
}

/**
 * The keys that mean something in an object, or null when any key may. At the root only an explicit
 * `x-known-keys` counts: no schema can speak for all others.
 */
export function knownKeys(rules: readonly Rule[], where: 'root' | 'below'): ReadonlySet<string> | null {
  const closed = rules.some(({ schema, applies }) => {
    const sealed = where === 'below' && schema.additionalProperties === false;
    return applies && (sealed || schema['x-known-keys'] === true);
  });
  if (!closed) return null;
  return new Set(rules.flatMap(({ schema }) => Object.keys(objectOf(schema.properties))));
}

/** Whether a rule describes a key, be it by name, by pattern or because it takes any key. */
export function describesKey(rules: readonly Rule[], key: string): boolean {
  return rules.some(({ schema }) => keySchemas(schema, key).some((part) => part !== false));
}

function keySchemas(schema: JsonObject, key: string): readonly (JsonValue | undefined)[] {
  const { properties, patternProperties, additionalProperties } = schema;
  const named = objectOf(properties);
  const patterns = Object.entries(objectOf(patternProperties));
  const found = patterns.filter(([pattern]) => matches(pattern, key)).map(([, part]) => part);
  if (Object.hasOwn(named, key)) found.push(named[key]);
  if (found.length > 0 || additionalProperties === undefined) return found;
  return [additionalProperties];
}

function itemSchemas(schema: JsonObject, index: number): readonly (JsonValue | undefined)[] {
  const { items, additionalItems } = schema;
  if (!isJsonList(items)) return [items];
  return [index < items.length ? items[index] : additionalItems];
}

/** With everything that `$ref`, `allOf`, `anyOf`, `oneOf` and `if` bring in. */
function expand(rules: readonly Rule[], node: ConfigNode): readonly Rule[] {
  const seen = new Set<JsonObject>();
  const result: Rule[] = [];
  const queue = [...rules];
  for (const rule of queue) {
    if (seen.has(rule.schema)) continue;
    seen.add(rule.schema);
    result.push(rule);
    queue.push(...partsOf(rule, node));
  }
  return result;
}

/** Of `anyOf` the first alternative that fits applies, as in Backstage; of `oneOf` every one that fits. */
function partsOf(rule: Rule, node: ConfigNode): readonly Rule[] {
  const { schema, root, applies } = rule;
  const toRule = (part: JsonObject): Rule => ({ schema: part, root, applies });
  const { allOf, anyOf, oneOf, $ref } = schema;
  const always = [allOf, typeof $ref === 'string' ? resolveReference(root, $ref) : undefined];
  const certain = always.flat().filter(isJsonObject).map(toRule);

  const alternatives = objectsIn(anyOf).map(toRule);
  const first = alternatives.find((part) => fits(node, part));
  const any = alternatives.map((part) => ({ ...part, applies: applies && part === first }));
  const one = objectsIn(oneOf)
    .map(toRule)
    .map((part) => ({ ...part, applies: applies && fits(node, part) }));
  return [...certain, ...any, ...one, ...conditionalParts(rule, node)];
}

function conditionalParts({ schema, root, applies }: Rule, node: ConfigNode): readonly Rule[] {
  const { if: condition, then, else: otherwise } = schema;
  if (!isJsonObject(condition)) return [];
  const holds = fits(node, { schema: condition, root });
  const parts: readonly (readonly [JsonValue | undefined, boolean])[] = [
    [condition, holds],
    [then, holds],
    [otherwise, !holds],
  ];
  return parts.flatMap(([part, chosen]) =>
    isJsonObject(part) ? [{ schema: part, root, applies: applies && chosen }] : [],
  );
}

function objectsIn(value: JsonValue | undefined): readonly JsonObject[] {
  return isJsonList(value) ? value.filter(isJsonObject) : [];
}

function objectOf(value: JsonValue | undefined): JsonObject {
  return isJsonObject(value) ? value : {};
}

function matches(pattern: string, key: string): boolean {
  try {
    return new RegExp(pattern, 'u').test(key);
  } catch {
    // A broken pattern describes nothing here; the check of the schema itself reports it.
    return false;
  }
}
