/** The operations of the OpenAPI document on registered locations. */
import {
  answer,
  ANY_FAILURE,
  emptyAnswer,
  failure,
  optionalBody,
  parameter,
  requiredBody,
  schema,
  STRING,
  type Paths,
} from './openapi-forms.ts';

const TAGS = ['Locations'];
const MALFORMED = failure('A parameter, or the body, is not what is described here.');
const REFUSED = failure('The body is not a location, or not one that may be registered.');
const READONLY = failure('The catalog is read-only, or the caller may not do this.');
const NOT_KNOWN = failure('No such location is registered.');

const CREATED = `Registers a location; what it lists comes into the catalog soon after. A dry run registers nothing
and answers with what the location would bring.`;

const ON_CONFLICT = `What happens when the location is registered already: \`reject\` answers 409, \`refresh\` reads it
again and answers 201. The configuration decides when absent (\`reject\` unless it says otherwise).`;

export const LOCATION_PATHS: Paths = {
  '/locations': {
    get: {
      operationId: 'GetLocations',
      tags: TAGS,
      summary: 'List registered locations',
      responses: {
        200: answer('All of them.', { type: 'array', items: schema('GetLocations200ResponseInner') }),
        ...ANY_FAILURE,
      },
    },
    post: {
      operationId: 'CreateLocation',
      tags: TAGS,
      summary: 'Register a location',
      description: CREATED,
      parameters: [
        {
          name: 'dryRun',
          in: 'query',
          description: 'A dry run is asked for with `true`, `yes`, `y`, `on` or `1`.',
          schema: STRING,
        },
        {
          name: 'onConflict',
          in: 'query',
          description: ON_CONFLICT,
          schema: { type: 'string', enum: ['refresh', 'reject'] },
        },
      ],
      requestBody: requiredBody(schema('CreateLocationRequest')),
      responses: {
        201: answer('Registered, or looked at.', schema('CreateLocation201Response')),
        400: failure('The body is no location, not one that may be registered, or a dry run found it bad.'),
        403: READONLY,
        409: failure('The location is registered already.'),
        ...ANY_FAILURE,
      },
    },
  },
  '/locations/by-query': {
    post: {
      operationId: 'GetLocationsByQuery',
      tags: TAGS,
      summary: 'Page through registered locations',
      requestBody: optionalBody(schema('GetLocationsByQueryRequest')),
      responses: {
        200: answer('The page.', schema('LocationsQueryResponse')),
        400: MALFORMED,
        ...ANY_FAILURE,
      },
    },
  },
  '/locations/{id}': {
    get: {
      operationId: 'GetLocation',
      tags: TAGS,
      summary: 'Get a registered location',
      parameters: [parameter('id')],
      responses: { 200: answer('The location.', schema('Location')), 404: NOT_KNOWN, ...ANY_FAILURE },
    },
    put: {
      operationId: 'UpdateLocation',
      tags: TAGS,
      summary: 'Change the type and target of a registered location',
      parameters: [parameter('id')],
      requestBody: requiredBody(schema('LocationInput')),
      responses: {
        200: answer('The location as it is now.', schema('Location')),
        400: REFUSED,
        403: READONLY,
        404: NOT_KNOWN,
        409: failure('Another registered location has this type and target.'),
        ...ANY_FAILURE,
      },
    },
    delete: {
      operationId: 'DeleteLocation',
      tags: TAGS,
      summary: 'Remove a registered location',
      description: 'What only this location listed leaves the catalog, or becomes an orphan.',
      parameters: [parameter('id')],
      responses: {
        204: emptyAnswer('It is not registered any more.'),
        403: READONLY,
        404: NOT_KNOWN,
        ...ANY_FAILURE,
      },
    },
  },
  '/locations/by-entity/{kind}/{namespace}/{name}': {
    get: {
      operationId: 'getLocationByEntity',
      tags: TAGS,
      summary: 'Get the registered location that an entity came by',
      parameters: [parameter('kind'), parameter('namespace'), parameter('name')],
      responses: {
        200: answer('The location.', schema('Location')),
        404: failure('No such entity is in the catalog, or it came by no registered location.'),
        ...ANY_FAILURE,
      },
    },
  },
  '/analyze-location': {
    post: {
      operationId: 'AnalyzeLocation',
      tags: TAGS,
      summary: 'Look at a file or repository',
      description: 'Finds the entities that are described there, or suggests one. Keeps nothing.',
      requestBody: requiredBody(schema('AnalyzeLocationRequest')),
      responses: {
        200: answer('What was found.', schema('AnalyzeLocationResponse')),
        400: failure('The body is malformed, or the target is not the URL of a file or repository.'),
        ...ANY_FAILURE,
      },
    },
  },
};
