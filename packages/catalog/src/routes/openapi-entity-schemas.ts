/** The schemas of the OpenAPI document that are about entities, and that of errors. */
import { listOf, schema, STRING, STRINGS, type Schemas } from './openapi-forms.ts';

const QUERY = `Which entities to answer with: an expression such as \`{ "kind": "component" }\`, or \`{ "$all": [] }\`,
\`{ "$any": [] }\` or \`{ "$not": {} }\` around expressions. Keys are those of the \`filter\` parameter; several keys in
one expression have all to hold. A value is a string, a number, a boolean, or one of \`{ "$exists": true }\`,
\`{ "$in": [] }\`, \`{ "$hasPrefix": "" }\` and \`{ "$contains": "" }\`. For the key \`relations\`, \`$contains\` takes
\`{ "type": "ownedBy", "targetRef": "group:default/ops" }\`. Nothing is compared with regard to case.`;

const QUERY_EXAMPLE = {
  $all: [
    { kind: 'component', 'spec.type': { $in: ['service', 'website'] } },
    { $not: { 'metadata.tags': 'old' } },
  ],
};

export const ENTITY_SCHEMAS: Schemas = {
  Error: {
    type: 'object',
    description: 'What every request that failed is answered with.',
    required: ['error', 'response'],
    properties: {
      error: {
        type: 'object',
        required: ['name', 'message'],
        properties: {
          name: { type: 'string', description: 'Follows from the status, such as `NotFoundError` for 404.' },
          message: { type: 'string', description: 'What happened and what to do about it, for people.' },
          code: { type: 'string', description: 'Stable, for programs: `catalog/entity-not-found`.' },
          stack: STRING,
        },
        additionalProperties: true,
      },
      request: {
        type: 'object',
        required: ['method', 'url'],
        properties: { method: STRING, url: STRING },
      },
      response: {
        type: 'object',
        required: ['statusCode'],
        properties: { statusCode: { type: 'integer' } },
      },
    },
    additionalProperties: true,
  },
  JsonObject: { type: 'object', description: 'Any JSON object.', additionalProperties: true },
  MapStringString: { type: 'object', description: 'Texts by name.', additionalProperties: STRING },

  EntityLink: {
    type: 'object',
    description: 'A link to something about the entity.',
    required: ['url'],
    properties: {
      url: STRING,
      title: { type: 'string', description: 'Shown instead of the URL.' },
      icon: { type: 'string', description: 'The key of an icon that the portal knows.' },
      type: { type: 'string', description: 'Sorts links into groups.' },
    },
    additionalProperties: true,
  },
  EntityMeta: {
    type: 'object',
    description: 'What entities of all kinds have in common.',
    required: ['name'],
    properties: {
      uid: { type: 'string', description: 'A UUID, the same as long as the entity exists. Answers only.' },
      etag: { type: 'string', description: 'Changes whenever anything of the entity changes. Answers only.' },
      name: { type: 'string', description: 'Unique among the entities of a kind in a namespace.' },
      namespace: { type: 'string', description: 'Default: `default`. Always there in answers.' },
      title: { type: 'string', description: 'Shown instead of the name; nothing refers to it.' },
      description: STRING,
      labels: schema('MapStringString'),
      annotations: schema('MapStringString'),
      tags: STRINGS,
      links: listOf('EntityLink'),
    },
    additionalProperties: true,
  },
  EntityRelation: {
    type: 'object',
    description: 'A relation of the entity to another, which need not be in the catalog.',
    required: ['type', 'targetRef'],
    properties: {
      type: { type: 'string', description: 'Such as `ownedBy` or `dependsOn`.' },
      targetRef: {
        type: 'string',
        description: 'Reference of the other, `kind:namespace/name` in lower case.',
      },
    },
    additionalProperties: false,
  },
  EntityStatusItem: {
    type: 'object',
    description: 'Something to be known about the entity, such as that its last version is bad.',
    required: ['type', 'level', 'message'],
    properties: {
      type: { type: 'string', description: '`backstage.io/catalog-processing` for what the catalog found.' },
      level: { type: 'string', enum: ['info', 'warning', 'error'] },
      message: STRING,
      error: { ...schema('ProcessingError'), description: 'What led to it.' },
    },
    additionalProperties: false,
  },
  EntityStatus: {
    type: 'object',
    description: 'Absent when there is nothing to say.',
    properties: { items: listOf('EntityStatusItem') },
    additionalProperties: false,
  },
  Entity: {
    type: 'object',
    description: 'Something in the catalog. What `spec` holds depends on the kind.',
    required: ['apiVersion', 'kind', 'metadata'],
    properties: {
      apiVersion: { type: 'string', description: 'The format of the kind, such as `backstage.io/v1alpha1`.' },
      kind: { type: 'string', description: 'Such as `Component`.' },
      metadata: schema('EntityMeta'),
      spec: schema('JsonObject'),
      relations: { ...listOf('EntityRelation'), description: 'Answers only.' },
      status: { ...schema('EntityStatus'), description: 'Answers only.' },
    },
  },
  NullableEntity: { anyOf: [schema('Entity'), { type: 'null' }] },

  EntitiesQueryResponse: {
    type: 'object',
    description: 'A page of entities.',
    required: ['items', 'totalItems', 'pageInfo'],
    properties: {
      items: listOf('Entity'),
      totalItems: { type: 'integer', minimum: 0, description: 'How many there are on all pages.' },
      pageInfo: {
        type: 'object',
        properties: {
          nextCursor: { type: 'string', description: 'Absent on the last page.' },
          prevCursor: { type: 'string', description: 'Absent on the first page.' },
        },
        additionalProperties: false,
      },
    },
    additionalProperties: false,
  },
  EntitiesBatchResponse: {
    type: 'object',
    required: ['items'],
    properties: {
      items: {
        ...listOf('NullableEntity'),
        description: 'In the order of the request; null for what is not in the catalog or does not match.',
      },
    },
    additionalProperties: false,
  },
  EntityAncestryResponse: {
    type: 'object',
    required: ['rootEntityRef', 'items'],
    properties: {
      rootEntityRef: { type: 'string', description: 'The entity that was asked for.' },
      items: {
        type: 'array',
        description: 'The entity and everything that led to it.',
        items: {
          type: 'object',
          required: ['entity', 'parentEntityRefs'],
          properties: {
            entity: schema('Entity'),
            parentEntityRefs: { ...STRINGS, description: 'What brought the entity into the catalog.' },
          },
          additionalProperties: false,
        },
      },
    },
    additionalProperties: false,
  },
  EntityFacet: {
    type: 'object',
    description: 'How many entities have the value.',
    required: ['value', 'count'],
    properties: { value: STRING, count: { type: 'integer', minimum: 1 } },
    additionalProperties: false,
  },
  EntityFacetsResponse: {
    type: 'object',
    required: ['facets'],
    properties: {
      facets: {
        type: 'object',
        description: 'By key, as the request names it.',
        additionalProperties: listOf('EntityFacet'),
      },
    },
    additionalProperties: false,
  },

  RefreshEntityRequest: {
    type: 'object',
    required: ['entityRef'],
    properties: {
      entityRef: { type: 'string', description: 'Reference of the entity, `kind:namespace/name`.' },
      authorizationToken: {
        type: 'string',
        description: 'Taken for the sake of older clients, and ignored.',
      },
    },
  },
  GetEntitiesByRefsRequest: {
    type: 'object',
    required: ['entityRefs'],
    properties: {
      entityRefs: { ...STRINGS, description: 'Full references, `kind:namespace/name`.' },
      fields: { ...STRINGS, description: 'As the `fields` parameter.' },
      query: { ...schema('JsonObject'), description: QUERY },
    },
    examples: [{ entityRefs: ['component:default/shop', 'api:default/orders'], fields: ['metadata.title'] }],
  },
  QueryEntitiesByPredicateRequest: {
    type: 'object',
    properties: {
      query: { ...schema('JsonObject'), description: QUERY },
      fields: { ...STRINGS, description: 'As the `fields` parameter.' },
      limit: {
        type: 'integer',
        minimum: 0,
        default: 200,
        description: 'How many entities to answer with at most; 0 only counts them.',
      },
      offset: { type: 'integer', minimum: 0, default: 0 },
      orderBy: {
        type: 'array',
        description: 'Only the first counts. Entities without the field are left out.',
        items: {
          type: 'object',
          required: ['field', 'order'],
          properties: { field: STRING, order: { type: 'string', enum: ['asc', 'desc'] } },
        },
      },
      fullTextFilter: {
        type: 'object',
        description:
          'Entities that have the term in one of the fields, or in that of the order when none is named.',
        properties: { term: STRING, fields: { ...STRINGS, maxItems: 100 } },
      },
      totalItems: { type: 'string', enum: ['include', 'exclude'], default: 'include' },
      cursor: {
        type: 'string',
        minLength: 1,
        description: 'As the `cursor` parameter: of the rest only `fields` and `limit` still count.',
      },
    },
    examples: [{ query: QUERY_EXAMPLE, orderBy: [{ field: 'metadata.name', order: 'asc' }], limit: 20 }],
  },
  QueryEntityFacetsByPredicateRequest: {
    type: 'object',
    required: ['facets'],
    properties: {
      facets: { ...STRINGS, minItems: 1, description: 'Keys whose values are counted.' },
      query: { ...schema('JsonObject'), description: QUERY },
    },
    examples: [{ facets: ['kind', 'spec.type'], query: { 'metadata.namespace': 'default' } }],
  },
};
