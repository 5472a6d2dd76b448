import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { component, createWorld, locationRefs, type World } from './catalog.fixture.ts';
import { checkIndex } from './index/checker.fixture.ts';
import { locationEntityRef } from './process/location.ts';

const check = (world: World): Promise<void> => checkIndex(world.catalog.index, world.database);
const A = { type: 'url', target: 'https://git.test/a.yaml' };
const B = { type: 'url', target: 'https://git.test/b.yaml' };

async function start(): Promise<World> {
  const world = await createWorld();
  world.urls.set(A.target, component('a'));
  world.urls.set(B.target, component('b'));
  return world;
}

describe('a registered location', () => {
  it('brings its entities, and is found by id, by itself and by its entities', async () => {
    await using world = await start();
    const { locations, engine } = world.catalog;
    const made = await locations.create(A, 'reject');
    await engine.idle();
    assert.deepEqual(world.refs(), ['component:default/a']);
    assert.deepEqual(made, { id: made.id, ...A, entityRef: locationEntityRef(A) });
    assert.deepEqual(locations.get(made.id), made);
    assert.deepEqual(locations.find(A), made);
    assert.deepEqual(locations.ofEntity({ kind: 'Component', namespace: 'default', name: 'A' }), made);
    assert.deepEqual(locations.all(), [made]);
    await check(world);
  });

  it('is there after a start, and is read when its time has come', async () => {
    await using world = await start();
    const made = await world.catalog.locations.create(A, 'reject');
    await world.catalog.engine.idle();
    world.urls.set(A.target, component('a2'));
    await world.restart({ settings: { pollInterval: 1_000 } });
    assert.deepEqual(world.catalog.locations.all(), [made]);
    assert.deepEqual(world.refs(), ['component:default/a']);
    world.pass(1_000);
    await world.restart();
    assert.deepEqual(world.refs(), ['component:default/a2']);
    await check(world);
  });

  it('is refused when it exists, or read again, as the caller likes', async () => {
    await using world = await start();
    const { locations, engine } = world.catalog;
    const made = await locations.create(A, 'reject');
    await engine.idle();
    await assert.rejects(locations.create(A, 'reject'), { code: 'catalog/location-exists', status: 409 });
    world.urls.set(A.target, component('a2'));
    assert.deepEqual(await locations.create(A, 'refresh'), made);
    await engine.idle();
    assert.deepEqual(world.refs(), ['component:default/a2']);
    assert.equal(locations.all().length, 1);
  });

  it('is made once when it is asked for twice at the same time', async () => {
    await using world = await start();
    const { locations } = world.catalog;
    const results = await Promise.allSettled(Array.from({ length: 5 }, () => locations.create(A, 'reject')));
    assert.deepEqual(results.map(({ status }) => status).toSorted(), [
      'fulfilled',
      'rejected',
      'rejected',
      'rejected',
      'rejected',
    ]);
    for (const result of results) {
      if (result.status === 'rejected') assert.equal(result.reason.code, 'catalog/location-exists');
    }
    assert.equal(locations.all().length, 1);
  });

  it('is refused when its type may not be registered', async () => {
    await using world = await start();
    const file = { type: 'file', target: world.path('a.yaml') };
    await assert.rejects(world.catalog.locations.create(file, 'reject'), {
      code: 'catalog/location-type',
      status: 400,
    });
    assert.deepEqual(world.catalog.locations.all(), []);
  });

  it('can be pointed elsewhere: what it brought goes, what is there comes', async () => {
    await using world = await start();
    const { locations, engine } = world.catalog;
    const made = await locations.create(A, 'reject');
    await engine.idle();
    const changed = await locations.update(made.id, B);
    await engine.idle();
    assert.deepEqual(changed, { ...made, ...B });
    assert.deepEqual(world.refs(), ['component:default/b']);
    assert.deepEqual(locations.all(), [changed]);
    await check(world);
    await world.restart();
    assert.deepEqual(world.refs(), ['component:default/b']);
    assert.deepEqual(world.catalog.locations.all(), [changed]);
    assert.deepEqual(locationRefs(world.catalog), [made.entityRef]);
    await check(world);
  });

  it('cannot be pointed to where another one points', async () => {
    await using world = await start();
    const { locations } = world.catalog;
    const made = await locations.create(A, 'reject');
    await locations.create(B, 'reject');
    await assert.rejects(locations.update(made.id, B), { code: 'catalog/location-exists' });
    await assert.rejects(locations.update('none', B), { code: 'catalog/location-not-found', status: 404 });
    assert.deepEqual(await locations.update(made.id, A), made);
  });

  it('whose old place is registered anew stays apart from that', async () => {
    await using world = await start();
    const { locations, engine } = world.catalog;
    const made = await locations.create(A, 'reject');
    await locations.update(made.id, B);
    const again = await locations.create(A, 'reject');
    await engine.idle();
    assert.deepEqual(world.refs(), ['component:default/a', 'component:default/b']);
    assert.notEqual(again.entityRef, made.entityRef);
    await locations.remove(made.id);
    await engine.idle();
    assert.deepEqual(world.refs(), ['component:default/a']);
    await check(world);
  });

  it('takes its entities along when it is removed', async () => {
    await using world = await start();
    const { locations, engine } = world.catalog;
    const made = await locations.create(A, 'reject');
    await engine.idle();
    await locations.remove(made.id);
    assert.equal(world.catalog.index.size, 0);
    assert.deepEqual(locations.all(), []);
    await assert.rejects(locations.remove(made.id), { code: 'catalog/location-not-found' });
    assert.throws(() => locations.get(made.id), { code: 'catalog/location-not-found' });
    await world.restart();
    assert.equal(world.catalog.index.size, 0);
    await check(world);
  });

  it('that is configured too stays when it is removed', async () => {
    await using world = await createWorld({ started: false });
    world.urls.set(A.target, component('a'));
    await world.restart({ settings: { locations: [A] } });
    const made = await world.catalog.locations.create(A, 'reject');
    await world.catalog.locations.remove(made.id);
    await world.catalog.engine.idle();
    assert.deepEqual(world.refs(), ['component:default/a']);
    await check(world);
  });

  it('is not of an entity that came from elsewhere', async () => {
    await using world = await start();
    const { locations } = world.catalog;
    const ref = { kind: 'component', namespace: 'default', name: 'none' };
    assert.throws(() => locations.ofEntity(ref), { code: 'catalog/location-not-found' });
  });
});

