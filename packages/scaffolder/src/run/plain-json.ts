/** What an action puts out, as JSON of our own: later steps, the database and people all see the same. */
import type { JsonValue } from '@callboard/model';
import { tooDeep } from '../expression/values.ts';

/** As deep as an expression can go. */
const MAX_DEPTH = 150;

/** Why a value is no JSON. */
export class NotJson extends Error {}

/**
 * A copy of a value that is JSON: `toJSON` is asked first (dates, URLs), undefined members and the key `__proto__` are
 * left out, an undefined item is null.
 * @throws NotJson with the place of what is none: a function, a bigint, NaN, a cycle
 * @throws CodedError 400 `scaffolder/value-too-deep`
 */
export function toPlainJson(value: unknown): JsonValue {
  return copy(value, { path: '', parents: [] });
}

interface Place {
  readonly path: string;
  readonly parents: readonly object[];
}

function copy(given: unknown, place: Place): JsonValue {
  const value = asJson(given);
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number') {
    if (Number.isFinite(value)) return value;
    throw new NotJson(`${where(place)} is ${value}`);
  }
  if (typeof value !== 'object') throw new NotJson(`${where(place)} is a ${typeof value}`);
  if (place.parents.includes(value)) throw new NotJson(`${where(place)} holds itself`);
  if (place.parents.length >= MAX_DEPTH) throw tooDeep();
  const parents = [...place.parents, value];
  if (Array.isArray(value)) {
    return Array.from(value, (item: unknown, index) =>
      item === undefined ? null : copy(item, { path: `${place.path}[${index}]`, parents }),
    );
  }
  const members: Record<string, JsonValue> = {};
  for (const [key, member] of Object.entries(value)) {
    if (member === undefined || key === '__proto__') continue;
    members[key] = copy(member, { path: place.path === '' ? key : `${place.path}.${key}`, parents });
  }
  return members;
}

function asJson(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('toJSON' in value)) return value;
  return typeof value.toJSON === 'function' ? (value.toJSON() as unknown) : value;
}

function where({ path }: Place): string {
  return path === '' ? 'it' : `"${path}"`;
}
