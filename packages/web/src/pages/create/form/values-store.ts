/**
 * The values of a form, over all its pages. Fields hand in whole new values that they made from what was last shown;
 * what they changed is found and put into the newest values at once, so that several fields that write before anything is
 * shown again all count.
 */
import { isObject } from '@callboard/model';
import type { FormValues } from '../../../api/scaffolder.ts';

export interface ValuesStore {
  /** The newest values; the same object until something changes. */
  readonly get: () => FormValues;
  readonly subscribe: (listener: () => void) => () => void;
  readonly set: (values: FormValues) => void;
  /** Puts in what a field changed. Answers the values of the field's own view after it. */
  readonly change: (shown: unknown, next: unknown) => unknown;
  /** Adds what is not there yet, such as defaults, and tells nobody: for the time before something is shown. */
  readonly addMissing: (defaults: unknown) => void;
}

export function createValuesStore(initial: FormValues): ValuesStore {
  const listeners = new Set<() => void>();
  let values = initial;
  const enter = (next: FormValues): void => {
    if (next === values) return;
    values = next;
    for (const listener of listeners) listener();
  };
  return {
    get: () => values,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    set: enter,
    change(shown, next) {
      const merged = mergeChange(shown, next, values);
      if (isObject(merged)) enter(merged);
      return mergeChange(shown, next, pickKeys(values, [shown, next]));
    },
    addMissing(defaults) {
      const filled = fillMissing(values, defaults);
      if (isObject(filled)) values = filled;
    },
  };
}

/** `now` with what differs between `shown` and `next`: keys that were set, taken away, or changed within. */
export function mergeChange(shown: unknown, next: unknown, now: unknown): unknown {
  if (Object.is(shown, next)) return now;
  if (isObject(shown) && isObject(next) && isObject(now)) return mergeObjects(shown, next, now);
  if (isList(shown) && isList(next) && isList(now) && areAsLong(shown, next) && areAsLong(next, now)) {
    const merged = now.map((item, index) => mergeChange(shown[index], next[index], item));
    return isSameList(merged, now) ? now : merged;
  }
  return isDeepEqual(shown, next) ? now : next;
}

function mergeObjects(
  shown: Readonly<Record<string, unknown>>,
  next: Readonly<Record<string, unknown>>,
  now: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
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
    const merged = mergeChange(shown[key], next[key], now[key]);
    if (Object.is(merged, now[key])) continue;
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
function pickKeys(values: FormValues, views: readonly unknown[]): unknown {
  const keys = new Set(views.flatMap((view) => (isObject(view) ? Object.keys(view) : [])));
  return Object.fromEntries(Object.entries(values).filter(([key]) => keys.has(key)));
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

function areAsLong(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length;
}

function isSameList(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.every((item, index) => Object.is(item, b[index]));
}

function isDeepEqual(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((item, index) => isDeepEqual(item, b[index]));
  }
  if (!isObject(a) || !isObject(b)) return false;
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && isDeepEqual(a[key], b[key]))
  );
}
