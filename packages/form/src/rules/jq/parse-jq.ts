/** A jq program as a tree: the part of the language that forms use. Everything else is named, with its place. */
import type { JqNode } from './jq-node.ts';
import { JqProblem } from './jq-problem.ts';
import { scanJq, type JqToken } from './scan-jq.ts';

/** Signs from the loosest to the tightest; `|` and `//` go to the right. */
const LEVELS: readonly {
  readonly signs: readonly string[];
  readonly isRight?: boolean;
  readonly isSingle?: boolean;
}[] = [
  { signs: ['|'], isRight: true },
  { signs: [','] },
  { signs: ['//'], isRight: true },
  { signs: ['or'] },
  { signs: ['and'] },
  { signs: ['==', '!=', '<', '<=', '>', '>='], isSingle: true },
  { signs: ['+', '-'] },
  { signs: ['*', '/', '%'] },
];
/** Of `{key: value}`: values end at the comma. */
const BELOW_COMMA = 2;
const UNSUPPORTED = new Set([
  'def',
  'reduce',
  'foreach',
  'try',
  'catch',
  'label',
  'import',
  'include',
  '__loc__',
]);
const CLOSING = new Set(['then', 'elif', 'else', 'end', 'as', 'and', 'or']);
const MOST_CHARACTERS = 5000;
const DEEPEST = 60;

interface Cursor {
  readonly tokens: readonly JqToken[];
  at: number;
  depth: number;
  /** Of the text behind the last word. */
  readonly end: number;
}

/** Throws a `JqProblem`. */
export function parseJq(text: string): JqNode {
  if (text.length > MOST_CHARACTERS) {
    throw new JqProblem(`It is longer than ${MOST_CHARACTERS} characters`, MOST_CHARACTERS);
  }
  return parseAll(scanJq(text), { end: text.length, depth: 0 });
}

function parseAll(
  tokens: readonly JqToken[],
  { end, depth }: { readonly end: number; readonly depth: number },
): JqNode {
  const cursor: Cursor = { tokens, at: 0, depth, end };
  const node = parseLevel(cursor, 0);
  const rest = cursor.tokens[cursor.at];
  if (rest !== undefined) throw unexpected(rest);
  return node;
}

function unexpected(token: JqToken): JqProblem {
  const name = nameOf(token);
  const assigns = ['=', '|=', '+=', '-=', '*=', '/=', '%=', '//='].includes(name);
  const what = assigns
    ? `'${name}' changes its input, which a form cannot do`
    : `'${name}' does not fit here`;
  return new JqProblem(what, token.index);
}

function nameOf(token: JqToken): string {
  if (token.kind === 'sign') return token.sign;
  if (token.kind === 'word') return token.name;
  if (token.kind === 'number') return String(token.value);
  if (token.kind === 'text') return 'a text';
  return token.kind === 'field' ? `.${token.name}` : `$${token.name}`;
}

function peek({ tokens, at }: Cursor): string | null {
  const token = tokens[at];
  if (token?.kind === 'sign') return token.sign;
  return token?.kind === 'word' ? token.name : null;
}

function take(cursor: Cursor, wanted: string): void {
  if (peek(cursor) !== wanted) {
    const token = cursor.tokens[cursor.at];
    if (token === undefined) throw new JqProblem(`'${wanted}' is missing at the end`, cursor.end);
    throw new JqProblem(`'${wanted}' is missing before '${nameOf(token)}'`, token.index);
  }
  cursor.at += 1;
}

function parseLevel(cursor: Cursor, level: number): JqNode {
  const rule = LEVELS[level];
  if (rule === undefined) return parsePostfix(cursor);
  cursor.depth += 1;
  if (cursor.depth > DEEPEST * LEVELS.length) {
    throw new JqProblem('It is nested too deeply', cursor.tokens[cursor.at]?.index ?? cursor.end);
  }
  let left = parseLevel(cursor, level + 1);
  for (;;) {
    const sign = peek(cursor);
    const index = cursor.tokens[cursor.at]?.index ?? cursor.end;
    if (sign === null || !rule.signs.includes(sign)) break;
    cursor.at += 1;
    const right = parseLevel(cursor, rule.isRight === true ? level : level + 1);
    left = { kind: 'binary', sign, left, right, index };
    if (rule.isRight === true || rule.isSingle === true) break;
  }
  cursor.depth -= 1;
  return left;
}

