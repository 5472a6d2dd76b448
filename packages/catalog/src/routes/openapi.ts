/**
 * The OpenAPI document of the catalog's REST API. Names of operations, parameters and schemas are those of Backstage's
 * own document, so that clients generated from either are the same.
 */
import type { JsonObject } from '@callboard/model';
import { CHECKING_PATHS } from './openapi-checking-paths.ts';
import { CHECKING_SCHEMAS } from './openapi-checking-schemas.ts';
import { ENTITY_PATHS } from './openapi-entity-paths.ts';
import { ENTITY_SCHEMAS } from './openapi-entity-schemas.ts';
import { answer, schema, type Parameters, type Paths, type Schemas } from './openapi-forms.ts';
import { GRAPH_PATHS, GRAPH_SCHEMAS } from './openapi-graph.ts';
import { HISTORY_PATHS, HISTORY_SCHEMAS } from './openapi-history.ts';
import { LOCATION_PATHS } from './openapi-location-paths.ts';
import { LOCATION_SCHEMAS } from './openapi-location-schemas.ts';
import { PARAMETERS } from './openapi-parameters.ts';
import { STATUS_PATHS, STATUS_SCHEMAS } from './openapi-status.ts';

export interface OpenApiOptions {
  /** What the paths are relative to. Default: `/api/catalog`, on the host that serves the document. */
  readonly serverUrl?: string;
}

export type OpenApiDocument = {
  readonly openapi: string;
  readonly info: JsonObject;
  readonly servers: readonly JsonObject[];
  readonly tags: readonly { readonly name: string; readonly description: string }[];
  readonly security: readonly JsonObject[];
  readonly paths: Paths;
  readonly components: {
    readonly securitySchemes: JsonObject;
    readonly parameters: Parameters;
    readonly responses: JsonObject;
    readonly schemas: Schemas;
  };
};

const DESCRIPTION = `The software catalog: what there is, who owns it, and how it hangs together.

Every request needs an identity, as \`Authorization: Bearer <token>\` with a token of the portal or of a service that
the portal trusts, unless the configuration lets everybody in. Errors of all operations have the shape of \`Error\`.`;

/** Plain data that can be written as JSON, OpenAPI 3.1. */
export function catalogOpenApi(options: OpenApiOptions = {}): OpenApiDocument {
  return {
    openapi: '3.1.0',
    info: {
      title: 'catalog',
      version: '1',
      description: DESCRIPTION,
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: options.serverUrl ?? '/api/catalog' }],
    tags: [
      { name: 'Entity', description: 'What is in the catalog.' },
      { name: 'Locations', description: 'Where entities are read from.' },
      { name: 'Unprocessed', description: 'Entities that the catalog could not take in.' },
      { name: 'Status', description: 'What needs somebody, and the catalog at work.' },
      { name: 'Document', description: 'The description of this API.' },
    ],
    security: [{ JWT: [] }],
    paths: {
      ...ENTITY_PATHS,
      ...HISTORY_PATHS,
      ...GRAPH_PATHS,
      ...LOCATION_PATHS,
      ...CHECKING_PATHS,
      ...STATUS_PATHS,
    },
    components: {
      securitySchemes: { JWT: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
      parameters: PARAMETERS,
      responses: { ErrorResponse: answer('The request failed.', schema('Error')) },
      schemas: {
        ...ENTITY_SCHEMAS,
        ...HISTORY_SCHEMAS,
        ...GRAPH_SCHEMAS,
        ...LOCATION_SCHEMAS,
        ...CHECKING_SCHEMAS,
        ...STATUS_SCHEMAS,
      },
    },
  };
}
