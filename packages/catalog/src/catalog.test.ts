import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  allRefs,
  component,
  createFileWorld,
  createWorld,
  documents,
  yaml,
  type World,
} from './catalog.fixture.ts';
import { checkIndex } from './index/checker.fixture.ts';
import type { Processor } from './process/processor.ts';
import type { EntityProvider, ProviderConnection } from './provider.ts';
import { tables } from './store/tables.ts';

const check = (world: World): Promise<void> => checkIndex(world.catalog.index, world.database);

function group(name: string, location = 'test:groups') {
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Group',
    metadata: {
      name,
      annotations: {
        'backstage.io/managed-by-location': location,
        'backstage.io/managed-by-origin-location': location,
      },
    },
    spec: { type: 'team', children: [] },
  };
}

/** Gives these groups when it is connected. */
function groupsProvider(
  name: string,
  groups: readonly string[],
): EntityProvider & { connection?: ProviderConnection } {
  return {
    name,
    connect: (connection) =>
      connection.applyMutation({ type: 'full', entities: groups.map((text) => ({ entity: group(text) })) }),
  };
}

describe('start', () => {
  it('shows what is stored before anything is read', async () => {
    await using world = await createFileWorld(['a.yaml'], { 'a.yaml': component('a') });
    await world.remove('a.yaml');
    const [before] = [world.entity('component:default/a')];
    await world.restart();
    assert.deepEqual(world.entity('component:default/a'), before);
    await check(world);
  });

  it('connects providers, and goes on without one that fails', async () => {
    const broken: EntityProvider = { name: 'broken', connect: () => Promise.reject(new Error('no network')) };
    await using world = await createWorld({ providers: [broken, groupsProvider('groups', ['g'])] });
    assert.deepEqual(world.refs(), ['group:default/g']);
    assert.ok(world.warnings.some((line) => line.includes('no network')));
    await check(world);
  });

  it('leaves a disabled provider alone', async () => {
    await using world = await createWorld({
      providers: [groupsProvider('groups', ['g'])],
      settings: { disabledProviders: ['groups'] },
    });
    assert.deepEqual(world.refs(), []);
  });

  it('gives providers a way to have entities made again', async () => {
    const connections: ProviderConnection[] = [];
    const provider: EntityProvider = { name: 'p', connect: async (given) => void connections.push(given) };
    await using world = await createFileWorld(
      ['a.yaml'],
      { 'a.yaml': component('a', { notes: { $text: './notes.txt' } }), 'notes.txt': 'one' },
      { providers: [provider] },
    );
    await world.write('notes.txt', 'two');
    await connections.at(-1)?.refresh({ keys: [`file:${world.path('notes.txt')}`] });
    assert.equal(world.entity('component:default/a').spec?.['notes'], 'two');
  });

  it('removes what a provider brought that is gone', async () => {
    await using world = await createWorld({
      providers: [groupsProvider('one', ['a', 'both']), groupsProvider('two', ['b', 'both'])],
    });
    assert.equal(world.refs().length, 3);
    await world.restart({ providers: [groupsProvider('two', ['b', 'both'])] });
    assert.deepEqual(world.refs(), ['group:default/b', 'group:default/both']);
    await check(world);
  });

  it('keeps what a provider brought that is gone when the configuration says so', async () => {
    await using world = await createWorld({
      providers: [groupsProvider('one', ['a'])],
      settings: { orphanProviderStrategy: 'keep' },
    });
    await world.restart({ providers: [] });
    assert.deepEqual(world.refs(), ['group:default/a']);
    await check(world);
  });

  it('keeps what the configured, registered and imported locations brought', async () => {
    await using world = await createWorld({ settings: { locations: [] } });
    world.urls.set('https://git.test/api.yaml', component('registered'));
    await world.write('i.yaml', component('imported'));
    await world.catalog.locations.create({ type: 'url', target: 'https://git.test/api.yaml' }, 'reject');
    await world.catalog.importLocations([{ type: 'file', target: world.path('i.yaml') }]);
    assert.equal(world.refs().length, 2);
    await world.restart();
    assert.deepEqual(world.refs(), ['component:default/imported', 'component:default/registered']);
    await check(world);
  });

  it('processes everything anew when the processors are others than before', async () => {
    const titled = (title: string): Processor => ({
      name: `titled-${title}`,
      postProcess: (entity) => ({ ...entity, metadata: { ...entity.metadata, title } }),
    });
    const titles = (world: World): unknown[] => world.refs().map((ref) => world.entity(ref).metadata.title);
    await using world = await createFileWorld(
      ['a.yaml'],
      { 'a.yaml': documents(component('a'), component('b')) },
      { providers: [{ name: 'p', connect: () => Promise.resolve() }] },
    );
    await world.catalog.engine.mutate('p', { type: 'full', entities: [{ entity: group('g') }] });
    assert.deepEqual(titles(world), [undefined, undefined, undefined]);
    await world.restart({ processors: [titled('x')] });
    assert.deepEqual(titles(world), ['x', 'x', 'x']);
    await check(world);
    const { version } = world.catalog.index;
    await world.restart();
    assert.ok(world.catalog.index.version < version);
    await world.restart({ processors: [titled('y')] });
    assert.deepEqual(titles(world), ['y', 'y', 'y']);
    await check(world);
  });

  it('processes everything anew even when it was stopped while it did so', async () => {
    const titled: Processor = {
      name: 'titled',
      postProcess: (entity) => ({ ...entity, metadata: { ...entity.metadata, title: 'x' } }),
    };
    await using world = await createFileWorld(['a.yaml', 'b.yaml'], {
      'a.yaml': component('a'),
      'b.yaml': component('b'),
    });
    const { catalog } = world;
    await catalog[Symbol.asyncDispose]();
    // As if the portal had been killed after it saw that the processors are new.
    await world.restart({ processors: [titled], settings: { ...catalog.settings, locations: [] } });
    await world.restart({ settings: catalog.settings });
    assert.deepEqual(
      world.refs().map((ref) => world.entity(ref).metadata.title),
      ['x', 'x'],
    );
    await check(world);
  });

  it('takes in a kind that a plugin added since', async () => {
    const robot = {
      kind: 'Robot',
      apiVersions: ['x.test/v1'],
      description: 'A robot.',
      spec: {},
      relations: [],
    };
    const text = `${JSON.stringify({ apiVersion: 'x.test/v1', kind: 'Robot', metadata: { name: 'r' }, spec: {} })}\n`;
    await using world = await createFileWorld(
      ['a.yaml'],
      { 'a.yaml': text },
      { settings: { rules: [{ allow: [{ kind: 'Robot' }] }] } },
    );
    assert.deepEqual(world.refs(), []);
    await world.restart({ kinds: [robot] });
    assert.deepEqual(world.refs(), ['robot:default/r']);
    await check(world);
  });
});

