/**
 * Where Backstage's in-memory client, which people test with, answers other than Backstage's catalog. Callboard does as
 * the catalog. Each row is a row of docs/compatibility.md; both sides are checked.
 */
import { CATALOG_FILTER_EXISTS, type CatalogApi, type EntityFilterQuery } from '@backstage/catalog-client';
import { refs } from './client.fixture.ts';
import { toQuery } from './requests.fixture.ts';

export interface MemoryDeviation {
  readonly what: string;
  readonly memory: string;
  readonly catalog: string;
  /** What a question gives when each of the two is asked. */
  readonly examples: readonly MemoryExample[];
}

interface MemoryExample {
  readonly ask: (client: CatalogApi) => Promise<unknown>;
  readonly memory: unknown;
  readonly catalog: unknown;
}

const names = (filter: EntityFilterQuery) => async (client: CatalogApi) =>
  refs((await client.getEntities({ filter })).items);
const queried = (query: object) => async (client: CatalogApi) =>
  refs((await client.queryEntities({ query: toQuery(query), limit: 1_000 })).items).toSorted();
const count = (query: object) => async (client: CatalogApi) =>
  (await client.queryEntities({ query: toQuery(query), limit: 1 })).totalItems;
/** The error's name, or that there was none. */
const fault = (ask: (client: CatalogApi) => Promise<unknown>) => async (client: CatalogApi) => {
  try {
    await ask(client);
    return 'an answer';
  } catch (error) {
    return error instanceof Error ? error.message.replace(/^.*status 400.*$/, '400') : 'nothing of use';
  }
};

const ODD = { 'metadata.namespace': 'odd' };

