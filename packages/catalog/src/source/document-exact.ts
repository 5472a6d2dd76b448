/**
 * The exact reader: the `yaml` package, whose verdicts are the contract, with positions. It is about ten
 * times slower than the fast reader, so it is loaded on first use and sees only the documents that need it.
 */
import { createRequire } from 'node:module';
import type * as YamlModule from 'yaml';
import type { Document, LineCounter, ParsedNode, YAMLError } from 'yaml';
import { messageOf } from '@callboard/kernel';
import { offsetOf, startOf } from './document-path.ts';
import {
  duplicateKey,
  STRANGE_KEY,
  syntax,
  TOO_DEEP,
  unresolvedAlias,
  type Position,
  type Problem,
} from './document-problem.ts';

type Yaml = typeof YamlModule;
type Doc = Document.Parsed<ParsedNode, boolean>;

export interface ExactDocument {
  /** Undefined when a problem is an error. */
  readonly value: unknown;
  readonly problems: readonly Problem[];
  /** Where the content begins. */
  readonly start: Position;
  /** Where the value at a path is, or the nearest ancestor's key. */
  readonly find: (path: string) => Position;
}

const MAX_WARNINGS = 20;

const require = createRequire(import.meta.url);
let loaded: Yaml | null = null;

function loadYaml(): Yaml {
  if (loaded !== null) return loaded;
  const yaml: Yaml = require('yaml');
  loaded = yaml;
  return yaml;
}

/** Reads all documents of a text whose first character is on the 1-based `line` of its file. */
export function readExact(text: string, line: number): readonly ExactDocument[] {
  const lines = new (loadYaml().LineCounter)();
  const documents = withoutStackTraces(() =>
    loadYaml().parseAllDocuments(text, {
      lineCounter: lines,
      prettyErrors: false,
      logLevel: 'silent',
      // Its own check compares every key with every other; the one below is linear.
      uniqueKeys: false,
    }),
  );
  if (!Array.isArray(documents)) return [];
  return documents.map((document) => toExact(document, { lines, line }));
}

/** The parser makes an Error for each oddity; in broken text, their stack traces are most of its time. */
function withoutStackTraces<T>(work: () => T): T {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 0;
  try {
    return work();
  } finally {
    Error.stackTraceLimit = limit;
  }
}

interface Place {
  readonly lines: LineCounter;
  readonly line: number;
}

function toExact(document: Doc, place: Place): ExactDocument {
  const start = positionOf(document.contents?.range?.[0] ?? document.range[0], place);
  const find = (path: string): Position =>
    positionOf(offsetOf(loadYaml(), document.contents, path) ?? document.range[0], place);
  const problems = [
    ...errorsOf(document, place),
    ...document.warnings.map((error) => toProblem(error, place)),
  ];
  if (problems.some((problem) => problem.severity === 'error')) {
    return { value: undefined, problems, start, find };
  }
  try {
    // The options of toJSON(), but for the alias limit: the caller bounds the expanded size instead.
    const value: unknown = document.toJS({ json: true, mapAsMap: false, maxAliasCount: -1 });
    return { value, problems, start, find };
  } catch (error) {
    problems.push(conversionProblem(document, error, place));
    return { value: undefined, problems, start, find };
  }
}

/** The parser's first error (the others mostly follow from it), or what is wrong with the keys. */
function errorsOf(document: Doc, place: Place): readonly Problem[] {
  const first = document.errors[0];
  if (first === undefined) return keyProblems(document, place);
  const opening = first.message.startsWith('Missing closing') ? lastQuoteOf(document) : null;
  return [{ ...toProblem(first, place), ...(opening === null ? {} : positionOf(opening, place)) }];
}

/** Where an unclosed quote opens: the parser tells where it noticed, which may be pages below. */
function lastQuoteOf(document: Doc): number | null {
  const yaml = loadYaml();
  const opened: number[] = [];
  yaml.visit(document, {
    Scalar: (_, { type, range }) => {
      if (type === 'QUOTE_DOUBLE' || type === 'QUOTE_SINGLE') opened.push(range?.[0] ?? 0);
    },
  });
  return opened.at(-1) ?? null;
}

function toProblem(error: YAMLError, place: Place): Problem {
  const severity = error.name === 'YAMLWarning' ? 'warning' : 'error';
  return { ...positionOf(error.pos[0], place), ...syntax(error.message, error.code, severity) };
}

function positionOf(offset: number, { lines, line }: Place): Position {
  const { line: within, col } = lines.linePos(offset);
  return { line: Math.max(within, 1) + line - 1, column: Math.max(col, 1) };
}

/** The first key that is there twice (an error), or keys that are no scalars (warnings). */
function keyProblems(document: Doc, place: Place): readonly Problem[] {
  const yaml = loadYaml();
  const duplicates: Problem[] = [];
  const strange: Problem[] = [];
  yaml.visit(document, {
    Map: (_, map) => {
      const seen = new Map<unknown, Position>();
      for (const { key } of map.items) {
        if (yaml.isAlias(key)) continue;
        const position = positionOf(startOf(yaml, key) ?? 0, place);
        const value = yaml.isScalar(key) ? key.value : null;
        if (value === null && strange.length < MAX_WARNINGS) strange.push({ ...position, ...STRANGE_KEY });
        if (!yaml.isScalar(key)) continue;
        const before = seen.get(value);
        if (before !== undefined)
          duplicates.push({ ...position, ...duplicateKey(keyText(value), before.line) });
        seen.set(value, position);
      }
      return duplicates.length === 0 ? undefined : yaml.visit.BREAK;
    },
  });
  return duplicates.length === 0 ? strange : duplicates.slice(0, 1);
}

function keyText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function conversionProblem(document: Doc, error: unknown, place: Place): Problem {
  const start = positionOf(document.range[0], place);
  if (error instanceof RangeError) return { ...start, ...TOO_DEEP };
  return unresolvedAliasOf(document, place) ?? { ...start, ...syntax(messageOf(error)) };
}

function unresolvedAliasOf(document: Doc, place: Place): Problem | null {
  const yaml = loadYaml();
  const anchors = new Set<string>();
  const found: Problem[] = [];
  yaml.visit(document, {
    Node: (_, node) => {
      if (!yaml.isAlias(node)) {
        if (node.anchor !== undefined) anchors.add(node.anchor);
        return undefined;
      }
      if (anchors.has(node.source)) return undefined;
      found.push({ ...positionOf(startOf(yaml, node) ?? 0, place), ...unresolvedAlias(node.source) });
      return yaml.visit.BREAK;
    },
  });
  return found[0] ?? null;
}
