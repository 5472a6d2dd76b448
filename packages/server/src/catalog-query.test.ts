import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { stringifyRef, refOf } from '@callboard/model';
import { createWorld, type World } from '../../catalog/src/catalog.fixture.ts';
import { createCatalogQuery } from './catalog-query.ts';

const ANNA = { ref: 'user:default/anna', ownership: [] };

const ENTITIES = `apiVersion: backstage.io/v1alpha1
kind: Resource
metadata: { name: shop, title: The Shop account, tags: [prod] }
spec: { type: aws-account, owner: group:default/board }
---
apiVersion: backstage.io/v1alpha1
kind: Resource
metadata: { name: yard, labels: { stage: dev } }
spec: { type: aws-account, owner: group:default/yard }
---
apiVersion: backstage.io/v1alpha1
kind: Resource
metadata: { name: heap }
spec: { type: bucket, owner: group:default/yard }
---
apiVersion: backstage.io/v1alpha1
kind: User
metadata: { name: anna }
spec: { memberOf: [], profile: { displayName: Anna of the Shop } }
`;

async function openWorld(): Promise<World> {
  const world = await createWorld({ started: false });
  await world.write('all.yaml', ENTITIES);
  await world.restart({
    settings: { locations: [{ type: 'file', target: world.path('all.yaml') }] },
  });
  return world;
}

describe('createCatalogQuery', async () => {
  const world = await openWorld();
  const query = createCatalogQuery(world.catalog);
  const names = async (filter: unknown, more: { readonly text?: string; readonly refs?: string[] } = {}) => {
    const { entities, total } = await query({ filter, limit: 10, who: ANNA, ...more });
    assert.equal(total, entities.length);
    return entities.map((entity) =>
      stringifyRef({ kind: 'x', namespace: 'd', name: entity.metadata.name }).slice(4),
    );
  };

  it('takes an object as all of it, a list as any of it, and values as one of them', async () => {
    assert.deepEqual(await names({ kind: 'Resource', 'spec.type': 'AWS-account' }), ['shop', 'yard']);
    assert.deepEqual(await names({ kind: ['user', 'api'] }), ['anna']);
    assert.deepEqual(await names([{ 'spec.type': 'bucket' }, { kind: 'User' }]), ['heap', 'anna']);
    assert.deepEqual(await names({ 'relations.ownedBy': ['group:default/yard'] }), ['heap', 'yard']);
    assert.deepEqual(await names({ kind: 'resource', 'metadata.labels.stage': { exists: true } }), ['yard']);
    assert.deepEqual(await names({ kind: 'resource', 'metadata.labels.stage': { exists: false } }), [
      'heap',
      'shop',
    ]);
    assert.deepEqual(await names({ 'metadata.tags': 'prod' }), ['shop']);
    assert.deepEqual(await names({ kind: 'none' }), []);
    assert.deepEqual(await names({ 'spec.none': 'x' }), []);
  });

  it('finds a text in names, titles and display names', async () => {
    assert.deepEqual(await names({ kind: ['resource', 'user'] }, { text: 'SHOP' }), ['shop', 'anna']);
    assert.deepEqual(await names({}, { text: 'nothing like it' }), []);
  });

  it('finds the same letter by letter as at once, back again, and after the catalog changed', async () => {
    for (const text of ['s', 'sh', 'sho', 'shop', 'sh', 'shop', 'sharp', 's']) {
      const atOnce = createCatalogQuery(world.catalog);
      assert.deepEqual(
        await query({ filter: {}, limit: 10, who: ANNA, text }),
        await atOnce({ filter: {}, limit: 10, who: ANNA, text }),
        text,
      );
    }
    assert.deepEqual(await names({ kind: 'resource' }, { text: 'yar' }), ['yard']);
    await world.write('all.yaml', ENTITIES.replace('{ name: heap }', '{ name: heap, title: Yarn }'));
    await world.poll();
    assert.deepEqual(await names({ kind: 'resource' }, { text: 'yar' }), ['heap', 'yard']);
  });

  it('looks at single ones', async () => {
    const refs = ['Resource:default/shop', 'resource:default/heap', 'resource:default/none'];
    assert.deepEqual(await names({ 'spec.type': 'aws-account' }, { refs }), ['shop']);
  });

  it('counts what it leaves out', async () => {
    const { entities, total } = await query({ filter: { kind: 'resource' }, limit: 2, who: ANNA });
    assert.deepEqual(
      [entities.map((entity) => refOf(entity)), total],
      [['resource:default/heap', 'resource:default/shop'], 3],
    );
  });

  it('never changes the catalog, and takes filters that say nothing', async () => {
    const before = world.catalog.index.live.count;
    for (const filter of [
      null,
      7,
      'x',
      [],
      {},
      { kind: null },
      { kind: {} },
      { kind: [[], {}] },
      [[{ kind: 'user' }]],
    ]) {
      await query({ filter, limit: 1, who: ANNA });
    }
    assert.equal(world.catalog.index.live.count, before);
    await world[Symbol.asyncDispose]();
  });
});
