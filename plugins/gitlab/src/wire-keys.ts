/**
 * @gitbeaker/rest names things in camelCase, GitLab in snake_case. Only the names of GitLab's own fields are turned: what is
 * inside of a plain object, such as the variables of a pipeline, belongs to whoever wrote it.
 */
import { isObject } from '@callboard/model';

type Fields = Readonly<Record<string, unknown>>;

/** The fields of a request, and those of objects in its lists. */
export function toWireKeys(fields: Fields): Fields {
  const entries = Object.entries(fields).map(([key, value]) => [toSnake(key), toWireValue(value)]);
  return Object.fromEntries(entries);
}

function toWireValue(value: unknown): unknown {
  return Array.isArray(value) ? value.map((item) => (isObject(item) ? toWireKeys(item) : item)) : value;
}

/** A query without its question mark; lists as `name[]=`, objects as `name[key]=`. */
export function toQuery(fields: Fields): string {
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries(fields)) addTo(query, toSnake(key), value);
  return query.toString();
}

function addTo(query: URLSearchParams, name: string, value: unknown): void {
  if (Array.isArray(value)) {
    for (const item of value) addTo(query, `${name}[]`, item);
    return;
  }
  if (isObject(value)) {
    for (const [key, item] of Object.entries(value)) addTo(query, `${name}[${key}]`, item);
    return;
  }
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
    query.append(name, String(value));
  }
}

function toSnake(key: string): string {
  return /^[a-z]/.test(key) ? key.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`) : key;
}
