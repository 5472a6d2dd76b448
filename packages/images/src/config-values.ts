/**
 * Values of a part of the configuration, each read with a complaint when it is none. Texts count as the numbers and
 * flags that they spell, as variables are texts. No complaint quotes a value: it may be a secret.
 */
import { isObject, type Diagnostic } from '@callboard/model';

/** An object of the configuration. Every reader gives null for what is not set, and for what it complains about. */
export interface ConfigPart {
  /** As `images.golden[0]`. */
  readonly path: string;
  readonly keys: readonly string[];
  /** As it is; null when it is not set. */
  raw(key: string): unknown;
  /** Without blanks around it, and not empty. */
  text(key: string): string | null;
  /** A list of such texts. */
  texts(key: string): readonly string[] | null;
  choice<Known extends string>(key: string, known: readonly Known[]): Known | null;
  choices<Known extends string>(key: string, known: readonly Known[]): readonly Known[] | null;
  number(key: string, range: NumberRange): number | null;
  /** A number, or a text as `8 GiB`. */
  bytes(key: string): number | null;
  flag(key: string): boolean | null;
  /** Empty when it is not set. */
  part(key: string): ConfigPart;
  /** The objects of a list. */
  parts(key: string): readonly ConfigPart[];
  /** Without a key it is about the part itself. */
  complain(key: string | null, summary: string, detail?: string): void;
}

export interface NumberRange {
  readonly from: number;
  readonly to: number;
  /** Default: `any`. */
  readonly kind?: 'whole' | 'any';
}

/** `report` is called with what is wrong: as an error `images/config`. */
export function readPart(value: unknown, path: string, report: (problem: Diagnostic) => void): ConfigPart {
  const fields: Readonly<Record<string, unknown>> = isObject(value) ? value : {};
  const at = (key: string | null): string => (key === null ? path : `${path}.${key}`);
  const complain: ConfigPart['complain'] = (key, summary, detail) =>
    report(configProblem(at(key), `${at(key)} ${summary}`, detail));
  const raw = (key: string): unknown => (Object.hasOwn(fields, key) ? (fields[key] ?? null) : null);

  /** What `parse` makes of a value that is set; it gives null for what it cannot use. */
  const read = <T>(key: string, wanted: string, parse: (given: unknown) => T | null): T | null => {
    const given = raw(key);
    const parsed = given === null ? null : parse(given);
    if (given !== null && parsed === null) complain(key, `has to be ${wanted}`);
    return parsed;
  };

  return {
    path,
    keys: Object.keys(fields),
    raw,
    complain,
    text: (key) => read(key, 'a text', toText),
    texts: (key) => read(key, 'a list of texts', toTexts),
    choice: (key, known) =>
      read(key, known.join(' or '), (given) => known.find((one) => one === given) ?? null),
    choices: (key, known) =>
      read(key, `a list of some of ${known.join(', ')}`, (given) => {
        const list: readonly unknown[] = Array.isArray(given) ? given : [null];
        const chosen = known.filter((one) => list.includes(one));
        return chosen.length === new Set(list).size ? chosen : null;
      }),
    number: (key, { from, to, kind = 'any' }) =>
      read(key, `a ${kind === 'whole' ? 'whole ' : ''}number from ${from} to ${to}`, (given) => {
        const number = toNumber(given);
        const fits = number !== null && number >= from && number <= to;
        return fits && (kind === 'any' || Number.isInteger(number)) ? number : null;
      }),
    bytes: (key) => read(key, 'a number of bytes, or a text such as 8 GiB', toBytes),
    flag: (key) => read(key, 'true or false', toFlag),
    part: (key) => readPart(read(key, 'an object', toObject) ?? {}, at(key), report),
    parts: (key) => {
      const list = read(key, 'a list of objects', (given) => (Array.isArray(given) ? given : null)) ?? [];
      return list.flatMap((item: unknown, index) => {
        if (isObject(item)) return [readPart(item, `${at(key)}[${index}]`, report)];
        complain(`${key}[${index}]`, 'has to be an object');
        return [];
      });
    },
  };
}

export function configProblem(path: string, summary: string, detail?: string): Diagnostic {
  return {
    severity: 'error',
    code: 'images/config',
    summary,
    path,
    ...(detail !== undefined && { detail }),
  };
}

function toObject(value: unknown): Readonly<Record<string, unknown>> | null {
  return isObject(value) ? value : null;
}

function toText(value: unknown): string | null {
  // A tag or a name in YAML without quotes may be a number.
  const text = typeof value === 'number' ? String(value) : value;
  return typeof text === 'string' && text.trim() !== '' ? text.trim() : null;
}

function toTexts(value: unknown): readonly string[] | null {
  if (!Array.isArray(value)) return null;
  const texts = value.map(toText).filter((text) => text !== null);
  return texts.length === value.length ? texts : null;
}

function toNumber(value: unknown): number | null {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && /^\d+(\.\d+)?$/.test(value.trim()) ? Number(value) : null;
}

const UNITS: Readonly<Record<string, number>> = { b: 1, kib: 2 ** 10, mib: 2 ** 20, gib: 2 ** 30 };

function toBytes(value: unknown): number | null {
  const [, amount = '', unit = 'b'] =
    /^(\d+(?:\.\d+)?)(?:\s*(b|[kmg]ib))?$/i.exec(String(value).trim()) ?? [];
  const bytes = amount === '' ? NaN : Math.floor(Number(amount) * (UNITS[unit.toLowerCase()] ?? NaN));
  return Number.isSafeInteger(bytes) && bytes > 0 ? bytes : null;
}

function toFlag(value: unknown): boolean | null {
  if (value === true || value === 'true') return true;
  return value === false || value === 'false' ? false : null;
}
