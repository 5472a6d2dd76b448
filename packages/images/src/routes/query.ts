/** The raw query string of a request, read once and strictly: what a route does not know is refused, not ignored. */
import { routeError } from './errors.ts';

/** Decoded values; a parameter that was not given has no entry. */
export type Query = ReadonlyMap<string, string>;

/** Characters of a parameter. */
const MAX_TEXT = 1_000;
/** Control characters and halves of surrogate pairs, which not every store takes. */
const UNFIT = /[\p{Cc}\p{Cs}]/u;

/**
 * Reads the query of a URL. @throws CodedError `images/invalid-parameter` for a name that is not among `names`, one that
 * is given twice, an empty value, and broken percent-encoding
 */
export function readQuery(url: string, names: readonly string[]): Query {
  const values = new Map<string, string>();
  const mark = url.indexOf('?');
  const raw = mark === -1 ? '' : url.slice(mark + 1);
  for (const pair of raw.split('&')) {
    if (pair === '') continue;
    const equals = pair.indexOf('=');
    const name = decode(equals === -1 ? pair : pair.slice(0, equals));
    if (!names.includes(name)) throw unknownName(name, names);
    if (values.has(name)) throw invalid(name, 'may be given once; separate several values by commas.');
    const value = equals === -1 ? '' : decode(pair.slice(equals + 1));
    if (value === '') throw invalid(name, 'has no value; leave it out or give it one.');
    if (value.length > MAX_TEXT || UNFIT.test(value)) {
      throw invalid(name, `must be at most ${MAX_TEXT} characters, with no control characters.`);
    }
    values.set(name, value);
  }
  return values;
}

/** A whole number in plain digits; null when it was not given. */
export function numberFrom(
  query: Query,
  name: string,
  { least, most }: { readonly least: number; readonly most: number },
): number | null {
  const text = query.get(name);
  return text === undefined ? null : parseNumber(text, { name, least, most });
}

/** @throws CodedError `images/invalid-parameter` */
export function parseNumber(
  text: string,
  { name, least, most }: { readonly name: string; readonly least: number; readonly most: number },
): number {
  const value = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= most) return value;
  throw invalid(name, `must be a whole number from ${least} to ${most}, in digits.`);
}

/** One of the words that are known; null when it was not given. */
export function wordFrom<Word extends string>(
  query: Query,
  name: string,
  words: readonly Word[],
): Word | null {
  const text = query.get(name);
  if (text === undefined) return null;
  const word = words.find((known) => known === text);
  if (word !== undefined) return word;
  throw invalid(name, `must be one of: ${words.join(', ')}.`);
}

/** Words that are known, separated by commas, each once; null when none was given. */
export function wordsFrom<Word extends string>(
  query: Query,
  name: string,
  words: readonly Word[],
): readonly Word[] | null {
  const text = query.get(name);
  if (text === undefined) return null;
  const given = text.split(',');
  const found = words.filter((word) => given.includes(word));
  if (found.length === new Set(given).size) return found;
  throw invalid(name, `must be one or more of these, separated by commas: ${words.join(', ')}.`);
}

export function invalid(name: string, message: string): Error {
  return routeError('images/invalid-parameter', `${name} ${message}`);
}

function unknownName(name: string, names: readonly string[]): Error {
  const known = names.length === 0 ? 'this route takes none' : `this route takes ${names.join(', ')}`;
  return routeError(
    'images/invalid-parameter',
    `There is no query parameter ${JSON.stringify(name.slice(0, 60))}; ${known}.`,
  );
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    throw routeError(
      'images/invalid-parameter',
      `The query is not percent-encoded UTF-8 at ${JSON.stringify(text.slice(0, 60))}; a percent sign is %25.`,
    );
  }
}
