import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { component, createWorld, documents, locationYaml, type World } from './catalog.fixture.ts';
import { locationEntityRef } from './process/location.ts';
import { previewRemoval, type RemovalPreview } from './removal.ts';
import { conflictsOf } from './store/reads.ts';
import { tables } from './store/tables.ts';

const url = (name: string): string => `https://git.test/${name}.yaml`;
const at = (name: string) => ({ type: 'url', target: url(name) });
const refOf = (name: string): string => `component:default/${name}`;

interface Given {
  readonly files: Readonly<Record<string, string>>;
  readonly configured?: readonly string[];
  readonly registered?: readonly string[];
  readonly orphanStrategy?: 'delete' | 'keep';
}

async function open({ files, configured = [], registered = [], orphanStrategy = 'delete' }: Given) {
  const world = await createWorld({ started: false });
  for (const [name, text] of Object.entries(files)) world.urls.set(url(name), text);
  await world.restart({ settings: { orphanStrategy, locations: configured.map(at) } });
  for (const name of registered) {
    await world.catalog.locations.create(at(name), 'reject');
    await world.catalog.engine.idle();
  }
  await world.poll();
  return world;
}

async function preview(world: World, ref: string): Promise<RemovalPreview> {
  const found = await previewRemoval(world.catalog, ref);
  assert.ok(found !== null, ref);
  return found;
}

/** The references that the first change during some work deletes. */
async function deletedBy(world: World, work: () => Promise<unknown>): Promise<string[]> {
  const changes: (readonly string[])[] = [];
  const stop = world.catalog.subscribe(({ deleted }) => void changes.push(deleted));
  await work();
  stop();
  return (changes[0] ?? []).toSorted();
}

async function knownRefs(world: World): Promise<string[]> {
  const rows = await tables(world.database).selectFrom('catalog_entities').select('ref').execute();
  return rows.map(({ ref }) => ref).toSorted();
}

async function deleteByHand(world: World, ref: string): Promise<void> {
  const row = await tables(world.database)
    .selectFrom('catalog_entities')
    .select('uid')
    .where('ref', '=', ref)
    .executeTakeFirstOrThrow();
  await world.catalog.removeUnprocessed(row.uid);
}

/** Everything that a deletion could leave a mark on. */
async function contents(world: World): Promise<unknown> {
  const catalog = tables(world.database);
  return {
    version: world.catalog.index.version,
    entities: await catalog.selectFrom('catalog_entities').selectAll().orderBy('ref').execute(),
    references: await catalog.selectFrom('catalog_references').selectAll().orderBy('target').execute(),
    reads: await catalog.selectFrom('catalog_reads').selectAll().execute(),
    conflicts: await catalog.selectFrom('catalog_conflicts').selectAll().execute(),
    changes: await catalog.selectFrom('catalog_changes').selectAll().execute(),
    locations: await catalog.selectFrom('catalog_locations').selectAll().execute(),
    history: await catalog.selectFrom('catalog_history').selectAll().execute(),
  };
}