describe('query', () => {
  it('finds locations by id, type, target and entity, without regard to case, a page at a time', async () => {
    await using world = await start();
    const { locations } = world.catalog;
    const made = [await locations.create(A, 'reject'), await locations.create(B, 'reject')];
    const ids = made.map(({ id }) => id).toSorted();
    const everything = { kind: 'all', of: [] } as const;
    const first = locations.query({ predicate: everything, limit: 1, afterId: null });
    assert.deepEqual(
      [first.items.map(({ id }) => id), first.totalItems, first.hasMore],
      [ids.slice(0, 1), 2, true],
    );
    const second = locations.query({ predicate: everything, limit: 1, afterId: ids[0] ?? '' });
    assert.deepEqual(
      [second.items.map(({ id }) => id), second.totalItems, second.hasMore],
      [ids.slice(1), 2, false],
    );
    const byTarget = locations.query({
      predicate: { kind: 'in', key: 'target', values: [A.target.toLowerCase()] },
      limit: 10,
      afterId: null,
    });
    assert.deepEqual(
      byTarget.items.map(({ target }) => target),
      [A.target],
    );
    const none = locations.query({
      predicate: { kind: 'exists', key: 'constructor' },
      limit: 10,
      afterId: null,
    });
    assert.equal(none.totalItems, 0);
  });
});
