/**
 * Reads what an expression names without running it: variables with their keys, filters, tests, and names that the text
 * itself brings in. The engine's own parser has the last word on syntax; this one only has to find names in what is valid.
 */
import { tokensOf, type Token } from './expression-tokens.ts';

/** `parameters.name`, `steps['fetch'].output.path`. */
export interface Reference {
  readonly root: string;
  /** What follows the root; null where it is computed, and nothing is known behind that. */
  readonly keys: readonly (string | null)[];
  /** The root itself is called, as `failure()`. */
  readonly isCalled: boolean;
  /** Something stands in for it when it is absent: a default, a test whether it is defined, a condition. */
  readonly isGuarded: boolean;
  /**
   * The last key, or the root, together with what a minus joins to it without a space: `my-step` of `steps.my-step`.
   * Null when there is none.
   */
  readonly joined: string | null;
  /** It stands right behind such a minus. */
  readonly isJoined: boolean;
  /** Where it begins in the text. */
  readonly index: number;
}

export interface Named {
  readonly name: string;
  readonly index: number;
}

export interface ExpressionScan {
  readonly references: readonly Reference[];
  readonly filters: readonly Named[];
  readonly tests: readonly Named[];
  /** The text is one interpolation and nothing else, so it keeps the type of its value. */
  readonly isSole: boolean;
  /** There is something to compute in it. */
  readonly isDynamic: boolean;
}

interface Part {
  readonly kind: 'text' | 'value' | 'tag';
  readonly tokens: readonly Token[];
}

const WORDS = new Set(
  'and or not in is if else elif elseif for set true false none null True False None loop recursive'.split(
    ' ',
  ),
);
const GUARDING_FILTERS = new Set(['default', 'd']);
const GUARDING_TAGS = new Set(['if', 'elif', 'elseif', 'switch', 'for']);

/** Finds the names in a text with `${{ }}`, `{% %}` and `{# #}` (`opening: '{{'` for cookiecutter's way). */
export function scanExpression(text: string, opening: '${{' | '{{' = '${{'): ExpressionScan {
  const parts = splitParts(text, opening);
  const locals = new Set(parts.flatMap((part) => (part.kind === 'tag' ? localsOf(part.tokens) : [])));
  const found: { references: Reference[]; filters: Named[]; tests: Named[] } = {
    references: [],
    filters: [],
    tests: [],
  };
  for (const part of parts) {
    if (part.kind === 'text') continue;
    const scan = scanTokens(part);
    found.references.push(...scan.references.filter(({ root }) => !locals.has(root)));
    found.filters.push(...scan.filters);
    found.tests.push(...scan.tests);
  }
  const isDynamic = parts.some(({ kind }) => kind !== 'text');
  return { ...found, isSole: parts.length === 1 && parts[0]?.kind === 'value', isDynamic };
}

function splitParts(text: string, opening: '${{' | '{{'): readonly Part[] {
  const parts: Part[] = [];
  let at = 0;
  let textFrom = 0;
  const flush = (end: number): void => {
    if (end > textFrom) parts.push({ kind: 'text', tokens: [] });
  };
  while (at < text.length) {
    const kind = kindAt(text, { at, opening });
    if (kind === null) {
      at += 1;
      continue;
    }
    flush(at);
    if (kind === 'comment') {
      const end = text.indexOf('#}', at + 2);
      at = end === -1 ? text.length : end + 2;
    } else {
      const begins = at + (kind === 'tag' ? 2 : opening.length);
      const { tokens, end } = tokensOf(text, { from: begins, closing: kind === 'tag' ? '%}' : '}}' });
      parts.push({ kind, tokens });
      at = end;
      if (kind === 'tag' && isRaw(tokens)) at = endOfRaw(text, at);
    }
    textFrom = at;
  }
  flush(text.length);
  return parts;
}

function kindAt(
  text: string,
  { at, opening }: { readonly at: number; readonly opening: '${{' | '{{' },
): 'value' | 'tag' | 'comment' | null {
  if (text.startsWith(opening, at)) return 'value';
  if (text.startsWith('{%', at)) return 'tag';
  return text.startsWith('{#', at) ? 'comment' : null;
}

function isRaw([first]: readonly Token[]): boolean {
  return first?.kind === 'name' && (first.text === 'raw' || first.text === 'verbatim');
}

function endOfRaw(text: string, from: number): number {
  const end = /\{%-?\s*end(?:raw|verbatim)\s*-?%\}/g;
  end.lastIndex = from;
  const found = end.exec(text);
  return found === null ? text.length : found.index + found[0].length;
}

/** Names that a tag brings in. They count for the whole text: better to miss a mistake than to see one that is none. */
function localsOf(tokens: readonly Token[]): readonly string[] {
  const [tag, ...rest] = tokens;
  if (tag === undefined || !['set', 'for', 'macro', 'call'].includes(tag.text)) return [];
  const names: string[] = [];
  const isEnd = ({ kind, text }: Token): boolean =>
    (tag.text === 'for' && text === 'in') || (tag.text === 'set' && kind === 'sign' && text === '=');
  for (const token of rest) {
    if (isEnd(token)) break;
    if (token.kind === 'name') names.push(token.text);
  }
  return names;
}

