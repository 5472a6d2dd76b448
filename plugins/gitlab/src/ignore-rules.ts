/**
 * What `.gitignore` files leave out: https://git-scm.com/docs/gitignore. Patterns come with templates, so matching never
 * takes more than the length of the pattern times that of the path.
 */

export interface IgnoreRule {
  /** Of the folder that the file lies in. */
  readonly base: readonly string[];
  readonly segments: readonly (readonly Token[] | 'any')[];
  readonly isNegated: boolean;
  readonly foldersOnly: boolean;
}

type Token = 'star' | ((character: string) => boolean);

/** Of one `.gitignore` in the folder `base`. */
export function parseIgnoreFile(text: string, base: readonly string[]): readonly IgnoreRule[] {
  return text
    .split(/\r?\n/)
    .map((line) => line.replace(/(?<!\\)\s+$/, ''))
    .filter((line) => line !== '' && !line.startsWith('#'))
    .flatMap((line) => toRule(line, base));
}

function toRule(line: string, base: readonly string[]): readonly IgnoreRule[] {
  const isNegated = line.startsWith('!');
  const pattern = isNegated ? line.slice(1) : line;
  const foldersOnly = pattern.endsWith('/');
  const names = pattern.split('/').filter((name) => name !== '');
  if (names.length === 0) return [];
  const isAnchored = pattern.slice(0, -1).includes('/');
  const all = isAnchored ? names : ['**', ...names];
  // `folder/**` is what is in the folder, not the folder.
  const whole = all.at(-1) === '**' ? [...all, '*'] : all;
  const segments = whole.map((name) => (name === '**' ? ('any' as const) : toTokens(name)));
  return [{ base, segments, isNegated, foldersOnly }];
}

/** The last rule that fits decides. A folder that is left out is not to be looked into. */
export function isIgnored(
  rules: readonly IgnoreRule[],
  path: readonly string[],
  kind: 'file' | 'folder',
): boolean {
  const fits = rules.findLast((rule) => {
    if (rule.foldersOnly && kind !== 'folder') return false;
    if (rule.base.some((name, index) => path[index] !== name)) return false;
    return matches(rule.segments, path.slice(rule.base.length), {
      isAny: (segment) => segment === 'any',
      fits: (segment, name) => segment !== 'any' && matchesName(segment, name),
    });
  });
  return fits !== undefined && !fits.isNegated;
}

function matchesName(tokens: readonly Token[], name: string): boolean {
  return matches(tokens, Array.from(name), {
    isAny: (token) => token === 'star',
    fits: (token, character) => token !== 'star' && token(character),
  });
}

/** Goes back to the last "any number" only: that is enough, and keeps it quick. */
function matches<Pattern, Item>(
  pattern: readonly Pattern[],
  items: readonly Item[],
  {
    isAny,
    fits,
  }: {
    readonly isAny: (part: Pattern) => boolean;
    readonly fits: (part: Pattern, item: Item) => boolean;
  },
): boolean {
  let [at, last, retry] = [0, -1, 0];
  let index = 0;
  while (index < items.length) {
    const [part, item] = [pattern[at], items[index]];
    if (part !== undefined && isAny(part)) {
      last = at;
      retry = index;
      at += 1;
    } else if (part !== undefined && item !== undefined && fits(part, item)) {
      at += 1;
      index += 1;
    } else if (last === -1) {
      return false;
    } else {
      at = last + 1;
      retry += 1;
      index = retry;
    }
  }
  return pattern.slice(at).every(isAny);
}

function toTokens(name: string): readonly Token[] {
  const tokens: Token[] = [];
  for (const [part = '', escaped, set] of name.matchAll(/\\(.)|\[([^\]]+)\]|[^]/gu)) {
    if (escaped !== undefined) tokens.push((character) => character === escaped);
    else if (set !== undefined) tokens.push(toSet(set));
    else if (part === '?') tokens.push(() => true);
    else if (part === '*') tokens.push('star');
    else tokens.push((character) => character === part);
  }
  return tokens;
}

function toSet(text: string): Token {
  const isNegated = /^[!^]/.test(text);
  const members = [...(isNegated ? text.slice(1) : text).matchAll(/([^])-([^])|([^])/gu)];
  return (character) => {
    const isIn = members.some(([, from, to, one]) =>
      from !== undefined && to !== undefined ? from <= character && character <= to : one === character,
    );
    return isIn !== isNegated;
  };
}
