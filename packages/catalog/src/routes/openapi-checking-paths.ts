/** The operations of the OpenAPI document that check entities, show those that are bad, and give the document. */
import {
  answer,
  ANY_FAILURE,
  emptyAnswer,
  failure,
  requiredBody,
  schema,
  STRING,
  type Paths,
} from './openapi-forms.ts';

const OWNER = {
  name: 'owner',
  in: 'query',
  description: 'Only entities with exactly this `spec.owner`.',
  schema: STRING,
};

export const CHECKING_PATHS: Paths = {
  '/validate-entity': {
    post: {
      operationId: 'ValidateEntity',
      tags: ['Entity'],
      summary: 'Check an entity',
      description: 'Processes it as if it had been read at the location. Keeps nothing.',
      requestBody: requiredBody(schema('ValidateEntityRequest')),
      responses: {
        200: emptyAnswer('It is good.'),
        400: answer('What is wrong with it, or with the request.', {
          anyOf: [schema('ValidateEntity400Response'), schema('Error')],
        }),
        ...ANY_FAILURE,
      },
    },
  },
  '/entities/unprocessed/failed': {
    get: {
      operationId: 'GetFailedEntities',
      tags: ['Unprocessed'],
      summary: 'List entities whose last version is bad',
      description: 'The first 1,000 by reference. Those that never were good are among them.',
      parameters: [OWNER],
      responses: { 200: answer('The entities.', schema('UnprocessedEntities')), ...ANY_FAILURE },
    },
  },
  '/entities/unprocessed/pending': {
    get: {
      operationId: 'GetPendingEntities',
      tags: ['Unprocessed'],
      summary: 'List entities that wait to be processed',
      description: 'Entities are processed when they arrive, so there are none.',
      parameters: [OWNER],
      responses: { 200: answer('None.', schema('UnprocessedEntities')), ...ANY_FAILURE },
    },
  },
  '/entities/unprocessed/delete/{id}': {
    delete: {
      operationId: 'DeleteUnprocessedEntity',
      tags: ['Unprocessed'],
      summary: 'Delete an entity that may never have been good',
      parameters: [
        { name: 'id', in: 'path', required: true, description: 'The `entity_id`.', schema: STRING },
      ],
      responses: {
        204: emptyAnswer('It is gone.'),
        404: failure('No entity has this id.'),
        ...ANY_FAILURE,
      },
    },
  },
  '/openapi.json': {
    get: {
      operationId: 'GetOpenApiDocument',
      tags: ['Document'],
      summary: 'Get this document',
      responses: { 200: answer('An OpenAPI document.', schema('JsonObject')), ...ANY_FAILURE },
    },
  },
};