function scanTokens({ kind, tokens }: Part): Pick<ExpressionScan, 'references' | 'filters' | 'tests'> {
  const references: Reference[] = [];
  const filters: Named[] = [];
  const tests: Named[] = [];
  const tag = kind === 'tag' ? tokens[0]?.text : undefined;
  const isConditional = tokens.some((token) => token.kind === 'name' && ['or', 'if'].includes(token.text));
  const isGuarding = (tag !== undefined && GUARDING_TAGS.has(tag)) || isConditional;
  for (const [index, token] of tokens.entries()) {
    const before = tokens[index - 1];
    if (token.kind !== 'name' || (kind === 'tag' && index === 0)) continue;
    const isFilter = isSign(before, '|') || (tag === 'filter' && index === 1);
    if (isFilter) filters.push({ name: dottedName(tokens, index), index: token.index });
    else if (isTest(tokens, index)) tests.push({ name: token.text, index: token.index });
    else if (isVariable(tokens, index)) {
      const { keys, next } = keysFrom(tokens, index + 1);
      const isGuarded = isGuarding || isGuardedBy(tokens, next);
      const isCalled = keys.length === 0 && isSign(tokens[next], '(');
      const joined = joinedName(tokens, { next, name: keys.at(-1) ?? token.text });
      const isJoined = isMinusBetween(tokens, index - 1);
      references.push({ root: token.text, keys, isCalled, isGuarded, joined, isJoined, index: token.index });
    }
  }
  return { references, filters, tests };
}

function isSign(token: Token | undefined, text: string): boolean {
  return token?.kind === 'sign' && token.text === text;
}

/** `name-tail-tail`, when minus signs follow with nothing between. */
function joinedName(
  tokens: readonly Token[],
  { next, name }: { readonly next: number; readonly name: string },
): string | null {
  let joined = name;
  for (let at = next; isMinusBetween(tokens, at); at += 2) joined += `-${tokens[at + 1]?.text ?? ''}`;
  return joined === name ? null : joined;
}

/** A minus with a name right before and right behind it. */
function isMinusBetween(tokens: readonly Token[], at: number): boolean {
  const [before, minus, after] = [tokens[at - 1], tokens[at], tokens[at + 1]];
  if (before === undefined || !isSign(minus, '-') || after?.kind !== 'name') return false;
  return before.index + before.text.length === minus?.index && minus.index + 1 === after.index;
}

/** Filters of plugins can have dots in their names. */
function dottedName(tokens: readonly Token[], index: number): string {
  let name = tokens[index]?.text ?? '';
  for (let at = index + 1; isSign(tokens[at], '.') && tokens[at + 1]?.kind === 'name'; at += 2) {
    name += `.${tokens[at + 1]?.text ?? ''}`;
  }
  return name;
}

/** Behind `is` or `is not`. */
function isTest(tokens: readonly Token[], index: number): boolean {
  const before = tokens[index - 1];
  if (before?.kind !== 'name') return false;
  const word = tokens[index]?.text ?? '';
  if (before.text === 'is') return word !== 'not';
  const beforeThat = tokens[index - 2];
  return before.text === 'not' && beforeThat?.kind === 'name' && beforeThat.text === 'is';
}

function isVariable(tokens: readonly Token[], index: number): boolean {
  const token = tokens[index];
  const before = tokens[index - 1];
  const after = tokens[index + 1];
  if (token === undefined || WORDS.has(token.text)) return false;
  if (isSign(before, '.')) return false;
  // A key of an object literal, or a named argument.
  return !isSign(after, ':') && !isSign(after, '=');
}

function keysFrom(tokens: readonly Token[], from: number): { keys: (string | null)[]; next: number } {
  const keys: (string | null)[] = [];
  let at = from;
  while (at < tokens.length) {
    const key = tokens[at + 1];
    if (isSign(tokens[at], '.') && (key?.kind === 'name' || key?.kind === 'number')) {
      keys.push(key.text);
      at += 2;
    } else if (isSign(tokens[at], '[') && key?.kind === 'text' && isSign(tokens[at + 2], ']')) {
      keys.push(key.text);
      at += 3;
    } else if (isSign(tokens[at], '[')) {
      keys.push(null);
      return { keys, next: closing(tokens, at) + 1 };
    } else break;
  }
  return { keys, next: at };
}

function closing(tokens: readonly Token[], from: number): number {
  let depth = 0;
  for (let at = from; at < tokens.length; at += 1) {
    if (isSign(tokens[at], '[')) depth += 1;
    if (isSign(tokens[at], ']')) depth -= 1;
    if (depth === 0) return at;
  }
  return tokens.length;
}

function isGuardedBy(tokens: readonly Token[], next: number): boolean {
  const [sign, name] = [tokens[next], tokens[next + 1]];
  if (isSign(sign, '|')) return name !== undefined && GUARDING_FILTERS.has(name.text);
  return sign?.kind === 'name' && (sign.text === 'is' || sign.text === 'in');
}
