import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  codesOf,
  component,
  createFileWorld,
  createWorld,
  documents,
  until,
  type World,
} from '../catalog.fixture.ts';
import { checkIndex } from '../index/checker.fixture.ts';
import { conflictsOf } from '../store/reads.ts';

const A = 'component:default/a';

const check = (world: World): Promise<void> => checkIndex(world.catalog.index, world.database);
const lifecycle = (world: World, ref = A): unknown => world.entity(ref).spec?.['lifecycle'];
const claims = async (world: World): Promise<number> => (await conflictsOf(world.database, [A])).length;

/** An entity as a provider gives it. */
function given(name: string, lifecycleText = 'provided', location = 'test:here') {
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Component',
    metadata: {
      name,
      annotations: {
        'backstage.io/managed-by-location': location,
        'backstage.io/managed-by-origin-location': location,
      },
    },
    spec: { type: 'service', lifecycle: lifecycleText, owner: 'team-a' },
  };
}

describe('two files of a glob with one entity', () => {
  const files = {
    '1.yaml': documents(component('a', { lifecycle: 'first' }), component('x')),
    '2.yaml': documents(component('a', { lifecycle: 'second' }), component('y')),
  };

  it('show the first one, and where the second one is', async () => {
    await using world = await createFileWorld(['*.yaml'], files);
    assert.equal(lifecycle(world), 'first');
    assert.equal(world.refs().length, 3);
    const location = world.locationOf('*.yaml');
    assert.match(world.errors(location).join(), /a is already defined at file:.*1\.yaml/);
    const { diagnostics } = await world.explain(location);
    assert.deepEqual(codesOf(diagnostics), ['catalog/conflict']);
    assert.equal(diagnostics[0]?.file, world.path('2.yaml'));
    assert.ok((diagnostics[0]?.line ?? 0) >= 1);
    const { conflicts } = await world.explain(A);
    assert.deepEqual(
      conflicts.map((claim) => claim.location),
      [`file:${world.path('2.yaml')}`],
    );
    await check(world);
  });

  it('go on like that when they are read again', async () => {
    await using world = await createFileWorld(['*.yaml'], files);
    await world.poll();
    await world.restart();
    await world.poll();
    assert.equal(lifecycle(world), 'first');
    assert.equal(world.errors(world.locationOf('*.yaml')).length, 1);
    await check(world);
  });

  it('show the second one when the first one goes, and nothing is wrong then', async () => {
    await using world = await createFileWorld(['*.yaml'], files);
    const { uid } = world.entity(A).metadata;
    await world.write('1.yaml', component('x'));
    await world.poll();
    assert.equal(lifecycle(world), 'second');
    assert.equal(world.entity(A).metadata.uid, uid);
    assert.deepEqual(world.errors(world.locationOf('*.yaml')), []);
    assert.equal(await claims(world), 0);
    await check(world);
  });

  it('show the second one when the file of the first one goes', async () => {
    await using world = await createFileWorld(['*.yaml'], files);
    await world.remove('1.yaml');
    await world.poll();
    assert.equal(lifecycle(world), 'second');
    assert.deepEqual(world.errors(world.locationOf('*.yaml')), []);
    await check(world);
  });

  it('are well when the second one goes', async () => {
    await using world = await createFileWorld(['*.yaml'], files);
    await world.write('2.yaml', component('y'));
    await world.poll();
    assert.equal(lifecycle(world), 'first');
    assert.deepEqual(world.errors(world.locationOf('*.yaml')), []);
    assert.equal(await claims(world), 0);
    await check(world);
  });

  it('are well when the file of the second one goes', async () => {
    await using world = await createFileWorld(['*.yaml'], files);
    await world.remove('2.yaml');
    await world.poll();
    assert.deepEqual(world.errors(world.locationOf('*.yaml')), []);
    assert.equal(await claims(world), 0);
    await check(world);
  });

  it('leave the entity to the file that had it before the other came', async () => {
    await using world = await createFileWorld(['*.yaml'], { '2.yaml': files['2.yaml'] });
    await world.write('1.yaml', files['1.yaml']);
    await world.poll();
    assert.equal(lifecycle(world), 'second');
    assert.match(world.errors(world.locationOf('*.yaml')).join(), /already defined at file:.*2\.yaml/);
    await check(world);
  });
});

