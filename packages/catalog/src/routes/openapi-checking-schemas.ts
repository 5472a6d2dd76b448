/** The schemas of the OpenAPI document that are about what is wrong with entities. */
import { listOf, schema, STRING, type Schemas } from './openapi-forms.ts';

const TIME = { type: 'string', format: 'date-time' };
const TIME_OR_NULL = { type: ['string', 'null'], format: 'date-time' };
const TEXT_OR_NULL = { type: ['string', 'null'] };

const DIAGNOSTIC = {
  severity: { type: 'string', enum: ['error', 'warning', 'info'] },
  code: { type: 'string', description: 'Stable, for programs: `<room>/<what>`.' },
  summary: { type: 'string', description: 'What happened, to which thing, in one sentence.' },
  detail: { type: 'string', description: 'What to do next, or more of the story.' },
  file: { type: 'string', description: 'Path or URL of the source.' },
  line: { type: 'integer', minimum: 1 },
  column: { type: 'integer', minimum: 1 },
  path: { type: 'string', description: 'Path inside the document, such as `spec.owner`.' },
};

export const CHECKING_SCHEMAS: Schemas = {
  Diagnostic: {
    type: 'object',
    description: 'What is wrong with somebody’s data, where, and what to do about it.',
    required: ['severity', 'code', 'summary'],
    properties: DIAGNOSTIC,
    additionalProperties: true,
  },
  ProcessingError: {
    type: 'object',
    description:
      'An error as clients of Backstage know it; with what a diagnostic has when the catalog made it.',
    required: ['name', 'message'],
    properties: { name: STRING, message: STRING, ...DIAGNOSTIC },
    additionalProperties: true,
  },

  Explanation: {
    type: 'object',
    description: 'Why an entity is as it is.',
    required: [
      'entityRef',
      'state',
      'location',
      'originLocation',
      'locationKey',
      'firstSeenAt',
      'lastProcessedAt',
      'lastChangedAt',
      'sources',
      'conflicts',
      'diagnostics',
      'rule',
      'readBy',
      'processors',
      'uid',
      'etag',
    ],
    properties: {
      entityRef: STRING,
      state: {
        type: 'string',
        enum: ['ok', 'failing', 'stale', 'orphaned', 'pending'],
        description:
          '`failing`: its last version is bad and an earlier one is shown; `stale`: its source cannot be read; ' +
          '`orphaned`: nothing lists it any more; `pending`: it never was good.',
      },
      location: { ...TEXT_OR_NULL, description: 'What it was read from, `<type>:<target>`.' },
      originLocation: { ...TEXT_OR_NULL, description: 'The registered location it came by.' },
      locationKey: { ...TEXT_OR_NULL, description: 'Only from here may it be changed; null: from anywhere.' },
      firstSeenAt: TIME_OR_NULL,
      lastProcessedAt: TIME_OR_NULL,
      lastChangedAt: TIME_OR_NULL,
      sources: { ...listOf('ExplainedSource'), description: 'From the nearest to the root.' },
      conflicts: { ...listOf('ExplainedConflict'), description: 'Others that claim the same reference.' },
      diagnostics: listOf('Diagnostic'),
      rule: {
        description: 'What lets it in; null when nothing does any more, and for what a provider gave.',
        anyOf: [schema('ExplainedRule'), { type: 'null' }],
      },
      readBy: {
        ...TEXT_OR_NULL,
        description: 'Who read it: a type of locations such as `file`, or the name of a provider.',
      },
      processors: {
        type: 'array',
        items: STRING,
        description: 'What it went through, in order.',
      },
      uid: { ...TEXT_OR_NULL, description: 'Null while it never was good.' },
      etag: { ...TEXT_OR_NULL, description: 'Null while it never was good.' },
    },
    additionalProperties: false,
  },
  ExplainedRule: {
    type: 'object',
    required: ['index', 'kinds', 'locations', 'text'],
    properties: {
      index: {
        type: ['integer', 'null'],
        minimum: 0,
        description: 'Its position in `catalog.rules`; null for the default rules and those of a location.',
      },
      kinds: { type: 'array', items: STRING, description: 'What it allows.' },
      locations: {
        description: 'Where from; null: from anywhere.',
        anyOf: [
          {
            type: 'array',
            items: {
              type: 'object',
              required: ['type'],
              properties: { type: STRING, exact: STRING, pattern: STRING },
              additionalProperties: false,
            },
          },
          { type: 'null' },
        ],
      },
      text: { type: 'string', description: 'For people: `catalog.rules[0]: allow Component, API`.' },
    },
    additionalProperties: false,
  },
  ExplainedSource: {
    type: 'object',
    required: ['ref', 'target', 'lastReadAt', 'lastChangedAt', 'nextReadAt', 'error'],
    properties: {
      ref: { type: 'string', description: 'Reference of a Location entity, or `provider:<name>`.' },
      target: TEXT_OR_NULL,
      lastReadAt: TIME_OR_NULL,
      lastChangedAt: TIME_OR_NULL,
      nextReadAt: { ...TIME_OR_NULL, description: 'Null when it is read only when asked to.' },
      error: { ...TEXT_OR_NULL, description: 'Why it could not be read.' },
    },
    additionalProperties: false,
  },
  ExplainedConflict: {
    type: 'object',
    required: ['location', 'source', 'seenAt'],
    properties: { location: STRING, source: STRING, seenAt: TIME },
    additionalProperties: false,
  },

  ValidateEntityRequest: {
    type: 'object',
    required: ['entity', 'location'],
    properties: {
      entity: schema('JsonObject'),
      location: {
        type: 'string',
        pattern: '^url:',
        description:
          'Where the entity will be: `url:https://git.example.com/shop/blob/main/catalog-info.yaml`.',
      },
    },
  },
  ValidateEntity400Response: {
    type: 'object',
    required: ['errors'],
    properties: { errors: { ...listOf('ProcessingError'), minItems: 1 } },
    additionalProperties: false,
  },

  UnprocessedEntities: {
    type: 'object',
    required: ['type', 'entities'],
    properties: {
      type: { type: 'string', enum: ['failed', 'pending'] },
      entities: listOf('UnprocessedEntity'),
    },
    additionalProperties: false,
  },
  UnprocessedEntity: {
    type: 'object',
    required: ['entity_id', 'entity_ref', 'unprocessed_entity', 'next_update_at', 'last_discovery_at'],
    properties: {
      entity_id: { type: 'string', description: 'Its uid.' },
      entity_ref: STRING,
      unprocessed_entity: { ...schema('JsonObject'), description: 'As its source gave it.' },
      unprocessed_hash: STRING,
      processed_entity: {
        anyOf: [schema('JsonObject'), { type: 'null' }],
        description: 'What its last good version became; null when there never was one.',
      },
      errors: listOf('ProcessingError'),
      location_key: TEXT_OR_NULL,
      last_discovery_at: TIME,
      next_update_at: TIME,
    },
    additionalProperties: false,
  },
};
