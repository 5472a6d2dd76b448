/** Reading and replacing a value deep inside an entity by the keys that lead to it. */
import { isObject } from './json.ts';

/** The value below the keys, outermost first; undefined when there is none. */
export function valueAt(root: unknown, keys: readonly string[]): unknown {
  let value: unknown = root;
  for (const key of keys) {
    if (!isObject(value)) return undefined;
    value = value[key];
  }
  return value;
}

/** A copy of the mapping with the value below the keys replaced; what is beside the way is shared. */
export function withValueAt<T extends object>(
  root: T,
  change: { readonly keys: readonly string[]; readonly value: unknown },
): T {
  const [key, ...keys] = change.keys;
  if (key === undefined) return root;
  const child = valueAt(root, [key]);
  const isLast = keys.length === 0 || !isObject(child);
  const replaced = isLast ? change.value : withValueAt(child, { keys, value: change.value });
  return { ...root, [key]: replaced };
}