describe('an entity that moves from one file of a glob to another', () => {
  for (const [from, to] of [
    ['1.yaml', '2.yaml'],
    ['2.yaml', '1.yaml'],
  ] as const) {
    it(`stays the same entity, from ${from} to ${to}`, async () => {
      await using world = await createFileWorld(['*.yaml'], {
        [from]: documents(component('a'), component('x')),
        [to]: component('y'),
      });
      const { uid } = world.entity(A).metadata;
      const deleted: string[] = [];
      world.catalog.subscribe((change) => void deleted.push(...change.deleted));
      await world.write(from, component('x'));
      await world.write(to, documents(component('a'), component('y')));
      await world.poll();
      assert.deepEqual(deleted, []);
      assert.equal(world.entity(A).metadata.uid, uid);
      const { annotations } = world.entity(A).metadata;
      assert.equal(annotations?.['backstage.io/managed-by-location'], `file:${world.path(to)}`);
      assert.deepEqual(world.errors(world.locationOf('*.yaml')), []);
      assert.equal(await claims(world), 0);
      await check(world);
    });

    it(`is there in the end when the files are read one by one, from ${from} to ${to}`, async () => {
      await using world = await createFileWorld(['*.yaml'], {
        [from]: documents(component('a'), component('x')),
        [to]: component('y'),
      });
      await world.write(to, documents(component('a'), component('y')));
      await world.poll();
      await world.write(from, component('x'));
      await world.poll();
      const { annotations } = world.entity(A).metadata;
      assert.equal(annotations?.['backstage.io/managed-by-location'], `file:${world.path(to)}`);
      assert.deepEqual(world.errors(world.locationOf('*.yaml')), []);
      await check(world);
    });
  }

  it('is renamed with its file', async () => {
    await using world = await createFileWorld(['*.yaml'], { '1.yaml': component('a') });
    const { uid } = world.entity(A).metadata;
    await world.write('0.yaml', component('a'));
    await world.remove('1.yaml');
    await world.poll();
    assert.equal(world.entity(A).metadata.uid, uid);
    await check(world);
  });
});

describe('two locations with one entity', () => {
  const files = {
    '1.yaml': component('a', { lifecycle: 'first' }),
    '2.yaml': component('A', { lifecycle: 'second' }),
  };

  it('show that of the first, although the names differ by case, and an error on the other', async () => {
    await using world = await createFileWorld(['1.yaml', '2.yaml'], files);
    assert.equal(lifecycle(world), 'first');
    assert.deepEqual(world.errors(world.locationOf('1.yaml')), []);
    assert.equal(world.errors(world.locationOf('2.yaml')).length, 1);
    assert.ok(world.warnings.some((line) => line.includes('two sources claim one entity')));
    await check(world);
  });

  it('show that of the second when the first lets go of it', async () => {
    await using world = await createFileWorld(['1.yaml', '2.yaml'], files);
    await world.write('1.yaml', component('b'));
    await world.poll();
    await until(() => world.catalog.index.ordinalOf(A) !== undefined);
    await world.catalog.engine.idle();
    assert.equal(lifecycle(world), 'second');
    assert.deepEqual(world.errors(world.locationOf('2.yaml')), []);
    assert.equal(await claims(world), 0);
    await check(world);
  });

  it('show that of the second when the first is removed', async () => {
    await using world = await createFileWorld(['1.yaml', '2.yaml'], files);
    const [, second] = world.catalog.settings.locations;
    await world.catalog.reconfigure({
      ...world.catalog.settings,
      locations: second === undefined ? [] : [second],
    });
    await until(() => world.catalog.index.ordinalOf(A) !== undefined);
    await world.catalog.engine.idle();
    assert.equal(lifecycle(world), 'second');
    await check(world);
  });

  it('show that of the second even when the portal stops as the first lets go', async () => {
    await using world = await createFileWorld(['1.yaml', '2.yaml'], files);
    await world.write('1.yaml', component('b'));
    world.catalog.engine.requestRead(world.locationOf('1.yaml'));
    await until(() => world.catalog.index.ordinalOf('component:default/b') !== undefined);
    await world.restart();
    assert.equal(lifecycle(world), 'second');
    await check(world);
  });
});

