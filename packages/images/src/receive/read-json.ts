/**
 * The bytes of a report as JSON, bounded before they are parsed: size, depth, and keys that stand twice in an object
 * (of which two readers may take different ones).
 */
import { TextDecoder } from 'node:util';
import { childPath, itemPath } from '@callboard/model';
import type { Notes } from './notes.ts';

/** 64 MiB: several times what the largest images bring about. */
export const MAX_REPORT_BYTES = 64 * 1024 * 1024;
/** Levels of lists and objects; the reports of scanners have fewer than 20. */
export const MAX_REPORT_DEPTH = 100;
/** Members and items in all; a report of 64 MiB has about a million. */
const MAX_VALUES = 5_000_000;
/** Keys that stand twice, named one by one. */
const MAX_DUPLICATES = 20;

/** Undefined, with a note, when it cannot be read. */
export function readJson(bytes: Uint8Array, notes: Notes): unknown {
  if (bytes.byteLength > MAX_REPORT_BYTES) {
    notes.error(
      'images/report-too-large',
      `The report has ${bytes.byteLength} bytes; ${MAX_REPORT_BYTES} is the limit.`,
    );
    return undefined;
  }
  const text = decode(bytes);
  if (text === null) {
    notes.error('images/report-unreadable', 'The report is no text in UTF-8.');
    return undefined;
  }
  const scan = scanJson(text);
  if (scan.problem !== null) {
    notes.error('images/report-unreadable', `The report has more than ${scan.problem}.`);
    return undefined;
  }
  try {
    const value: unknown = JSON.parse(text);
    for (const path of scan.duplicates) {
      notes.warning(
        'images/report-duplicate-key',
        'A key stands twice in its object; the last one counts.',
        path,
      );
    }
    return value;
  } catch {
    notes.error('images/report-unreadable', 'The report is no JSON text; it may have been cut off.');
    return undefined;
  }
}

/** Without a byte order mark; null when it is not UTF-8. */
function decode(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

interface Scan {
  /** What there is too much of. */
  readonly problem: string | null;
  readonly duplicates: readonly string[];
}

/** An object or list that is open. */
interface Level {
  readonly path: string;
  /** Null for a list. */
  readonly keys: Set<string> | null;
  /** The key or index that is being read. */
  key: string;
  index: number;
}

/** Looks at strings and brackets alone, so that it can be done before it is known whether the text is JSON. */
function scanJson(text: string): Scan {
  const open: Level[] = [];
  const duplicates: string[] = [];
  // A string is a key when it is the first thing in an object or follows a comma in it.
  let keyIsNext = false;
  let values = 0;
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at];
    const level = open.at(-1);
    if (char === '"') {
      const end = endOfString(text, at);
      if (keyIsNext && level !== undefined && level.keys !== null) {
        keyIsNext = false;
        level.key = keyOf(text.slice(at, end + 1));
        if (level.keys.has(level.key) && duplicates.length < MAX_DUPLICATES) duplicates.push(pathOf(level));
        level.keys.add(level.key);
      }
      at = end;
    } else if (char === '{' || char === '[') {
      if (open.length === MAX_REPORT_DEPTH) return { problem: `${MAX_REPORT_DEPTH} levels`, duplicates };
      open.push({ path: pathOf(level), keys: char === '{' ? new Set() : null, key: '', index: 0 });
      keyIsNext = char === '{';
    } else if (char === '}' || char === ']') {
      open.pop();
      keyIsNext = false;
    } else if (char === ',' && level !== undefined) {
      values += 1;
      if (values > MAX_VALUES) return { problem: `${MAX_VALUES} values`, duplicates };
      level.index += 1;
      keyIsNext = level.keys !== null;
    }
  }
  return { problem: null, duplicates };
}

/** Where the closing quote is; the end of the text when there is none. A quote after an odd run of `\\` is none. */
function endOfString(text: string, start: number): number {
  let from = start + 1;
  for (;;) {
    const quote = text.indexOf('"', from);
    if (quote === -1) return text.length;
    let before = quote;
    while (before > from && text[before - 1] === '\\') before -= 1;
    if ((quote - before) % 2 === 0) return quote;
    from = quote + 1;
  }
}

function pathOf(level: Level | undefined): string {
  if (level === undefined) return '';
  return level.keys === null ? itemPath(level.path, level.index) : childPath(level.path, level.key);
}

function keyOf(token: string): string {
  if (token.length > 1_000) return token.slice(1, 1_000);
  const inner = token.slice(1, -1);
  if (!inner.includes('\\')) return inner;
  try {
    return String(JSON.parse(token));
  } catch {
    return inner;
  }
}
