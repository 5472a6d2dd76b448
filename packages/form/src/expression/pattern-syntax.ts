/** The syntax tree of a regular expression, as much of it as it takes to see what it may repeat in how many ways. */

/** Characters, as bits: one for each of ASCII, and one for all others together. */
export type Characters = bigint;

export type Pattern =
  | { readonly kind: 'characters'; readonly set: Characters }
  | { readonly kind: 'sequence'; readonly parts: readonly Pattern[] }
  | { readonly kind: 'choice'; readonly options: readonly Pattern[] }
  | { readonly kind: 'repeat'; readonly part: Pattern; readonly least: number; readonly most: number }
  /** Takes no characters: `^`, `\b`, and what looks ahead or behind. `part` is what it looks for. */
  | { readonly kind: 'assertion'; readonly part: Pattern | null; readonly isStart: boolean }
  /** Takes what a group took. */
  | { readonly kind: 'reference' };

const OTHERS = 1n << 128n;
export const ANY: Characters = (1n << 129n) - 1n;
const DIGITS = rangeOf('0', '9');
const LETTERS = rangeOf('a', 'z') | rangeOf('A', 'Z');
const WORD = DIGITS | LETTERS | bitOf('_');
const SPACE = [' ', '\t', '\n', '\r', '\v', '\f'].reduce((set, character) => set | bitOf(character), OTHERS);
const CLASSES: Readonly<Record<string, Characters>> = {
  d: DIGITS,
  D: ANY & ~DIGITS,
  w: WORD,
  W: ANY & ~WORD,
  s: SPACE,
  S: ANY & ~(SPACE & ~OTHERS),
};
const CONTROLS: Readonly<Record<string, string>> = { t: '\t', n: '\n', r: '\r', v: '\v', f: '\f', 0: '\0' };

function bitOf(character: string): Characters {
  const code = character.codePointAt(0) ?? 0;
  return code < 128 ? 1n << BigInt(code) : OTHERS;
}

function rangeOf(first: string, last: string): Characters {
  const from = first.codePointAt(0) ?? 0;
  const to = last.codePointAt(0) ?? 0;
  let set = to > 127 ? OTHERS : 0n;
  for (let code = from; code <= Math.min(to, 127); code += 1) set |= 1n << BigInt(code);
  return set;
}

interface Reader {
  readonly source: string;
  readonly ignoresCase: boolean;
  at: number;
}

/** `source` is one that JavaScript accepts, without the `u` and `v` flags. */
export function readPattern(source: string, flags = ''): Pattern {
  return readChoice({ source, ignoresCase: flags.includes('i'), at: 0 });
}

function readChoice(reader: Reader): Pattern {
  const options = [readSequence(reader)];
  while (take(reader, '|')) options.push(readSequence(reader));
  const [only] = options;
  return options.length === 1 && only !== undefined ? only : { kind: 'choice', options };
}

function readSequence(reader: Reader): Pattern {
  const parts: Pattern[] = [];
  for (let next = peek(reader); next !== '' && next !== '|' && next !== ')'; next = peek(reader)) {
    parts.push(readRepeated(reader));
  }
  return { kind: 'sequence', parts };
}

function readRepeated(reader: Reader): Pattern {
  const part = readAtom(reader);
  const times = readTimes(reader);
  if (times === null) return part;
  // Lazy or not, the ways to match are the same.
  take(reader, '?');
  return { kind: 'repeat', part, ...times };
}

function readTimes(reader: Reader): { readonly least: number; readonly most: number } | null {
  if (take(reader, '*')) return { least: 0, most: Infinity };
  if (take(reader, '+')) return { least: 1, most: Infinity };
  if (take(reader, '?')) return { least: 0, most: 1 };
  const braces = /^\{(\d+)(?:(,)(\d*))?\}/.exec(reader.source.slice(reader.at, reader.at + 40));
  if (braces === null) return null;
  reader.at += braces[0].length;
  const [, least = '0', comma, most = ''] = braces;
  if (comma === undefined) return { least: Number(least), most: Number(least) };
  return { least: Number(least), most: most === '' ? Infinity : Number(most) };
}

function readAtom(reader: Reader): Pattern {
  const character = peek(reader);
  reader.at += 1;
  switch (character) {
    case '(':
      return readGroup(reader);
    case '[':
      return { kind: 'characters', set: readSet(reader) };
    case '.':
      return { kind: 'characters', set: ANY & ~(bitOf('\n') | bitOf('\r')) };
    case '^':
      return { kind: 'assertion', part: null, isStart: true };
    case '$':
      return { kind: 'assertion', part: null, isStart: false };
    case '\\':
      return readEscape(reader);
    default:
      return { kind: 'characters', set: cased(bitOf(character), reader) };
  }
}

function readGroup(reader: Reader): Pattern {
  const head = /^\?(?::|<?[=!]|<[^>]*>)/.exec(reader.source.slice(reader.at, reader.at + 100));
  if (head !== null) reader.at += head[0].length;
  const part = readChoice(reader);
  take(reader, ')');
  const looks = head !== null && /[=!]$/.test(head[0]);
  return looks ? { kind: 'assertion', part, isStart: false } : part;
}

function readEscape(reader: Reader): Pattern {
  const character = peek(reader);
  if (character === 'b' || character === 'B') {
    reader.at += 1;
    return { kind: 'assertion', part: null, isStart: false };
  }
  if (/[1-9k]/.test(character)) {
    reader.at += 1;
    return { kind: 'reference' };
  }
  return { kind: 'characters', set: readEscaped(reader) };
}

/** Of what comes after a backslash. */
function readEscaped(reader: Reader): Characters {
  const rest = reader.source.slice(reader.at, reader.at + 5);
  const code = /^(?:x([\da-f]{2})|u([\da-f]{4}))/i.exec(rest);
  if (code !== null) {
    reader.at += code[0].length;
    return cased(bitOf(String.fromCharCode(Number.parseInt(code[1] ?? code[2] ?? '0', 16))), reader);
  }
  const character = rest[0] ?? '\\';
  reader.at += 1;
  return CLASSES[character] ?? cased(bitOf(CONTROLS[character] ?? character), reader);
}

function readSet(reader: Reader): Characters {
  const isNegated = take(reader, '^');
  let set = 0n;
  while (peek(reader) !== ']' && peek(reader) !== '') {
    const first = peek(reader);
    reader.at += 1;
    if (first === '\\') {
      set |= peek(reader) === 'b' && take(reader, 'b') ? bitOf('\b') : readEscaped(reader);
      continue;
    }
    const last = /^-([^\]\\])/.exec(reader.source.slice(reader.at, reader.at + 2))?.[1];
    if (last !== undefined) reader.at += 2;
    set |= cased(last === undefined ? bitOf(first) : rangeOf(first, last), reader);
  }
  take(reader, ']');
  return isNegated ? ANY & ~(set & ~OTHERS) : set;
}

/** With the other case of its letters, where case is no matter. */
function cased(set: Characters, { ignoresCase }: Reader): Characters {
  if (!ignoresCase) return set;
  const upper = set & rangeOf('A', 'Z');
  const lower = set & rangeOf('a', 'z');
  return set | (upper << 32n) | (lower >> 32n);
}

function peek({ source, at }: Reader): string {
  return source[at] ?? '';
}

function take(reader: Reader, character: string): boolean {
  if (peek(reader) !== character) return false;
  reader.at += 1;
  return true;
}
