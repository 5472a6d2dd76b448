/**
 * The same questions to Callboard over HTTP, to Backstage's in-memory client, and to a model of Backstage's server. The
 * in-memory client is asked only what it answers as the server does; the rest is in `deviations.fixture.ts`.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import {
  CATALOG_FILTER_EXISTS,
  type EntityFilterQuery,
  type QueryEntitiesInitialRequest,
  type QueryEntitiesResponse,
} from '@backstage/catalog-client';
import { InMemoryCatalogClient } from '@backstage/catalog-client/testUtils';
import { stringifyEntityRef, type Entity } from '@backstage/catalog-model';
import * as fc from 'fast-check';
import type { Arbitrary } from 'fast-check';
import { refs } from './client.fixture.ts';
import { openTestPortal, type TestPortal } from './portal.fixture.ts';
import { anyRequests, plainRequests, toQuery, type OrderField, type Requests } from './requests.fixture.ts';
import { createServerModel, searchRows, type Question, type ServerModel } from './server-model.fixture.ts';

/** More than there are entities: one page has them all. */
const ALL = 1_000;

let portal: TestPortal;
let client: TestPortal['client'];
let memory: InMemoryCatalogClient;
let model: ServerModel;
let entities: Entity[];
let any: Requests;
let plain: Requests;

before(async () => {
  portal = await openTestPortal();
  ({ client } = portal);
  entities = (await client.getEntities()).items;
  memory = new InMemoryCatalogClient({ entities });
  model = createServerModel(entities);
  any = anyRequests(entities);
  plain = plainRequests(entities);
});
after(() => portal[Symbol.asyncDispose]());

const maybe = <T>(arbitrary: Arbitrary<T>): Arbitrary<T | undefined> =>
  fc.option(arbitrary, { nil: undefined });

/** Checks a property; the arbitraries are known only when the portal runs. */
const holds = <T>(arbitrary: Arbitrary<T>, property: (value: T) => Promise<void>): Promise<void> =>
  fc.assert(fc.asyncProperty(arbitrary, property), { numRuns: 40 });

/** Without what was not given, which the client's types want absent. */
function request(parts: Question & { limit: number; offset?: number }): QueryEntitiesInitialRequest {
  return Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== undefined));
}

/** Runs of entities that have the same value of the key: within one, the order differs between the two. */
function groups(items: readonly Entity[], { field }: OrderField): [string | null, string[]][] {
  const runs: [string | null, string[]][] = [];
  for (const item of items) {
    const value = searchRows(item).find(({ key }) => key === field.toLowerCase())?.value ?? null;
    const last = runs.at(-1);
    if (last?.[0] === value) last[1].push(stringifyEntityRef(item));
    else runs.push([value, [stringifyEntityRef(item)]]);
  }
  return runs.map(([value, list]) => [value, list.toSorted()]);
}

