/** A template file as text with positions: where a key, a value, or a place inside a text of it stands. */
import type { JsonValue } from '@callboard/model';
import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  parseAllDocuments,
  type Document,
  type Node,
  type Pair,
} from 'yaml';

export type Path = readonly (string | number)[];

export interface Position {
  /** 1-based. */
  readonly line: number;
  /** 1-based. */
  readonly column: number;
}

/** Of a text at a path: how far behind its beginning. */
export interface Place {
  readonly path: Path;
  /** Characters into the text that stands there. */
  readonly index?: number;
  /** The key, not its value. */
  readonly isKey?: boolean;
}

export interface SourceDocument {
  readonly value: JsonValue;
  /** Of the nearest thing that is there when the path leads nowhere. */
  positionOf(place: Place): Position;
}

export interface SourceProblem extends Position {
  readonly summary: string;
}

export interface Source {
  readonly documents: readonly SourceDocument[];
  /** Why it is no YAML; no document is given then. */
  readonly problems: readonly SourceProblem[];
}

/** Aliases that may be followed in one file. */
const MOST_ALIASES = 100;

/** Never throws: a text that is no YAML has problems and no documents. */
export function parseSource(text: string): Source {
  const lines = new LineCounter();
  const parsed = parseAllDocuments(text, { lineCounter: lines, prettyErrors: false, logLevel: 'error' });
  // Of an empty text there is a list of no documents that says so.
  const all: readonly Document[] = [...parsed];
  const problems = all.flatMap((document) =>
    document.errors.map(({ message, pos }) => ({ summary: message, ...position(lines, pos[0]) })),
  );
  if (problems.length > 0) return { documents: [], problems };
  const documents: SourceDocument[] = [];
  for (const document of all) {
    const start = document.range?.[0] ?? 0;
    try {
      const value = toJson(document.toJS({ maxAliasCount: MOST_ALIASES }));
      const positionOf = (place: Place): Position =>
        position(lines, offsetOf(place, { document, text, fallback: start }));
      if (value !== null) documents.push({ value, positionOf });
    } catch {
      const summary = 'Aliases in it stand for far more text than it has';
      return { documents: [], problems: [{ summary, ...position(lines, start) }] };
    }
  }
  return { documents, problems };
}

/** Dates and the like are texts here, and what JSON cannot say is null. */
function toJson(value: unknown): JsonValue {
  const text = JSON.stringify(value, (_, item: unknown) => (typeof item === 'bigint' ? Number(item) : item));
  const json: JsonValue = text === undefined ? null : JSON.parse(text);
  return json;
}

function position(lines: LineCounter, offset: number): Position {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(1, line), column: Math.max(1, col) };
}

interface Written {
  readonly document: Document;
  readonly text: string;
  readonly fallback: number;
}

function offsetOf({ path, index, isKey = false }: Place, written: Written): number {
  const { document, text } = written;
  let offset = written.fallback;
  let node = resolved(document.contents, document);
  offset = node?.range?.[0] ?? offset;
  for (const [depth, key] of path.entries()) {
    const child = childOf(node, key, document);
    if (child === null) return offset;
    const isLast = depth === path.length - 1;
    offset = child.keyOffset ?? child.node?.range?.[0] ?? offset;
    if (isLast && isKey && child.keyOffset !== null) return child.keyOffset;
    node = child.node;
    offset = node?.range?.[0] ?? offset;
  }
  if (index === undefined || !isScalar(node) || typeof node.value !== 'string') return offset;
  const [from, to] = [node.range?.[0] ?? offset, node.range?.[1] ?? offset];
  return from + indexInSource(text.slice(from, to), { value: node.value, index });
}

interface Child {
  readonly node: Node | null;
  readonly keyOffset: number | null;
}

function childOf(node: Node | null, key: string | number, document: Document): Child | null {
  if (isSeq(node)) {
    const item = node.items[Number(key)];
    return item === undefined ? null : { node: resolved(item, document), keyOffset: null };
  }
  if (!isMap(node)) return null;
  const pair = node.items.find((item) => keyOf(item) === String(key));
  if (pair === undefined) return null;
  const keyOffset = isScalar(pair.key) ? (pair.key.range?.[0] ?? null) : null;
  return { node: resolved(pair.value, document), keyOffset };
}

function keyOf({ key }: Pair): string | null {
  return isScalar(key) ? String(key.value) : null;
}

function resolved(node: unknown, document: Document): Node | null {
  if (isAlias(node)) return node.resolve(document) ?? null;
  return isMap(node) || isSeq(node) || isScalar(node) ? node : null;
}

/** Quotes, escapes and folded lines move characters: the same words are looked for in what is written. */
function indexInSource(
  written: string,
  { value, index }: { readonly value: string; readonly index: number },
): number {
  const words = /^[^\s"'\\]{1,40}/.exec(value.slice(index))?.[0];
  if (words === undefined) return 0;
  let earlier = value.slice(0, index).split(words).length - 1;
  let at = written.indexOf(words);
  while (at !== -1 && earlier > 0) {
    at = written.indexOf(words, at + 1);
    earlier -= 1;
  }
  return Math.max(0, at);
}
