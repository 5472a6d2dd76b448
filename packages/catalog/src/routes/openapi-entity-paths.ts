/** The operations of the OpenAPI document on entities. */
import {
  answer,
  ANY_FAILURE,
  emptyAnswer,
  failure,
  listOf,
  optionalBody,
  parameter,
  requiredBody,
  schema,
  STRING,
  STRINGS,
  type Paths,
} from './openapi-forms.ts';

const TAGS = ['Entity'];
const BY_NAME = [parameter('kind'), parameter('namespace'), parameter('name')];
const NOT_KNOWN = failure('No such entity is in the catalog.');
const MALFORMED = failure('A parameter, or the body, is not what is described here.');

const LISTED = `Answers with a bare array: everything that matches, unless \`limit\`, \`offset\` or \`after\` ask for a
page. The \`link\` header of a page leads to the next one. A \`limit\` has to be 1 or more.`;

const ORDER = `Orders by a key: \`asc:metadata.name\` or \`desc:metadata.name\`. Repeat it for keys that decide between
equals. Entities without the key come last.`;

const QUERIED = `Answers with a page and the cursors to those beside it. Without a \`limit\` a page has 200 entities;
a \`limit\` of 0 only counts.`;

const FACETED = 'Counts, for each of the keys, how many of the matching entities have which value.';

export const ENTITY_PATHS: Paths = {
  '/entities': {
    get: {
      operationId: 'GetEntities',
      tags: TAGS,
      summary: 'List entities',
      description: LISTED,
      parameters: [
        parameter('filter'),
        parameter('fields'),
        parameter('limit'),
        parameter('offset'),
        parameter('after'),
        { name: 'order', in: 'query', description: ORDER, schema: STRINGS },
      ],
      responses: {
        200: {
          ...answer('The entities.', listOf('Entity')),
          headers: {
            link: { description: 'The next page, if there is one: `<…>; rel="next"`.', schema: STRING },
          },
        },
        400: MALFORMED,
        ...ANY_FAILURE,
      },
    },
  },
  '/entities/by-query': {
    get: {
      operationId: 'GetEntitiesByQuery',
      tags: TAGS,
      summary: 'Page through entities',
      description: QUERIED,
      parameters: [
        parameter('filter'),
        parameter('fields'),
        parameter('limit'),
        parameter('offset'),
        parameter('orderField'),
        parameter('cursor'),
        parameter('totalItems'),
        {
          name: 'fullTextFilterTerm',
          in: 'query',
          description: 'A text that entities have to have somewhere in `fullTextFilterFields`.',
          schema: STRING,
        },
        {
          name: 'fullTextFilterFields',
          in: 'query',
          description: 'Keys, separated by commas; the key of `orderField` when absent.',
          explode: false,
          schema: { ...STRINGS, maxItems: 100 },
        },
      ],
      responses: {
        200: answer('The page.', schema('EntitiesQueryResponse')),
        400: MALFORMED,
        ...ANY_FAILURE,
      },
    },
    post: {
      operationId: 'QueryEntitiesByPredicate',
      tags: TAGS,
      summary: 'Page through entities that a predicate selects',
      description: QUERIED,
      requestBody: optionalBody(schema('QueryEntitiesByPredicateRequest')),
      responses: {
        200: answer('The page.', schema('EntitiesQueryResponse')),
        400: MALFORMED,
        ...ANY_FAILURE,
      },
    },
  },
  '/entities/by-refs': {
    post: {
      operationId: 'GetEntitiesByRefs',
      tags: TAGS,
      summary: 'Get entities by their references',
      parameters: [parameter('filter'), parameter('fields')],
      requestBody: requiredBody(schema('GetEntitiesByRefsRequest')),
      responses: {
        200: answer('One item for each reference.', schema('EntitiesBatchResponse')),
        400: MALFORMED,
        ...ANY_FAILURE,
      },
    },
  },
  '/entities/by-uid/{uid}': {
    get: {
      operationId: 'GetEntityByUid',
      tags: TAGS,
      summary: 'Get an entity by its uid',
      parameters: [parameter('uid')],
      responses: { 200: answer('The entity.', schema('Entity')), 404: NOT_KNOWN, ...ANY_FAILURE },
    },
    delete: {
      operationId: 'DeleteEntityByUid',
      tags: TAGS,
      summary: 'Delete an entity',
      description: 'It comes back when its source still lists it. Nothing happens when there is none.',
      parameters: [parameter('uid')],
      responses: { 204: emptyAnswer('It is not in the catalog any more.'), ...ANY_FAILURE },
    },
  },
  '/entities/by-name/{kind}/{namespace}/{name}': {
    get: {
      operationId: 'GetEntityByName',
      tags: TAGS,
      summary: 'Get an entity by its reference',
      parameters: BY_NAME,
      responses: { 200: answer('The entity.', schema('Entity')), 404: NOT_KNOWN, ...ANY_FAILURE },
    },
  },
  '/entities/by-name/{kind}/{namespace}/{name}/ancestry': {
    get: {
      operationId: 'GetEntityAncestryByName',
      tags: TAGS,
      summary: 'Get an entity and what led to it',
      parameters: BY_NAME,
      responses: {
        200: answer('The entity and its ancestors.', schema('EntityAncestryResponse')),
        404: NOT_KNOWN,
        ...ANY_FAILURE,
      },
    },
  },
  '/entities/by-name/{kind}/{namespace}/{name}/diagnostics': {
    get: {
      operationId: 'GetEntityDiagnosticsByName',
      tags: TAGS,
      summary: 'Explain an entity',
      description:
        'Where it came from, when that was last read, and what is wrong with it. Knows entities that never were ' +
        'good, too, which the other operations do not show. Backstage has no such operation.',
      parameters: BY_NAME,
      responses: {
        200: answer('What is known of the entity.', schema('Explanation')),
        404: failure('Nothing is known of such an entity.'),
        ...ANY_FAILURE,
      },
    },
  },
  '/entity-facets': {
    get: {
      operationId: 'GetEntityFacets',
      tags: TAGS,
      summary: 'Count entities by values',
      description: FACETED,
      parameters: [
        {
          name: 'facet',
          in: 'query',
          required: true,
          description: 'A key, written as for `filter`; repeat it for more.',
          schema: { ...STRINGS, minItems: 1 },
        },
        parameter('filter'),
      ],
      responses: {
        200: answer('Counts by key.', schema('EntityFacetsResponse')),
        400: MALFORMED,
        ...ANY_FAILURE,
      },
    },
    post: {
      operationId: 'QueryEntityFacetsByPredicate',
      tags: TAGS,
      summary: 'Count entities that a predicate selects by values',
      description: FACETED,
      requestBody: requiredBody(schema('QueryEntityFacetsByPredicateRequest')),
      responses: {
        200: answer('Counts by key.', schema('EntityFacetsResponse')),
        400: MALFORMED,
        ...ANY_FAILURE,
      },
    },
  },
  '/refresh': {
    post: {
      operationId: 'RefreshEntity',
      tags: TAGS,
      summary: 'Read an entity’s sources again',
      requestBody: requiredBody(schema('RefreshEntityRequest')),
      responses: { 200: emptyAnswer('It is being done.'), 400: MALFORMED, ...ANY_FAILURE },
    },
  },
};
