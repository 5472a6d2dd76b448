/**
 * Regular expressions that can take for ever on some text. JavaScript tries every way to match, so a pattern is refused when
 * a repeated part may take the same characters in several ways: their number doubles with each character. The test is
 * simple and refuses some that are harmless; those can be written in another way.
 */
import { ANY, readPattern, type Characters, type Pattern } from './pattern-syntax.ts';

/** Repetitions that may take the same characters, one after the other: the time grows with a power of the length. */
const MOST_CHAINED = 3;
/** Characters of a pattern. */
const LONGEST = 1000;
/** Repetitions of at most so many are few ways. */
const FEW = 4;
/** Of few repetitions of few repetitions of …: rounds in all. */
const MOST_ROUNDS = 32;

/** Why a pattern can take for ever, as the end of a sentence; null when it cannot. */
export function whyRunaway({ source, flags }: Pick<RegExp, 'source' | 'flags'>): string | null {
  if (source.length > LONGEST) return `it is longer than ${LONGEST} characters`;
  const pattern = readPattern(source, flags);
  return whyInside(pattern) ?? whyChained(pattern);
}

/** The power of the length of a text that the time of a pattern may grow with. */
export function powerOf({ source, flags }: Pick<RegExp, 'source' | 'flags'>): number {
  const pattern = readPattern(source, flags);
  const [first] = flat(pattern);
  const isAnchored = first?.kind === 'assertion' && first.isStart;
  return chained(pattern, isLong) + (isAnchored ? 0 : 1);
}

function whyChained(pattern: Pattern): string | null {
  const count = chained(pattern, isLong);
  return count <= MOST_CHAINED
    ? null
    : `${count} repetitions, one after the other, may take the same characters`;
}

function whyInside(pattern: Pattern): string | null {
  switch (pattern.kind) {
    case 'characters':
    case 'reference':
      return null;
    case 'assertion':
      return pattern.part === null ? null : whyInside(pattern.part);
    case 'sequence':
      return firstOf(pattern.parts);
    case 'choice':
      return firstOf(pattern.options);
    case 'repeat':
      return whyInside(pattern.part) ?? whyRepeated(pattern);
    default:
      return pattern satisfies never;
  }
}

function firstOf(patterns: readonly Pattern[]): string | null {
  for (const pattern of patterns) {
    const why = whyInside(pattern);
    if (why !== null) return why;
  }
  return null;
}

function whyRepeated({ part, most }: Extract<Pattern, { kind: 'repeat' }>): string | null {
  if (most <= FEW && !has(part, isLong)) {
    return most * roundsIn(part) > MOST_ROUNDS ? 'it repeats a repetition' : null;
  }
  if (has(part, ({ kind }) => kind === 'reference')) return 'it repeats what a group took';
  if (!isUnambiguous(part)) return 'it repeats alternatives that begin with the same characters';
  if (!has(part, isVariable)) return null;
  if (isEmptiable(part)) return 'it repeats something that may be empty';
  const options = part.kind === 'choice' ? part.options : [part];
  return options.every(isMarked) ? null : 'it repeats a repetition';
}

/** Of short repetitions within each other. */
function roundsIn(pattern: Pattern): number {
  switch (pattern.kind) {
    case 'sequence':
      return Math.max(1, ...pattern.parts.map(roundsIn));
    case 'choice':
      return Math.max(...pattern.options.map(roundsIn));
    case 'repeat':
      return pattern.most > 1 ? pattern.most * roundsIn(pattern.part) : roundsIn(pattern.part);
    default:
      return 1;
  }
}

/**
 * Whether each round of it is told by characters at its start or its end that the rest cannot take, so that there is only
 * one way to cut a text into rounds; and the rest takes what is left in one way.
 */
function isMarked(option: Pattern): boolean {
  if (!has(option, isVariable)) return true;
  const parts = flat(option).filter(({ kind }) => kind !== 'assertion');
  const isMark = (index: number): boolean => {
    const mark = parts.at(index);
    if (mark?.kind !== 'characters') return false;
    const rest = index === 0 ? parts.slice(1) : parts.slice(0, -1);
    return rest.every((other) => (setOf(other) & mark.set) === 0n);
  };
  return (isMark(0) || isMark(-1)) && chained(option, isVariable) <= 1;
}

/** Alternatives each begin with other characters. */
function isUnambiguous(pattern: Pattern): boolean {
  switch (pattern.kind) {
    case 'characters':
    case 'reference':
    case 'assertion':
      return true;
    case 'sequence':
      return pattern.parts.every(isUnambiguous);
    case 'repeat':
      return isUnambiguous(pattern.part);
    case 'choice': {
      let seen = 0n;
      for (const option of pattern.options) {
        const first = firstSetOf(option);
        if ((first & seen) !== 0n || isEmptiable(option) || !isUnambiguous(option)) return false;
        seen |= first;
      }
      return true;
    }
    default:
      return pattern satisfies never;
  }
}

