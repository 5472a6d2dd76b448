/**
 * The raw query string of a request, read once into the values of the parameters that the route knows. Lists
 * are taken as Backstage's routers take them: `filter=a&filter=b`, `filter[]=a` and `filter[0]=a`.
 */
import { CodedError } from '@callboard/kernel';

/** Decoded values in the order given; a parameter that was not given has no entry. */
export type QueryValues = ReadonlyMap<string, readonly string[]>;

/**
 * Reads everything after the `?`. Parameters that are not in `names` are ignored.
 *
 * Throws `catalog/invalid-parameter` (400) for broken percent-encoding, for a parameter whose only value is
 * empty, and for forms such as `filter[kind]=a`.
 */
export function readQueryString(rawQuery: string, names: ReadonlySet<string>): QueryValues {
  const values = new Map<string, string[]>();
  if (rawQuery === '') return values;
  for (const pair of rawQuery.split('&')) {
    const equals = pair.indexOf('=');
    const name = parameterName(decode(equals === -1 ? pair : pair.slice(0, equals)), names);
    if (name === null) continue;
    const value = equals === -1 ? '' : decode(pair.slice(equals + 1));
    const known = values.get(name);
    if (known === undefined) values.set(name, [value]);
    known?.push(value);
  }
  for (const [name, list] of values) {
    if (list.length === 1 && list[0] === '') {
      throw invalidParameter(`Empty value found for query parameter '${name}'`);
    }
  }
  return values;
}

/** The value of a parameter that may be given once; null when it was not given. */
export function readText(values: QueryValues, name: string): string | null {
  const list = values.get(name);
  if (list === undefined) return null;
  if (list.length > 1) throw invalidParameter(`request/query/${name} must be string, given once`);
  return list[0] ?? null;
}

/** All values of a parameter; none when it was not given. */
export function readTexts(values: QueryValues, name: string): readonly string[] {
  return values.get(name) ?? [];
}

/** A whole number of 0 or more, in any notation of JavaScript's `Number`; null when it was not given. */
export function readInteger(values: QueryValues, name: string): number | null {
  const list = values.get(name);
  if (list === undefined) return null;
  const text = list.length === 1 ? list[0] : '';
  const value = text === undefined || text.trim() === '' ? Number.NaN : Number(text);
  return checkInteger(value, `request/query/${name}`);
}

/** Throws unless the value is a whole number of 0 or more that arithmetic keeps exact. */
export function checkInteger(value: number, where: string): number {
  if (!Number.isInteger(value)) throw invalidParameter(`${where} must be integer`);
  if (value < 0) throw invalidParameter(`${where} must be >= 0`);
  if (value > Number.MAX_SAFE_INTEGER) throw invalidParameter(`${where} is too large`);
  return Math.abs(value);
}

/** The error of a parameter or a property of a body that is not what the route takes. */
export function invalidParameter(message: string): CodedError {
  return new CodedError(400, 'catalog/invalid-parameter', message);
}

/** The known name of a parameter, without the brackets of a list; null when it is not known. */
function parameterName(name: string, names: ReadonlySet<string>): string | null {
  if (names.has(name)) return name;
  const bracket = name.indexOf('[');
  if (bracket === -1 || !names.has(name.slice(0, bracket))) return null;
  if (/^\[\d*\]$/.test(name.slice(bracket))) return name.slice(0, bracket);
  throw invalidParameter(
    `Query parameter '${name.slice(0, 100)}' must be given as ${name.slice(0, bracket)}`,
  );
}

/** A character beyond U+FFFF as the two halves it has in UTF-16, each encoded by itself. */
const SURROGATES = /%ED%(A[\dA-F])%([89AB][\dA-F])%ED%(B[\dA-F])%([89AB][\dA-F])/gi;

/** Backstage's own client encodes such a character by halves, which is not UTF-8; it is put together here. */
function toCharacter(_match: string, ...bytes: readonly string[]): string {
  const [high = 0, highEnd = 0, low = 0, lowEnd = 0] = bytes
    .slice(0, 4)
    .map((byte) => Number.parseInt(byte, 16));
  const unit = (middle: number, end: number): number => 0xd000 | ((middle & 0x3f) << 6) | (end & 0x3f);
  return String.fromCharCode(unit(high, highEnd), unit(low, lowEnd));
}

function decode(text: string): string {
  const spaced = text.includes('+') ? text.replaceAll('+', ' ') : text;
  if (!spaced.includes('%')) return spaced;
  try {
    return decodeURIComponent(spaced.replaceAll(SURROGATES, toCharacter));
  } catch (error) {
    throw new CodedError(
      400,
      'catalog/invalid-parameter',
      `The query string is not percent-encoded UTF-8 at '${text.slice(0, 100)}'; a percent sign is %25`,
      { cause: error },
    );
  }
}
