/**
 * Turns the bytes of one catalog file into its documents. Text is checked and cut into documents first; each
 * is read by the fast reader, and by the exact one when there is doubt, so a broken document costs no other.
 * The verdicts and values are those of Backstage (the `yaml` package with its defaults), except that what
 * would be unsafe or would not survive JSON is refused; the differential test lists those deviations.
 */
import { isObject, type Diagnostic, type JsonObject } from '@callboard/model';
import { readExact, type ExactDocument } from './document-exact.ts';
import { isDoubtful, readFast, type FastResult } from './document-fast.ts';
import {
  expansion,
  flawed,
  notAnObject,
  syntax,
  TOO_DEEP,
  type Position,
  type Problem,
} from './document-problem.ts';
import { splitDocuments, type Chunk } from './document-split.ts';
import { MAX_FILE_BYTES } from './reader.ts';
import { decodeText, type SourceFile } from './document-text.ts';
import { expandedSize, findFlaws, hasNull, isClean, isJsonObject } from './document-value.ts';

export type { Position } from './document-problem.ts';
export type { SourceFile } from './document-text.ts';

export interface RawDocument {
  /** Plain JSON data, shaped as the author wrote it: nothing of the entity format is checked yet. */
  readonly value: JsonObject;
  /** 0-based number of the document in the file; empty documents count. */
  readonly index: number;
  /** 1-based line where the content of the document begins. */
  readonly line: number;
}

export interface DocumentLimits {
  /** Largest file, and largest document once its aliases are expanded. Default: `MAX_FILE_BYTES`. */
  readonly maxBytes?: number;
  /** Deepest nesting of mappings and lists in a document. Default 64. */
  readonly maxDepth?: number;
}

