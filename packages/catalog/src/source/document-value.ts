/**
 * What a parser returned becomes plain JSON data here, or a list of what stands against it: nesting, keys
 * and numbers that JSON or the rest of the catalog cannot take, aliases that expand without end.
 */
import { isObject, type JsonObject } from '@callboard/model';

export type Flaw =
  /** Deeper than allowed; the path ends there. */
  | { readonly kind: 'too-deep'; readonly path: string }
  /** A key that would change the object it is in. */
  | { readonly kind: 'forbidden-key'; readonly path: string }
  /** NaN or an infinity; replaced by null, as JSON would. */
  | { readonly kind: 'not-finite'; readonly path: string }
  /** `<<`, which stays an ordinary key. */
  | { readonly kind: 'merge-key'; readonly path: string }
  /** Something that is no JSON data, such as the set of a YAML 1.1 document. */
  | { readonly kind: 'not-json'; readonly path: string };

/** Keys over this length may be longer in the source than the 1024 characters that YAML allows. */
const LONG_KEY = 100;
const MAX_FLAWS = 20;
const FORBIDDEN_KEY = '__proto__';

/** True when a value of the fast reader is known to be what the exact reader would give, without flaws. */
export function isClean(value: unknown, depth: number): boolean {
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value !== 'object' || value === null) return true;
  if (depth === 0) return false;
  if (Array.isArray(value)) {
    for (const item of value) if (!isClean(item, depth - 1)) return false;
    return true;
  }
  if (!isObject(value)) return false;
  for (const key of Object.keys(value)) {
    // js-yaml writes the null key as `null`, `yaml` as the empty string.
    if (key === 'null' || key === '<<' || key === FORBIDDEN_KEY || key.length > LONG_KEY) return false;
    if (!isClean(value[key], depth - 1)) return false;
  }
  return true;
}

/** True when there is a null anywhere in a value. */
export function hasNull(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return value === null;
  return Object.values(value).some(hasNull);
}

/** Finds the flaws of a value and replaces numbers that are not finite by null, in place. */
export function findFlaws(value: unknown, maxDepth: number): readonly Flaw[] {
  const flaws: Flaw[] = [];
  visit({ value, path: '', depth: maxDepth, flaws });
  return flaws;
}

/** True for a plain object in which `findFlaws` found nothing that is fatal. */
export function isJsonObject(value: unknown, flaws: readonly Flaw[]): value is JsonObject {
  return isObject(value) && !flaws.some(isFatal);
}

function isFatal(flaw: Flaw): boolean {
  return flaw.kind !== 'not-finite' && flaw.kind !== 'merge-key';
}

interface Visit {
  readonly value: unknown;
  readonly path: string;
  readonly depth: number;
  readonly flaws: Flaw[];
}

/** Returns false when the value has to be replaced by null. */
function visit({ value, path, depth, flaws }: Visit): boolean {
  if (typeof value === 'number' && !Number.isFinite(value)) {
    note(flaws, { kind: 'not-finite', path });
    return false;
  }
  if (typeof value !== 'object' || value === null) return true;
  if (depth === 0) {
    note(flaws, { kind: 'too-deep', path });
    return true;
  }
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) {
      if (!visit({ value: item, path: `${path}[${index}]`, depth: depth - 1, flaws })) value[index] = null;
    }
    return true;
  }
  if (!isObject(value) || Object.getPrototypeOf(value) !== Object.prototype) {
    note(flaws, { kind: 'not-json', path });
    return true;
  }
  for (const key of Object.keys(value)) {
    const keyPath = path === '' ? key : `${path}.${key}`;
    if (key === FORBIDDEN_KEY) note(flaws, { kind: 'forbidden-key', path: keyPath });
    if (key === '<<') note(flaws, { kind: 'merge-key', path: keyPath });
    if (!visit({ value: value[key], path: keyPath, depth: depth - 1, flaws })) value[key] = null;
  }
  return true;
}

/** Keeps the list short: a file full of flaws is told by a few of them, and by the first fatal one. */
function note(flaws: Flaw[], flaw: Flaw): void {
  if (flaws.length < MAX_FLAWS || (isFatal(flaw) && !flaws.some(isFatal))) flaws.push(flaw);
}

/**
 * The size of a value with every alias expanded, in about the characters of its JSON; Infinity when it holds
 * itself. Shared parts are measured once, so the cost follows the text and not the expansion.
 */
export function expandedSize(root: unknown): number {
  const sizes = new Map<object, number>();
  const measure = (value: unknown): number => {
    if (typeof value === 'string') return value.length + 1;
    if (typeof value !== 'object' || value === null) return 2;
    const known = sizes.get(value);
    if (known !== undefined) return known;
    // While it is measured it counts as endless: whoever meets it then is inside it.
    sizes.set(value, Number.POSITIVE_INFINITY);
    let size = 2;
    if (Array.isArray(value)) for (const item of value) size += measure(item);
    else for (const [key, item] of Object.entries(value)) size += key.length + 1 + measure(item);
    sizes.set(value, size);
    return size;
  };
  return measure(root);
}