/**
 * The most repetitions that may take each other's characters: none of two is kept from the other by something between them
 * that has to be there and that one of them cannot take.
 */
function chained(pattern: Pattern, counts: (part: Pattern) => boolean): number {
  const parts = flat(pattern).filter(({ kind }) => kind !== 'assertion');
  const lengths: number[] = [];
  for (const [index, part] of parts.entries()) {
    const own = has(part, counts) ? deepest(part, counts) : 0;
    lengths.push(own === 0 ? 0 : own + longestBefore(index, parts, lengths));
  }
  return Math.max(
    0,
    ...lengths,
    ...flat(pattern).map((part) => (part.kind === 'assertion' ? deepest(part, counts) : 0)),
  );
}

function longestBefore(index: number, parts: readonly Pattern[], lengths: readonly number[]): number {
  const set = setOf(parts[index] ?? NONE);
  const between = new Set<Characters>();
  let most = 0;
  for (let before = index - 1; before >= 0; before -= 1) {
    const other = parts[before] ?? NONE;
    const others = setOf(other);
    const isCut = (others & set) === 0n || [...between].some((mark) => (mark & others) === 0n);
    if (!isCut) most = Math.max(most, lengths[before] ?? 0);
    if (isEmptiable(other)) continue;
    if ((others & set) === 0n) return most;
    between.add(others);
  }
  return most;
}

const NONE: Pattern = { kind: 'sequence', parts: [] };

function deepest(part: Pattern, counts: (part: Pattern) => boolean): number {
  switch (part.kind) {
    case 'choice':
      return Math.max(...part.options.map((option) => chained(option, counts)));
    case 'repeat':
      // Of a part that is marked (see there) each round takes its characters in one way.
      return Math.max(Number(counts(part)), chained(part.part, counts));
    case 'assertion':
      return part.part === null ? 0 : chained(part.part, counts);
    case 'sequence':
      return chained(part, counts);
    default:
      return Number(counts(part));
  }
}

/** Its parts in a row, those of plain groups among them. */
function flat(pattern: Pattern): readonly Pattern[] {
  return pattern.kind === 'sequence' ? pattern.parts.flatMap(flat) : [pattern];
}

function isVariable(pattern: Pattern): boolean {
  return (pattern.kind === 'repeat' && pattern.least !== pattern.most) || pattern.kind === 'reference';
}

function isLong(pattern: Pattern): boolean {
  if (pattern.kind === 'reference') return true;
  return pattern.kind === 'repeat' && pattern.most > FEW && pattern.least !== pattern.most;
}

function has(pattern: Pattern, test: (part: Pattern) => boolean): boolean {
  if (test(pattern)) return true;
  switch (pattern.kind) {
    case 'sequence':
      return pattern.parts.some((part) => has(part, test));
    case 'choice':
      return pattern.options.some((part) => has(part, test));
    case 'repeat':
      return has(pattern.part, test);
    case 'assertion':
      return pattern.part !== null && has(pattern.part, test);
    default:
      return false;
  }
}

/** All characters that it may take. */
function setOf(pattern: Pattern): Characters {
  switch (pattern.kind) {
    case 'characters':
      return pattern.set;
    case 'sequence':
      return pattern.parts.reduce((set, part) => set | setOf(part), 0n);
    case 'choice':
      return pattern.options.reduce((set, part) => set | setOf(part), 0n);
    case 'repeat':
      return setOf(pattern.part);
    case 'assertion':
      return 0n;
    case 'reference':
      return ANY;
    default:
      return pattern satisfies never;
  }
}

function firstSetOf(pattern: Pattern): Characters {
  if (pattern.kind === 'sequence') {
    let set = 0n;
    for (const part of pattern.parts) {
      set |= firstSetOf(part);
      if (!isEmptiable(part)) return set;
    }
    return set;
  }
  if (pattern.kind === 'choice') return pattern.options.reduce((set, part) => set | firstSetOf(part), 0n);
  return pattern.kind === 'repeat' ? firstSetOf(pattern.part) : setOf(pattern);
}

function isEmptiable(pattern: Pattern): boolean {
  switch (pattern.kind) {
    case 'characters':
      return false;
    case 'sequence':
      return pattern.parts.every(isEmptiable);
    case 'choice':
      return pattern.options.some(isEmptiable);
    case 'repeat':
      return pattern.least === 0 || isEmptiable(pattern.part);
    case 'assertion':
    case 'reference':
      return true;
    default:
      return pattern satisfies never;
  }
}
