/** Merging of JSON values as the published merge actions do it, without a way to anybody's prototype. */
import { isObject, type JsonObject, type JsonValue } from '@callboard/model';

/** A list that meets a list, or anything else. */
export type Lists = 'append' | 'replace';

const DEEPEST = 200;

/**
 * What `more` says over what `base` says: objects are merged member by member; a list is replaced, or gets what it does
 * not have yet. Neither argument is changed.
 */
export function mergeValues(base: JsonValue, more: JsonValue, lists: Lists): JsonValue {
  return merge(base, more, { lists, depth: 0 });
}

interface Merging {
  readonly lists: Lists;
  readonly depth: number;
}

function merge(base: JsonValue, more: JsonValue, { lists, depth }: Merging): JsonValue {
  if (depth > DEEPEST) throw new Error(`The values are nested deeper than ${DEEPEST} levels.`);
  if (Array.isArray(base)) return lists === 'append' ? joinLists(base, more) : more;
  if (!isJsonObject(base) || !isJsonObject(more)) return more;
  const merged = new Map(Object.entries(base));
  for (const [key, value] of Object.entries(more)) {
    if (key === '__proto__' || value === undefined) continue;
    const before = Object.hasOwn(base, key) ? base[key] : undefined;
    merged.set(key, before === undefined ? value : merge(before, value, { lists, depth: depth + 1 }));
  }
  return Object.fromEntries(merged);
}

/** Equal texts and numbers once; objects are never equal. What is no list is one item. */
export function joinLists(base: readonly JsonValue[], more: JsonValue): readonly JsonValue[] {
  return [...new Set([...base, ...(Array.isArray(more) ? more : [more])])];
}

export function isJsonObject(value: JsonValue | undefined): value is JsonObject {
  return isObject(value);
}
