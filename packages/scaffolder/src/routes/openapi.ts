/** The OpenAPI document of the REST API for software templates. */
import type { JsonObject } from '@callboard/model';
import { answer, closed, schema, TEXT, type Paths, type Schemas } from './openapi-forms.ts';
import { APPROVAL_PATHS, TASK_PATHS, TEMPLATE_PATHS } from './openapi-paths.ts';
import { APPROVAL_SCHEMAS, TASK_SCHEMAS, TEMPLATE_SCHEMAS } from './openapi-schemas.ts';

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

const DESCRIPTION = `Software templates: their forms, the tasks that run them, and who has to agree. The operations of
Backstage's scaffolder, and more.

Every request needs an identity, as \`Authorization: Bearer <token>\` with a token of the portal or of a service that
the portal trusts, unless the configuration lets everybody in. Query parameters that are not described are refused.
Errors of all operations have the shape of \`Error\`. The events of a task are also sent as server-sent events, by
\`GET /v2/tasks/{taskId}/eventstream?after=\`.`;

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
export function scaffolderOpenApi(): OpenApiDocument {
  return {
    openapi: '3.1.0',
    info: {
      title: 'scaffolder',
      version: '1',
      description: DESCRIPTION,
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/api/scaffolder' }],
    tags: [
      { name: 'Templates', description: 'What can be asked for.' },
      { name: 'Tasks', description: 'What was asked for, and what became of it.' },
      { name: 'Approvals', description: 'What people have to agree to.' },
      { name: 'Status', description: 'The room itself.' },
    ],
    security: [{ JWT: [] }],
    paths: { ...TEMPLATE_PATHS, ...TASK_PATHS, ...APPROVAL_PATHS },
    components: {
      securitySchemes: { JWT: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
      responses: { ErrorResponse: answer('The request failed.', schema('Error')) },
      schemas: { ...TEMPLATE_SCHEMAS, ...TASK_SCHEMAS, ...APPROVAL_SCHEMAS, ...ERROR_SCHEMAS },
    },
  };
}
