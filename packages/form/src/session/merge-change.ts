/**
 * Fields hand in whole new values that they made from what was last shown; what they changed is found and put into the newest
 * values, so that several fields that write before anything is shown again all count.
 */
import { isObject } from '@callboard/model';
import { isDeepEqual } from '../resolve/deep-equal.ts';
import { idOf, isList } from '../resolve/pointer.ts';
import type { FieldId } from '../graph.ts';

type Values = Readonly<Record<string, unknown>>;

const NOTHING_YET: Values = {};

/**
 * `now` with what differs between `shown` and `next`: keys that were set, taken away, or changed within. `now` may lack what
 * was shown, as values that nobody entered.
 */
export function mergeChange(shown: unknown, next: unknown, now: unknown): unknown {
  if (Object.is(shown, next)) return now;
  if (isObject(shown) && isObject(next)) {
    if (isObject(now)) return mergeObjects(shown, next, now);
    if (now !== undefined) return isDeepEqual(shown, next) ? now : next;
    const made = mergeObjects(shown, next, NOTHING_YET);
    return made === NOTHING_YET ? now : made;
  }
  if (isList(shown) && isList(next) && isList(now)) return mergeLists(shown, next, now);
  return isDeepEqual(shown, next) ? now : next;
}

function mergeObjects(shown: Values, next: Values, now: Values): Values {
  const added = Object.keys(next).filter((key) => !Object.hasOwn(shown, key));
  const removed = new Set(Object.keys(shown).filter((key) => !Object.hasOwn(next, key)));
  const entries = Object.entries(now).filter(([key]) => !removed.has(key));
  let isChanged = entries.length < Object.keys(now).length;
  const made = new Map(entries);
  for (const key of Object.keys(next)) {
    if (added.includes(key)) {
      isChanged ||= !Object.hasOwn(now, key) || !isDeepEqual(now[key], next[key]);
      made.set(key, next[key]);
      continue;
    }
    const old = Object.hasOwn(now, key) ? now[key] : undefined;
    const merged = mergeChange(shown[key], next[key], old);
    // A key that is not there yet is made when it was emptied, too.
    if (Object.is(merged, old) && (Object.hasOwn(now, key) || isDeepEqual(shown[key], next[key]))) continue;
    isChanged = true;
    made.set(key, merged);
  }
  if (!isChanged) return now;
  // A key that got another name stays where it was.
  if (removed.size > 0 && added.length > 0) return Object.fromEntries(inOrderOf(made, Object.keys(next)));
  return Object.fromEntries(made);
}

function inOrderOf(entries: ReadonlyMap<string, unknown>, order: readonly string[]): [string, unknown][] {
  const rank = new Map(order.map((key, index) => [key, index]));
  return [...entries].toSorted(([a], [b]) => (rank.get(a) ?? order.length) - (rank.get(b) ?? order.length));
}

function mergeLists(shown: readonly unknown[], next: readonly unknown[], now: readonly unknown[]): unknown {
  if (isDeepEqual(shown, next)) return now;
  if (shown.length !== now.length) return next;
  const moved = whereFrom(shown, next);
  if (next.length !== shown.length) return next.map((item, index) => now[moved[index] ?? -1] ?? item);
  const isPermuted = moved.every((from) => from !== null) && moved.some((from, index) => from !== index);
  if (isPermuted) return next.map((item, index) => now[moved[index] ?? -1] ?? item);
  const merged = now.map((item, index) => mergeChange(shown[index], next[index], item));
  return merged.every((item, index) => Object.is(item, now[index])) ? now : merged;
}

/** Of each new item that is an object, which of the shown ones it was; each is taken once. */
function whereFrom(shown: readonly unknown[], next: readonly unknown[]): readonly (number | null)[] {
  const taken = new Set<number>();
  const find = (item: unknown, isSame: (a: unknown, b: unknown) => boolean): number | null => {
    const index = shown.findIndex((old, at) => !taken.has(at) && isSame(old, item));
    if (index === -1) return null;
    taken.add(index);
    return index;
  };
  const same = next.map((item) => (isObject(item) ? find(item, Object.is) : null));
  return same.map((index, at) => index ?? (isObject(next[at]) ? find(next[at], isDeepEqual) : null));
}

/** The value with what `defaults` has and it has not. A key that is there with nothing in it was emptied by somebody. */
export function fillMissing(value: unknown, defaults: unknown): unknown {
  if (!isObject(value) || !isObject(defaults)) return value === undefined ? defaults : value;
  const filled = new Map(Object.entries(value));
  let isChanged = false;
  for (const [key, part] of Object.entries(defaults)) {
    const old = filled.get(key);
    const next = filled.has(key) ? fillEmptied(old, part) : part;
    if (Object.is(next, old) && filled.has(key)) continue;
    isChanged = true;
    filled.set(key, next);
  }
  return isChanged ? Object.fromEntries(filled) : value;
}

function fillEmptied(old: unknown, part: unknown): unknown {
  return old === undefined ? old : fillMissing(old, part);
}

/** The part of the values that a view shows, which may be some of the keys. */
export function pickKeys(values: Values, views: readonly unknown[]): unknown {
  const keys = new Set(views.flatMap((view) => (isObject(view) ? Object.keys(view) : [])));
  return Object.fromEntries(Object.entries(values).filter(([key]) => keys.has(key)));
}

/** Places where two values differ, as deep as both are objects; lists are one place. */
export function changedPlaces(shown: unknown, next: unknown): readonly FieldId[] {
  const found: FieldId[] = [];
  const look = (a: unknown, b: unknown, keys: readonly string[]): void => {
    if (Object.is(a, b)) return;
    if (isObject(a) && isObject(b)) {
      for (const key of new Set([...Object.keys(a), ...Object.keys(b)])) look(a[key], b[key], [...keys, key]);
      return;
    }
    if (!isDeepEqual(a, b)) found.push(idOf(keys));
  };
  look(shown, next, []);
  return found;
}
