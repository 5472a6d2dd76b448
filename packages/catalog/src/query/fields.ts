/**
 * The `fields` parameter: which parts of an entity an answer keeps. A path is the keys joined by dots, and a
 * key may have dots itself: `metadata.annotations.backstage.io/orphan` is resolved against every entity.
 */
import { CodedError } from '@callboard/kernel';
import type { JsonObject, JsonValue } from '@callboard/model';

/** What bounds the work per entity; both are far beyond what a page of the portal asks for. */
const MAX_CHARACTERS = 16_384;
const MAX_PARTS = 64;
/** Keys that are never copied, as in Backstage. */
const UNSAFE_KEYS: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

export interface Projection {
  /** The paths as given, each once. */
  readonly fields: readonly string[];
  /** Whether a path starts in `relations`. */
  readonly needsRelations: boolean;
  /** Whether a path starts in `status`. */
  readonly needsStatus: boolean;
  /**
   * A new object with the selected parts, keys in the order of `fields`; a part that the entity lacks is left
   * out. Selected objects are those of the entity, not copies.
   */
  project(entity: JsonObject): JsonObject;
}

interface Path {
  readonly text: string;
  readonly parts: readonly string[];
  /** Where each part starts in the text. */
  readonly starts: readonly number[];
}

/** What a path leads to in one entity. */
interface Found {
  readonly keys: readonly string[];
  readonly value: JsonValue | undefined;
  readonly entity: JsonObject;
}

interface Tree {
  [key: string]: JsonValue | undefined;
}

/**
 * Reads the values of all `fields` parameters, each a list separated by commas. Returns null when none is
 * named, which keeps everything. Paths lead through objects only: what is inside an array cannot be named.
 *
 * Throws `catalog/invalid-fields` (400) for a path with `[`, one of more than 64 parts, or more than 16,384
 * characters in all.
 */
export function parseFields(texts: readonly string[]): Projection | null {
  const fields = new Set<string>();
  let characters = 0;
  for (const text of texts) {
    characters += text.length;
    if (characters > MAX_CHARACTERS) throw invalid(`more than ${MAX_CHARACTERS} characters`);
    for (const item of text.split(',')) {
      const field = item.trim();
      if (field !== '') fields.add(field);
    }
  }
  if (fields.size === 0) return null;
  return createProjection([...fields]);
}

function createProjection(fields: readonly string[]): Projection {
  const paths = fields.map(toPath);
  return {
    fields,
    needsRelations: paths.some((path) => path.parts[0] === 'relations'),
    needsStatus: paths.some((path) => path.parts[0] === 'status'),
    project(entity) {
      const output: Tree = {};
      for (const path of paths) copyPath(path, entity, output);
      return output;
    },
  };
}

function toPath(text: string): Path {
  if (text.includes('[')) throw invalid(`"${text.slice(0, 100)}": array type fields are not supported`);
  const parts = text.split('.');
  if (parts.length > MAX_PARTS) throw invalid(`"${text.slice(0, 100)}…" has more than ${MAX_PARTS} parts`);
  const starts: number[] = [];
  let start = 0;
  for (const part of parts) {
    starts.push(start);
    start += part.length + 1;
  }
  return { text, parts, starts };
}

/**
 * Follows a path by the shortest run of parts that is a key of the object at hand, without going back, and
 * copies what is at its end.
 */
function copyPath(path: Path, entity: JsonObject, output: Tree): void {
  const { text, parts, starts } = path;
  const keys: string[] = [];
  let source = entity;
  let from = 0;
  for (let index = 0; index < parts.length; index++) {
    const part = parts[index] ?? '';
    const key = from === index ? part : text.slice(starts[from], (starts[index] ?? 0) + part.length);
    if (!Object.hasOwn(source, key)) continue;
    if (UNSAFE_KEYS.has(key)) return;
    keys.push(key);
    from = index + 1;
    const value = source[key];
    if (from === parts.length) return place(output, { keys, value, entity });
    if (!isTree(value)) return;
    source = value;
  }
}

function place(output: Tree, found: Found): void {
  const { keys, value } = found;
  if (value === undefined) return;
  const last = keys.length - 1;
  let source: JsonValue | undefined = found.entity;
  let target = output;
  for (let index = 0; index < last; index++) {
    const key = keys[index] ?? '';
    source = isTree(source) ? source[key] : undefined;
    const known: JsonValue | undefined = Object.hasOwn(target, key) ? target[key] : undefined;
    // The object of the entity itself: an earlier path selected all of it, and it is not ours to write to.
    if (known !== undefined && known === source) return;
    const next: Tree = isTree(known) ? known : {};
    if (known === undefined) target[key] = next;
    target = next;
  }
  target[keys[last] ?? ''] = value;
}

function isTree(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function invalid(reason: string): CodedError {
  return new CodedError(400, 'catalog/invalid-fields', `Invalid fields: ${reason}`);
}
