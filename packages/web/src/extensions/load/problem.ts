/** Something about an extension that keeps it, or a part of it, from working. */
import { isObject } from '@callboard/model';
import { messages } from '../messages.ts';

export interface ExtensionProblem {
  /** As the server calls it, relative to the folder of extensions. */
  readonly file: string;
  /** From 1; null when no line is to blame. */
  readonly line: number | null;
  readonly column: number | null;
  readonly text: string;
  /** The line of the source; null when it is not known. */
  readonly lineText: string | null;
}

export function problemOf(file: string, text: string): ExtensionProblem {
  return { file, line: null, column: null, text, lineText: null };
}

/** Of an answer of the server; what is missing is null, or `file`. */
export function toProblem(given: unknown, file: string): ExtensionProblem {
  const { line, column, text, lineText, ...rest } = isObject(given) ? given : {};
  return {
    file: textOr(rest['file'], file),
    line: numberOrNull(line),
    column: numberOrNull(column),
    text: textOr(text, ''),
    lineText: typeof lineText === 'string' ? lineText : null,
  };
}

/** React gives numbers instead of words; the causes that authors meet. See react.dev/errors. */
const REACT_WORDS: Readonly<Record<string, string>> = {
  31: messages.objectShown,
  130: messages.noSuchComponent,
  185: messages.endless,
  300: messages.hooksDiffer,
  301: messages.endless,
  310: messages.hooksDiffer,
};
const REACT_NUMBER = /^Minified React error #(\d+);/;

/** What was thrown, in words. */
export function wordsOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  const { name, message } = thrown;
  const known = REACT_WORDS[REACT_NUMBER.exec(message)?.[1] ?? ''];
  if (known !== undefined) return known;
  return name === 'Error' || name === '' ? message : `${name}: ${message}`;
}

function textOr(value: unknown, otherwise: string): string {
  return typeof value === 'string' ? value : otherwise;
}

function numberOrNull(value: unknown): number | null {
  return typeof value === 'number' ? value : null;
}
