/** Which parts of an entity differ between two versions, as paths that people write: `metadata.tags`, `spec.owner`. */
import { isObject } from '@callboard/model';

/** Below the envelope this many levels are told apart; annotations and labels by their names. */
const DEPTH = 2;
const NAMED = new Set(['metadata.annotations', 'metadata.labels']);

/** In the order of the older version, then what the newer one adds. */
export function changedPaths(before: unknown, after: unknown): readonly string[] {
  return compare(before, after, []);
}

function compare(before: unknown, after: unknown, path: readonly string[]): readonly string[] {
  const isDeeper = path.length < DEPTH || NAMED.has(path.join('.'));
  if (isDeeper && isObject(before) && isObject(after)) {
    const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
    return [...keys].flatMap((key) => compare(before[key], after[key], [...path, key]));
  }
  return isSame(before, after) ? [] : [path.join('.')];
}

/** Equal as JSON, whatever the order of the keys. */
function isSame(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((item, index) => isSame(item, b[index]));
  }
  if (!isObject(a) || !isObject(b) || Array.isArray(a) !== Array.isArray(b)) return false;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => key in b && isSame(a[key], b[key]));
}
