/**
 * Values on their way into the template engine and out of it. The engine refuses a whole context for one key named
 * `__proto__`, `constructor` or `prototype`; those keys are left out here, so they do nothing and break nothing.
 */
import { childPath, itemPath, type JsonObject, type JsonValue } from '@callboard/model';
import type { TemplateValue } from 'nunjitsu';
import { CodedError } from '@callboard/kernel';

/** Keys that no expression can see. */
export const RESERVED_KEYS: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

/** The engine's own limit is 256 for a whole context. */
const MAX_DEPTH = 200;

/** @throws CodedError 400 `scaffolder/value-too-deep` for values that are nested more than 200 levels deep */
export function tooDeep(): CodedError {
  return new CodedError(
    400,
    'scaffolder/value-too-deep',
    `A value is nested more than ${MAX_DEPTH} levels deep. Make it flatter.`,
  );
}

/**
 * A JSON value as the engine takes it: without reserved keys and without undefined members.
 * @throws CodedError 400 `scaffolder/value-too-deep`
 */
export function toTemplateValue(value: JsonValue, depth = 0): TemplateValue {
  if (depth > MAX_DEPTH) throw tooDeep();
  if (value === null || typeof value !== 'object') return value;
  if (isList(value)) return value.map((item) => toTemplateValue(item, depth + 1));
  return toTemplateRecord(value, depth);
}

/** `toTemplateValue` of an object. */
export function toTemplateRecord(value: JsonObject, depth = 0): Readonly<Record<string, TemplateValue>> {
  const record: Record<string, TemplateValue> = {};
  for (const [key, member] of Object.entries(value)) {
    if (member === undefined || RESERVED_KEYS.has(key)) continue;
    record[key] = toTemplateValue(member, depth + 1);
  }
  return record;
}

/** What the engine gave, as JSON of our own: maps become objects, sets become lists. */
export function fromTemplateValue(value: TemplateValue): JsonValue {
  if (value === null || typeof value !== 'object') return value;
  if (value instanceof Map) return fromEntries([...value].map(([key, item]) => [String(key), item]));
  if (value instanceof Set) return [...value].map((item) => fromTemplateValue(item));
  if (Array.isArray(value))
    return Array.from(value, (item: TemplateValue) => fromTemplateValue(item ?? null));
  return fromEntries(Object.entries(value));
}

/** The engine's argument of a filter or a function as JSON; undefined stays. */
export function toArgument(value: TemplateValue | undefined): JsonValue | undefined {
  return value === undefined ? undefined : fromTemplateValue(value);
}

/** What a filter or a function gave, for the engine; undefined stays. */
export function fromResult(value: JsonValue | undefined): TemplateValue | undefined {
  return value === undefined ? undefined : toTemplateValue(value);
}

/** Renders each text of a value and keeps the rest. Members and items whose text became undefined are left out. */
export function mapTexts(
  value: JsonValue,
  place: { readonly at: string; readonly depth?: number },
  mapText: (text: string, at: string) => JsonValue | undefined,
): JsonValue | undefined {
  const { at, depth = 0 } = place;
  if (depth > MAX_DEPTH) throw tooDeep();
  if (typeof value === 'string') return mapText(value, at);
  if (value === null || typeof value !== 'object') return value;
  if (isList(value)) {
    const items = value.map((item, index) =>
      mapTexts(item, { at: itemPath(at, index), depth: depth + 1 }, mapText),
    );
    return items.filter((item) => item !== undefined);
  }
  const members: Record<string, JsonValue> = {};
  for (const [key, member] of Object.entries(value)) {
    if (member === undefined || key === '__proto__') continue;
    const mapped = mapTexts(member, { at: childPath(at, key), depth: depth + 1 }, mapText);
    if (mapped !== undefined) members[key] = mapped;
  }
  return members;
}

function fromEntries(entries: readonly (readonly [string, TemplateValue])[]): JsonObject {
  const members: Record<string, JsonValue> = {};
  for (const [key, member] of entries) {
    if (member !== undefined && key !== '__proto__') members[key] = fromTemplateValue(member);
  }
  return members;
}

/** `Array.isArray` that narrows a readonly list. */
function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}