function parsePostfix(cursor: Cursor): JqNode {
  let node = parseTerm(cursor);
  for (;;) {
    const token = cursor.tokens[cursor.at];
    if (token === undefined) return node;
    const { index } = token;
    if (token.kind === 'field') {
      cursor.at += 1;
      node = { kind: 'field', of: node, name: token.name, index };
    } else if (peek(cursor) === '?') {
      // Paths into nothing give nothing here, so there is no failure to hold back.
      cursor.at += 1;
    } else if (peek(cursor) === '[') {
      node = parseBrackets(cursor, node);
    } else if (peek(cursor) === '.' && isPathGoingOn(cursor.tokens[cursor.at + 1])) {
      cursor.at += 1;
      node = parseDotted(cursor, node);
    } else if (peek(cursor) === 'as') {
      return parseBinding(cursor, node);
    } else {
      return node;
    }
  }
}

function isPathGoingOn(token: JqToken | undefined): boolean {
  return token?.kind === 'text' || (token?.kind === 'sign' && token.sign === '[');
}

/** Behind a dot: `."name"` or `.[…]`. */
function parseDotted(cursor: Cursor, of: JqNode): JqNode {
  const token = cursor.tokens[cursor.at];
  if (token?.kind !== 'text') return parseBrackets(cursor, of);
  cursor.at += 1;
  const [name] = token.parts;
  const { index } = token;
  if (token.parts.length === 1 && typeof name === 'string') return { kind: 'field', of, name, index };
  return { kind: 'item', of, key: textNode(token, cursor), index };
}

function parseBrackets(cursor: Cursor, of: JqNode): JqNode {
  const index = cursor.tokens[cursor.at]?.index ?? cursor.end;
  take(cursor, '[');
  if (peek(cursor) === ']') {
    cursor.at += 1;
    return { kind: 'each', of, index };
  }
  const from = peek(cursor) === ':' ? null : parseLevel(cursor, 0);
  if (peek(cursor) !== ':') {
    take(cursor, ']');
    if (from === null) throw new JqProblem('A position is missing', index);
    if (from.kind === 'literal' && typeof from.value === 'string') {
      return { kind: 'field', of, name: from.value, index };
    }
    return { kind: 'item', of, key: from, index };
  }
  cursor.at += 1;
  const to = peek(cursor) === ']' ? null : parseLevel(cursor, 0);
  take(cursor, ']');
  return { kind: 'slice', of, from, to, index };
}

function parseBinding(cursor: Cursor, value: JqNode): JqNode {
  const index = cursor.tokens[cursor.at]?.index ?? cursor.end;
  take(cursor, 'as');
  const token = cursor.tokens[cursor.at];
  if (token?.kind !== 'variable')
    throw new JqProblem("Only 'as $name' is understood", token?.index ?? cursor.end);
  cursor.at += 1;
  take(cursor, '|');
  return { kind: 'bind', name: token.name, value, body: parseLevel(cursor, 0), index };
}

function parseTerm(cursor: Cursor): JqNode {
  const token = cursor.tokens[cursor.at];
  if (token === undefined) throw new JqProblem('Something is missing at the end', cursor.end);
  const { index } = token;
  cursor.at += 1;
  switch (token.kind) {
    case 'number':
      return { kind: 'literal', value: token.value, index };
    case 'text':
      return textNode(token, cursor);
    case 'field':
      return { kind: 'field', of: { kind: 'input', index }, name: token.name, index };
    case 'variable':
      return { kind: 'variable', name: token.name, index };
    case 'word':
      return parseWord(cursor, token.name, index);
    case 'sign':
      return parseSign(cursor, token.sign, index);
    default:
      return token satisfies never;
  }
}

function textNode(token: JqToken & { readonly kind: 'text' }, cursor: Cursor): JqNode {
  const { parts, index } = token;
  const [only] = parts;
  if (parts.length === 1 && typeof only === 'string') return { kind: 'literal', value: only, index };
  const nodes = parts.map((part) =>
    typeof part === 'string' ? part : parseAll(part, { end: index, depth: cursor.depth + LEVELS.length }),
  );
  return { kind: 'text', parts: nodes, index };
}

