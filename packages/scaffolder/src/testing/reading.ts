/** Takes values out of what somebody wrote, and tells what is wrong with them in place of throwing. */
import { childPath, isObject, type JsonObject, type JsonValue } from '@callboard/model';

export interface Reading {
  wrong(path: string, summary: string, detail?: string): void;
  /** An object; nothing is an empty one. With `keys`, others are wrong. */
  object(value: JsonValue | undefined, path: string, keys?: readonly string[]): JsonObject;
  /** A text; null when there is none. Numbers and truth values count as text. */
  text(value: JsonValue | undefined, path: string): string | null;
  list(value: JsonValue | undefined, path: string): readonly JsonValue[];
  /** A list of texts; one text is a list of it. */
  textList(value: JsonValue | undefined, path: string): readonly string[];
  /** An object of texts. */
  texts(value: JsonValue | undefined, path: string): Readonly<Record<string, string>>;
  below(path: string, key: string): string;
}

export function createReading(
  wrong: Reading['wrong'],
  nearTo: (name: string, known: readonly string[]) => string | undefined,
): Reading {
  const object: Reading['object'] = (value, path, keys) => {
    if (value === undefined || value === null) return {};
    if (!isJsonObject(value)) {
      wrong(path, `${path === '' ? 'It' : path} is not an object`);
      return {};
    }
    for (const key of keys === undefined ? [] : Object.keys(value)) {
      if (keys?.includes(key) === true) continue;
      const near = nearTo(key, keys ?? []);
      wrong(childPath(path, key), `'${key}' means nothing here`, near ?? `It can be ${keys?.join(', ')}.`);
    }
    return value;
  };
  const text: Reading['text'] = (value, path) => {
    if (value === undefined || value === null) return null;
    if (typeof value === 'object') {
      wrong(path, `${path} is not a text`);
      return null;
    }
    return String(value);
  };
  const list: Reading['list'] = (value, path) => {
    if (value === undefined || value === null) return [];
    if (Array.isArray(value)) return value;
    wrong(path, `${path} is not a list`);
    return [];
  };
  return {
    wrong,
    object,
    text,
    list,
    textList: (value, path) => {
      if (typeof value === 'string') return [value];
      return list(value, path).map((one, index) => text(one, `${path}[${index}]`) ?? '');
    },
    texts: (value, path) => {
      const entries = Object.entries(object(value, path));
      return Object.fromEntries(entries.map(([key, one]) => [key, text(one, childPath(path, key)) ?? '']));
    },
    below: childPath,
  };
}

function isJsonObject(value: JsonValue): value is JsonObject {
  return isObject(value);
}
