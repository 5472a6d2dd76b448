/** The operation of the OpenAPI document that tells what an entity has been, and its schemas. */
import {
  answer,
  ANY_FAILURE,
  failure,
  listOf,
  parameter,
  schema,
  STRING,
  type Paths,
  type Schemas,
} from './openapi-forms.ts';

const TOLD = `Every version that is still known, the newest first: when it began, from where it came, what was wrong with
it. Versions that differ in nothing but relations are one. The last 100 of an entity are kept; of one that left the
catalog, for 90 days. Knows entities that are gone, and those that never were good. Backstage has no such operation.`;

const CHANGE = `What became of the version before. \`added\`: there was none, or the entity had been removed;
\`changed\`: it says something else, or what it was before is not known any more; \`failing\`: the newest document is
bad and what was good stays; \`repaired\`: it is good again; \`moved\`: it says the same in another place;
\`removed\`: it left the catalog.`;

export const HISTORY_PATHS: Paths = {
  '/entities/by-name/{kind}/{namespace}/{name}/history': {
    get: {
      operationId: 'GetEntityHistoryByName',
      tags: ['Entity'],
      summary: 'Tell what an entity has been',
      description: TOLD,
      parameters: [
        parameter('kind'),
        parameter('namespace'),
        parameter('name'),
        {
          name: 'limit',
          in: 'query',
          description: 'How many items to answer with at most.',
          schema: { type: 'integer', minimum: 1, maximum: 100, default: 20 },
        },
        {
          name: 'before',
          in: 'query',
          description: 'Only items older than the one with this id: the `next` of an earlier answer.',
          schema: { type: 'integer', minimum: 1 },
        },
      ],
      responses: {
        200: answer('What is known of the past of the entity.', schema('EntityHistory')),
        400: failure('A parameter is not what is described here.'),
        404: failure('Nothing is known of such an entity, nor that there was one.'),
        ...ANY_FAILURE,
      },
    },
  },
};

export const HISTORY_SCHEMAS: Schemas = {
  EntityHistory: {
    type: 'object',
    required: ['entityRef', 'items', 'next'],
    properties: {
      entityRef: STRING,
      items: { ...listOf('EntityHistoryItem'), description: 'The newest first.' },
      next: {
        type: ['string', 'null'],
        description: '`before` of the next page; null when this is the last.',
      },
    },
    additionalProperties: false,
  },
  EntityHistoryItem: {
    type: 'object',
    required: ['id', 'at', 'change', 'location', 'entity', 'problems'],
    properties: {
      id: { type: 'string', description: 'Digits. Grows with time, and stays the same.' },
      at: { type: 'string', format: 'date-time', description: 'When the version began, or the entity went.' },
      change: {
        type: 'string',
        enum: ['added', 'changed', 'failing', 'repaired', 'moved', 'removed'],
        description: CHANGE,
      },
      location: { type: ['string', 'null'], description: 'What it came from, `<type>:<target>`.' },
      entity: {
        anyOf: [schema('JsonObject'), { type: 'null' }],
        description:
          '`apiVersion`, `kind`, `metadata` and `spec`; null when it never was good. Of a removal: what it was last.',
      },
      problems: listOf('Diagnostic'),
    },
    additionalProperties: false,
  },
};