function parseSign(cursor: Cursor, sign: string, index: number): JqNode {
  if (sign === '.') {
    const input: JqNode = { kind: 'input', index };
    return isPathGoingOn(cursor.tokens[cursor.at]) ? parseDotted(cursor, input) : input;
  }
  if (sign === '(') {
    const inner = parseLevel(cursor, 0);
    take(cursor, ')');
    return inner;
  }
  if (sign === '[') {
    const body = peek(cursor) === ']' ? null : parseLevel(cursor, 0);
    take(cursor, ']');
    return { kind: 'list', body, index };
  }
  if (sign === '{') return parseObject(cursor, index);
  if (sign === '-') return { kind: 'negative', of: parsePostfix(cursor), index };
  if (sign === '..') throw new JqProblem("'..' is not understood", index);
  if (sign === '@') throw new JqProblem("Formats as '@base64' are not understood", index);
  throw new JqProblem(`'${sign}' does not fit here`, index);
}

function parseWord(cursor: Cursor, name: string, index: number): JqNode {
  if (name === 'null') return { kind: 'literal', value: null, index };
  if (name === 'true' || name === 'false') return { kind: 'literal', value: name === 'true', index };
  if (name === 'if') return parseIf(cursor, index);
  if (UNSUPPORTED.has(name)) throw new JqProblem(`'${name}' is not understood`, index);
  if (CLOSING.has(name)) throw new JqProblem(`'${name}' does not fit here`, index);
  const args: JqNode[] = [];
  if (peek(cursor) !== '(') return { kind: 'call', name, args, index };
  do {
    cursor.at += 1;
    args.push(parseLevel(cursor, 0));
  } while (peek(cursor) === ';');
  take(cursor, ')');
  return { kind: 'call', name, args, index };
}

function parseIf(cursor: Cursor, index: number): JqNode {
  const condition = parseLevel(cursor, 0);
  take(cursor, 'then');
  const whenTrue = parseLevel(cursor, 0);
  const next = peek(cursor);
  const elseIndex = cursor.tokens[cursor.at]?.index ?? cursor.end;
  if (next === 'elif') {
    cursor.at += 1;
    cursor.depth += 1;
    if (cursor.depth > DEEPEST * LEVELS.length) throw new JqProblem('It is nested too deeply', elseIndex);
    const other = parseIf(cursor, elseIndex);
    return { kind: 'if', condition, whenTrue, otherwise: other, index };
  }
  if (next === 'else') {
    cursor.at += 1;
    const other = parseLevel(cursor, 0);
    take(cursor, 'end');
    return { kind: 'if', condition, whenTrue, otherwise: other, index };
  }
  take(cursor, 'end');
  return { kind: 'if', condition, whenTrue, otherwise: null, index };
}

function parseObject(cursor: Cursor, index: number): JqNode {
  const entries: { readonly key: JqNode; readonly value: JqNode }[] = [];
  while (peek(cursor) !== '}') {
    if (entries.length > 0) take(cursor, ',');
    entries.push(parseEntry(cursor));
  }
  take(cursor, '}');
  return { kind: 'object', entries, index };
}

function parseEntry(cursor: Cursor): { readonly key: JqNode; readonly value: JqNode } {
  const token = cursor.tokens[cursor.at];
  if (token === undefined) throw new JqProblem("'}' is missing at the end", cursor.end);
  const { index } = token;
  cursor.at += 1;
  const key = parseKey(cursor, token);
  if (peek(cursor) === ':') {
    cursor.at += 1;
    return { key, value: parseLevel(cursor, BELOW_COMMA) };
  }
  if (token.kind === 'variable') return { key, value: { kind: 'variable', name: token.name, index } };
  if (key.kind === 'literal' && typeof key.value === 'string') {
    return { key, value: { kind: 'field', of: { kind: 'input', index }, name: key.value, index } };
  }
  throw new JqProblem("A key has no value: write ':' behind it", index);
}

function parseKey(cursor: Cursor, token: JqToken): JqNode {
  const { index } = token;
  if (token.kind === 'word' || token.kind === 'variable')
    return { kind: 'literal', value: token.name, index };
  if (token.kind === 'text') return textNode(token, cursor);
  if (token.kind === 'sign' && token.sign === '(') {
    const key = parseLevel(cursor, 0);
    take(cursor, ')');
    return key;
  }
  throw unexpected(token);
}