describe('the catalog API beside the in-memory client', () => {
  const filters: readonly (readonly [string, EntityFilterQuery])[] = [
    ['one kind, in small letters', { kind: 'component' }],
    ['one kind, in capitals', { kind: 'COMPONENT' }],
    ['any of two kinds', { kind: ['api', 'Group'] }],
    ['two conditions', { kind: 'component', 'spec.type': 'service' }],
    ['two sets', [{ kind: 'user' }, { kind: 'component', 'spec.type': 'library' }]],
    ['that a key exists', { 'metadata.tags': CATALOG_FILTER_EXISTS }],
    ['that a key with null exists', { 'spec.deep.nothing': CATALOG_FILTER_EXISTS }],
    ['that the item of a list exists', { 'metadata.tags.c++': CATALOG_FILTER_EXISTS }],
    ['that the item of a list is true', { 'metadata.tags.java': 'true' }],
    ['an item in a list', { 'metadata.tags': 'node:24' }],
    ['a namespace', { 'metadata.namespace': 'odd-two' }],
    ['a name in the wrong case', { 'metadata.name': 'mixed-case_name.V2' }],
    ['a label', { 'metadata.labels.tier': '2' }],
    ['an empty label', { 'metadata.labels.empty': '' }],
    ['an annotation with dots', { 'metadata.annotations.example.com/a.b.c': 'dotted key' }],
    ['a number by its text', { 'spec.priority': '3' }],
    ['a fraction by its text', { 'spec.ratio': '0.5' }],
    ['zero', { 'spec.zero': '0' }],
    ['a huge number by its text', { 'spec.huge': '1e+21' }],
    ['a truth by its text', { 'spec.public': 'True' }],
    ['a list of numbers', { 'spec.ports': '443' }],
    ['a value in a list of objects', { 'spec.endpoints.name': 'public' }],
    ['a list in a list of objects', { 'spec.endpoints.auth.scopes': 'read' }],
    ['a list in a list', { 'spec.matrix': 'd' }],
    ['an empty text', { 'spec.note': '' }],
    ['a relation', { 'relations.ownedby': 'group:default/team-0' }],
    ['a relation in capitals', { 'relations.OWNEDBY': 'GROUP:DEFAULT/TEAM-0' }],
    ['a relation to nothing', { 'relations.dependson': 'component:nowhere/nothing' }],
    ['letters beyond ASCII', { 'spec.city': 'İstanbul' }],
    ['a character beyond U+FFFF', { 'spec.rocket': '🚀' }],
    ['no condition at all', {}],
  ];
  for (const [name, filter] of filters) {
    it(`filters by ${name}`, async () => {
      const ours = await client.getEntities({ filter });
      const theirs = await memory.getEntities({ filter });
      assert.deepEqual(refs(ours.items), refs(theirs.items));
      assert.notEqual(ours.items.length, 0);
    });
  }

  const predicates: readonly (readonly [string, object])[] = [
    ['one value', { kind: 'component' }],
    ['two values of two keys', { kind: 'Component', 'spec.type': 'SERVICE' }],
    ['a number', { 'spec.priority': 3 }],
    ['a truth', { 'spec.deleted': false, 'metadata.name': 'truths' }],
    ['a text', { 'spec.version': '1.10' }],
    ['existence', { 'spec.lifecycle': { $exists: true } }],
    ['absence', { 'spec.type': { $exists: false } }],
    ['absence of a key that is null', { 'spec.deep.nothing': { $exists: false } }],
    ['several values', { kind: { $in: ['api', 'DOMAIN', 'none'] } }],
    ['no value', { kind: { $in: [] } }],
    ['a prefix', { 'metadata.name': { $hasPrefix: 'MANY' } }],
    ['an empty prefix', { 'spec.type': { $hasPrefix: '' } }],
    ['an item', { 'metadata.tags': { $contains: 'JAVA' } }],
    ['a relation type', { relations: { $contains: { type: 'dependsOn' } } }],
    ['a relation', { relations: { $contains: { type: 'ownedBy', targetRef: 'group:default/team-0' } } }],
    [
      'one of two relations',
      {
        relations: {
          $contains: { type: 'ownedBy', targetRef: { $in: ['group:default/team-0', 'group:odd/team-1'] } },
        },
      },
    ],
    ['all of nothing', { $all: [] }],
    ['any of nothing', { $any: [] }],
    ['an empty expression', {}],
    ['negation', { $not: { kind: 'component' } }],
    ['negation of nothing', { $not: { $any: [] } }],
    [
      'nesting',
      {
        $any: [
          { $all: [{ kind: 'api' }, { $not: { 'spec.type': 'grpc' } }] },
          { $not: { $not: { kind: 'group' } } },
        ],
      },
    ],
  ];
  for (const [name, query] of predicates) {
    it(`queries by ${name}`, async () => {
      const asked = { query: toQuery(query), limit: ALL };
      const [ours, theirs] = [await client.queryEntities(asked), await memory.queryEntities(asked)];
      assert.deepEqual(refs(ours.items).toSorted(), refs(theirs.items).toSorted());
      assert.equal(ours.totalItems, theirs.totalItems);
    });
  }

  it('filters alike', () =>
    holds(plain.filter, async (filter) => {
      const [ours, theirs] = [await client.getEntities({ filter }), await memory.getEntities({ filter })];
      assert.deepEqual(refs(ours.items), refs(theirs.items));
    }));

  it('queries, searches and counts alike', () =>
    holds(
      fc.record({
        filter: maybe(plain.filter),
        query: maybe(plain.predicate),
        fullTextFilter: maybe(plain.fullText),
      }),
      async (parts) => {
        const asked = request({ ...parts, limit: ALL });
        const [ours, theirs] = [await client.queryEntities(asked), await memory.queryEntities(asked)];
        assert.deepEqual(refs(ours.items).toSorted(), refs(theirs.items).toSorted());
        assert.equal(ours.totalItems, theirs.totalItems);
      },
    ));

  it('orders alike, entities without the key last', () =>
    holds(fc.tuple(plain.order, fc.boolean()), async ([order, paged]) => {
      const asked = paged ? { order, limit: ALL } : { order };
      const [ours, theirs] = [await client.getEntities(asked), await memory.getEntities(asked)];
      assert.deepEqual(groups(ours.items, order), groups(theirs.items, order));
    }));

  it('orders by several keys alike', () =>
    holds(fc.array(plain.order, { minLength: 2, maxLength: 3 }), async (orders) => {
      // The name makes every position certain.
      const order = [
        ...orders,
        { field: 'metadata.name', order: 'asc' as const },
        { field: 'kind', order: 'asc' as const },
        { field: 'metadata.namespace', order: 'asc' as const },
      ];
      const [ours, theirs] = [await client.getEntities({ order }), await memory.getEntities({ order })];
      assert.deepEqual(refs(ours.items), refs(theirs.items));
    }));

  it('cuts to fields alike', () =>
    holds(any.fields, async (fields) => {
      const [ours, theirs] = [await client.getEntities({ fields }), await memory.getEntities({ fields })];
      assert.deepEqual(ours.items, theirs.items);
    }));

  it('counts facets alike', () =>
    holds(
      fc.record({ facets: plain.facets, filter: plain.filter, query: maybe(plain.predicate) }),
      async (parts) => {
        const { query, ...asked } = parts;
        const given = query === undefined ? asked : { ...asked, query };
        const [ours, theirs] = [await client.getEntityFacets(given), await memory.getEntityFacets(given)];
        for (const counts of Object.values(theirs.facets))
          counts.sort((a, b) => (a.value < b.value ? -1 : 1));
        assert.deepEqual(ours, theirs);
      },
    ));

  it('finds by references alike', () =>
    holds(
      fc.tuple(
        fc.array(fc.constantFrom(...entities.map(stringifyEntityRef), 'component:default/none', 'nonsense'), {
          maxLength: 12,
        }),
        maybe(plain.filter),
        maybe(plain.predicate),
      ),
      async ([entityRefs, filter, query]) => {
        const asked = {
          entityRefs,
          ...(filter !== undefined && { filter }),
          ...(query !== undefined && { query }),
        };
        const [ours, theirs] = [await client.getEntitiesByRefs(asked), await memory.getEntitiesByRefs(asked)];
        assert.deepEqual(ours, theirs);
      },
    ));

  it('streams all entities', async () => {
    const streamed: Entity[] = [];
    for await (const page of client.streamEntities({ pageSize: 17 })) streamed.push(...page);
    const theirs: Entity[] = [];
    for await (const page of memory.streamEntities({ pageSize: 17 })) theirs.push(...page);
    assert.deepEqual(refs(streamed).toSorted(), refs(theirs).toSorted());
  });
});

