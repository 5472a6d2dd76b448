/** Words of a jq program (jq 1.7 manual), with their places. Texts are cut at `\(…)`. */
import { JqProblem } from './jq-problem.ts';

export type JqToken =
  | { readonly kind: 'number'; readonly value: number; readonly index: number }
  | {
      readonly kind: 'text';
      readonly parts: readonly (string | readonly JqToken[])[];
      readonly index: number;
    }
  /** `.name` */
  | { readonly kind: 'field'; readonly name: string; readonly index: number }
  | { readonly kind: 'variable'; readonly name: string; readonly index: number }
  | { readonly kind: 'word'; readonly name: string; readonly index: number }
  | { readonly kind: 'sign'; readonly sign: string; readonly index: number };

const SPACE = /(?:\s|#[^\n]*)*/y;
const NUMBER = /\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const FIELD = /\.([A-Za-z_]\w*)/y;
const VARIABLE = /\$([A-Za-z_]\w*)/y;
const WORD = /[A-Za-z_]\w*(?:::\w+)*/y;
const SIGN = /\?\/\/|\/\/=|\|=|\+=|-=|\*=|%=|\/=|==|!=|<=|>=|\/\/|\.\.|[.[\](){}|,:;?+\-*/%<>=@]/y;
const ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};

export function scanJq(text: string): readonly JqToken[] {
  return scanUntil(text, { from: 0, closes: false, depth: 0 }).tokens;
}

interface Scanned {
  readonly tokens: readonly JqToken[];
  readonly index: number;
}

interface From {
  readonly from: number;
  /** Ends at the bracket that closes `\(`. */
  readonly closes: boolean;
  readonly depth: number;
}

function scanUntil(text: string, { from, closes, depth }: From): Scanned {
  if (depth > 20) throw new JqProblem('Texts are nested too deeply', from);
  const tokens: JqToken[] = [];
  let index = from;
  let open = 0;
  for (;;) {
    index += match(SPACE, text, index)?.[0].length ?? 0;
    if (index >= text.length) return { tokens, index };
    if (text[index] === '"') {
      const scanned = scanText(text, index, depth);
      tokens.push(scanned.token);
      index = scanned.index;
      continue;
    }
    const token = scanOne(text, index);
    if (token.kind === 'sign' && token.sign === '(') open += 1;
    if (token.kind === 'sign' && token.sign === ')') {
      if (closes && open === 0) return { tokens, index };
      open -= 1;
    }
    tokens.push(token);
    index += token.length;
  }
}

function match(pattern: RegExp, text: string, index: number): RegExpExecArray | null {
  pattern.lastIndex = index;
  return pattern.exec(text);
}

function scanOne(text: string, index: number): JqToken & { readonly length: number } {
  const field = match(FIELD, text, index);
  if (field !== null) return { kind: 'field', name: field[1] ?? '', index, length: field[0].length };
  const number = match(NUMBER, text, index);
  if (number !== null) return { kind: 'number', value: Number(number[0]), index, length: number[0].length };
  const variable = match(VARIABLE, text, index);
  if (variable !== null) {
    return { kind: 'variable', name: variable[1] ?? '', index, length: variable[0].length };
  }
  const word = match(WORD, text, index);
  if (word !== null) return { kind: 'word', name: word[0], index, length: word[0].length };
  const sign = match(SIGN, text, index);
  if (sign !== null) return { kind: 'sign', sign: sign[0], index, length: sign[0].length };
  throw new JqProblem(`'${text[index] ?? ''}' has no meaning in jq`, index);
}

function scanText(
  text: string,
  start: number,
  depth: number,
): { readonly token: JqToken; readonly index: number } {
  const parts: (string | readonly JqToken[])[] = [];
  let plain = '';
  let index = start + 1;
  while (index < text.length) {
    const letter = text[index] ?? '';
    if (letter === '"') {
      if (plain !== '' || parts.length === 0) parts.push(plain);
      return { token: { kind: 'text', parts, index: start }, index: index + 1 };
    }
    if (letter !== '\\') {
      plain += letter;
      index += 1;
      continue;
    }
    const next = text[index + 1] ?? '';
    const code = /^u([\da-fA-F]{4})/.exec(text.slice(index + 1, index + 6))?.[1];
    if (next === '(') {
      const inner = scanUntil(text, { from: index + 2, closes: true, depth: depth + 1 });
      if (text[inner.index] !== ')') break;
      if (plain !== '') parts.push(plain);
      plain = '';
      parts.push(inner.tokens);
      index = inner.index + 1;
    } else if (code !== undefined) {
      plain += String.fromCharCode(Number.parseInt(code, 16));
      index += 6;
    } else if (ESCAPES[next] !== undefined) {
      plain += ESCAPES[next];
      index += 2;
    } else {
      throw new JqProblem(`'\\${next}' has no meaning in a text of jq`, index);
    }
  }
  throw new JqProblem('A text is not closed', start);
}
