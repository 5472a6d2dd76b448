/** The raw query string of a request, read once and strictly: what a route does not know is refused, not ignored. */
import { routeError } from './errors.ts';

/** Decoded values in their order; a parameter that was not given has no entry. */
export type Query = ReadonlyMap<string, readonly string[]>;

/** Characters of a value. */
const MAX_TEXT = 1_000;
/** Values of one parameter. */
const MAX_VALUES = 100;
/** Control characters and halves of surrogate pairs, which not every store takes. */
const UNFIT = /[\p{Cc}\p{Cs}]/u;

export interface QueryNames {
  /** May be given once. Default: none. */
  readonly one?: readonly string[];
  /** May be given several times. Default: none. */
  readonly many?: readonly string[];
}

/**
 * Reads the query of a URL. @throws CodedError `scaffolder/invalid-parameter` for a name that is not known, one that is
 * given too often, an empty value, and broken percent-encoding
 */
export function readQuery(url: string, { one = [], many = [] }: QueryNames): Query {
  const names = [...one, ...many];
  const values = new Map<string, string[]>();
  const mark = url.indexOf('?');
  const raw = mark === -1 ? '' : url.slice(mark + 1);
  for (const pair of raw.split('&')) {
    if (pair === '') continue;
    const equals = pair.indexOf('=');
    const name = decode(equals === -1 ? pair : pair.slice(0, equals));
    if (!names.includes(name)) throw unknownName(name, names);
    const value = equals === -1 ? '' : decode(pair.slice(equals + 1));
    if (value === '') throw invalid(name, 'has no value; leave it out or give it one.');
    if (value.length > MAX_TEXT || UNFIT.test(value)) {
      throw invalid(name, `must be at most ${MAX_TEXT} characters, with no control characters.`);
    }
    const before = values.get(name) ?? [];
    const most = one.includes(name) ? 1 : MAX_VALUES;
    if (before.length >= most)
      throw invalid(name, `may be given at most ${most === 1 ? 'once' : `${most} times`}.`);
    values.set(name, [...before, value]);
  }
  return values;
}

/** For routes that take no parameters. @throws CodedError `scaffolder/invalid-parameter` */
export function refuseQuery(url: string): void {
  readQuery(url, {});
}

export function textFrom(query: Query, name: string): string | null {
  return query.get(name)?.[0] ?? null;
}

/** A whole number in plain digits, at most 2^53 - 1; null when it was not given. */
export function numberFrom(
  query: Query,
  name: string,
  most: number = Number.MAX_SAFE_INTEGER,
): number | null {
  const text = textFrom(query, name);
  return text === null ? null : parseNumber(text, { name, most });
}

/** @throws CodedError `scaffolder/invalid-parameter` */
export function parseNumber(
  text: string,
  { name, most }: { readonly name: string; readonly most: number },
): number {
  const value = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
  if (value <= most) return value;
  throw invalid(name, `must be a whole number from 0 to ${most}, in digits.`);
}

/** Those words that were given, all of them known; null when none was given. */
export function wordsFrom<Word extends string>(
  query: Query,
  name: string,
  words: readonly Word[],
): readonly Word[] | null {
  const given = query.get(name);
  if (given === undefined) return null;
  const found = words.filter((word) => given.includes(word));
  if (found.length === new Set(given).size) return found;
  throw invalid(name, `must be one of: ${words.join(', ')}.`);
}

export function invalid(name: string, message: string): Error {
  return routeError('scaffolder/invalid-parameter', `${name} ${message}`);
}

function unknownName(name: string, names: readonly string[]): Error {
  const known = names.length === 0 ? 'this route takes none' : `this route takes ${names.join(', ')}`;
  return routeError(
    'scaffolder/invalid-parameter',
    `There is no query parameter ${JSON.stringify(name.slice(0, 60))}; ${known}.`,
  );
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    throw routeError(
      'scaffolder/invalid-parameter',
      `The query is not percent-encoded UTF-8 at ${JSON.stringify(text.slice(0, 60))}; a percent sign is %25.`,
    );
  }
}