describe("the catalog API beside the rules of Backstage's server", () => {
  const asked = (): Arbitrary<Question> => {
    const { filter, predicate: query, fullText: fullTextFilter } = any;
    const orderFields = maybe(any.order);
    return fc.oneof<Arbitrary<Question>[]>(
      fc.record({ orderFields }),
      fc.record({ orderFields, filter }),
      fc.record({ orderFields, query }),
      fc.record({ orderFields, fullTextFilter }),
      fc.record({ orderFields, fullTextFilter, filter, query }),
    );
  };

  it('filters as by its search rows', () =>
    holds(any.filter, async (filter) => {
      const { items } = await client.getEntities({ filter });
      assert.deepEqual(refs(items).toSorted(), model.query({ filter }).toSorted());
    }));

  it('queries as by its search rows', () =>
    holds(any.predicate, async (query) => {
      const { items, totalItems } = await client.queryEntities({ query, limit: ALL });
      const expected = model.query({ query });
      assert.deepEqual(refs(items), expected);
      assert.equal(totalItems, expected.length);
    }));

  it('answers a request of every part', () =>
    holds(asked(), async (question) => {
      const { items, totalItems } = await client.queryEntities(request({ ...question, limit: ALL }));
      const expected = model.query(question);
      assert.deepEqual(refs(items), expected);
      assert.equal(totalItems, expected.length);
    }));

  it('orders by several keys', () =>
    holds(fc.array(any.order, { maxLength: 3 }), async (order) => {
      const { items } = await client.getEntities({ order });
      assert.deepEqual(refs(items), model.list(order));
    }));

  it('counts facets as by its search rows', () =>
    holds(fc.tuple(any.facets, maybe(any.filter), maybe(any.predicate)), async ([facets, filter, query]) => {
      const given = {
        facets,
        ...(filter !== undefined && { filter }),
        ...(query !== undefined && { query }),
      };
      const answer = await client.getEntityFacets(given);
      assert.deepEqual(answer.facets, model.facets(facets, { filter, query }));
    }));

  it('walks all pages forward and back again', () =>
    holds(
      fc.tuple(asked(), fc.integer({ min: 9, max: 90 }), fc.nat(30)),
      async ([question, limit, offset]) => {
        const expected = model.query(question);
        const first = await client.queryEntities(request({ ...question, limit, offset }));
        const forward = await walk(first, { direction: 'nextCursor', limit });
        assert.deepEqual(
          forward.flatMap(({ items }) => refs(items)),
          expected.slice(offset),
        );
        for (const page of forward.slice(0, -1)) assert.equal(page.items.length, limit);
        for (const page of forward) assert.equal(page.totalItems, expected.length);
        const last = forward.at(-1) ?? first;
        const back = await walk(last, { direction: 'prevCursor', limit });
        assert.deepEqual(
          back.toReversed().map(({ items }) => refs(items)),
          forward.map(({ items }) => refs(items)),
        );
      },
    ));
});

/** The given page and all that follow it in one direction. */
async function walk(
  from: QueryEntitiesResponse,
  { direction, limit }: { direction: 'nextCursor' | 'prevCursor'; limit: number },
): Promise<QueryEntitiesResponse[]> {
  const pages = [from];
  for (let cursor = from.pageInfo[direction]; cursor !== undefined;) {
    const page = await client.queryEntities({ cursor, limit });
    pages.push(page);
    cursor = page.pageInfo[direction];
  }
  return pages;
}
