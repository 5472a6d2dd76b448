/**
 * Values of a part of the configuration, each read with a complaint when it is none. Texts count as the numbers that
 * they spell, as variables are texts. No complaint quotes a value: it may be a secret.
 */
import { messageOf } from '@callboard/kernel';
import { isObject, type Diagnostic } from '@callboard/model';

/** What this room asks of a configuration: the kernel's `Config` is one. */
export interface ConfigReader {
  getOptional(key: string): unknown;
  /** Milliseconds; null when absent. Throws when it is no duration. */
  getOptionalDuration(key: string): number | null;
}

/** Every reader takes a dotted key, and gives null for what is not set and for what it complains about. */
export interface ConfigValues {
  raw(key: string): unknown;
  /** Without blanks around it, and not empty. */
  text(key: string): string | null;
  /** A list of such texts. */
  texts(key: string): readonly string[] | null;
  wholeNumber(key: string, range: { readonly from: number; readonly to: number }): number | null;
  object(key: string): Readonly<Record<string, unknown>> | null;
  /** Milliseconds, of at least `from`. */
  duration(key: string, range: { readonly from: number }): number | null;
  complain(key: string, summary: string): void;
}

/** `report` is called with what is wrong: as an error `scaffolder/config`. */
export function readValues(config: ConfigReader, report: (problem: Diagnostic) => void): ConfigValues {
  const complain = (key: string, summary: string): void =>
    report({ severity: 'error', code: 'scaffolder/config', summary: `${key} ${summary}`, path: key });
  const complained = new Set<string>();
  /** The reader itself throws for keys below what is no object. */
  const raw = (key: string): unknown => {
    const [root = '', ...rest] = key.split('.');
    let value = config.getOptional(root) ?? null;
    let path = root;
    for (const step of rest) {
      if (value === null) return null;
      if (!isObject(value)) {
        if (!complained.has(path)) complain(path, 'has to be an object');
        complained.add(path);
        return null;
      }
      value = Object.hasOwn(value, step) ? (value[step] ?? null) : null;
      path = `${path}.${step}`;
    }
    return value;
  };
  /** What `parse` makes of a value that is set; it gives null for what it cannot use. */
  const read = <T>(key: string, wanted: string, parse: (given: unknown) => T | null): T | null => {
    const given = raw(key);
    const parsed = given === null ? null : parse(given);
    if (given !== null && parsed === null) complain(key, `has to be ${wanted}`);
    return parsed;
  };
  return {
    raw,
    complain,
    text: (key) => read(key, 'a text', toText),
    texts: (key) => read(key, 'a list of texts', toTexts),
    wholeNumber: (key, { from, to }) =>
      read(key, `a whole number from ${from} to ${to}`, (given) => {
        const number = typeof given === 'string' && /^\d+$/.test(given.trim()) ? Number(given) : given;
        const fits = typeof number === 'number' && Number.isInteger(number);
        return fits && number >= from && number <= to ? number : null;
      }),
    object: (key) => read(key, 'an object', (given) => (isObject(given) ? given : null)),
    duration: (key, { from }) => {
      if (raw(key) === null) return null;
      try {
        const milliseconds = config.getOptionalDuration(key);
        if (milliseconds === null || milliseconds >= from) return milliseconds;
        complain(key, `has to be at least ${from} ms`);
      } catch (error) {
        complain(key, `is no duration as { minutes: 5 }, PT5M or 5m: ${messageOf(error)}`);
      }
      return null;
    },
  };
}

function toText(value: unknown): string | null {
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : null;
}

function toTexts(value: unknown): readonly string[] | null {
  if (!Array.isArray(value)) return null;
  const texts = value.map(toText).filter((text) => text !== null);
  return texts.length === value.length ? texts : null;
}