describe('previewRemoval', () => {
  const nested = {
    root: documents(locationYaml('mid', { target: './mid.yaml' }), component('top')),
    mid: documents(component('m'), component('shared')),
    other: component('o'),
  };

  it('knows nothing of what never was there', async () => {
    await using world = await open({ files: {} });
    assert.equal(await previewRemoval(world.catalog, refOf('a')), null);
  });

  it('says of what a registered location brought, directly or through others, what goes with the location', async () => {
    await using world = await open({ files: nested, registered: ['root', 'other'] });
    const made = world.catalog.locations.find(at('root'));
    assert.ok(made !== undefined);
    const { id, entityRef, ...target } = made;
    const all = [refOf('m'), refOf('shared'), refOf('top'), entityRef, 'location:default/mid'].toSorted();
    const common = {
      root: `url:${url('root')}`,
      rootKind: 'registered',
      location: { id, ...target },
      unregister: { total: 5, entityRefs: all },
    };
    assert.deepEqual(await preview(world, refOf('m')), {
      entityRef: refOf('m'),
      ...common,
      remove: { total: 1, entityRefs: [refOf('m')], comesBack: true },
    });
    const below = [refOf('m'), refOf('shared'), 'location:default/mid'];
    assert.deepEqual(await preview(world, 'location:default/mid'), {
      entityRef: 'location:default/mid',
      ...common,
      remove: { total: 3, entityRefs: below, comesBack: true },
    });
    assert.deepEqual(await preview(world, entityRef), {
      entityRef,
      ...common,
      remove: { total: 5, entityRefs: all, comesBack: true },
    });
    assert.deepEqual(await deletedBy(world, () => world.catalog.locations.remove(id)), all);
  });

  it('does not count what another location holds too', async () => {
    await using world = await open({ files: nested, registered: ['root', 'mid'] });
    const found = await preview(world, refOf('top'));
    assert.deepEqual(
      found.unregister.entityRefs,
      [refOf('top'), locationEntityRef(at('root')), 'location:default/mid'].toSorted(),
    );
    // Both lead to it; the one that it says it came by is asked about.
    const shared = await preview(world, refOf('shared'));
    assert.equal(shared.root, world.entity(refOf('shared')).metadata.annotations?.[ORIGIN]);
    assert.equal(shared.unregister.entityRefs.includes(refOf('shared')), false);
  });

  it('offers nothing to unregister for what the configuration or a provider brought', async () => {
    await using world = await open({ files: nested, configured: ['mid'] });
    const annotations = { 'backstage.io/managed-by-location': 'test:x', [ORIGIN]: 'test:x' };
    const given = {
      apiVersion: 'backstage.io/v1alpha1',
      kind: 'Group',
      metadata: { name: 'g', annotations },
      spec: { type: 'team', children: [] },
    };
    await world.catalog.engine.mutate('hr', { type: 'full', entities: [{ entity: given }] });
    const nothing = { location: null, unregister: { total: 0, entityRefs: [] } };
    const found = await preview(world, refOf('m'));
    assert.deepEqual(found, {
      entityRef: refOf('m'),
      root: 'provider:config',
      rootKind: 'configured',
      ...nothing,
      remove: { total: 1, entityRefs: [refOf('m')], comesBack: true },
    });
    const group = await preview(world, 'group:default/g');
    assert.deepEqual(
      [group.root, group.rootKind, group.location, group.remove.comesBack],
      ['provider:hr', 'provider', null, true],
    );
  });

  it('says that an imported location stays away once it is deleted', async () => {
    await using world = await open({ files: { a: component('a') } });
    await world.catalog.importLocations([at('a')]);
    const location = locationEntityRef(at('a'));
    const all = { total: 2, entityRefs: [refOf('a'), location].toSorted() };
    const { root, rootKind, remove } = await preview(world, location);
    assert.deepEqual([root, rootKind], ['provider:import', 'provider']);
    assert.deepEqual(remove, { ...all, comesBack: false });
    assert.equal((await preview(world, refOf('a'))).remove.comesBack, true);
    await deleteByHand(world, location);
    await world.restart();
    await world.poll();
    assert.deepEqual(await knownRefs(world), []);
  });

  it('says that an orphan has no root, and stays away once it is deleted', async () => {
    await using world = await open({
      files: { a: documents(component('a'), component('b')) },
      registered: ['a'],
      orphanStrategy: 'keep',
    });
    world.urls.set(url('a'), component('b'));
    await world.poll();
    assert.deepEqual(await preview(world, refOf('a')), {
      entityRef: refOf('a'),
      root: null,
      rootKind: 'none',
      location: null,
      unregister: { total: 0, entityRefs: [] },
      remove: { total: 1, entityRefs: [refOf('a')], comesBack: false },
    });
  });

  it('does not take a circle of orphans for a source', async () => {
    const below = locationYaml('l', { target: './below.yaml' });
    await using world = await open({
      files: { root: locationYaml('mid', { target: './below.yaml' }), below },
      registered: ['root'],
      orphanStrategy: 'keep',
    });
    const comesBack = async (): Promise<boolean> => {
      const { remove } = await preview(world, 'location:default/l');
      return remove.comesBack;
    };
    assert.equal(await comesBack(), true);
    world.urls.set(url('root'), component('a'));
    await world.poll();
    await deleteByHand(world, 'location:default/mid');
    const { index } = world.catalog;
    assert.deepEqual(index.sourcesOf(index.ordinalOf('location:default/l') ?? -1), []);
    assert.equal(await comesBack(), false);
  });

  it('says that a location takes its place whose claim was refused', async () => {
    await using world = await open({
      files: { a: component('a'), b: component('a') },
      registered: ['a', 'b'],
    });
    const { unregister, remove } = await preview(world, refOf('a'));
    assert.deepEqual(unregister.entityRefs, [refOf('a'), locationEntityRef(at('a'))].toSorted());
    assert.deepEqual(remove, { total: 1, entityRefs: [refOf('a')], comesBack: true });
  });

  it('knows what never was good, and what came by a location that was pointed elsewhere', async () => {
    await using world = await open({
      files: { a: component('a'), b: component('b', { lifecycle: [] }) },
      registered: ['a'],
    });
    const { id, entityRef } = world.catalog.locations.find(at('a')) ?? { id: '', entityRef: '' };
    await world.catalog.locations.update(id, at('b'));
    await world.catalog.engine.idle();
    assert.equal(world.catalog.index.ordinalOf(refOf('b')), undefined);
    const { root, location, unregister, remove } = await preview(world, refOf('b'));
    assert.deepEqual([root, location], [`url:${url('b')}`, { id, ...at('b') }]);
    assert.deepEqual(unregister.entityRefs, [refOf('b'), entityRef].toSorted());
    assert.deepEqual(remove.entityRefs, [refOf('b')]);
  });

  it('shows the first 200 of many, and counts all', async () => {
    const names = Array.from({ length: 250 }, (_, i) => `c${1_000 + i}`);
    await using world = await open({
      files: { many: documents(...names.map((name) => component(name))) },
      registered: ['many'],
    });
    const { unregister } = await preview(world, refOf('c1000'));
    assert.equal(unregister.total, 251);
    assert.deepEqual(unregister.entityRefs, names.slice(0, 200).map(refOf));
  });

  it('changes nothing, and is what then happens', { timeout: 600_000 }, async () => {
    const FILES = ['1', '2', '3'];
    const doc = fc.oneof(
      { weight: 3, arbitrary: fc.constantFrom('a', 'b', 'c', 'd').map((name) => component(name)) },
      { weight: 1, arbitrary: fc.constant(component('bad', { lifecycle: [] })) },
      {
        weight: 2,
        arbitrary: fc
          .tuple(fc.constantFrom('l', 'm'), fc.constantFrom(...FILES))
          .map(([name, file]) => locationYaml(name, { target: `./${file}.yaml` })),
      },
    );
    const file = fc.array(doc, { maxLength: 4 }).map((docs) => documents(...docs));
    const files = fc.record({ 1: file, 2: file, 3: file });
    const scenario = fc.record({
      files,
      next: fc.option(files),
      configured: fc.subarray(FILES),
      registered: fc.subarray(FILES, { minLength: 1 }),
      orphanStrategy: fc.constantFrom('delete' as const, 'keep' as const),
      pick: fc.nat(),
      unregisters: fc.boolean(),
    });
    let unregistered = 0;
    let removed = 0;
    await fc.assert(
      fc.asyncProperty(scenario, async ({ next, pick, unregisters, ...given }) => {
        await using world = await open(given);
        for (const [name, text] of Object.entries(next ?? {})) world.urls.set(url(name), text);
        await world.poll();
        await world.poll();
        const before = await contents(world);
        const known = await knownRefs(world);
        const previews = [];
        for (const ref of known) previews.push(await preview(world, ref));
        assert.deepEqual(await contents(world), before);

        const chosen = previews[pick % previews.length];
        if (chosen === undefined) return;
        const { location, unregister, remove, entityRef } = chosen;
        if (unregisters && location !== null) {
          unregistered++;
          const lost = await deletedBy(world, () => world.catalog.locations.remove(location.id));
          assert.deepEqual(unregister, { total: lost.length, entityRefs: lost });
          return;
        }
        removed++;
        const locations = known.filter((each) => each.startsWith('location:'));
        const isContested = (await conflictsOf(world.database, locations)).length > 0;
        const lost = await deletedBy(world, () => deleteByHand(world, entityRef));
        assert.deepEqual([remove.total, remove.entityRefs], [lost.length, lost]);
        assert.deepEqual(
          (await knownRefs(world)).filter((ref) => lost.includes(ref)),
          [],
        );
        await world.poll();
        await world.restart({ settings: world.catalog.settings });
        await world.poll();
        // Another definition of a Location that was let go of may lead to it again: that takes reading to know.
        if (isContested) return;
        assert.equal((await knownRefs(world)).includes(entityRef), remove.comesBack, 'comes back');
      }),
      { numRuns: 120 },
    );
    assert.ok(unregistered > 10 && removed > 10);
  });
});

const ORIGIN = 'backstage.io/managed-by-origin-location';
