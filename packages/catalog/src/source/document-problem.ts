/**
 * Everything that can be said against a document: one table of codes, summaries and advice, so that the
 * readers only find things and the words are in one place.
 */
import type { Flaw } from './document-value.ts';

/** 1-based, within the file. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

export interface Complaint {
  readonly severity: 'error' | 'warning';
  /** A diagnostic code. */
  readonly code: string;
  readonly summary: string;
  readonly detail: string;
}

export interface Problem extends Complaint, Position {}

export const TOO_DEEP: Complaint = {
  severity: 'error',
  code: 'catalog/yaml-too-deep',
  summary: 'The document is nested too deeply.',
  detail: 'Flatten it; an entity needs a few levels only.',
};

export const STRANGE_KEY: Complaint = {
  severity: 'warning',
  code: 'catalog/yaml-key',
  summary: 'A key is empty, a list or a mapping; it is turned into text.',
  detail:
    'Put the key in quotes. If this is a template expression such as {{ name }}, put all of it in quotes.',
};

/** What to do about the commoner complaints of the `yaml` package. */
const ADVICE: Readonly<Record<string, string>> = {
  TAB_AS_INDENT: 'Indent with spaces: YAML does not take tabs there.',
  BLOCK_AS_IMPLICIT_KEY:
    'Put a value that contains ": " in quotes, or begin nested keys on a line of their own.',
  BAD_SCALAR_START: 'Put the value in quotes: it begins with a character that YAML reserves.',
  BAD_DQ_ESCAPE: 'Write the backslash twice, or use single quotes.',
  BAD_INDENT: 'Indent the line like its siblings, or deeper than its parent.',
  MULTILINE_IMPLICIT_KEY: 'Check that the key ends with a colon and that the lines are indented alike.',
  MISSING_CHAR: 'Check quotes, brackets and colons on this line and the one before.',
  BAD_ALIAS: 'Put a value that begins with "*" or "&" in quotes.',
  TAG_RESOLVE_FAILED: 'Put a value that begins with "!" in quotes, or take the tag away.',
};

/** A parser's complaint. `parserCode` is that of the `yaml` package, if it has one. */
export function syntax(message: string, parserCode = '', severity: 'error' | 'warning' = 'error'): Complaint {
  if (parserCode === 'RESOURCE_EXHAUSTION') return TOO_DEEP;
  const code = parserCode === 'TAB_AS_INDENT' ? 'catalog/yaml-tab' : 'catalog/yaml-syntax';
  const detail = ADVICE[parserCode] ?? 'Correct the YAML at this position.';
  return { severity, code, summary: sentence(message), detail };
}

export function duplicateKey(key: string, firstLine: number): Complaint {
  return {
    severity: 'error',
    code: 'catalog/yaml-duplicate-key',
    summary: `The key "${key}" is in the same mapping twice; it is already on line ${firstLine}.`,
    detail: 'Keep one of them. Two documents in one file need a line with "---" between them.',
  };
}

export function unresolvedAlias(name: string): Complaint {
  return {
    severity: 'error',
    code: 'catalog/yaml-aliases',
    summary: `The alias "*${name}" has no anchor before it in the document.`,
    detail: 'Define the anchor first, or put a value that begins with "*" in quotes.',
  };
}

/** `size` is that of the expanded document; not finite when it holds itself. */
export function expansion(size: number, maxBytes: number): Complaint {
  const how = Number.isFinite(size)
    ? `to more than ${maxBytes} bytes once its aliases are replaced by what they stand for`
    : 'without end: an alias stands for something that contains the alias';
  return {
    severity: 'error',
    code: 'catalog/yaml-aliases',
    summary: `The document grows ${how}.`,
    detail: 'Write the values out instead of using anchors and aliases.',
  };
}

export function notAnObject(value: unknown): Complaint {
  const what = Array.isArray(value) ? 'a list' : `a ${typeof value}`;
  return {
    severity: 'error',
    code: 'catalog/not-an-object',
    summary: `The document is ${what}, not a mapping of keys to values.`,
    detail: Array.isArray(value)
      ? 'Write each entity as a document of its own, with a line "---" between them.'
      : 'An entity begins with apiVersion, kind and metadata. Check that the location points to a catalog file.',
  };
}

export function flawed({ kind, path }: Flaw): Complaint {
  switch (kind) {
    case 'too-deep':
      return TOO_DEEP;
    case 'forbidden-key':
      return {
        severity: 'error',
        code: 'catalog/yaml-key',
        summary: `The key "${path}" is not allowed.`,
        detail: 'Rename it: this name has a meaning of its own in the programs that read the catalog.',
      };
    case 'not-finite':
      return {
        severity: 'warning',
        code: 'catalog/yaml-number',
        summary: `The number at "${path}" is infinite or not a number; it is read as null.`,
        detail: 'Put it in quotes if it is meant as text.',
      };
    case 'merge-key':
      return {
        severity: 'warning',
        code: 'catalog/yaml-key',
        summary: `"${path}" is kept as an ordinary key; merge keys are not applied.`,
        detail: 'Write the merged values out, as Backstage expects too.',
      };
    case 'not-json':
      return {
        severity: 'error',
        code: 'catalog/yaml-syntax',
        summary: `The value at "${path}" cannot be written as JSON.`,
        detail: 'Use plain strings, numbers, booleans, lists and mappings, without YAML 1.1 types.',
      };
    default:
      return kind satisfies never;
  }
}

/** The first line of a parser's message, as a sentence. */
function sentence(message: string): string {
  const line = (message.split('\n', 1)[0] ?? '').trim();
  const text = line.charAt(0).toUpperCase() + line.slice(1);
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
