/**
 * OpenAPI 3.1 documents of rooms: the types of their parts, the forms that recur, and what all of them have in common, as the
 * shape of errors.
 */
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

export type OpenApiDocument = {
  readonly openapi: string;
  readonly info: JsonObject;
  readonly servers: readonly JsonObject[];
  readonly tags: readonly { readonly name: string; readonly description: string }[];
  readonly security: readonly JsonObject[];
  readonly paths: Paths;
  readonly components: {
    readonly securitySchemes: JsonObject;
    readonly responses: JsonObject;
    readonly schemas: Schemas;
  };
};

export interface RoomApi {
  /** The room's segment of `/api/<title>`. */
  readonly title: string;
  /** CommonMark. What holds for every room is said after it. */
  readonly description: string;
  readonly tags: OpenApiDocument['tags'];
  readonly paths: Paths;
  readonly schemas: Schemas;
}

export const TEXT: JsonObject = { type: 'string' };
export const TEXT_OR_NULL: JsonObject = { type: ['string', 'null'] };
export const TEXTS: JsonObject = { type: 'array', items: TEXT };
export const COUNT: JsonObject = { type: 'integer', minimum: 0 };

/** Stands for a schema of the document. */
export function schema(name: string): JsonObject {
  return { $ref: `#/components/schemas/${name}` };
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

export function inPath(name: string, description: string): JsonObject {
  return { name, in: 'path', required: true, description, schema: TEXT };
}

/** By media type. */
export function answers(description: string, content: Readonly<Record<string, JsonObject>>): JsonObject {
  const media = Object.entries(content).map(([type, of]) => [type, { schema: of }] as const);
  return { description, content: Object.fromEntries(media) };
}

/** An answer that is JSON of this schema. */
export function answer(description: string, of: JsonObject): JsonObject {
  return answers(description, { 'application/json': of });
}

/** A JSON body. */
export function jsonBody(
  of: JsonObject,
  { required }: { readonly required: boolean } = { required: true },
): JsonObject {
  return { required, content: { 'application/json': { schema: of } } };
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

const COMMON = `Every request needs an identity, as \`Authorization: Bearer <token>\` with a token of the portal or of a service that
the portal trusts, unless the configuration lets everybody in. Query parameters that are not described are refused.
Errors of all operations have the shape of \`Error\`.`;

const ERROR_SCHEMAS: Schemas = {
  Error: closed(
    { error: schema('ErrorText'), request: schema('ErrorRequest'), response: schema('ErrorStatus') },
    ['request'],
  ),
  ErrorText: closed(
    {
      name: { ...TEXT, description: 'As `NotFoundError`; it follows from the status.' },
      message: { ...TEXT, description: 'What happened, to which thing, and what to do.' },
      code: { ...TEXT, description: 'Stable, for programs: `<room>/<what>`.' },
    },
    ['code'],
  ),
  ErrorRequest: closed({ method: TEXT, url: TEXT }),
  ErrorStatus: closed({ statusCode: { type: 'integer', minimum: 400, maximum: 599 } }),
};

/** Plain data that can be written as JSON. */
export function openApiOf({ title, description, tags, paths, schemas }: RoomApi): OpenApiDocument {
  return {
    openapi: '3.1.0',
    info: {
      title,
      version: '1',
      description: `${description}\n\n${COMMON}`,
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: `/api/${title}` }],
    tags,
    security: [{ JWT: [] }],
    paths,
    components: {
      securitySchemes: { JWT: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
      responses: { ErrorResponse: answer('The request failed.', schema('Error')) },
      schemas: { ...schemas, ...ERROR_SCHEMAS },
    },
  };
}
