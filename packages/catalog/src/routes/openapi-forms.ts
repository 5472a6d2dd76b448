/** The types of the parts of an OpenAPI document, and the few forms that recur in ours. */
import type { JsonObject } from '@callboard/model';

type Method = 'get' | 'post' | 'put' | 'delete';

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

type PathItem = Readonly<Partial<Record<Method, Operation>>>;

/** By path, relative to the URL of the server: `/entities/by-uid/{uid}`. */
export type Paths = Readonly<Record<string, PathItem>>;

/** JSON Schemas by name. */
export type Schemas = Readonly<Record<string, JsonObject>>;

export type Parameters = Readonly<Record<string, JsonObject>>;

export const STRING: JsonObject = { type: 'string' };
export const STRINGS: JsonObject = { type: 'array', items: STRING };

/** Stands for a schema of the document. */
export function schema(name: string): JsonObject {
  return { $ref: `#/components/schemas/${name}` };
}

export function listOf(name: string): JsonObject {
  return { type: 'array', items: schema(name) };
}

/** Stands for a parameter of the document. */
export function parameter(name: string): JsonObject {
  return { $ref: `#/components/parameters/${name}` };
}

/** An answer, or a request, that is JSON of this schema. */
function jsonContent(of: JsonObject): JsonObject {
  return { 'application/json': { schema: of } };
}

export function answer(description: string, of: JsonObject): JsonObject {
  return { description, content: jsonContent(of) };
}

/** An answer with nothing in it. */
export function emptyAnswer(description: string): JsonObject {
  return { description };
}

/** An answer in the common shape of errors; `when` says what leads to it. */
export function failure(when: string): JsonObject {
  return { $ref: '#/components/responses/ErrorResponse', description: when };
}

/** What may go wrong with any request. */
export const ANY_FAILURE = {
  default: failure(
    'Any other error: 401 without a valid token, 403 when the caller may not do this, 413 when the body is ' +
      'too large, 500 when the server failed.',
  ),
} as const;

/** A body that has to be sent. */
export function requiredBody(of: JsonObject): JsonObject {
  return { required: true, content: jsonContent(of) };
}

/** A body that may be left out. */
export function optionalBody(of: JsonObject): JsonObject {
  return { required: false, content: jsonContent(of) };
}
