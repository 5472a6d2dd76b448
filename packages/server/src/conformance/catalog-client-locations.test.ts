/** Every method of Backstage's published catalog client that is about locations, with files from a loopback server. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { CatalogClient, Location } from '@backstage/catalog-client';
import {
  collect,
  component,
  eventually,
  LOCATION_METHODS,
  recording,
  refs,
  refusal,
} from './client.fixture.ts';
import { openFileServer, type FileServer } from './file-server.fixture.ts';
import { openTestPortal, type TestPortal } from './portal.fixture.ts';
import { toQuery } from './requests.fixture.ts';

let server: FileServer;
let portal: TestPortal;
let client: CatalogClient;
let called: ReadonlySet<string>;

before(async () => {
  server = await openFileServer({
    '/shop.yaml': [component('web'), component('worker'), component('web-docs')].join('---\n'),
    '/store.yaml': component('till'),
    '/bad.yaml': 'kind: Component\n',
    '/org/repo/blob/main/catalog-info.yaml': component('analysed'),
  });
  portal = await openTestPortal({
    files: { 'own.yaml': component('own') },
    backend: { reading: { allow: [{ host: server.host, allowPrivate: true }] } },
  });
  ({ client, called } = recording(portal.client));
});
after(async () => {
  await portal[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

describe('CatalogClient: locations', () => {
  let added: Location;
  const target = (path: string): { target: string } => ({ target: server.url(path) });
  const names = async (): Promise<string[]> => {
    const { items } = await client.getEntities({ filter: { 'metadata.namespace': 'shop' } });
    return items.map(({ metadata }) => metadata.name);
  };

  it('addLocation shows what a location would bring', async () => {
    const { location, entities, exists } = await client.addLocation({
      ...target('/shop.yaml'),
      dryRun: true,
    });
    assert.deepEqual([location.type, location.target, exists], ['url', server.url('/shop.yaml'), false]);
    assert.deepEqual(refs(entities).toSorted(), [
      'component:shop/web',
      'component:shop/web-docs',
      'component:shop/worker',
      location.entityRef,
    ]);
    assert.deepEqual(await client.getLocations(), { items: [] });
    assert.deepEqual(await names(), ['own']);
  });

  it('addLocation refuses to show what cannot be read, or is not an entity', async () => {
    for (const path of ['/bad.yaml', '/none.yaml']) {
      const shown = client.addLocation({ ...target(path), dryRun: true });
      assert.deepEqual(await refusal(shown), [400, 'InputError'], path);
    }
  });

  it('addLocation registers a location', async () => {
    const { location, entities, exists } = await client.addLocation(target('/shop.yaml'));
    added = location;
    assert.deepEqual(Object.keys(location).toSorted(), ['entityRef', 'id', 'target', 'type']);
    assert.match(location.entityRef, /^location:default\/generated-[\da-f]{40}$/);
    assert.deepEqual([entities, exists], [[], undefined]);
    assert.deepEqual(await eventually(names, (found) => found.length === 4), [
      'own',
      'web',
      'web-docs',
      'worker',
    ]);
  });

  it('addLocation refuses a location twice, unless it is to be refreshed', async () => {
    assert.deepEqual(await refusal(client.addLocation(target('/shop.yaml'))), [409, 'ConflictError']);
    const rejected = client.addLocation({ ...target('/shop.yaml'), onConflict: 'reject' });
    assert.deepEqual(await refusal(rejected), [409, 'ConflictError']);
    const refreshed = await client.addLocation({ ...target('/shop.yaml'), onConflict: 'refresh' });
    assert.deepEqual(refreshed.location, added);
    assert.equal((await client.addLocation({ ...target('/shop.yaml'), dryRun: true })).exists, true);
  });

  it('getLocations and its relatives find the location', async () => {
    assert.deepEqual(await client.getLocations(), { items: [added] });
    assert.deepEqual(await client.getLocationById(added.id), added);
    assert.deepEqual(await client.getLocationByRef(`url:${added.target}`), added);
    assert.deepEqual(await client.getLocationByEntity('component:shop/web'), added);
    assert.equal(await client.getLocationById('none'), undefined);
    assert.equal(await client.getLocationByRef('url:https://example.com/none'), undefined);
    assert.equal(await client.getLocationByEntity('component:shop/own'), undefined);
  });

  it('queryLocations takes predicates, and pages', async () => {
    const { location } = await client.addLocation(target('/store.yaml'));
    const both = [added, location].toSorted((a, b) => (a.id < b.id ? -1 : 1));
    const [first, second] = both;
    assert.ok(first !== undefined && second !== undefined);
    const found = async (query: object): Promise<Location[]> =>
      (await client.queryLocations({ query: toQuery(query) })).items;
    assert.deepEqual(await client.queryLocations(), { items: both, totalItems: 2, pageInfo: {} });
    assert.deepEqual(await found({ target: server.url('/STORE.yaml') }), [location]);
    assert.deepEqual(await found({ target: { $hasPrefix: `HTTP://${server.host}/s` } }), both);
    assert.deepEqual(await found({ $not: { id: added.id } }), [location]);
    assert.deepEqual(await found({ entityRef: { $in: [added.entityRef, 'none'] }, type: 'URL' }), [added]);
    assert.deepEqual(await found({ $any: [{ id: { $exists: false } }, { type: 'file' }, { $all: [] }] }), []);

    const page = await client.queryLocations({ limit: 1 });
    assert.deepEqual([page.items, page.totalItems], [[first], 2]);
    const next = await client.queryLocations({ cursor: page.pageInfo.nextCursor ?? '' });
    assert.deepEqual(next, { items: [second], totalItems: 2, pageInfo: {} });
    assert.deepEqual(await collect(client.streamLocations({ limit: 1 })), [[first], [second]]);
    await client.removeLocationById(location.id);
  });

  it('updateLocation leads to another file', async () => {
    const location = { ...added, target: server.url('/store.yaml') };
    assert.deepEqual(await client.updateLocation(added.id, target('/store.yaml')), location);
    assert.deepEqual(await client.getLocationById(added.id), location);
    assert.deepEqual(await eventually(names, (found) => found.includes('till')), ['own', 'till']);
    assert.deepEqual(await refusal(client.updateLocation('none', target('/other.yaml'))), [
      404,
      'NotFoundError',
    ]);
    const other = await client.addLocation(target('/shop.yaml'));
    const taken = client.updateLocation(other.location.id, target('/store.yaml'));
    assert.deepEqual(await refusal(taken), [409, 'ConflictError']);
    await client.removeLocationById(other.location.id);
  });

  it('removeLocationById removes a location and what it brought', async () => {
    await client.removeLocationById(added.id);
    assert.deepEqual(await client.getLocations(), { items: [] });
    assert.deepEqual(await names(), ['own']);
    assert.deepEqual(await refusal(client.removeLocationById(added.id)), [404, 'NotFoundError']);
  });

  it('validateEntity says whether an entity is good', async () => {
    const entity = {
      apiVersion: 'backstage.io/v1alpha1',
      kind: 'Component',
      metadata: { name: 'checked' },
      spec: { type: 'service', lifecycle: 'production', owner: 'team-0' },
    };
    const ref = 'url:https://example.com/catalog-info.yaml';
    assert.deepEqual(await client.validateEntity(entity, ref), { valid: true });
    const bad = [
      await client.validateEntity({ ...entity, spec: { type: 'service' } }, ref),
      await client.validateEntity({ ...entity, metadata: { name: '-' } }, ref),
      await client.validateEntity(entity, 'file:/catalog-info.yaml'),
      await client.validateEntity(entity, 'nowhere'),
    ];
    for (const answer of bad) {
      assert.ok(!answer.valid);
      for (const { name, message } of answer.errors) assert.ok(name !== '' && message !== '');
      assert.notEqual(answer.errors.length, 0);
    }
  });

  it('analyzeLocation finds the catalog file of a repository, or suggests one', async () => {
    const known = await client.analyzeLocation({ location: { type: 'url', ...target('/org/repo') } });
    assert.deepEqual(known.generateEntities, []);
    assert.deepEqual(
      known.existingEntityFiles.map(({ entity, isRegistered, location }) => [
        refs([entity]),
        isRegistered,
        location.target,
      ]),
      [[['component:shop/analysed'], false, server.url('/org/repo/blob/main/catalog-info.yaml')]],
    );
    const unknown = await client.analyzeLocation({ location: { type: 'url', ...target('/org/new') } });
    assert.deepEqual(unknown.existingEntityFiles, []);
    assert.deepEqual(
      unknown.generateEntities.map(({ entity, fields }) => [entity.kind, entity.metadata?.name, fields]),
      [['Component', 'new', []]],
    );
    const nowhere = client.analyzeLocation({ location: { type: 'url', target: 'nowhere' } });
    assert.deepEqual(await refusal(nowhere), [400, 'InputError']);
  });

  it('is asked by all its methods', () => {
    assert.deepEqual(
      LOCATION_METHODS.filter((name) => !called.has(name)),
      [],
    );
  });
});
