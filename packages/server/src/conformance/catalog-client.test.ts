/** Every method of Backstage's published catalog client that is about entities, over HTTP. */
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { CATALOG_FILTER_EXISTS, CatalogClient, type QueryEntitiesResponse } from '@backstage/catalog-client';
import type { Entity } from '@backstage/catalog-model';
import {
  clientMethods,
  collect,
  component,
  ENTITY_METHODS,
  eventually,
  LOCATION_METHODS,
  recording,
  refs,
  refusal,
} from './client.fixture.ts';
import { catalogFiles, openTestPortal, TOKEN, type TestPortal } from './portal.fixture.ts';
import { toQuery } from './requests.fixture.ts';

let portal: TestPortal;
let client: CatalogClient;
let called: ReadonlySet<string>;
let total: number;

before(async () => {
  portal = await openTestPortal({
    files: { ...(await catalogFiles()), 'changing.yaml': component('changing') },
  });
  ({ client, called } = recording(portal.client));
  total = (await client.getEntities()).items.length;
});
after(() => portal[Symbol.asyncDispose]());

/** The client has no access to the header that leads to the next part. */
function afterOf(link: string | null): { after: string } | null {
  const target = /^<([^>]+)>; rel="next"$/.exec(link ?? '')?.[1];
  const cursor = target === undefined ? null : new URL(target, portal.url).searchParams.get('after');
  return cursor === null ? null : { after: cursor };
}

