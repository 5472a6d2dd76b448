/** JSON Pointers (RFC 6901) as the names of fields, and their values. No key of a prototype is ever followed or written. */
import { isObject, type JsonObject, type JsonValue } from '@callboard/model';
import type { FieldId } from '../graph.ts';

/** Keys from the root; `*` stands for the items of a list. */
export type Keys = readonly string[];

export function keysOf(id: FieldId): Keys {
  if (id === '') return [];
  const keys = id.slice(1).split('/');
  return id.includes('~') ? keys.map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~')) : keys;
}

export function idOf(keys: readonly (string | number)[]): FieldId {
  return keys.map((key) => `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

/** Whether a place is another, or stands within it. */
export function isWithin(id: FieldId, other: FieldId): boolean {
  return id.length === other.length ? id === other : id.startsWith(other) && id[other.length] === '/';
}

export function isRelated(a: FieldId, b: FieldId): boolean {
  return isWithin(a, b) || isWithin(b, a);
}

/** Whether there is such a key at all; one with nothing in it was emptied by somebody. */
export function hasAt(root: unknown, keys: Keys): boolean {
  const last = keys.at(-1);
  if (last === undefined) return root !== undefined;
  const holder = valueAt(root, keys.slice(0, -1));
  if (isList(holder)) return indexOf(last) < holder.length;
  return isObject(holder) && Object.hasOwn(holder, last);
}

export function valueAt(root: unknown, keys: Keys): unknown {
  let value = root;
  for (const key of keys) {
    if (isList(value)) value = value[indexOf(key)];
    else if (isObject(value) && Object.hasOwn(value, key)) value = value[key];
    else return undefined;
  }
  return value;
}

export function jsonAt(root: unknown, keys: Keys): JsonValue | undefined {
  const value = valueAt(root, keys);
  return isJson(value) ? value : undefined;
}

/** What is within was checked when it came in. */
export function isJson(value: unknown): value is JsonValue {
  return value === null || ['string', 'number', 'boolean', 'object'].includes(typeof value);
}

/** As `isJson`. */
export function isJsonObject(value: unknown): value is JsonObject {
  return isObject(value);
}

export function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

/** Of an item; `Infinity` for what is no index, which no list has. */
export function indexOf(key: string): number {
  return /^(?:0|[1-9]\d{0,8})$/.test(key) ? Number(key) : Infinity;
}
