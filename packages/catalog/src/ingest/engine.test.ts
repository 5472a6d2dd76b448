import assert from 'node:assert/strict';
import { describe, it, mock } from 'node:test';
import {
  component,
  createFileWorld,
  createWorld,
  documents,
  locationRefs,
  locationYaml,
  yaml,
  type World,
} from '../catalog.fixture.ts';
import { checkIndex } from '../index/checker.fixture.ts';
import { locationEntityRef } from '../process/location.ts';
import { tables } from '../store/tables.ts';

const check = (world: World): Promise<void> => checkIndex(world.catalog.index, world.database);
const URL_A = 'https://git.test/a.yaml';

describe('refresh', () => {
  it('reads the locations of an entity again, up to its root', async () => {
    await using world = await createFileWorld(['root.yaml'], {
      'root.yaml': locationYaml('mid', { target: './mid.yaml' }),
      'mid.yaml': locationYaml('low', { target: './low.yaml' }),
      'low.yaml': component('a'),
    });
    await world.write('low.yaml', component('a', { lifecycle: 'new' }));
    await world.catalog.engine.refresh('component:default/a');
    await world.catalog.engine.idle();
    assert.equal(world.entity('component:default/a').spec?.['lifecycle'], 'new');
    await world.write('root.yaml', documents(locationYaml('mid', { target: './mid.yaml' }), component('b')));
    await world.catalog.engine.refresh('component:default/a');
    await world.catalog.engine.idle();
    assert.deepEqual(world.refs(), ['component:default/a', 'component:default/b']);
    await check(world);
  });

  it('makes the entity again from what it was made of', async () => {
    const spec = { type: 'x', lifecycle: 'x', owner: 'x', definition: { $text: './api.txt' } };
    await using world = await createFileWorld(['a.yaml'], {
      'a.yaml': yaml('API', 'x', { spec }),
      'api.txt': 'one',
    });
    await world.write('api.txt', 'two');
    await world.catalog.engine.refresh('api:default/x');
    await world.catalog.engine.idle();
    assert.equal(world.entity('api:default/x').spec?.['definition'], 'two');
  });

  it('of a Location reads its targets whatever is known of them', async () => {
    await using world = await createWorld({ started: false });
    world.urls.set(URL_A, component('a'), { etag: '"1"' });
    await world.restart({ settings: { locations: [{ type: 'url', target: URL_A }] } });
    const [location = ''] = locationRefs(world.catalog);
    await world.catalog.engine.refresh(location);
    await world.catalog.engine.idle();
    assert.deepEqual(
      world.urls.requests.map(({ etag }) => etag),
      [null, null],
    );
    await check(world);
  });

  it('of something that is not there does nothing', async () => {
    await using world = await createFileWorld(['a.yaml'], { 'a.yaml': component('a') });
    const { version } = world.catalog.index;
    await world.catalog.engine.refresh('component:default/none');
    await world.catalog.engine.refresh('location:default/none');
    await world.catalog.engine.idle();
    assert.equal(world.catalog.index.version, version);
  });
});

