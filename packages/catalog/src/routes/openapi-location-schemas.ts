/** The schemas of the OpenAPI document that are about registered locations and the look at new ones. */
import { listOf, schema, STRING, STRINGS, type Schemas } from './openapi-forms.ts';

const PARTIAL_META = {
  uid: STRING,
  etag: STRING,
  name: STRING,
  namespace: STRING,
  title: STRING,
  description: STRING,
  labels: schema('MapStringString'),
  annotations: schema('MapStringString'),
  tags: STRINGS,
  links: listOf('EntityLink'),
};

const TYPE = {
  type: 'string',
  minLength: 1,
  description: 'How the target is read; `url` may be registered.',
};
const TARGET = { type: 'string', minLength: 1, description: 'What is read, such as the URL of a YAML file.' };

const LOCATION_INPUT = {
  type: 'object',
  description: 'A location to register or to look at.',
  required: ['type', 'target'],
  properties: {
    type: TYPE,
    target: TARGET,
    presence: {
      type: 'string',
      enum: ['required', 'optional'],
      description: 'Taken for the sake of older clients, and ignored: registered locations are required.',
    },
  },
  additionalProperties: false,
};

export const LOCATION_SCHEMAS: Schemas = {
  Location: {
    type: 'object',
    description: 'A registered location.',
    required: ['id', 'type', 'target', 'entityRef'],
    properties: {
      id: { type: 'string', description: 'A UUID; `<type>:<target>` in the answer to a dry run.' },
      type: STRING,
      target: STRING,
      entityRef: { type: 'string', description: 'Reference of the Location entity that stands for it.' },
    },
    additionalProperties: false,
  },
  LocationSpec: {
    type: 'object',
    description: 'Where something was read.',
    required: ['type', 'target'],
    properties: { type: STRING, target: STRING },
    additionalProperties: false,
  },
  LocationInput: LOCATION_INPUT,
  CreateLocationRequest: LOCATION_INPUT,
  CreateLocation201Response: {
    type: 'object',
    required: ['location', 'entities'],
    properties: {
      location: schema('Location'),
      entities: { ...listOf('Entity'), description: 'What a dry run found; otherwise empty.' },
      exists: { type: 'boolean', description: 'Dry runs only: whether the location is registered already.' },
    },
    additionalProperties: false,
  },
  GetLocations200ResponseInner: {
    type: 'object',
    required: ['data'],
    properties: { data: schema('Location') },
    additionalProperties: false,
  },
  GetLocationsByQueryRequest: {
    type: 'object',
    properties: {
      query: {
        ...schema('JsonObject'),
        description: 'As in queries for entities; the keys are `id`, `type`, `target` and `entityRef`.',
      },
      limit: { type: 'integer', minimum: 1, default: 1000 },
      cursor: {
        type: 'string',
        minLength: 1,
        description: 'The `nextCursor` of the page before; nothing else counts then.',
      },
    },
    examples: [
      { query: { type: 'url', target: { $hasPrefix: 'https://git.example.com/shop/' } }, limit: 50 },
    ],
  },
  LocationsQueryResponse: {
    type: 'object',
    description: 'A page of registered locations, ordered by id.',
    required: ['items', 'totalItems', 'pageInfo'],
    properties: {
      items: listOf('Location'),
      totalItems: { type: 'integer', minimum: 0, description: 'How many there are on all pages.' },
      pageInfo: {
        type: 'object',
        properties: { nextCursor: { type: 'string', description: 'Absent on the last page.' } },
        additionalProperties: false,
      },
    },
    additionalProperties: false,
  },

  AnalyzeLocationRequest: {
    type: 'object',
    required: ['location'],
    properties: {
      location: schema('LocationInput'),
      catalogFilename: {
        type: 'string',
        description: 'Which file to look for in the repository. Default: `catalog-info.yaml`.',
      },
      catalogFileName: {
        type: 'string',
        description: 'Another spelling; of the two, `catalogFilename` wins.',
      },
    },
  },
  AnalyzeLocationResponse: {
    type: 'object',
    description: 'What is at a location, or what could be made for it.',
    required: ['existingEntityFiles', 'generateEntities'],
    properties: {
      existingEntityFiles: listOf('AnalyzeLocationExistingEntity'),
      generateEntities: listOf('AnalyzeLocationGenerateEntity'),
    },
    additionalProperties: false,
  },
  AnalyzeLocationExistingEntity: {
    type: 'object',
    description: 'An entity that is described at the location already.',
    required: ['location', 'isRegistered', 'entity'],
    properties: {
      location: schema('LocationSpec'),
      isRegistered: { type: 'boolean', description: 'Whether the file is a registered location.' },
      entity: schema('Entity'),
    },
    additionalProperties: false,
  },
  AnalyzeLocationGenerateEntity: {
    type: 'object',
    description: 'An entity that could describe the location.',
    required: ['entity', 'fields'],
    properties: {
      entity: schema('RecursivePartialEntity'),
      fields: {
        ...listOf('AnalyzeLocationEntityField'),
        description: 'What somebody should have a look at.',
      },
    },
    additionalProperties: false,
  },
  AnalyzeLocationEntityField: {
    type: 'object',
    required: ['field', 'state', 'value', 'description'],
    properties: {
      field: { type: 'string', description: 'Path inside the entity, such as `spec.owner`.' },
      state: {
        type: 'string',
        enum: ['analysisSuggestedValue', 'analysisSuggestedNoValue', 'needsUserInput'],
      },
      value: { type: ['string', 'null'] },
      description: { type: 'string', description: 'Why, for people.' },
    },
    additionalProperties: false,
  },
  RecursivePartialEntity: {
    type: 'object',
    description: 'An entity of which anything may be missing.',
    properties: {
      apiVersion: STRING,
      kind: STRING,
      metadata: schema('RecursivePartialEntityMeta'),
      spec: schema('JsonObject'),
      relations: listOf('RecursivePartialEntityRelation'),
    },
    additionalProperties: false,
  },
  RecursivePartialEntityMeta: { type: 'object', properties: PARTIAL_META, additionalProperties: true },
  RecursivePartialEntityRelation: {
    type: 'object',
    properties: { type: STRING, targetRef: STRING },
    additionalProperties: false,
  },
};
