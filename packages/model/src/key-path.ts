/**
 * The paths of search keys. Entities have mostly the same paths, so each is joined and lower-cased once and
 * then found by its last key: this takes most of the cost out of making terms, and a hundred thousand
 * entities share one copy of each key.
 */

export interface KeyPath {
  /** Keys joined by dots, as they were written. */
  readonly path: string;
  readonly lower: string;
  readonly children: Map<string, KeyPath>;
}

/** Paths beyond this number are made anew each time, so that no data can fill the memory with them. */
const MAX_KEPT = 20_000;
/** Longer paths are no search keys, and are not kept. */
const MAX_KEPT_LENGTH = 200;

let kept = 0;

/** The path of the entity itself, which is empty. */
export const ROOT: KeyPath = { path: '', lower: '', children: new Map() };

/** The path of a member of what is at the parent. */
export function childOf(parent: KeyPath, key: string): KeyPath {
  const known = parent.children.get(key);
  if (known !== undefined) return known;
  const path = parent.path === '' ? key : `${parent.path}.${key}`;
  const child: KeyPath = { path, lower: path.toLowerCase(), children: new Map() };
  if (kept < MAX_KEPT && path.length <= MAX_KEPT_LENGTH) {
    parent.children.set(key, child);
    kept += 1;
  }
  return child;
}