describe('the timetable', () => {
  const start = async (pollInterval: number | null): Promise<World> => {
    const world = await createWorld({ started: false });
    world.urls.set(URL_A, component('a'));
    const locations = [{ type: 'url', target: URL_A }];
    await world.restart({ random: () => 0.5, settings: { locations, pollInterval } });
    return world;
  };

  it('reads a location again between one and one and a half intervals later, and so on', async () => {
    mock.timers.enable({ apis: ['setTimeout'] });
    try {
      await using world = await start(1_000);
      const [ref = ''] = locationRefs(world.catalog);
      assert.equal(world.catalog.engine.nextReadAt(ref), Date.UTC(2026, 0, 1) + 1_250);
      for (const expected of [1, 2, 3]) {
        assert.equal(world.urls.requests.length, expected);
        mock.timers.tick(1_249);
        assert.equal(world.urls.requests.length, expected);
        mock.timers.tick(1);
        await world.catalog.engine.idle();
      }
    } finally {
      mock.timers.reset();
    }
  });

  it('never reads when there is no interval', async () => {
    await using world = await start(null);
    const [ref = ''] = locationRefs(world.catalog);
    assert.equal(world.catalog.engine.nextReadAt(ref), null);
  });

  it('takes any interval, however long', async () => {
    mock.timers.enable({ apis: ['setTimeout'] });
    try {
      await using world = await start(90 * 24 * 3_600 * 1_000);
      const [ref = ''] = locationRefs(world.catalog);
      mock.timers.tick(60_000);
      await world.catalog.engine.idle();
      assert.equal(world.urls.requests.length, 1);
      assert.equal(world.catalog.engine.nextReadAt(ref), Date.UTC(2026, 0, 1) + 2 ** 31 - 1);
    } finally {
      mock.timers.reset();
    }
  });

  it('makes again what failed', async () => {
    mock.timers.enable({ apis: ['setTimeout'] });
    try {
      let fails = true;
      const moody = {
        name: 'moody',
        preProcess: <T>(entity: T): T => {
          if (fails) throw new Error('not today');
          return entity;
        },
      };
      await using world = await createWorld({ processors: [moody], settings: { pollInterval: 1_000 } });
      const location = 'test:x';
      const annotations = {
        'backstage.io/managed-by-location': location,
        'backstage.io/managed-by-origin-location': location,
      };
      await world.catalog.engine.mutate('p', {
        type: 'full',
        entities: [
          {
            entity: {
              apiVersion: 'backstage.io/v1alpha1',
              kind: 'Domain',
              metadata: { name: 'd', annotations },
              spec: { owner: 'o' },
            },
          },
        ],
      });
      assert.deepEqual(world.refs(), []);
      fails = false;
      mock.timers.tick(1_000);
      await world.catalog.engine.idle();
      assert.deepEqual(world.refs(), ['domain:default/d']);
      await check(world);
    } finally {
      mock.timers.reset();
    }
  });

  it('leaves alone what its source let go of while it was made again', { timeout: 10_000 }, async () => {
    const gate = Promise.withResolvers<void>();
    let [fails, waits] = [true, false];
    const moody = {
      name: 'moody',
      preProcess: async <T extends { readonly kind: string }>(entity: T): Promise<T> => {
        if (entity.kind !== 'Component') return entity;
        if (fails) throw new Error('not today');
        if (waits) await gate.promise;
        return entity;
      },
    };
    await using world = await createWorld({ processors: [moody], settings: { orphanStrategy: 'keep' } });
    const target = URL_A;
    world.urls.set(target, component('a'));
    await world.catalog.locations.create({ type: 'url', target }, 'reject');
    await world.catalog.engine.idle();
    [fails, waits] = [false, true];
    const retried = world.catalog.engine.retry();
    world.urls.set(target, '');
    const location = locationEntityRef({ type: 'url', target });
    world.catalog.engine.requestRead(location);
    const references = () =>
      tables(world.database)
        .selectFrom('catalog_references')
        .select('source')
        .where('target', '=', 'component:default/a')
        .execute();
    while ((await references()).length > 0) await new Promise((resolve) => setTimeout(resolve, 5));
    gate.resolve();
    await retried;
    await world.catalog.engine.idle();
    assert.deepEqual(await references(), []);
    await check(world);
  });
});

describe('idle and close', () => {
  it('waits for everything, also for what follows from it', async () => {
    await using world = await createFileWorld(['a.yaml'], { 'a.yaml': component('a') });
    const names = Array.from({ length: 8 }, (_, i) => `${i}.yaml`);
    for (const [i, name] of names.entries()) {
      await world.write(name, locationYaml(`l${i}`, { target: `./${names[i + 1] ?? 'a.yaml'}` }));
    }
    const locations = [{ type: 'file', target: world.path('0.yaml') }];
    await world.catalog.reconfigure({ ...world.catalog.settings, locations });
    assert.ok(world.catalog.engine.backlog > 0);
    await world.catalog.engine.idle();
    assert.equal(world.catalog.engine.backlog, 0);
    assert.deepEqual(world.refs(), ['component:default/a']);
    await check(world);
  });

  it('refuses mutations once it is closed', async () => {
    const world = await createWorld();
    const { engine } = world.catalog;
    await world[Symbol.asyncDispose]();
    await assert.rejects(engine.mutate('p', { type: 'full', entities: [] }), { code: 'catalog/closed' });
    engine.requestRead('location:default/x');
    assert.equal(engine.backlog, 0);
  });

  it('stops between two files, and goes on at the next start', async () => {
    const files = Object.fromEntries(
      Array.from({ length: 40 }, (_, i) => [`${String(i).padStart(2, '0')}.yaml`, component(`c${i}`)]),
    );
    await using world = await createWorld({ started: false });
    for (const [name, text] of Object.entries(files)) await world.write(name, text);
    const { catalog } = world;
    await catalog.reconfigure({
      ...catalog.settings,
      locations: [{ type: 'file', target: world.path('*.yaml') }],
    });
    const stop = Promise.withResolvers<void>();
    catalog.subscribe(() => stop.resolve());
    await stop.promise;
    await world.restart({ settings: catalog.settings });
    assert.equal(world.refs().length, 40);
    await check(world);
  });

  it('lets go, after an interrupted reading, of what it had taken in from a file that is gone', async () => {
    await using world = await createWorld({ started: false });
    await world.write('1.yaml', component('a'));
    await world.write('2.yaml', component('b'));
    const { catalog } = world;
    const settings = { ...catalog.settings, locations: [{ type: 'file', target: world.path('*.yaml') }] };
    const stop = Promise.withResolvers<void>();
    catalog.subscribe(({ changed }) => {
      if (changed.includes('component:default/a')) stop.resolve();
    });
    await catalog.reconfigure(settings);
    await stop.promise;
    await catalog[Symbol.asyncDispose]();
    await world.remove('1.yaml');
    await world.restart({ settings });
    assert.deepEqual(world.refs(), ['component:default/b']);
    await check(world);
  });
});