describe('reconfigure', () => {
  it('brings in new locations, lets go of others and leaves the rest alone', async () => {
    await using world = await createFileWorld(['a.yaml', 'b.yaml'], {
      'a.yaml': component('a'),
      'b.yaml': component('b'),
      'c.yaml': component('c'),
    });
    const { uid } = world.entity('component:default/b').metadata;
    const locations = ['b.yaml', 'c.yaml', 'c.yaml'].map((name) => ({
      type: 'file',
      target: world.path(name),
    }));
    await world.catalog.reconfigure({ ...world.catalog.settings, locations });
    await world.catalog.engine.idle();
    assert.deepEqual(world.refs(), ['component:default/b', 'component:default/c']);
    assert.equal(world.entity('component:default/b').metadata.uid, uid);
    await check(world);
  });

  it('applies the last of several at once', async () => {
    await using world = await createFileWorld(['a.yaml'], {
      'a.yaml': component('a'),
      'b.yaml': component('b'),
    });
    const { catalog } = world;
    const to = (...names: string[]) =>
      catalog.reconfigure({
        ...catalog.settings,
        locations: names.map((name) => ({ type: 'file', target: world.path(name) })),
      });
    await Promise.all([to('b.yaml'), to(), to('a.yaml', 'b.yaml'), to('b.yaml')]);
    await catalog.engine.idle();
    assert.deepEqual(world.refs(), ['component:default/b']);
    await check(world);
  });
});

describe('importLocations', () => {
  it('brings locations in, says what is wrong with each, and keeps them', async () => {
    await using world = await createWorld();
    await world.write('a.yaml', documents(component('a'), 'kind: [\n'));
    await world.write('b.yaml', component('b', { lifecycle: [] }));
    const seen: number[] = [];
    const diagnostics = await world.catalog.importLocations(
      ['a.yaml', 'b.yaml', 'none.yaml'].map((name) => ({ type: 'file', target: world.path(name) })),
      { onLocation: () => void seen.push(1) },
    );
    assert.deepEqual(diagnostics.map(({ code }) => code).toSorted(), [
      'catalog/source-missing',
      'catalog/yaml-syntax',
      'model/wrong-type',
    ]);
    assert.equal(seen.length, 3);
    assert.deepEqual(world.refs(), ['component:default/a']);
    await world.write('a.yaml', component('a2'));
    await world.catalog.importLocations([{ type: 'file', target: world.path('a.yaml') }]);
    assert.deepEqual(world.refs(), ['component:default/a2']);
    await check(world);
  });
});

describe('exportEntities', () => {
  it('gives entities in the order of their references, all or those that match', async () => {
    await using world = await createFileWorld(['a.yaml'], {
      'a.yaml': documents(component('b'), component('a'), yaml('Domain', 'd', { spec: { owner: 'o' } })),
    });
    const names = (filters: readonly string[]): string[] =>
      [...world.catalog.exportEntities(filters)].map(({ kind, metadata }) => `${kind} ${metadata.name}`);
    assert.deepEqual(names(['kind=component', 'kind=domain']), ['Component a', 'Component b', 'Domain d']);
    assert.equal(names([]).length, 4);
  });
});

describe('the change log', () => {
  it('names what each transaction changed, in order, without gaps', async () => {
    await using world = await createFileWorld(['a.yaml'], { 'a.yaml': component('a') });
    await world.write('a.yaml', component('b'));
    await world.poll();
    const rows = await tables(world.database)
      .selectFrom('catalog_changes')
      .selectAll()
      .orderBy('seq')
      .execute();
    assert.deepEqual(
      rows.map(({ seq }) => seq),
      rows.map((_, i) => i + 1),
    );
    const changed = new Set(
      rows.flatMap(({ refs }) => (refs.match(/"[^"]+"/g) ?? []).map((text) => text.slice(1, -1))),
    );
    for (const ref of ['component:default/a', ...allRefs(world.catalog)]) assert.ok(changed.has(ref), ref);
  });
});
