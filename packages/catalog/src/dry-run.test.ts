import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { refOf } from '@callboard/model';
import { component, createWorld, documents, locationYaml, urlError, type World } from './catalog.fixture.ts';
import { dryRun } from './dry-run.ts';

const A = { type: 'url', target: 'https://git.test/a.yaml' };

async function refused(world: World, message: RegExp): Promise<void> {
  await assert.rejects(dryRun(world.catalog, A), (error: Error & { code?: string; status?: number }) => {
    assert.equal(error.status, 400);
    assert.match(error.code ?? '', /^catalog\//);
    assert.match(error.message, message);
    return true;
  });
}

describe('dryRun', () => {
  it('shows everything below a location, processed, and stores nothing', async () => {
    await using world = await createWorld();
    world.urls.set(A.target, documents(locationYaml('l', { target: './b.yaml' }), component('a')));
    world.urls.set('https://git.test/b.yaml', component('b'));
    const { location, entities, exists } = await dryRun(world.catalog, A);
    assert.deepEqual(
      entities.map(refOf).toSorted(),
      ['component:default/a', 'component:default/b', 'location:default/l', location.entityRef].toSorted(),
    );
    const b = entities.find(({ metadata }) => metadata.name === 'b');
    assert.equal(
      b?.metadata.annotations?.['backstage.io/managed-by-location'],
      'url:https://git.test/b.yaml',
    );
    assert.equal(b?.metadata.annotations?.['backstage.io/managed-by-origin-location'], `url:${A.target}`);
    assert.equal(exists, false);
    assert.equal(world.catalog.index.size, 0);
    await world.catalog.locations.create(A, 'reject');
    assert.equal((await dryRun(world.catalog, A)).exists, true);
  });

  it('refuses what cannot be read, is no YAML, no entity, not good or not allowed', async () => {
    await using world = await createWorld({ settings: { rules: [{ allow: [{ kind: 'Component' }] }] } });
    await refused(world, /not found/);
    for (const [body, message] of [
      ['kind: [', /./],
      ['- a\n', /./],
      ['kind: Component\n', /apiVersion/],
      [component('a', { lifecycle: [] }), /lifecycle/],
      [locationYaml('l', {}), /not of an allowed kind/],
      [documents(component('a'), component('A')), /Duplicate nested entity: component:default\/a/],
    ] as const) {
      world.urls.set(A.target, body);
      await refused(world, message);
    }
    world.urls.fail(A.target, urlError(503, 'timed out'));
    await refused(world, /timed out/);
  });

  it('refuses a location type that may not be registered', async () => {
    await using world = await createWorld();
    await assert.rejects(dryRun(world.catalog, { type: 'file', target: world.path('a.yaml') }), {
      code: 'catalog/location-type',
    });
  });

  it('never reads files of this machine, whatever a document points to', async () => {
    await using world = await createWorld();
    await world.write('secret.yaml', component('secret'));
    world.urls.set(A.target, locationYaml('l', { type: 'file', target: world.path('secret.yaml') }));
    await refused(world, /may not lead to file:/);
  });

  it('refuses a target that is no URL, and locations in a circle', async () => {
    await using world = await createWorld();
    world.urls.set(A.target, locationYaml('l', { target: 'https://[bad' }));
    await refused(world, /not a target that can be read/);
    world.urls.set(A.target, locationYaml('l', { target: './a.yaml' }));
    await refused(world, /Duplicate nested entity: location:default\/l/);
  });
});
