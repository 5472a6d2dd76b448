/** Readers for the parts of a configuration: what is wrong is noted with its key, and all of it is told at once. */
import { isObject, type JsonObject, type JsonValue } from '@callboard/model';

/** Notes what is wrong at a key. */
export type Complain = (key: string, problem: string) => void;

export interface Reader {
  readonly at: string;
  readonly text: (key: string) => string | null;
  readonly texts: (key: string) => readonly string[] | null;
  readonly oneOf: <Word extends string>(key: string, words: readonly Word[]) => Word | null;
  /** An object, or null when it is not there. `known`: the keys that it can have. */
  readonly part: (key: string, known: readonly string[]) => Reader | null;
  /** The objects of a list; none when it is not there. */
  readonly parts: (key: string, known: readonly string[]) => readonly Reader[];
  readonly value: (key: string) => JsonValue | undefined;
  readonly complain: (key: string, problem: string) => void;
}

interface Readable {
  readonly at: string;
  readonly known: readonly string[];
}

export function readerOf(value: JsonObject, { at, known }: Readable, complain: Complain): Reader {
  const pathOf = (key: string): string => `${at}.${key}`;
  const wrong = (key: string, problem: string): void => complain(pathOf(key), problem);
  for (const key of Object.keys(value)) {
    if (!known.includes(key)) wrong(key, `is not known here; there are ${known.join(', ')}`);
  }
  const text = (key: string): string | null => {
    const found = value[key];
    if (found === undefined || found === null) return null;
    if (typeof found === 'string' && found.trim() !== '') return found;
    wrong(key, 'has to be a text');
    return null;
  };
  return {
    at,
    text,
    value: (key) => value[key],
    complain: wrong,
    texts: (key) => {
      const found = value[key];
      if (found === undefined || found === null) return null;
      if (Array.isArray(found) && found.every((item) => typeof item === 'string' && item !== '')) {
        return found.map(String);
      }
      wrong(key, 'has to be a list of texts');
      return null;
    },
    oneOf: (key, words) => {
      const found = text(key);
      if (found === null) return null;
      const word = words.find((one) => one === found);
      if (word === undefined) wrong(key, `has to be one of ${words.join(', ')}`);
      return word ?? null;
    },
    part: (key, partKeys) => {
      const found = value[key];
      if (found === undefined || found === null) return null;
      if (isJsonObject(found)) return readerOf(found, { at: pathOf(key), known: partKeys }, complain);
      wrong(key, 'has to be an object');
      return null;
    },
    parts: (key, partKeys) => {
      const found = value[key];
      if (found === undefined || found === null) return [];
      if (!Array.isArray(found)) {
        wrong(key, 'has to be a list');
        return [];
      }
      return found.flatMap((item: JsonValue, index) => {
        if (isJsonObject(item)) {
          return [readerOf(item, { at: `${pathOf(key)}[${index}]`, known: partKeys }, complain)];
        }
        wrong(`${key}[${index}]`, 'has to be an object');
        return [];
      });
    },
  };
}

export function isJsonObject(value: JsonValue | undefined): value is JsonObject {
  return isObject(value);
}
