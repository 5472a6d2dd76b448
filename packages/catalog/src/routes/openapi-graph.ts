/** The operations of the OpenAPI document on what hangs together: the graph, and what goes with an entity. */
import {
  answer,
  ANY_FAILURE,
  failure,
  listOf,
  parameter,
  schema,
  STRING,
  STRINGS,
  type Paths,
  type Schemas,
} from './openapi-forms.ts';

const GRAPH = `Walks along relations, breadth first, from one entity or several. The two relations of a pair, such as
\`ownedBy\` and \`ownerOf\`, are one edge: from the entity that names the other to the one that it names, under the name
of the first. Pairs are those of the kinds; a relation of no pair is an edge as it is. Answers with every edge between
two of the nodes that is of a type which was followed. Backstage has no such operation.`;

const REMOVAL = `Counts as the deletion does, and changes nothing. Knows entities that never were good, too; they are
removed by \`DELETE /entities/unprocessed/delete/{id}\`. Backstage has no such operation.`;

const TEXT_OR_NULL = { type: ['string', 'null'] };

export const GRAPH_PATHS: Paths = {
  '/graph': {
    get: {
      operationId: 'GetGraph',
      tags: ['Entity'],
      summary: 'Walk along relations',
      description: GRAPH,
      parameters: [
        {
          name: 'ref',
          in: 'query',
          required: true,
          description: 'Where to begin: `component:default/shop`. Repeat it for several.',
          schema: { ...STRINGS, minItems: 1 },
        },
        {
          name: 'depth',
          in: 'query',
          description: 'How many edges to go.',
          schema: { type: 'integer', minimum: 1, maximum: 10, default: 1 },
        },
        {
          name: 'direction',
          in: 'query',
          description: '`out`: along the edges; `in`: against them.',
          schema: { type: 'string', enum: ['both', 'out', 'in'], default: 'both' },
        },
        {
          name: 'relation',
          in: 'query',
          description: 'Relations to follow, by either name of a pair; repeat it for several. Default: all.',
          schema: STRINGS,
        },
        {
          name: 'kind',
          in: 'query',
          description: 'Kinds of entities to walk to; repeat it for several. Default: all.',
          schema: STRINGS,
        },
        {
          name: 'limit',
          in: 'query',
          description: 'How many nodes to answer with at most: the nearest, then the first by reference.',
          schema: { type: 'integer', minimum: 1, maximum: 5_000, default: 2_000 },
        },
      ],
      responses: {
        200: answer('What was found.', schema('Graph')),
        400: failure('A parameter is not what is described here.'),
        404: failure('One of the entities to begin with is not in the catalog.'),
        ...ANY_FAILURE,
      },
    },
  },
  '/entities/by-name/{kind}/{namespace}/{name}/removal': {
    get: {
      operationId: 'GetEntityRemovalByName',
      tags: ['Entity'],
      summary: 'Say what would go with an entity',
      description: REMOVAL,
      parameters: [parameter('kind'), parameter('namespace'), parameter('name')],
      responses: {
        200: answer('What would go.', schema('RemovalPreview')),
        404: failure('Nothing is known of such an entity.'),
        ...ANY_FAILURE,
      },
    },
  },
};

const LOSSES = {
  total: { type: 'integer', minimum: 0, description: 'Entities that never were good are counted too.' },
  entityRefs: { type: 'array', items: STRING, maxItems: 200, description: 'The first 200, sorted.' },
};

export const GRAPH_SCHEMAS: Schemas = {
  Graph: {
    type: 'object',
    required: ['roots', 'nodes', 'edges', 'truncated', 'total'],
    properties: {
      roots: { type: 'array', items: STRING },
      nodes: { ...listOf('GraphNode'), description: 'By depth, then by reference.' },
      edges: listOf('GraphEdge'),
      truncated: { type: 'boolean', description: 'There are more nodes than the limit allows.' },
      total: {
        type: 'integer',
        minimum: 1,
        description: 'How many nodes were found; when truncated, there may be more still.',
      },
    },
    additionalProperties: false,
  },
  GraphNode: {
    type: 'object',
    required: ['ref', 'kind', 'namespace', 'name', 'title', 'type', 'depth', 'exists', 'description'],
    properties: {
      ref: STRING,
      kind: STRING,
      namespace: STRING,
      name: STRING,
      title: TEXT_OR_NULL,
      type: { ...TEXT_OR_NULL, description: 'Its `spec.type`.' },
      depth: { type: 'integer', minimum: 0, description: 'How many edges it is away from the nearest root.' },
      exists: { type: 'boolean', description: 'False for what is named, but is not in the catalog.' },
      description: { ...TEXT_OR_NULL, description: 'The first 200 characters.' },
    },
    additionalProperties: false,
  },
  GraphEdge: {
    type: 'object',
    required: ['from', 'to', 'type'],
    properties: { from: STRING, to: STRING, type: STRING },
    additionalProperties: false,
  },
  RemovalPreview: {
    type: 'object',
    required: ['entityRef', 'root', 'rootKind', 'location', 'unregister', 'remove'],
    properties: {
      entityRef: STRING,
      root: {
        ...TEXT_OR_NULL,
        description: 'What leads to it: `<type>:<target>` of a registered location, or `provider:<name>`.',
      },
      rootKind: { type: 'string', enum: ['registered', 'configured', 'provider', 'none'] },
      location: {
        description: 'The registered location at the root, for `DELETE /locations/{id}`.',
        anyOf: [
          {
            type: 'object',
            required: ['id', 'type', 'target'],
            properties: { id: STRING, type: STRING, target: STRING },
            additionalProperties: false,
          },
          { type: 'null' },
        ],
      },
      unregister: {
        type: 'object',
        description: 'What goes when that location is unregistered. What others hold too stays.',
        required: ['total', 'entityRefs'],
        properties: LOSSES,
        additionalProperties: false,
      },
      remove: {
        type: 'object',
        description: 'What goes when the entity itself is deleted.',
        required: ['total', 'entityRefs', 'comesBack'],
        properties: {
          ...LOSSES,
          comesBack: { type: 'boolean', description: 'A source still lists it, and will bring it again.' },
        },
        additionalProperties: false,
      },
    },
    additionalProperties: false,
  },
};
