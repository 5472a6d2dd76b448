import assert from 'node:assert/strict';
import { describe, it, mock } from 'node:test';
import {
  allRefs,
  component,
  createFileWorld,
  createWorld,
  documents,
  locationYaml,
  until,
  type World,
} from '../catalog.fixture.ts';
import { checkIndex } from '../index/checker.fixture.ts';
import { toLocationEntity } from '../process/location.ts';
import { tables } from '../store/tables.ts';

const check = (world: World): Promise<void> => checkIndex(world.catalog.index, world.database);

/** Rows of every table that a deleted entity could leave something in. */
async function leftovers(world: World): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  const names = [
    'catalog_entities',
    'catalog_references',
    'catalog_reads',
    'catalog_conflicts',
    'catalog_refresh_keys',
  ] as const;
  for (const name of names) {
    const rows = await tables(world.database).selectFrom(name).selectAll().execute();
    if (rows.length > 0) counts[name] = rows.length;
  }
  return counts;
}

const orphanOf = (world: World, ref: string): unknown =>
  world.entity(ref).metadata.annotations?.['backstage.io/orphan'];

describe('an entity that its file no longer lists', () => {
  const files = { 'a.yaml': documents(component('a'), component('b')) };

  it('is deleted', async () => {
    await using world = await createFileWorld(['a.yaml'], files);
    await world.write('a.yaml', component('a'));
    await world.poll();
    assert.deepEqual(world.refs(), ['component:default/a']);
    await check(world);
  });

  it('becomes an orphan when orphans are kept, and is none when it is listed again', async () => {
    await using world = await createFileWorld(['a.yaml'], files, { settings: { orphanStrategy: 'keep' } });
    const { uid } = world.entity('component:default/b').metadata;
    await world.write('a.yaml', component('a'));
    await world.poll();
    assert.equal(orphanOf(world, 'component:default/b'), 'true');
    assert.equal(orphanOf(world, 'component:default/a'), undefined);
    assert.equal((await world.explain('component:default/b')).state, 'orphaned');
    await check(world);
    await world.restart();
    assert.equal(orphanOf(world, 'component:default/b'), 'true');
    await world.write('a.yaml', files['a.yaml']);
    await world.poll();
    assert.equal(orphanOf(world, 'component:default/b'), undefined);
    assert.equal(world.entity('component:default/b').metadata.uid, uid);
    await check(world);
  });

  it('is deleted at the next start when orphans are no longer kept', async () => {
    await using world = await createFileWorld(
      ['*.yaml'],
      {
        'a.yaml': files['a.yaml'],
        'l.yaml': locationYaml('below', { target: './below/c.yml' }),
        'below/c.yml': component('c'),
      },
      { settings: { orphanStrategy: 'keep' } },
    );
    await world.write('a.yaml', component('a'));
    await world.remove('l.yaml');
    await world.poll();
    assert.equal(world.refs().length, 3);
    const { settings } = world.catalog;
    await world.restart({ settings: { ...settings, orphanStrategy: 'delete' } });
    assert.deepEqual(world.refs(), ['component:default/a']);
    assert.equal(world.catalog.index.ordinalOf('location:default/below'), undefined);
    await check(world);
  });
});

describe('a provider that takes a Location back', () => {
  const files = {
    'root.yaml': documents(locationYaml('mid', { target: './mid.yaml' }), component('top')),
    'mid.yaml': documents(component('m'), locationYaml('deep', { targets: ['./deep.yaml'] })),
    'deep.yaml': component('d'),
  };

  for (const orphanStrategy of ['delete', 'keep'] as const) {
    it(`takes back everything below it at once, with orphans: ${orphanStrategy}`, async () => {
      await using world = await createFileWorld(['root.yaml'], files, { settings: { orphanStrategy } });
      assert.equal(world.catalog.index.size, 6);
      await world.catalog.reconfigure({ ...world.catalog.settings, locations: [] });
      assert.equal(world.catalog.index.size, 0);
      assert.deepEqual(await leftovers(world), {});
    });
  }

  it('leaves what something else leads to', async () => {
    await using world = await createFileWorld(['root.yaml', 'deep.yaml'], files);
    const [, deep] = world.catalog.settings.locations;
    await world.catalog.reconfigure({
      ...world.catalog.settings,
      locations: deep === undefined ? [] : [deep],
    });
    await world.catalog.engine.idle();
    assert.deepEqual(world.refs(), ['component:default/d']);
    const { index } = world.catalog;
    assert.deepEqual(index.sourcesOf(index.ordinalOf('component:default/d') ?? -1), [
      `entity:${world.locationOf('deep.yaml')}`,
    ]);
    await check(world);
  });

  it('stops a reading of it that is under way, which leaves nothing behind', async () => {
    await using world = await createWorld();
    const many = documents(...Array.from({ length: 2_000 }, (_, i) => component(`c${i}`)));
    await world.write('many.yaml', many);
    const location = { type: 'file', target: world.path('many.yaml') };
    const { engine } = world.catalog;
    const give = (
      entities: readonly { entity: ReturnType<typeof toLocationEntity>; locationKey: string }[],
    ) => engine.mutate('p', { type: 'full', entities });
    await give([{ entity: toLocationEntity(location), locationKey: 'k' }]);
    await until(() => world.catalog.index.size > 1, 10_000);
    await give([]);
    await engine.idle();
    assert.deepEqual(await leftovers(world), {});
    await check(world);
    await give([{ entity: toLocationEntity(location), locationKey: 'k' }]);
    await engine.idle();
    assert.equal(world.refs().length, 2_000);
    await check(world);
  });
});

