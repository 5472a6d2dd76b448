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
export const TEXTS: JsonObject = { type: 'array', items: TEXT };
export const FLAG: JsonObject = { type: 'boolean' };
export const COUNT: JsonObject = { type: 'integer', minimum: 0 };
/** Whatever a template says there. */
export const ANY_OBJECT: JsonObject = { type: 'object' };
export const ANY: JsonObject = { description: 'Any JSON value.' };
export const TIME: JsonObject = {
  type: 'string',
  pattern: String.raw`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$`,
  description: 'ISO 8601, in UTC.',
};
export const REF: JsonObject = {
  type: 'string',
  description: 'An entity reference, as `user:default/anna`.',
};

/** Stands for a schema of the document. */
export function schema(name: string): JsonObject {
  return { $ref: `#/components/schemas/${name}` };
}

export function listOf(of: JsonObject): JsonObject {
  return { type: 'array', items: of };
}

export function oneOf(words: readonly string[], description?: string): JsonObject {
  return { type: 'string', enum: [...words], ...(description !== undefined && { description }) };
}

/** An object with these properties alone, all of them required but those named. */
export function closed(properties: Schemas, optional: readonly string[] = []): JsonObject {
  return { ...open(properties, optional), additionalProperties: false };
}

/** An object with at least these properties, all of them required but those named. */
export function open(properties: Schemas, optional: readonly string[] = []): JsonObject {
  const required = Object.keys(properties).filter((name) => !optional.includes(name));
  return { type: 'object', ...(required.length > 0 && { required }), properties };
}

export function inQuery(name: string, description: string, of: JsonObject): JsonObject {
  return { name, in: 'query', description, schema: of };
}

/** May be given several times. */
export function severalInQuery(name: string, description: string, of: JsonObject = TEXT): JsonObject {
  return inQuery(name, description, { type: 'array', items: of });
}

export function inPath(name: string, description: string): JsonObject {
  return { name, in: 'path', required: true, description, schema: TEXT };
}

/** An answer that is JSON of this schema. */
export function answer(description: string, of: JsonObject): JsonObject {
  return { description, content: { 'application/json': { schema: of } } };
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

/** A request whose values may not be what the form asks for. */
export const VALUES_FAILURE = {
  ...ANY_FAILURE,
  400: answer('The values do not fit the form, or the request is not as described.', {
    anyOf: [schema('ValidationErrors'), schema('Error')],
  }),
} as const;

export function body(
  of: JsonObject,
  { required }: { readonly required: boolean } = { required: true },
): JsonObject {
  return { required, content: { 'application/json': { schema: of } } };
}
