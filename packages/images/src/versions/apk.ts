/**
 * The version order of apk, as in apk-package(5) and apk-tools 3 (src/version.c):
 * `number{.number}[letter]{_suffix[number]}[~hash][-rnumber]`.
 * What cannot be read ends a version: it sorts just below its end, and by code unit among the like. (apk calls two
 * unreadable rests equal; here texts that differ are never equal because they are bad.)
 */

import { compareDigits, orderOf, type Ordering } from './ordering.ts';

type Kind = 'bad' | 'end' | 'revision' | 'hash' | 'suffixNumber' | 'suffix' | 'letter' | 'number' | 'first';

interface Token {
  readonly kind: Kind;
  readonly text: string;
}

/** Where two versions part and have different kinds of tokens, the one further down is newer. */
const KINDS: readonly Kind[] = [
  'bad',
  'end',
  'revision',
  'hash',
  'suffixNumber',
  'suffix',
  'letter',
  'number',
  'first',
];

/** The first four come before the release, the others after it. */
const SUFFIXES: readonly string[] = ['alpha', 'beta', 'pre', 'rc', 'cvs', 'svn', 'git', 'hg', 'p'];
const BEFORE_RELEASE = 4;

/** How a token looks, and after which kinds it may stand. */
const RULES: readonly { readonly kind: Kind; readonly pattern: RegExp; readonly after: readonly Kind[] }[] = [
  { kind: 'number', pattern: /\.(\d+)/y, after: ['first', 'number'] },
  { kind: 'letter', pattern: /([a-z])/y, after: ['first', 'number'] },
  {
    kind: 'suffix',
    pattern: /_(alpha|beta|pre|rc|cvs|svn|git|hg|p)(?![a-z])/y,
    after: ['first', 'number', 'letter', 'suffix', 'suffixNumber'],
  },
  { kind: 'suffixNumber', pattern: /(\d+)/y, after: ['suffix'] },
  {
    kind: 'hash',
    pattern: /~([0-9a-f]+)/y,
    after: ['first', 'number', 'letter', 'suffix', 'suffixNumber'],
  },
  {
    kind: 'revision',
    pattern: /-r(\d+)/y,
    after: ['first', 'number', 'letter', 'suffix', 'suffixNumber', 'hash'],
  },
];

export function isApkVersion(text: string): boolean {
  return tokens(text).at(-1)?.kind === 'end';
}

export function compareApk(a: string, b: string): Ordering {
  const [left, right] = [tokens(a), tokens(b)];
  for (const [at, token] of left.entries()) {
    const other = right[at];
    if (other === undefined) break;
    const order = compareToken(token, other);
    if (order !== 0) return order;
  }
  return 0;
}

/** The last is always `end` or `bad`, and only the last. */
function tokens(text: string): readonly Token[] {
  const first = /^\d+/.exec(text)?.[0];
  if (first === undefined) return [{ kind: 'bad', text }];
  const read: Token[] = [{ kind: 'first', text: first }];
  let at = first.length;
  let before: Kind = 'first';
  while (at < text.length) {
    const next = tokenAt(text, at, before);
    if (next === null) return [...read, { kind: 'bad', text: text.slice(at) }];
    read.push(next.token);
    before = next.token.kind;
    at = next.end;
  }
  return [...read, { kind: 'end', text: '' }];
}

function tokenAt(text: string, at: number, before: Kind): { token: Token; end: number } | null {
  for (const { kind, pattern, after } of RULES) {
    if (!after.includes(before)) continue;
    pattern.lastIndex = at;
    const [whole, value] = pattern.exec(text) ?? [];
    if (whole !== undefined && value !== undefined) {
      return { token: { kind, text: value }, end: at + whole.length };
    }
  }
  return null;
}

function compareToken(a: Token, b: Token): Ordering {
  if (a.kind !== b.kind) return orderOf(rank(a), rank(b));
  switch (a.kind) {
    case 'first':
    case 'suffixNumber':
    case 'revision':
      return compareDigits(a.text, b.text);
    case 'number':
      // A leading zero makes it a fraction: `1.002` is older than `1.01`.
      if (a.text.startsWith('0') || b.text.startsWith('0')) return orderOf(a.text, b.text);
      return compareDigits(a.text, b.text);
    case 'suffix':
      return orderOf(SUFFIXES.indexOf(a.text), SUFFIXES.indexOf(b.text));
    case 'letter':
    case 'hash':
    case 'bad':
    case 'end':
      return orderOf(a.text, b.text);
    default:
      return a.kind satisfies never;
  }
}

/** A suffix of before the release is older than anything else that may stand in its place. */
function rank(token: Token): number {
  const isBefore = token.kind === 'suffix' && SUFFIXES.indexOf(token.text) < BEFORE_RELEASE;
  return isBefore ? -1 : KINDS.indexOf(token.kind);
}
