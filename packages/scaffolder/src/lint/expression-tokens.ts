/** Cuts the inside of `${{ }}` or `{% %}` into words, literals and signs, as the engine's lexer does. */

export interface Token {
  /** `text` and `number` are literals; `text` is without its quotes. `word` is a regular expression. */
  readonly kind: 'name' | 'text' | 'number' | 'word' | 'sign';
  readonly text: string;
  /** Where it begins in the whole text. */
  readonly index: number;
}

const NAME = /[A-Za-z_$][\w$]*/y;
const NUMBER = /\d+(?:\.\d+)?/y;
const REGEX = /r\/(?:\\.|[^\\/\n])+\/[gimy]*/y;
const SIGN = /===|!==|==|!=|<=|>=|\/\/|\*\*|[^\s]/y;

/** The tokens up to the closing sign, and where the text goes on behind it; its end when it is never closed. */
export function tokensOf(
  text: string,
  { from, closing }: { readonly from: number; readonly closing: '}}' | '%}' },
): { readonly tokens: readonly Token[]; readonly end: number } {
  const tokens: Token[] = [];
  let at = from;
  let braces = 0;
  // `-` beside a delimiter takes the white space away.
  if (text[at] === '-') at += 1;
  while (at < text.length) {
    if (/\s/.test(text.charAt(at))) {
      at += 1;
      continue;
    }
    if (braces === 0 && text.startsWith(closing, at)) return { tokens, end: at + closing.length };
    if (braces === 0 && text.startsWith(`-${closing}`, at)) return { tokens, end: at + 1 + closing.length };
    const token = tokenAt(text, at);
    if (token.text === '{' && token.kind === 'sign') braces += 1;
    if (token.text === '}' && token.kind === 'sign') braces -= 1;
    tokens.push({ kind: token.kind, text: token.text, index: at });
    at += token.length;
  }
  return { tokens, end: text.length };
}

function tokenAt(text: string, at: number): { kind: Token['kind']; text: string; length: number } {
  const first = text.charAt(at);
  if (first === '"' || first === "'") return quoted(text, at);
  for (const [kind, pattern] of [
    ['word', REGEX],
    ['name', NAME],
    ['number', NUMBER],
    ['sign', SIGN],
  ] as const) {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0];
    if (found !== undefined) return { kind, text: found, length: found.length };
  }
  return { kind: 'sign', text: first, length: 1 };
}

function quoted(text: string, at: number): { kind: 'text'; text: string; length: number } {
  const quote = text.charAt(at);
  let content = '';
  let end = at + 1;
  while (end < text.length && text[end] !== quote) {
    if (text[end] === '\\') end += 1;
    content += text[end] ?? '';
    end += 1;
  }
  return { kind: 'text', text: content, length: end + 1 - at };
}