export const MEMORY_DEVIATIONS: readonly MemoryDeviation[] = [
  {
    what: 'Capitals in the keys of a filter',
    memory: 'a key with capitals in the entity is never found',
    catalog: 'keys are compared without regard to case',
    examples: [
      {
        ask: names({ 'spec.subcomponentOf': CATALOG_FILTER_EXISTS }),
        memory: [],
        catalog: ['component:odd/mixed-case_name.v2'],
      },
    ],
  },
  {
    what: 'A condition of several values beside others',
    memory: 'the conditions after it are not looked at',
    catalog: 'all have to hold',
    examples: [
      {
        ask: names({ kind: ['domain'], ...ODD, 'spec.type': 'none' }),
        memory: [
          'domain:default/domain-0',
          'domain:default/domain-1',
          'domain:default/domain-2',
          'domain:default/domain-3',
          'domain:default/domain-4',
          'domain:odd/bare-domain',
        ],
        catalog: [],
      },
    ],
  },
  {
    what: 'Existence in a list of values, and a list of no sets',
    memory: 'the first is a value that nothing has, the second is true of nothing',
    catalog: 'the first is existence; the second is true of everything',
    examples: [
      {
        ask: names({ 'spec.rocket': [CATALOG_FILTER_EXISTS] }),
        memory: [],
        catalog: ['component:odd/unicode', 'component:odd/unicode-upper'],
      },
      {
        ask: async (client) => (await client.getEntities({ filter: [], limit: 2 })).items.length,
        memory: 0,
        catalog: 2,
      },
    ],
  },
  {
    what: 'Commas and outer blanks in the values of a filter',
    memory: 'belong to the value',
    catalog:
      'separate conditions and are dropped, since a filter is sent as one text; a predicate keeps them',
    examples: [
      { ask: names({ 'spec.expression': 'a=b,c' }), memory: ['component:odd/punctuation'], catalog: [] },
      { ask: names({ 'spec.padded': '  padded  ' }), memory: ['component:odd/punctuation'], catalog: [] },
      {
        ask: queried({ 'spec.expression': 'a=b,c' }),
        memory: ['component:odd/punctuation'],
        catalog: ['component:odd/punctuation'],
      },
    ],
  },
  {
    what: 'Keys and values of more than 200 characters',
    memory: 'are searched, ordered by and counted',
    catalog: 'keys do not exist; values exist, and are not searched',
    examples: [
      {
        ask: names({ ...ODD, 'metadata.description': `One more than two hundred chars: ${'y'.repeat(168)}` }),
        memory: ['component:odd/long-201'],
        catalog: [],
      },
      {
        ask: names({ ...ODD, 'metadata.description': `Exactly two hundred characters: ${'x'.repeat(168)}` }),
        memory: ['component:odd/long-200'],
        catalog: ['component:odd/long-200'],
      },
      {
        ask: names({ [`spec.k${'ey-'.repeat(70)}`]: CATALOG_FILTER_EXISTS }),
        memory: ['component:odd/very-long'],
        catalog: [],
      },
    ],
  },
  {
    what: 'Predicates on what is not a plain text at a plain path',
    memory:
      'are held against the entity as it is written: lists are not looked into, keys keep their case, parents exist, texts are no truths',
    catalog: 'are held against the search terms, as filters are',
    examples: [
      { ask: queried({ 'spec.languages': 'go' }), memory: [], catalog: ['component:odd/repeated'] },
      {
        ask: queried({ 'spec.endpoints.auth.kind': 'oauth' }),
        memory: [],
        catalog: ['component:odd/nested'],
      },
      { ask: queried({ 'Spec.Rocket': '🚀' }), memory: [], catalog: ['component:odd/unicode'] },
      { ask: queried({ 'spec.hollow': { $exists: true } }), memory: ['component:odd/nothings'], catalog: [] },
      {
        ask: queried({ 'spec.public': true }),
        memory: ['component:odd/truths'],
        catalog: ['component:odd/truth-texts', 'component:odd/truths'],
      },
      { ask: queried({ 'spec.huge': { $hasPrefix: '1e' } }), memory: [], catalog: ['component:odd/numbers'] },
      {
        ask: queried({ 'relations.partof': 'component:odd/plain' }),
        memory: [],
        catalog: ['component:odd/mixed-case_name.v2'],
      },
      {
        ask: queried({ 'spec.lifecycle': { $contains: 'DEPRECATED' }, 'metadata.name': 'truths' }),
        memory: [],
        catalog: ['component:odd/truths'],
      },
    ],
  },
  {
    what: 'Letters whose capitals are other letters',
    memory: 'predicates compare capitals: `straße` is `STRASSE`',
    catalog: 'small letters are compared: they differ',
    examples: [
      {
        ask: queried({ 'spec.street': 'hauptstrasse' }),
        memory: ['component:odd/unicode', 'component:odd/unicode-upper'],
        catalog: ['component:odd/unicode-upper'],
      },
    ],
  },
  {
    what: 'by-query ordered by a key that not all entities have',
    memory: 'entities without it come last',
    catalog: 'they are left out',
    examples: [
      {
        ask: async (client) =>
          (
            await client.queryEntities({
              filter: ODD,
              orderFields: { field: 'spec.ratio', order: 'asc' },
              limit: 5,
            })
          ).items.length,
        memory: 5,
        catalog: 2,
      },
    ],
  },
  {
    what: 'by-query ordered by several keys',
    memory: 'all are followed',
    catalog: 'the first is',
    examples: [
      {
        ask: async (client) => {
          const { items } = await client.queryEntities({
            filter: ODD,
            orderFields: [
              { field: 'spec.ratio', order: 'asc' },
              { field: 'none', order: 'asc' },
            ],
            limit: 3,
          });
          return items.length;
        },
        memory: 3,
        catalog: 2,
      },
    ],
  },
  {
    what: 'Entities of one value of the order key',
    memory: 'by reference',
    catalog: 'by uid, which is about the order they were first seen in',
    examples: [
      {
        ask: async (client) => {
          const { items } = await client.queryEntities({
            orderFields: { field: 'kind', order: 'asc' },
            limit: 1_000,
          });
          const ties = items
            .filter(({ kind }) => kind === 'Component')
            .map(({ metadata }) => metadata.uid ?? '');
          return ties.every((uid, i) => i === 0 || (ties[i - 1] ?? '') < uid);
        },
        memory: false,
        catalog: true,
      },
    ],
  },
  {
    what: 'A by-query request without a limit',
    memory: 'everything, without a cursor',
    catalog: '200 entities and a cursor',
    examples: [
      {
        ask: async (client) => {
          const { items, pageInfo } = await client.queryEntities({});
          return [items.length > 200, pageInfo.nextCursor !== undefined];
        },
        memory: [true, false],
        catalog: [false, true],
      },
    ],
  },
  {
    what: 'by-query with `offset`, or with `limit` 0',
    memory: 'the first page has a cursor to the page before; 0 has one to the next',
    catalog: 'no cursors',
    examples: [
      {
        ask: async (client) =>
          Object.keys((await client.queryEntities({ offset: 1, limit: 1_000 })).pageInfo),
        memory: ['prevCursor'],
        catalog: [],
      },
      {
        ask: async (client) => Object.keys((await client.queryEntities({ limit: 0 })).pageInfo),
        memory: ['nextCursor'],
        catalog: [],
      },
    ],
  },
  {
    what: '`totalItems: exclude`',
    memory: 'counts',
    catalog: '0',
    examples: [
      {
        ask: async (client) =>
          (await client.queryEntities({ filter: { kind: 'domain' }, limit: 1, totalItems: 'exclude' }))
            .totalItems,
        memory: 6,
        catalog: 0,
      },
    ],
  },
  {
    what: 'Facets of names, and of values that differ by case within one entity',
    memory: 'names in small letters; each spelling counts',
    catalog: 'as written; the first spelling counts',
    examples: [
      {
        ask: async (client) =>
          (await client.getEntityFacets({ facets: ['metadata.name'], filter: { kind: 'group', ...ODD } }))
            .facets['metadata.name'],
        memory: [{ value: 'odd-team', count: 1 }],
        catalog: [{ value: 'Odd-Team', count: 1 }],
      },
      {
        ask: async (client) =>
          (await client.getEntityFacets({ facets: ['spec.languages'] })).facets['spec.languages']
            ?.map(({ value }) => value)
            .toSorted(),
        memory: ['Go', 'JAVA', 'Java', 'java'],
        catalog: ['Go', 'Java'],
      },
    ],
  },
  {
    what: 'A full text filter of no fields, in a predicate request',
    memory: 'searches all keys',
    catalog: 'finds nothing',
    examples: [
      {
        ask: async (client) =>
          (
            await client.queryEntities({
              query: toQuery({}),
              fullTextFilter: { term: 'hauptstrasse', fields: [] },
              limit: 1,
            })
          ).totalItems,
        memory: 1,
        catalog: 0,
      },
    ],
  },
  {
    what: 'Requests that are wrong',
    memory: 'are answered somehow',
    catalog: '400',
    examples: [
      {
        ask: fault((client) => client.getEntities({ limit: 0 })),
        memory: 'an answer',
        catalog: 'Request failed with 400 Bad Request',
      },
      {
        ask: fault((client) => client.getEntityFacets({ facets: [] })),
        memory: 'an answer',
        catalog: 'Request failed with 400 Bad Request',
      },
      {
        ask: fault(count({ $none: [] })),
        memory: 'an answer',
        catalog: 'Request failed with 400 Bad Request',
      },
    ],
  },
  {
    what: 'Ancestors',
    memory: 'none but the entity',
    catalog: 'up to the location that was registered',
    examples: [
      {
        ask: async (client) =>
          (await client.getEntityAncestors({ entityRef: 'component:odd/plain' })).items.length,
        memory: 1,
        catalog: 2,
      },
    ],
  },
];
