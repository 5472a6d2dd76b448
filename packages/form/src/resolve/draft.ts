/** Values that are being put together: what is changed is copied once, what is not changed is shared with what was given. */
import { isObject, type JsonObject } from '@callboard/model';
import { indexOf, isJsonObject, isList, valueAt, type Keys } from './pointer.ts';

export interface Draft {
  readonly get: (keys: Keys) => unknown;
  /** Objects on the way are made where there is nothing; in anything else nothing is put. */
  readonly set: (keys: Keys, value: unknown) => void;
  /** Takes a key away. Items of lists stay, with nothing in them. */
  readonly remove: (keys: Keys) => void;
  readonly values: () => JsonObject;
}

type Container = Record<string, unknown> | unknown[];

export function createDraft(from: JsonObject): Draft {
  const owned = new WeakSet<object>();
  const own = (value: unknown): Container | null => {
    if (isOwned(value, owned)) return value;
    let copy: Container;
    if (isList(value)) copy = [...value];
    else if (isObject(value)) copy = { ...value };
    else return null;
    owned.add(copy);
    return copy;
  };
  let root = own(from) ?? {};

  /** The container that holds the last key, owned; null when there is none. */
  const holderOf = (keys: Keys, missing: 'make' | 'leave'): Container | null => {
    root = own(root) ?? {};
    let holder = root;
    for (const key of keys.slice(0, -1)) {
      const inner = childOf(holder, key);
      const next = own(inner === undefined && missing === 'make' && !isList(holder) ? {} : inner);
      if (next === null) return null;
      if (next !== inner) put(holder, key, next);
      holder = next;
    }
    return holder;
  };

  return {
    get: (keys) => valueAt(root, keys),
    set(keys, value) {
      const last = keys.at(-1);
      if (last === undefined || Object.is(valueAt(root, keys), value)) {
        if (last === undefined || value !== undefined) return;
      }
      const holder = holderOf(keys, 'make');
      if (holder !== null) put(holder, last, value);
    },
    remove(keys) {
      const last = keys.at(-1);
      const outer = valueAt(root, keys.slice(0, -1));
      if (last === undefined) return;
      if (isList(outer) ? indexOf(last) >= outer.length : !isObject(outer) || !Object.hasOwn(outer, last))
        return;
      const holder = holderOf(keys, 'leave');
      if (isList(holder)) put(holder, last, undefined);
      else if (holder !== null) Reflect.deleteProperty(holder, last);
    },
    values: () => (isJsonObject(root) ? root : {}),
  };
}

function isOwned(value: unknown, owned: WeakSet<object>): value is Container {
  return typeof value === 'object' && value !== null && owned.has(value);
}

function childOf(holder: Container, key: string): unknown {
  return valueAt(holder, [key]);
}

function put(holder: Container, key: string, value: unknown): void {
  if (Array.isArray(holder)) {
    const index = indexOf(key);
    if (index < holder.length) holder[index] = value;
    return;
  }
  // An assignment to `__proto__` would not make a key.
  Object.defineProperty(holder, key, { value, writable: true, enumerable: true, configurable: true });
}
