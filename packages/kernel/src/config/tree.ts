/**
 * The values of a configuration together with where each was written. Every step from parsing to reading
 * works on this tree; nodes are immutable and may be shared. Maps keep keys apart from JavaScript's own.
 */
import type { Diagnostic, JsonObject, JsonPrimitive, JsonValue, Severity } from '@callboard/model';
import type { ConfigCode } from './codes.ts';

/** Where a value stands, in the form a diagnostic carries it. Line and column are 1-based. */
export interface Place {
  /** Absolute path of a file, `$NAME` of an environment variable, or `defaults`. */
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
}

export interface Origin {
  /** Rank of the source among all sources; a higher one wins. */
  readonly layer: number;
  /** What messages call the source: the base name of the file, `env` or `defaults`. */
  readonly source: string;
  readonly place: Place;
}

export interface ScalarNode {
  readonly kind: 'scalar';
  readonly value: JsonPrimitive;
  readonly origin: Origin;
}
export interface ListNode {
  readonly kind: 'list';
  readonly items: readonly ConfigNode[];
  readonly origin: Origin;
}
export interface MapNode {
  readonly kind: 'map';
  readonly entries: ReadonlyMap<string, ConfigNode>;
  readonly origin: Origin;
}
export type ConfigNode = ScalarNode | ListNode | MapNode;

/** Keys of objects and indexes of lists, from the root. */
export type Path = readonly (string | number)[];

/** Keys that would reach into JavaScript's own objects; they are dropped with a diagnostic. */
const UNSAFE_KEYS: ReadonlySet<string> = new Set(['__proto__', 'constructor']);

export function isNull(node: ConfigNode): boolean {
  return node.kind === 'scalar' && node.value === null;
}

/** `a.b[0].c`; a key with other signs than letters, digits and `_-:/$@` is written as `["a key"]`. */
export function pathText(path: Path): string {
  let text = '';
  for (const step of path) {
    if (typeof step === 'number') text += `[${step}]`;
    else if (!/^[\w$@:/-]+$/.test(step)) text += `[${JSON.stringify(step)}]`;
    else text += text === '' ? step : `.${step}`;
  }
  return text;
}

/** The node at a path, or null when the path leads to nothing. */
export function nodeAt(root: ConfigNode, path: Path): ConfigNode | null {
  let node: ConfigNode | undefined = root;
  for (const step of path) {
    if (node.kind === 'map') node = node.entries.get(String(step));
    else if (node.kind === 'list') node = node.items[Number(step)];
    else return null;
    if (node === undefined) return null;
  }
  return node;
}

/** A value as fresh plain JSON. A null removes its key, except inside lists, where it stays. */
export function toJson(node: MapNode): JsonObject;
export function toJson(node: ConfigNode): JsonValue;
export function toJson(node: ConfigNode): JsonValue {
  if (node.kind !== 'map') return toExactJson(node);
  const kept = [...node.entries].filter(([, value]) => !isNull(value));
  return Object.fromEntries(kept.map(([key, value]) => [key, toJson(value)]));
}

function toExactJson(node: ConfigNode): JsonValue {
  if (node.kind === 'scalar') return node.value;
  if (node.kind === 'list') return node.items.map(toExactJson);
  return Object.fromEntries([...node.entries].map(([key, value]) => [key, toExactJson(value)]));
}

/** Plain JSON as a tree in which everything has the same origin. Keys without a value are left out. */
export function fromJson(value: JsonValue, origin: Origin, diagnostics: Diagnostic[]): ConfigNode {
  return fromJsonAt(value, [], { origin, diagnostics });
}

interface FromJson {
  readonly origin: Origin;
  readonly diagnostics: Diagnostic[];
}

function fromJsonAt(value: JsonValue, path: Path, context: FromJson): ConfigNode {
  const { origin, diagnostics } = context;
  if (typeof value !== 'object' || value === null) return { kind: 'scalar', value, origin };
  if (isJsonList(value)) {
    const items = value.map((item, index) => fromJsonAt(item, [...path, index], context));
    return { kind: 'list', items, origin };
  }
  const entries = new Map<string, ConfigNode>();
  for (const [key, child] of Object.entries(value)) {
    if (child === undefined || isUnsafeKey({ key, path, place: origin.place, diagnostics })) continue;
    entries.set(key, fromJsonAt(child, [...path, key], context));
  }
  return { kind: 'map', entries, origin };
}

export function isJsonList(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value);
}

export function isJsonObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !isJsonList(value);
}

/** Whether a key must be dropped; says so in `diagnostics`. */
export function isUnsafeKey(options: {
  readonly key: string;
  readonly path: Path;
  readonly place: Place;
  readonly diagnostics: Diagnostic[];
}): boolean {
  const { key, path, place, diagnostics } = options;
  if (!UNSAFE_KEYS.has(key)) return false;
  diagnostics.push(
    diagnostic('warning', 'config/unsafe-key', {
      place,
      path: [...path, key],
      summary: `The key '${key}' was dropped, with everything below it`,
      detail: 'Such a key could change how objects behave in the whole process. Rename it.',
    }),
  );
  return true;
}

/** A diagnostic of this folder. */
export function diagnostic(
  severity: Severity,
  code: ConfigCode,
  rest: {
    readonly summary: string;
    readonly detail: string;
    readonly place?: Place;
    readonly path?: Path;
  },
): Diagnostic {
  const { summary, detail, place, path } = rest;
  const where = path === undefined || path.length === 0 ? {} : { path: pathText(path) };
  return { severity, code, summary, detail, ...place, ...where };
}