describe('Locations in a circle', () => {
  const files = {
    'a.yaml': documents(locationYaml('to-b', { target: './b.yaml' }), component('a')),
    'b.yaml': documents(locationYaml('to-a', { target: './a.yaml' }), component('b')),
    'self.yaml': documents(locationYaml('self', { target: './self.yaml' }), component('s')),
  };

  it('are read once each and come to rest', async () => {
    await using world = await createFileWorld(['a.yaml', 'self.yaml'], files);
    assert.deepEqual(world.refs().length, 3);
    assert.deepEqual(
      allRefs(world.catalog).filter(
        (ref) => ref.startsWith('location:default/') && !ref.includes('generated'),
      ),
      ['location:default/self', 'location:default/to-a', 'location:default/to-b'],
    );
    await world.poll();
    await check(world);
  });

  for (const orphanStrategy of ['delete', 'keep'] as const) {
    it(`leave nothing behind when they go, with orphans: ${orphanStrategy}`, async () => {
      await using world = await createFileWorld(['a.yaml', 'self.yaml'], files, {
        settings: { orphanStrategy },
      });
      await world.catalog.reconfigure({ ...world.catalog.settings, locations: [] });
      await world.catalog.engine.idle();
      assert.deepEqual(await leftovers(world), {});
      assert.equal(world.catalog.index.size, 0);
    });
  }

  it(
    'come to rest when each file defines the Location that leads to it, and nothing else leads there',
    { timeout: 30_000 },
    async () => {
      await using world = await createFileWorld(
        ['root.yaml'],
        {
          'root.yaml': documents(locationYaml('in', { target: './a.yaml' }), component('r')),
          'a.yaml': documents(locationYaml('in', { target: './b.yaml' }), component('a')),
          'b.yaml': documents(locationYaml('in', { target: './a.yaml' }), component('b')),
        },
        { settings: { orphanStrategy: 'keep' } },
      );
      assert.deepEqual(world.refs(), ['component:default/a', 'component:default/r']);
      const [problem] = (await world.explain('location:default/in')).diagnostics;
      assert.equal(problem?.code, 'catalog/conflict');
      await world.write('root.yaml', component('r'));
      await world.poll();
      assert.deepEqual(world.refs(), ['component:default/a', 'component:default/r']);
      assert.equal(orphanOf(world, 'location:default/in'), 'true');
      await check(world);
    },
  );

  it('go when the file that led into the circle does not any more', async () => {
    await using world = await createFileWorld(['root.yaml'], {
      ...files,
      'root.yaml': documents(locationYaml('in', { target: './a.yaml' }), component('r')),
    });
    assert.equal(world.refs().length, 3);
    await world.write('root.yaml', component('r'));
    await world.poll();
    assert.deepEqual(world.refs(), ['component:default/r']);
    await check(world);
  });
});

describe('an entity that is deleted by its uid', () => {
  const uidOf = (world: World, ref: string): string => world.entity(ref).metadata.uid ?? '';

  it('comes back, as another entity, when its source still lists it', async () => {
    await using world = await createFileWorld(['a.yaml'], {
      'a.yaml': documents(component('a'), component('b')),
    });
    mock.timers.enable({ apis: ['setTimeout'] });
    try {
      const uid = uidOf(world, 'component:default/a');
      assert.equal(await world.catalog.removeByUid(uid), true);
      assert.deepEqual(world.refs(), ['component:default/b']);
      await check(world);
      await world.catalog.engine.idle();
      assert.deepEqual(world.refs(), ['component:default/b']);
      mock.timers.tick(1_000);
      await world.catalog.engine.idle();
      assert.equal(world.refs().length, 2);
      assert.notEqual(uidOf(world, 'component:default/a'), uid);
      await check(world);
      assert.equal(await world.catalog.removeByUid(uid), false);
    } finally {
      mock.timers.reset();
    }
  });

  it('comes back after a stop of the portal too', async () => {
    await using world = await createFileWorld(['a.yaml'], { 'a.yaml': component('a') });
    await world.catalog.removeByUid(uidOf(world, 'component:default/a'));
    assert.deepEqual(world.refs(), []);
    await world.restart();
    assert.deepEqual(world.refs(), ['component:default/a']);
    await check(world);
  });

  it('takes with it what only it had brought', async () => {
    await using world = await createFileWorld(['root.yaml'], {
      'root.yaml': locationYaml('mid', { target: './mid.yaml' }),
      'mid.yaml': component('m'),
    });
    await world.catalog.removeByUid(uidOf(world, 'location:default/mid'));
    assert.deepEqual(world.refs(), []);
    await check(world);
  });

  it('leaves orphans when orphans are kept', async () => {
    await using world = await createFileWorld(
      ['root.yaml'],
      {
        'root.yaml': locationYaml('mid', { target: './mid.yaml' }),
        'mid.yaml': component('m'),
      },
      { settings: { orphanStrategy: 'keep' } },
    );
    await world.catalog.removeByUid(uidOf(world, 'location:default/mid'));
    assert.equal(orphanOf(world, 'component:default/m'), 'true');
    await check(world);
    await world.restart();
    assert.equal(orphanOf(world, 'component:default/m'), undefined);
    await check(world);
  });

  it('may be one that never was good', async () => {
    await using world = await createFileWorld(['a.yaml'], { 'a.yaml': component('a', { lifecycle: [] }) });
    const row = await tables(world.database)
      .selectFrom('catalog_entities')
      .select('uid')
      .where('ref', '=', 'component:default/a')
      .executeTakeFirstOrThrow();
    assert.equal(await world.catalog.removeByUid(row.uid), false);
    assert.equal(await world.catalog.removeUnprocessed(row.uid), true);
    assert.equal(await world.catalog.removeUnprocessed(row.uid), false);
    await check(world);
  });
});