export interface ParsedFile {
  readonly documents: readonly RawDocument[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Text per file that the exact reader may spend its time on; past it, the fast reader's verdict stands. */
const EXACT_BUDGET = 256 * 1024;
/** The exact reader takes time for each alias times each anchor. */
const MAX_EXACT_ALIASES = 1000;
/** Diagnostics kept per file. */
const MAX_DIAGNOSTICS = 100;
/** Problems after which a file is given up: it is no catalog file, or it is meant to keep us busy. */
const MAX_PROBLEMS = 1000;

/**
 * Reads the documents of a file. Never throws: whatever is wrong becomes a diagnostic with a code
 * `catalog/…`, a position and advice, and takes away only the document it is in. Empty documents are skipped.
 */
export function parseDocuments(source: SourceFile, limits: DocumentLimits = {}): ParsedFile {
  const { maxBytes = MAX_FILE_BYTES, maxDepth = 64 } = limits;
  const decoded = decodeText(source, maxBytes);
  if (decoded.kind === 'refused') return { documents: [], diagnostics: [decoded.diagnostic] };
  const reading: Reading = {
    file: source.file,
    maxBytes,
    maxDepth,
    documents: [],
    diagnostics: [],
    index: 0,
    exactBudget: EXACT_BUDGET,
    problems: 0,
  };
  for (const chunk of splitDocuments(decoded.text)) {
    if (reading.problems >= MAX_PROBLEMS) {
      reading.diagnostics.push(givenUp(reading, chunk));
      break;
    }
    if (!chunk.blank) readChunk(reading, chunk);
    else reading.index += chunk.documents ?? 0;
  }
  return { documents: reading.documents, diagnostics: reading.diagnostics };
}

interface Reading {
  readonly file: string;
  readonly maxBytes: number;
  readonly maxDepth: number;
  readonly documents: RawDocument[];
  readonly diagnostics: Diagnostic[];
  index: number;
  exactBudget: number;
  /** Those that are in `diagnostics`, and those past MAX_DIAGNOSTICS. */
  problems: number;
}

/**
 * Where to look for a path such as `spec.dependsOn[1]` in a document: the value, the key of a mapping or
 * list, or the nearest ancestor that is there. Keys may hold dots. Null when there is no such document.
 * Slow; for messages only.
 */
export function locate(source: SourceFile, documentIndex: number, path: string): Position | null {
  const decoded = decodeText(source, source.bytes.length);
  if (decoded.kind === 'refused') return null;
  let index = 0;
  for (const chunk of splitDocuments(decoded.text)) {
    const count = chunk.documents;
    if (count === null || index + count > documentIndex) {
      const found = locateInChunk(chunk, documentIndex - index, path);
      if (count !== null || found.position !== null) return found.position;
      index += found.documents;
    } else {
      index += count;
    }
  }
  return null;
}

function locateInChunk(
  chunk: Chunk,
  number: number,
  path: string,
): { readonly position: Position | null; readonly documents: number } {
  if (chunk.text.length > EXACT_BUDGET) {
    return { position: { line: chunk.contentLine, column: 1 }, documents: 1 };
  }
  const documents = readExact(chunk.text, chunk.line);
  return { position: documents[number]?.find(path) ?? null, documents: documents.length };
}

function readChunk(reading: Reading, chunk: Chunk): void {
  if (chunk.documents === 1 && !isDoubtful(chunk.text)) {
    const result = readFast(chunk.text, { maxDepth: reading.maxDepth, onWarning: 'stop' });
    const values = trusted(result, { text: chunk.text, maxDepth: reading.maxDepth });
    if (values !== null) return takeTrusted(reading, chunk, values);
    if (result.kind === 'too-deep') return takeFast(reading, chunk);
  }
  if (!mayReadExact(reading, chunk)) return takeFast(reading, chunk);
  reading.exactBudget -= chunk.text.length;
  for (const document of readExact(chunk.text, chunk.line)) {
    for (const problem of document.problems) report(reading, problem);
    takeValue(reading, document);
  }
}

/** The values when the exact reader is known to give the same, else null. */
function trusted(
  result: FastResult,
  { text, maxDepth }: { readonly text: string; readonly maxDepth: number },
): readonly JsonObject[] | null {
  if (result.kind !== 'values') return null;
  // `{[a]}` has a collection for a key, which js-yaml makes text of in its own way; the value is then null.
  const nullIsDoubtful = text.includes('{');
  const values: JsonObject[] = [];
  for (const value of result.values) {
    if (!isClean(value, maxDepth) || !isJsonObject(value, [])) return null;
    if (nullIsDoubtful && hasNull(value)) return null;
    values.push(value);
  }
  return values;
}

function takeTrusted(reading: Reading, chunk: Chunk, values: readonly JsonObject[]): void {
  for (const value of values) {
    reading.documents.push({ value, index: reading.index, line: chunk.contentLine });
    reading.index += 1;
  }
}

function mayReadExact(reading: Reading, { text }: Chunk): boolean {
  if (text.length > reading.exactBudget) return false;
  let aliases = 0;
  for (let at = text.indexOf('*'); at !== -1; at = text.indexOf('*', at + 1)) aliases += 1;
  return aliases <= MAX_EXACT_ALIASES;
}

/** Takes the fast reader's verdict as it is. */
function takeFast(reading: Reading, chunk: Chunk): void {
  const start: Position = { line: chunk.contentLine, column: 1 };
  const result = readFast(chunk.text, { maxDepth: reading.maxDepth, onWarning: 'read-on' });
  if (result.kind === 'values') {
    for (const value of result.values) takeValue(reading, { value, start, find: () => start });
    return;
  }
  reading.index += 1;
  if (result.kind === 'doubt') return;
  const position = { line: chunk.line + result.at.line, column: result.at.column + 1 };
  report(reading, { ...position, ...(result.kind === 'too-deep' ? TOO_DEEP : syntax(result.reason)) });
}

/** Keeps a value that is an object and has no fatal flaw; reports what it has. */
function takeValue(reading: Reading, document: Pick<ExactDocument, 'value' | 'start' | 'find'>): void {
  const { value, start, find } = document;
  const index = reading.index;
  reading.index += 1;
  if (value === null || value === undefined) return;
  const size = expandedSize(value);
  if (size > reading.maxBytes) return report(reading, { ...start, ...expansion(size, reading.maxBytes) });
  if (!isObject(value)) return report(reading, { ...start, ...notAnObject(value) });
  const flaws = findFlaws(value, reading.maxDepth);
  for (const flaw of flaws) report(reading, { ...find(flaw.path), ...flawed(flaw) }, flaw.path);
  if (isJsonObject(value, flaws)) reading.documents.push({ value, index, line: start.line });
}

function report(reading: Reading, problem: Problem, path?: string): void {
  reading.problems += 1;
  if (reading.problems > MAX_DIAGNOSTICS) return;
  reading.diagnostics.push({ ...problem, file: reading.file, ...(path === undefined ? {} : { path }) });
}

function givenUp({ file, problems }: Reading, { line }: Chunk): Diagnostic {
  return {
    severity: 'error',
    code: 'catalog/too-many-problems',
    summary: `The file has ${problems} problems up to here; the rest of it is not read.`,
    detail: 'Correct the first ones; check that the location points to a catalog file.',
    file,
    line,
  };
}
