/** Forms that recur in the OpenAPI document of golden images, beside those of every room. */
import { closed, inQuery, oneOf, schema, TEXT_OR_NULL } from '@callboard/kernel/openapi';
import type { JsonObject } from '@callboard/model';

export const TIME: JsonObject = { type: 'number', description: 'Milliseconds since 1970.' };
export const TIME_OR_NULL: JsonObject = {
  type: ['number', 'null'],
  description: 'Milliseconds since 1970; null when it is not known, or has not happened.',
};
export const DIGEST: JsonObject = { type: 'string', pattern: '^sha256:[0-9a-f]{64}$' };
export const DIGEST_OR_NULL: JsonObject = { ...DIGEST, type: ['string', 'null'] };
export const HASH: JsonObject = { type: 'string', pattern: '^[0-9a-f]{64}$' };

export function schemaOrNull(name: string): JsonObject {
  return { anyOf: [schema(name), { type: 'null' }] };
}

export function listOf(name: string): JsonObject {
  return { type: 'array', items: schema(name) };
}

/** The whole of a list. */
export function itemsOf(name: string): JsonObject {
  return closed({ items: listOf(name) });
}

/** A page of a list. */
export function pageOf(name: string): JsonObject {
  return closed({
    items: listOf(name),
    nextCursor: { ...TEXT_OR_NULL, description: '`cursor` of the next page; null when this is the last.' },
  });
}

/** Words separated by commas. */
export function wordsInQuery(name: string, description: string, words: readonly string[]): JsonObject {
  return { ...inQuery(name, description, { type: 'array', items: oneOf(words) }), explode: false };
}

export function limitInQuery(what: string, { usual, most }: { usual: number; most: number }): JsonObject {
  const of = { type: 'integer', minimum: 1, maximum: most, default: usual };
  return inQuery('limit', `How many ${what} to answer with at most.`, of);
}

export const CURSOR = inQuery('cursor', 'The `nextCursor` of the page before.', {
  type: 'string',
  minLength: 1,
});