describe('CatalogClient: entities', () => {
  it('sends its token as an option too', async () => {
    const bare = new CatalogClient({ discoveryApi: { getBaseUrl: async () => `${portal.url}/api/catalog` } });
    assert.equal((await bare.getEntities({}, { token: TOKEN })).items.length, total);
    assert.deepEqual(await refusal(bare.getEntities()), [401, 'AuthenticationError']);
  });

  it('getEntities gives whole entities', async () => {
    const { items } = await client.getEntities({ filter: { 'metadata.name': 'mixed-case_name.v2' } });
    const file = join(portal.folder, 'catalog', 'odd.yaml');
    const [entity] = items;
    assert.ok(entity !== undefined && items.length === 1);
    const {
      metadata: { uid = '', etag = '', ...metadata },
      ...rest
    } = entity;
    assert.match(uid, /^[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}$/);
    assert.match(etag, /^[\da-f]{40}$/);
    assert.deepEqual(
      { metadata, ...rest },
      {
        apiVersion: 'backstage.io/v1alpha1',
        kind: 'Component',
        metadata: {
          name: 'MiXeD-Case_Name.v2',
          namespace: 'odd',
          title: 'Mixed Case',
          description: 'Upper and lower CASE, in Name and Value',
          annotations: {
            'example.com/Tier': 'Gold',
            'backstage.io/techdocs-ref': 'dir:.',
            'backstage.io/managed-by-location': `file:${file}`,
            'backstage.io/managed-by-origin-location': `file:${file}`,
          },
          labels: { 'example.com/Ring': 'Inner', empty: '' },
          tags: ['java', 'odd'],
        },
        spec: {
          type: 'Service',
          lifecycle: 'Production',
          owner: 'Group:Default/Team-0',
          subcomponentOf: 'Component:Odd/Plain',
          providesApis: ['API:Odd/Shouting'],
        },
        relations: [
          { type: 'ownedBy', targetRef: 'group:default/team-0' },
          { type: 'partOf', targetRef: 'component:odd/plain' },
          { type: 'providesApi', targetRef: 'api:odd/shouting' },
        ],
      },
    );
  });

  it('getEntities filters by sets of conditions', async () => {
    const filter = [
      { kind: ['api', 'user'], 'metadata.namespace': 'odd' },
      { 'spec.profile.email': CATALOG_FILTER_EXISTS, kind: 'group' },
    ];
    const { items } = await client.getEntities({ filter });
    assert.deepEqual(refs(items), [
      'api:odd/shouting',
      'group:odd/odd-team',
      'user:odd/loner',
      'user:odd/odd-user',
    ]);
  });

  it('getEntities keeps fields, and orders', async () => {
    const { items } = await client.getEntities({
      filter: { kind: 'domain' },
      fields: ['metadata.name', 'spec.owner', 'spec.none'],
      order: [
        { field: 'metadata.namespace', order: 'desc' },
        { field: 'metadata.name', order: 'asc' },
      ],
    });
    const [first, second] = items;
    assert.equal(items.length, 6);
    assert.deepEqual(first, { metadata: { name: 'bare-domain' }, spec: { owner: 'team-0' } });
    assert.deepEqual(Object.keys(second ?? {}), ['metadata', 'spec']);
    assert.equal(second?.metadata.name, 'domain-0');
  });

  it('getEntities gives a part, and what comes after it', async () => {
    const everything = await client.getEntities();
    const part = await client.getEntities({ offset: 10, limit: 5 });
    assert.deepEqual(part.items, everything.items.slice(10, 15));

    const walked: Entity[] = [];
    let next: { after?: string } | null = {};
    while (next !== null) {
      const { items } = await client.getEntities({ limit: 70, ...next });
      walked.push(...items);
      const { headers } = await portal.ask(
        `/entities?${new URLSearchParams({ limit: '70', ...next }).toString()}`,
      );
      next = afterOf(headers.get('link'));
    }
    assert.deepEqual(refs(walked), refs(everything.items));
  });

  it('getEntitiesByRefs answers in the order of the references', async () => {
    const entityRefs = ['user:odd/loner', 'component:odd/nothing', 'component:odd/plain', 'user:odd/loner'];
    const { items } = await client.getEntitiesByRefs({ entityRefs, fields: ['metadata.name'] });
    const loner = { metadata: { name: 'loner' } };
    assert.deepEqual(items, [loner, undefined, { metadata: { name: 'plain' } }, loner]);
  });

  it('getEntitiesByRefs takes a filter, a predicate, and thousands of references', async () => {
    const everything = await client.getEntities();
    const entityRefs = [
      ...refs(everything.items),
      ...Array.from({ length: 2_500 }, (_, i) => `user:none/u${i}`),
    ];
    const asked = { entityRefs, filter: { kind: 'user' }, query: toQuery({ 'metadata.namespace': 'odd' }) };
    const { items } = await client.getEntitiesByRefs(asked);
    assert.equal(items.length, total + 2_500);
    const found = items.flatMap((item) => item ?? []);
    assert.deepEqual(refs(found), ['user:odd/loner', 'user:odd/odd-user']);
  });

  it('queryEntities gives 200 entities and the count of all by default', async () => {
    const { items, totalItems, pageInfo } = await client.queryEntities();
    assert.deepEqual([items.length, totalItems], [200, total]);
    assert.deepEqual(Object.keys(pageInfo), ['nextCursor']);
  });

  for (const [form, condition] of [
    ['a filter', { filter: { kind: 'component' } }],
    ['a predicate', { query: toQuery({ kind: 'component' }) }],
    ['nothing', {}],
  ] as const) {
    for (const order of ['asc', 'desc', null] as const) {
      it(`queryEntities pages through ${form}, ${order ?? 'by uid'}, and back`, async () => {
        const orderFields = order === null ? {} : { orderFields: { field: 'spec.lifecycle', order } };
        const asked = { ...condition, ...orderFields, fields: ['metadata.uid'] };
        const whole = await client.queryEntities({ ...asked, limit: 1_000 });
        const uids = ({ items }: QueryEntitiesResponse): unknown[] =>
          items.map(({ metadata }) => metadata.uid);
        let page = await client.queryEntities({ ...asked, limit: 20 });
        const pages = [page];
        for (let cursor = page.pageInfo.nextCursor; cursor !== undefined; cursor = page.pageInfo.nextCursor) {
          page = await client.queryEntities({ cursor, limit: 20, fields: asked.fields });
          pages.push(page);
        }
        assert.deepEqual(pages.flatMap(uids), uids(whole));
        for (const { totalItems } of pages) assert.equal(totalItems, whole.items.length);
        for (const earlier of pages.toReversed().slice(1)) {
          const cursor = page.pageInfo.prevCursor;
          assert.ok(cursor !== undefined);
          page = await client.queryEntities({ cursor, limit: 20, fields: asked.fields });
          assert.deepEqual(uids(page), uids(earlier));
        }
        assert.equal(page.pageInfo.prevCursor, undefined);
      });
    }
  }

  it('queryEntities leaves out entities without the key of the order', async () => {
    const { items, totalItems } = await client.queryEntities({
      orderFields: { field: 'spec.ratio', order: 'desc' },
    });
    assert.deepEqual(refs(items), ['component:odd/number-texts', 'component:odd/numbers']);
    assert.equal(totalItems, 2);
  });

  it('queryEntities searches texts, in a filter and in a predicate', async () => {
    const fullTextFilter = { term: ' strasse', fields: ['metadata.title', 'spec.street'] };
    const expected = ['component:odd/unicode-upper'];
    assert.deepEqual(refs((await client.queryEntities({ fullTextFilter })).items), expected);
    const query = toQuery({ 'metadata.namespace': 'odd' });
    assert.deepEqual(refs((await client.queryEntities({ query, fullTextFilter })).items), expected);
  });

  it('queryEntities counts only, skips, and does not count', async () => {
    const counted = await client.queryEntities({ limit: 0 });
    assert.deepEqual(counted, { items: [], totalItems: total, pageInfo: {} });
    const skipped = await client.queryEntities({ offset: total - 3, totalItems: 'exclude' });
    assert.deepEqual([skipped.items.length, skipped.totalItems], [3, 0]);
  });

  it('streamEntities gives pages of the size asked for', async () => {
    const pages = await collect(client.streamEntities({ pageSize: 50, filter: { kind: 'component' } }));
    const { totalItems } = await client.queryEntities({ filter: { kind: 'component' } });
    assert.equal(pages[0]?.length, 50);
    assert.equal(new Set(pages.flat().map(({ metadata }) => metadata.uid)).size, totalItems);
  });

  it('getEntityByRef takes a text or its parts, and knows what is not there', async () => {
    const byText = await client.getEntityByRef('Component:odd/PLAIN');
    assert.equal(byText?.metadata.name, 'plain');
    assert.deepEqual(
      await client.getEntityByRef({ kind: 'component', namespace: 'odd', name: 'plain' }),
      byText,
    );
    assert.equal(await client.getEntityByRef('component:odd/not-there'), undefined);
  });

  it('getEntityByName finds in the default namespace', async () => {
    const found = await client.getEntityByName({ kind: 'component', namespace: 'default', name: 'plain' });
    assert.equal(found?.metadata.namespace, 'default');
  });

  it('getEntityAncestors leads up to the location', async () => {
    const { rootEntityRef, items } = await client.getEntityAncestors({ entityRef: 'component:odd/plain' });
    assert.equal(rootEntityRef, 'component:odd/plain');
    const [entity, location] = items;
    assert.ok(entity !== undefined && location !== undefined && items.length === 2);
    assert.deepEqual(refs([entity.entity]), ['component:odd/plain']);
    assert.deepEqual(entity.parentEntityRefs, refs([location.entity]));
    assert.deepEqual([location.entity.kind, location.parentEntityRefs], ['Location', []]);
    const unknown = client.getEntityAncestors({ entityRef: 'component:odd/not-there' });
    assert.deepEqual(await refusal(unknown), [404, 'NotFoundError']);
  });

  it('getEntityFacets counts values, of a filter or a predicate', async () => {
    const facets = ['kind', 'spec.zero', 'nothing'];
    const expected = {
      facets: {
        kind: [
          { value: 'API', count: 1 },
          { value: 'Component', count: 1 },
        ],
        'spec.zero': [],
        nothing: [],
      },
    };
    const filter = { 'metadata.namespace': 'odd', 'metadata.name': ['shouting', 'mixed-case_name.v2'] };
    assert.deepEqual(await client.getEntityFacets({ facets, filter }), expected);
    const query = toQuery({
      relations: { $contains: { type: 'ownedBy', targetRef: 'group:default/team-0' } },
    });
    const both = await client.getEntityFacets({ facets, filter: { ...filter, kind: 'component' }, query });
    assert.deepEqual(both.facets['kind'], [{ value: 'Component', count: 1 }]);
  });

  it('refreshEntity reads the source again', async () => {
    const file = join(portal.folder, 'catalog', 'changing.yaml');
    await writeFile(file, (await readFile(file, 'utf8')).replace('title: changing', 'title: Changed'));
    const known = await client.getEntityByRef('component:shop/changing');
    assert.equal(known?.metadata.title, 'changing');
    await client.refreshEntity('component:shop/changing');
    const ask = () => client.getEntityByRef('component:shop/changing');
    const changed = await eventually(ask, (entity) => entity?.metadata.title === 'Changed');
    assert.equal(changed?.metadata.title, 'Changed');
    assert.equal(changed?.metadata.uid, known?.metadata.uid);
    assert.notEqual(changed?.metadata.etag, known?.metadata.etag);
    assert.deepEqual(await refusal(client.refreshEntity('component:shop/nothing')), [404, 'NotFoundError']);
  });

  it('removeEntityByUid removes an entity until its source is read again', async () => {
    const ask = () => client.getEntityByRef('component:shop/changing');
    const uid = (await ask())?.metadata.uid ?? '';
    const { items: ancestors } = await client.getEntityAncestors({ entityRef: 'component:shop/changing' });
    await client.removeEntityByUid(uid);
    assert.equal(await ask(), undefined);
    assert.equal((await client.getEntities()).items.length, total - 1);
    await client.removeEntityByUid(uid);
    await client.refreshEntity(refs(ancestors.map(({ entity }) => entity))[1] ?? '');
    const back = await eventually(ask, (entity) => entity !== undefined);
    assert.notEqual(back?.metadata.uid, uid);
  });

  it('is asked by all its methods', () => {
    assert.deepEqual(
      ENTITY_METHODS.filter((name) => !called.has(name)),
      [],
    );
    assert.deepEqual(clientMethods().toSorted(), [...ENTITY_METHODS, ...LOCATION_METHODS].toSorted());
  });
});
