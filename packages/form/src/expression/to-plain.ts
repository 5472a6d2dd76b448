/** What an expression gave, as plain JSON: JSONata's lists carry marks, and its objects have no prototype. */
import type { JsonValue } from '@callboard/model';
import { LARGEST } from './bounds.ts';

/** Levels of a result. */
const DEEPEST = 64;

/** Undefined is nothing. Functions, numbers that JSON cannot say, and what is too large or too deep are failures. */
export function toPlain(
  result: unknown,
): { readonly value: JsonValue | undefined } | { readonly failure: string } {
  const left = { size: LARGEST };
  const value = plain(result, left, 0);
  if (value instanceof Failure) return { failure: value.message };
  return { value };
}

class Failure {
  readonly message: string;
  constructor(message: string) {
    this.message = message;
  }
}

function plain(value: unknown, left: { size: number }, depth: number): JsonValue | undefined | Failure {
  left.size -= typeof value === 'string' ? value.length + 1 : 1;
  if (left.size < 0) return new Failure(`it gives more than ${LARGEST.toLocaleString('en')} characters`);
  if (depth > DEEPEST) return new Failure(`it gives something deeper than ${DEEPEST} levels`);
  switch (typeof value) {
    case 'undefined':
      return undefined;
    case 'string':
    case 'boolean':
      return value;
    case 'number':
      return Number.isFinite(value) ? value + 0 : new Failure('it gives a number that JSON cannot say');
    case 'object':
      return value === null ? null : plainParts(value, left, depth);
    default:
      return new Failure('it gives a function, not a value');
  }
}

function plainParts(value: object, left: { size: number }, depth: number): JsonValue | Failure {
  if (Array.isArray(value)) {
    const items: JsonValue[] = [];
    for (const item of value) {
      const made = plain(item, left, depth + 1);
      if (made instanceof Failure) return made;
      items.push(made ?? null);
    }
    return items;
  }
  if (Reflect.get(value, '_jsonata_lambda') === true || Reflect.get(value, '_jsonata_function') === true) {
    return new Failure('it gives a function, not a value');
  }
  const entries: [string, JsonValue][] = [];
  for (const [key, part] of Object.entries(value)) {
    left.size -= key.length;
    const made = plain(part, left, depth + 1);
    if (made instanceof Failure) return made;
    if (made !== undefined) entries.push([key, made]);
  }
  // Makes a key `__proto__` a key like every other.
  return Object.fromEntries(entries);
}