describe('one file of two locations', () => {
  const start = (): Promise<World> =>
    createFileWorld(['*.yaml', '1.yaml'], { '1.yaml': documents(component('a'), component('b')) });

  it('is held by both', async () => {
    await using world = await start();
    assert.deepEqual(
      world.catalog.index.sourcesOf(world.catalog.index.ordinalOf(A) ?? -1).toSorted(),
      [`entity:${world.locationOf('*.yaml')}`, `entity:${world.locationOf('1.yaml')}`].toSorted(),
    );
    assert.deepEqual(world.errors(world.locationOf('*.yaml')), []);
    await check(world);
  });

  it('stays when one of them goes, and says then that it comes from the other', async () => {
    for (const gone of ['*.yaml', '1.yaml']) {
      await using world = await start();
      const locations = world.catalog.settings.locations.filter(({ target }) => target !== world.path(gone));
      await world.catalog.reconfigure({ ...world.catalog.settings, locations });
      await world.catalog.engine.idle();
      assert.equal(world.refs().length, 2);
      const { annotations } = world.entity(A).metadata;
      assert.equal(
        annotations?.['backstage.io/managed-by-origin-location'],
        `file:${locations[0]?.target ?? ''}`,
        `without ${gone}`,
      );
      await check(world);
    }
  });

  it('lets go of an entity when both do', async () => {
    await using world = await start();
    await world.write('1.yaml', component('b'));
    await world.poll();
    assert.deepEqual(world.refs(), ['component:default/b']);
    await check(world);
  });
});

