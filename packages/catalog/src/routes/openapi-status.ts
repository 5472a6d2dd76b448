/** The operations and schemas of the OpenAPI document for those who look after the catalog. */
import type { JsonObject } from '@callboard/model';
import {
  answer,
  ANY_FAILURE,
  failure,
  listOf,
  schema,
  STRING,
  type Paths,
  type Schemas,
} from './openapi-forms.ts';

const TIME_OR_NULL = { type: ['string', 'null'], format: 'date-time' };
const TEXT_OR_NULL = { type: ['string', 'null'] };
const COUNT = { type: 'integer', minimum: 0 };
const MILLISECONDS = { type: 'number', minimum: 0 };
const MILLISECONDS_OR_NULL = { type: ['number', 'null'], minimum: 0 };

const STATES = ['failing', 'stale', 'conflict', 'pending', 'orphaned', 'unowned'];
const MEANING =
  '`failing`: its last version is bad and an earlier one is shown; `stale`: its source cannot be read; `conflict`: ' +
  'another source claims the same reference; `pending`: it never was good; `orphaned`: nothing lists it any more; ' +
  '`unowned`: it is of a kind that is owned, and names no owner or one that is not in the catalog.';

const page = (usual: number) => [
  {
    name: 'limit',
    in: 'query',
    description: 'How many items to answer with at most.',
    schema: { type: 'integer', minimum: 0, maximum: 1_000, default: usual },
  },
  {
    name: 'offset',
    in: 'query',
    description: 'How many items to skip.',
    schema: { type: 'integer', minimum: 0, default: 0 },
  },
];

/** All properties are required. */
const closed = (properties: Readonly<Record<string, JsonObject>>): JsonObject => ({
  type: 'object',
  required: Object.keys(properties),
  properties,
  additionalProperties: false,
});

export const STATUS_PATHS: Paths = {
  '/problems': {
    get: {
      operationId: 'GetProblems',
      tags: ['Status'],
      summary: 'List what needs somebody',
      description: `One item for each entity and state, by state and then by reference. ${MEANING}`,
      parameters: [
        {
          name: 'state',
          in: 'query',
          description: 'Only problems of these states. The counts are those of all states.',
          schema: { type: 'array', items: { type: 'string', enum: STATES } },
        },
        {
          name: 'owner',
          in: 'query',
          description:
            'Only entities that name one of these owners, as full references such as `group:default/ops`. What is ' +
            'unowned is nobody’s.',
          schema: { type: 'array', items: STRING },
        },
        ...page(50),
      ],
      responses: {
        200: answer('The problems.', schema('Problems')),
        400: failure('A parameter is wrong.'),
        ...ANY_FAILURE,
      },
    },
  },
  '/status': {
    get: {
      operationId: 'GetStatus',
      tags: ['Status'],
      summary: 'Look at the catalog at work',
      description: 'What it holds, what it is reading, how long that takes, and what cannot be read.',
      parameters: page(100),
      responses: {
        200: answer('The status.', schema('Status')),
        400: failure('A parameter is wrong.'),
        ...ANY_FAILURE,
      },
    },
  },
};

export const STATUS_SCHEMAS: Schemas = {
  Problems: closed({
    counts: closed(Object.fromEntries(STATES.map((state) => [state, COUNT]))),
    total: { ...COUNT, description: 'Items on all pages.' },
    items: listOf('Problem'),
  }),
  Problem: {
    type: 'object',
    required: ['entityRef', 'kind', 'title', 'owner', 'state', 'code', 'summary', 'since'],
    properties: {
      entityRef: STRING,
      kind: STRING,
      title: TEXT_OR_NULL,
      owner: { ...TEXT_OR_NULL, description: 'The first owner it names; null when it is unowned.' },
      state: { type: 'string', enum: STATES, description: MEANING },
      code: { ...TEXT_OR_NULL, description: 'Stable, for programs: `<room>/<what>`.' },
      summary: { type: 'string', description: 'What happened, to which thing, in one sentence.' },
      file: { type: 'string', description: 'Path or URL of the document.' },
      line: { type: 'integer', minimum: 1 },
      since: { ...TIME_OR_NULL, description: 'Null when it is not known.' },
    },
    additionalProperties: false,
  },

  Status: closed({
    startedAt: { type: 'string', format: 'date-time' },
    entities: closed({
      total: { ...COUNT, description: 'Those that never were good are among them.' },
      byKind: { type: 'array', items: closed({ value: STRING, count: COUNT }) },
      byState: closed({ ok: COUNT, failing: COUNT, stale: COUNT, orphaned: COUNT, pending: COUNT }),
    }),
    queue: closed({
      waiting: { ...COUNT, description: 'Locations that wait to be read.' },
      reading: { type: 'array', items: STRING, description: 'References of Locations that are being read.' },
    }),
    stages: { ...listOf('StageFigures'), description: 'Since the process started.' },
    sources: closed({
      total: COUNT,
      failing: COUNT,
      items: {
        ...listOf('SourceStatus'),
        description: 'Failing ones first; among each, providers by name, then targets.',
      },
    }),
  }),
  StageFigures: closed({
    name: { type: 'string', enum: ['read', 'parse', 'process', 'store', 'index'] },
    runs: COUNT,
    items: COUNT,
    failures: COUNT,
    totalMs: MILLISECONDS,
    lastMs: MILLISECONDS_OR_NULL,
    maxMs: MILLISECONDS_OR_NULL,
  }),
  SourceStatus: closed({
    ref: { type: 'string', description: 'Reference of a Location entity, or `provider:<name>`.' },
    provider: { ...TEXT_OR_NULL, description: 'The provider that leads here, such as `config` or `api`.' },
    type: { type: 'string', description: '`file`, `url` or another type of location; `provider`.' },
    target: { type: 'string', description: 'A path or URL; the name of a provider.' },
    entities: COUNT,
    lastReadAt: TIME_OR_NULL,
    lastChangedAt: TIME_OR_NULL,
    nextReadAt: { ...TIME_OR_NULL, description: 'Null when it is read only when asked to.' },
    readings: { ...COUNT, description: 'Since the process started.' },
    failures: { ...COUNT, description: 'Readings that gave nothing.' },
    lastMs: { ...MILLISECONDS_OR_NULL, description: 'Of the last reading, taking in included.' },
    error: { ...TEXT_OR_NULL, description: 'The first thing that is wrong with what was found last.' },
  }),
};
