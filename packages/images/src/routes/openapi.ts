/** The OpenAPI document of the REST API for golden images. */
import type { JsonObject } from '@callboard/model';
import { FINDING_PATHS, FINDING_SCHEMAS } from './openapi-findings.ts';
import { answer, closed, schema, TEXT, type Paths, type Schemas } from './openapi-forms.ts';
import { GOLDEN_PATHS, GOLDEN_SCHEMAS } from './openapi-golden.ts';
import { PATCH_PATHS, PATCH_REQUEST_SCHEMAS } from './openapi-patch-paths.ts';
import { PATCH_SCHEMAS } from './openapi-patch-schemas.ts';

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

const DESCRIPTION = `Golden images: findings about them, the patches that end those, and the proof of each patch.

Every request needs an identity, as \`Authorization: Bearer <token>\` with a token of the portal or of a service that
the portal trusts, unless the configuration lets everybody in. Query parameters that are not described are refused.
Times are milliseconds since 1970. Errors of all operations have the shape of \`Error\`.`;

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

/** Plain data that can be written as JSON, OpenAPI 3.1. */
export function imagesOpenApi(): OpenApiDocument {
  return {
    openapi: '3.1.0',
    info: {
      title: 'images',
      version: '1',
      description: DESCRIPTION,
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/api/images' }],
    tags: [
      { name: 'Golden images', description: 'Images that others are built on.' },
      { name: 'Findings', description: 'What scanners say.' },
      { name: 'Patches', description: 'Runs of the pipeline, and what is kept of them.' },
      { name: 'Status', description: 'The room itself.' },
    ],
    security: [{ JWT: [] }],
    paths: { ...GOLDEN_PATHS, ...FINDING_PATHS, ...PATCH_PATHS },
    components: {
      securitySchemes: { JWT: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
      responses: { ErrorResponse: answer('The request failed.', schema('Error')) },
      schemas: {
        ...GOLDEN_SCHEMAS,
        ...FINDING_SCHEMAS,
        ...PATCH_REQUEST_SCHEMAS,
        ...PATCH_SCHEMAS,
        ...ERROR_SCHEMAS,
      },
    },
  };
}