describe('a provider', () => {
  const mutate = (world: World, name: string, entities: readonly object[]): Promise<void> =>
    world.catalog.engine.mutate(name, { type: 'full', entities: entities.flatMap(toDeferred) });

  it('loses against another location key, and leaves what is there alone', async () => {
    await using world = await createWorld();
    await mutate(world, 'one', [{ ...given('a', 'one'), key: 'k1' }]);
    await mutate(world, 'two', [{ ...given('a', 'two'), key: 'k2' }]);
    await mutate(world, 'three', [given('a', 'three')]);
    assert.equal(lifecycle(world), 'one');
    await mutate(world, 'two', []);
    assert.equal(lifecycle(world), 'one');
    await check(world);
  });

  it('has no claim left when it no longer wants the entity, and when it has it', async () => {
    await using world = await createWorld();
    await mutate(world, 'one', [{ ...given('a', 'one'), key: 'k1' }]);
    await mutate(world, 'two', [{ ...given('a', 'two'), key: 'k2' }]);
    assert.equal(await claims(world), 1);
    await mutate(world, 'two', []);
    assert.equal(await claims(world), 0);
    await mutate(world, 'two', [{ ...given('a', 'two'), key: 'k2' }]);
    await mutate(world, 'one', []);
    await mutate(world, 'two', [{ ...given('a', 'two'), key: 'k2' }]);
    assert.equal(lifecycle(world), 'two');
    assert.equal(await claims(world), 0);
    await check(world);
  });

  it('takes an entity over that has no location key', async () => {
    await using world = await createWorld();
    await mutate(world, 'one', [given('a', 'one')]);
    await mutate(world, 'two', [{ ...given('a', 'two'), key: 'k2' }]);
    assert.equal(lifecycle(world), 'two');
    assert.equal((await world.explain(A)).locationKey, 'k2');
    await mutate(world, 'one', [given('a', 'one')]);
    assert.equal(lifecycle(world), 'two');
    await check(world);
  });

  it('may change the location key of its own entity, which stays the same entity', async () => {
    await using world = await createWorld();
    await mutate(world, 'one', [{ ...given('a', 'old'), key: 'k1' }]);
    const { uid } = world.entity(A).metadata;
    await mutate(world, 'one', [{ ...given('a', 'new'), key: 'k2' }]);
    assert.equal(lifecycle(world), 'new');
    assert.equal(world.entity(A).metadata.uid, uid);
    assert.equal((await world.explain(A)).locationKey, 'k2');
    await world.catalog.engine.mutate('one', {
      type: 'delta',
      added: [{ entity: given('a', 'newer'), locationKey: 'k3' }],
      removed: [],
    });
    assert.equal(lifecycle(world), 'newer');
    await check(world);
  });

  it('that gives an entity twice has the last one, or the first when their keys differ', async () => {
    await using world = await createWorld();
    await mutate(world, 'one', [given('a', 'x'), given('b'), given('A', 'y')]);
    assert.equal(lifecycle(world), 'y');
    assert.equal(world.refs().length, 2);
    await check(world);
    await mutate(world, 'two', [
      { ...given('c', 'x'), key: 'k1' },
      { ...given('c', 'y'), key: 'k2' },
    ]);
    assert.equal(lifecycle(world, 'component:default/c'), 'x');
    await check(world);
  });

  it('gets what it asked for last when it does not wait for one mutation before the next', async () => {
    await using world = await createWorld();
    const jobs = Array.from({ length: 8 }, (_, i) =>
      mutate(world, 'one', [given('a', `v${i}`), ...(i % 2 === 0 ? [given('b')] : [])]),
    );
    await Promise.all(jobs);
    assert.equal(lifecycle(world), 'v7');
    assert.deepEqual(world.refs(), [A]);
    await check(world);
  });

  it('adds what it names as added and removed', async () => {
    await using world = await createWorld();
    await world.catalog.engine.mutate('one', {
      type: 'delta',
      added: [{ entity: given('a') }],
      removed: [A, 'component:default/unknown'],
    });
    assert.deepEqual(world.refs(), [A]);
  });

  it('removes nothing that it does not hold', async () => {
    await using world = await createFileWorld(['a.yaml'], { 'a.yaml': component('a') });
    await world.catalog.engine.mutate('one', { type: 'delta', added: [], removed: [A] });
    assert.deepEqual(world.refs(), [A]);
    await check(world);
  });

  it('may give values that JSON drops', async () => {
    await using world = await createWorld();
    const entity = given('a');
    const spec = { ...entity.spec, nothing: undefined, when: new Date(0), not: Number.NaN };
    await mutate(world, 'one', [{ ...entity, spec }]);
    assert.deepEqual(world.entity(A).spec, { ...entity.spec, when: '1970-01-01T00:00:00.000Z', not: null });
    await check(world);
  });

  it('is refused an entity that has no name, and nothing else changes', async () => {
    await using world = await createWorld();
    await mutate(world, 'one', [given('a')]);
    const { apiVersion, kind } = given('b');
    await assert.rejects(mutate(world, 'one', [given('c'), { apiVersion, kind, metadata: {} }]), {
      code: 'catalog/invalid-entity',
    });
    assert.deepEqual(world.refs(), [A]);
  });
});

/** `key` becomes the location key. */
function toDeferred(value: object) {
  const { key, ...entity } = { key: null, ...value };
  return [{ entity: asEnvelope(entity), locationKey: typeof key === 'string' ? key : null }];
}

function asEnvelope(value: unknown): ReturnType<typeof given> {
  assertEnvelope(value);
  return value;
}

/** Providers are not all written in TypeScript; this lets a test be as careless as they are. */
function assertEnvelope(value: unknown): asserts value is ReturnType<typeof given> {
  assert.ok(typeof value === 'object');
}
