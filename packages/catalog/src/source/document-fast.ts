/**
 * The fast reader: js-yaml, made to give the values that the `yaml` package gives (which Backstage uses).
 * Scalars are resolved by a schema of our own; text in which the two parsers are known to differ is
 * recognised by `isDoubtful` and left to the exact reader. A differential test holds the two together.
 */
import { FAILSAFE_SCHEMA, loadAll, Type, YAMLException } from 'js-yaml';
import { messageOf } from '@callboard/kernel';

export type FastResult =
  | { readonly kind: 'values'; readonly values: readonly unknown[] }
  /** js-yaml would read on, but something is odd, such as a quoted scalar that is not indented. */
  | { readonly kind: 'doubt' }
  | { readonly kind: 'too-deep' | 'broken'; readonly reason: string; readonly at: FastPosition };

export interface FastOptions {
  /** Nesting at which reading stops. */
  readonly maxDepth: number;
  /** What to do where js-yaml warns. */
  readonly onWarning: 'stop' | 'read-on';
}

/** 0-based, within the text. */
interface FastPosition {
  readonly line: number;
  readonly column: number;
}

const NULL = /^(?:~|null|Null|NULL)?$/;
const BOOLEAN = /^(?:[Tt]rue|TRUE|[Ff]alse|FALSE)$/;
const INTEGER = /^(?:[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+)$/;
const FLOAT = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;
const NOT_FINITE = /^(?:[-+]?\.(?:inf|Inf|INF)|\.nan|\.NaN|\.NAN)$/;
/** What a number can begin with; most scalars are decided by this alone. */
const NUMBER_START = '+-.0123456789';

/** The core schema of YAML 1.2.2 (10.3), as `yaml` resolves it: no binary, no `_`, no sign before 0o and 0x. */
const SCHEMA = FAILSAFE_SCHEMA.extend({
  implicit: [
    scalar(
      'null',
      (text) => NULL.test(text),
      () => null,
    ),
    scalar(
      'bool',
      (text) => BOOLEAN.test(text),
      (text) => text.charAt(0).toLowerCase() === 't',
    ),
    scalar('float', isNumber, toNumber),
  ],
});

/**
 * Where js-yaml and `yaml` disagree on verdict or value, found by the differential test: tabs and lone CRs;
 * content on the `---` line; `...`; tags, anchors, aliases and explicit keys; collections as keys; a comment
 * right after a quote, bracket, comma or colon; block scalars with an indentation indicator, `+` or a comment,
 * or that begin with blanks; a comment between key and value; an empty `-`; an escaped line break.
 * Each pattern takes time linear in the text.
 */
const DOUBTFUL = new RegExp(
  [
    /\t|\r(?!\n)|\uFEFF/,
    /^---(?! *$| +#)/,
    /^\.\.\.(?:\s|$)/,
    /(?:^ *|[-:?,[{] *)(?:!|[&*]\S|\?(?:\s|$))/,
    /[\]}]\s*:/,
    /["'[\]{},:]#/,
    /(?:^| )[|>][-+0-9]*[1-9+]/,
    /^ *(?:- +)*- *(?:#.*)?$/,
    /(?:^| )[|>]-?(?: +#|\s*?\n +\r?$)/,
    /: *\r?\n\s*#/,
    /\\\r?\n/,
  ]
    .map((pattern) => pattern.source)
    .join('|'),
  'm',
);

/** True when the exact reader has to judge this text. */
export function isDoubtful(text: string): boolean {
  return DOUBTFUL.test(text);
}

/** Reads all documents of a text. */
export function readFast(text: string, { maxDepth, onWarning }: FastOptions): FastResult {
  // Keys and leaves count as levels of their own in js-yaml.
  const options = { schema: SCHEMA, maxDepth: maxDepth + 2 };
  try {
    const values = loadAll(text, null, onWarning === 'stop' ? { ...options, onWarning: stop } : options);
    return { kind: 'values', values };
  } catch (error) {
    if (error === WARNED) return { kind: 'doubt' };
    // A RangeError of the call stack; anything else is told as it is.
    if (!(error instanceof YAMLException)) {
      return { kind: 'broken', reason: messageOf(error), at: { line: 0, column: 0 } };
    }
    const kind = error.reason.startsWith('nesting exceeded') ? 'too-deep' : 'broken';
    return { kind, reason: error.reason, at: { line: error.mark.line, column: error.mark.column } };
  }
}

const WARNED = new Error('js-yaml warned');

/** A warning costs js-yaml a walk through the whole text, so the first one has to be the last. */
function stop(): never {
  throw WARNED;
}

function scalar(
  name: string,
  matches: (text: string) => boolean,
  construct: (text: string) => unknown,
): Type {
  return new Type(`tag:yaml.org,2002:${name}`, {
    kind: 'scalar',
    resolve: (data: unknown) => typeof data === 'string' && matches(data),
    construct,
  });
}

function isNumber(text: string): boolean {
  if (!NUMBER_START.includes(text.charAt(0))) return false;
  return FLOAT.test(text) || INTEGER.test(text) || NOT_FINITE.test(text);
}

function toNumber(text: string): number {
  if (text.startsWith('0x') || text.startsWith('0o')) return Number(text);
  const ending = text.slice(-3).toLowerCase();
  if (ending === 'nan') return Number.NaN;
  if (ending === 'inf') return text.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  return Number.parseFloat(text);
}
