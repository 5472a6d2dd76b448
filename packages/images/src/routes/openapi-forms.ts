/** The types of the parts of an OpenAPI document, and the few forms that recur in ours. */
import type { JsonObject } from '@callboard/model';

type Operation = {
  /** Unique in the document; generated clients make the name of a method from it. */
  readonly operationId: string;
  readonly tags: readonly string[];
  readonly summary: string;
  /** CommonMark. */
  readonly description?: string;
  readonly parameters?: readonly JsonObject[];
  readonly requestBody?: JsonObject;
  /** By status. */
  readonly responses: Readonly<Record<string, JsonObject>>;
};

/** By path, relative to the URL of the server, and method. */
export type Paths = Readonly<Record<string, Readonly<Partial<Record<'get' | 'post', Operation>>>>>;

/** JSON Schemas by name. */
export type Schemas = Readonly<Record<string, JsonObject>>;

export const TEXT: JsonObject = { type: 'string' };
export const TEXT_OR_NULL: JsonObject = { type: ['string', 'null'] };
export const TEXTS: JsonObject = { type: 'array', items: TEXT };
export const COUNT: JsonObject = { type: 'integer', minimum: 0 };
export const TIME: JsonObject = { type: 'number', description: 'Milliseconds since 1970.' };
export const TIME_OR_NULL: JsonObject = {
  type: ['number', 'null'],
  description: 'Milliseconds since 1970; null when it is not known, or has not happened.',
};
export const DIGEST: JsonObject = { type: 'string', pattern: '^sha256:[0-9a-f]{64}$' };
export const DIGEST_OR_NULL: JsonObject = { ...DIGEST, type: ['string', 'null'] };
export const HASH: JsonObject = { type: 'string', pattern: '^[0-9a-f]{64}$' };

/** Stands for a schema of the document. */
export function schema(name: string): JsonObject {
  return { $ref: `#/components/schemas/${name}` };
}

export function schemaOrNull(name: string): JsonObject {
  return { anyOf: [schema(name), { type: 'null' }] };
}

export function listOf(name: string): JsonObject {
  return { type: 'array', items: schema(name) };
}

export function oneOf(words: readonly string[], description?: string): JsonObject {
  return { type: 'string', enum: [...words], ...(description !== undefined && { description }) };
}

/** An object with these properties alone, all of them required but those named. */
export function closed(properties: Schemas, optional: readonly string[] = []): JsonObject {
  return {
    type: 'object',
    required: Object.keys(properties).filter((name) => !optional.includes(name)),
    properties,
    additionalProperties: false,
  };
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

export function inQuery(name: string, description: string, of: JsonObject): JsonObject {
  return { name, in: 'query', description, schema: of };
}

/** Words separated by commas. */
export function wordsInQuery(name: string, description: string, words: readonly string[]): JsonObject {
  return { ...inQuery(name, description, { type: 'array', items: oneOf(words) }), explode: false };
}

export function inPath(name: string, description: string): JsonObject {
  return { name, in: 'path', required: true, description, schema: TEXT };
}

export function limitInQuery(what: string, { usual, most }: { usual: number; most: number }): JsonObject {
  const of = { type: 'integer', minimum: 1, maximum: most, default: usual };
  return inQuery('limit', `How many ${what} to answer with at most.`, of);
}

export const CURSOR = inQuery('cursor', 'The `nextCursor` of the page before.', {
  type: 'string',
  minLength: 1,
});

/** By media type. */
export function answers(description: string, content: Readonly<Record<string, JsonObject>>): JsonObject {
  const media = Object.entries(content).map(([type, of]) => [type, { schema: of }] as const);
  return { description, content: Object.fromEntries(media) };
}

/** An answer that is JSON of this schema. */
export function answer(description: string, of: JsonObject): JsonObject {
  return answers(description, { 'application/json': of });
}

/** An answer in the common shape of errors; `when` says what leads to it. */
export function failure(when: string): JsonObject {
  return { $ref: '#/components/responses/ErrorResponse', description: when };
}

/** What may go wrong with any request. */
export const ANY_FAILURE = {
  400: failure('A parameter or the body is not as described; the message says what to do.'),
  default: failure(
    'Any other error: 401 without a valid token, 403 when the caller may not do this, 413 when the body is too ' +
      'large, 500 when the server failed.',
  ),
} as const;

/** A JSON body that has to be sent. */
export function requiredBody(of: JsonObject): JsonObject {
  return { required: true, content: { 'application/json': { schema: of } } };
}
