import assert from 'node:assert/strict';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { describe, it, type TestContext } from 'node:test';
import { component, createFileWorld, documents, until, yaml, type World } from '../catalog.fixture.ts';
import { checkIndex } from '../index/checker.fixture.ts';

const check = (world: World): Promise<void> => checkIndex(world.catalog.index, world.database);
const A = 'component:default/a';

/** What is asked for is 300 ms; machines that run tests are busy, so the test waits longer and tells the time. */
async function seen(t: TestContext, what: string, holds: () => boolean): Promise<void> {
  const time = await until(holds, 2_000);
  t.diagnostic(`${what}: ${time.toFixed(0)} ms`);
}

async function watching(targets: readonly string[], files: Readonly<Record<string, string>>): Promise<World> {
  const world = await createFileWorld(targets, files, { settings: { watch: true } });
  // The watch is in place when the first change is seen; what follows is about later ones.
  for (let i = 0; ; i += 1) {
    await world.save('a.yaml', component('a', { lifecycle: `ready-${i}` }));
    const isSeen = () => lifecycle(world) === `ready-${i}`;
    if (
      await until(isSeen, 200).then(
        () => true,
        () => false,
      )
    )
      break;
  }
  await world.catalog.engine.idle();
  return world;
}

const has = (world: World, ref: string): boolean => world.catalog.index.ordinalOf(ref) !== undefined;
const lifecycle = (world: World, ref = A): unknown =>
  has(world, ref) ? world.entity(ref).spec?.['lifecycle'] : undefined;

describe('a watched glob', () => {
  const start = (): Promise<World> =>
    watching(['**/*.yaml'], { 'a.yaml': component('a'), 'sub/b.yaml': component('b') });

  it('shows what is written into a file, whether it is written in place or replaced', async (t) => {
    await using world = await start();
    await writeFile(world.path('a.yaml'), component('a', { lifecycle: 'in-place' }));
    await seen(t, 'written in place', () => lifecycle(world) === 'in-place');
    await world.save('a.yaml', component('a', { lifecycle: 'renamed-over' }));
    await seen(t, 'replaced by renaming', () => lifecycle(world) === 'renamed-over');
    await rename(world.path('a.yaml'), world.path('a.yaml~'));
    await writeFile(world.path('a.yaml'), component('a', { lifecycle: 'with-backup' }));
    await seen(t, 'written anew beside a backup', () => lifecycle(world) === 'with-backup');
    await world.catalog.engine.idle();
    await check(world);
  });

  it('shows new files, also in new folders, and loses deleted ones', async (t) => {
    await using world = await start();
    await writeFile(world.path('sub/c.yaml'), component('c'));
    await seen(t, 'a new file', () => has(world, 'component:default/c'));
    await mkdir(world.path('new/deeper'), { recursive: true });
    await writeFile(world.path('new/deeper/d.yaml'), component('d'));
    await seen(t, 'a file in a new folder', () => has(world, 'component:default/d'));
    await world.remove('sub/c.yaml');
    await seen(t, 'a deleted file', () => !has(world, 'component:default/c'));
    await world.remove('new');
    await seen(t, 'a deleted folder', () => !has(world, 'component:default/d'));
    await world.catalog.engine.idle();
    assert.deepEqual(world.refs(), [A, 'component:default/b']);
    await check(world);
  });

  it('shows many files at once', async (t) => {
    await using world = await start();
    const names = Array.from({ length: 200 }, (_, i) => `many/${i % 10}/${i}.yaml`);
    for (let i = 0; i < 10; i += 1) await mkdir(world.path(`many/${i}`), { recursive: true });
    await Promise.all(names.map((name, i) => writeFile(world.path(name), component(`m${i}`))));
    await seen(t, '200 files', () => world.refs().length === 202);
    await Promise.all(names.map((name) => world.remove(name)));
    await seen(t, '200 files deleted', () => world.refs().length === 2);
    await world.catalog.engine.idle();
    await check(world);
  });

  it('keeps what was good while a file is broken, and shows it when it is whole', async (t) => {
    await using world = await start();
    await writeFile(world.path('a.yaml'), 'kind: [');
    const location = world.locationOf('**/*.yaml');
    await seen(t, 'broken', () => world.errors(location).length === 1);
    assert.ok(has(world, A));
    await writeFile(world.path('a.yaml'), component('a', { lifecycle: 'whole' }));
    await seen(t, 'whole', () => lifecycle(world) === 'whole');
    await seen(t, 'well', () => world.errors(location).length === 0);
  });
});

describe('a watched file', () => {
  it('is seen when it changes, goes and comes back', async (t) => {
    await using world = await watching(['a.yaml'], { 'a.yaml': component('a') });
    const location = world.locationOf('a.yaml');
    await world.remove('a.yaml');
    await seen(t, 'gone', () => world.errors(location).length === 1);
    assert.ok(has(world, A));
    await writeFile(world.path('a.yaml'), component('a', { lifecycle: 'back' }));
    await seen(t, 'back', () => lifecycle(world) === 'back' && world.errors(location).length === 0);
  });

  it('is seen although its folder was not there at first', async (t) => {
    await using world = await watching(['a.yaml', 'later/on/b.yaml', 'later/*.yml'], {
      'a.yaml': component('a'),
    });
    await mkdir(world.path('later/on'), { recursive: true });
    await writeFile(world.path('later/on/b.yaml'), component('b'));
    await writeFile(world.path('later/c.yml'), component('c'));
    await seen(t, 'a file in a folder that is new', () => has(world, 'component:default/b'));
    await seen(t, 'a glob in a folder that is new', () => has(world, 'component:default/c'));
    await check(world);
  });

  it('is seen when it is configured later', async (t) => {
    await using world = await watching(['a.yaml'], {
      'a.yaml': component('a'),
      'other/b.yaml': component('b'),
    });
    const locations = ['a.yaml', 'other/b.yaml'].map((name) => ({ type: 'file', target: world.path(name) }));
    await world.catalog.reconfigure({ ...world.catalog.settings, locations });
    await world.catalog.engine.idle();
    await writeFile(world.path('other/b.yaml'), component('b', { lifecycle: 'new' }));
    await seen(t, 'a file of a later location', () => lifecycle(world, 'component:default/b') === 'new');
  });
});

describe('a file that an entity is made from', () => {
  it('is watched too, wherever it is and whatever kind the entity has', async (t) => {
    const api = (target: string): string =>
      yaml('API', 'x', {
        spec: { type: 'x', lifecycle: 'x', owner: 'x', definition: { $text: target } },
      });
    await using world = await watching(['a.yaml', 'in/b.yaml'], {
      'a.yaml': component('a'),
      'in/b.yaml': documents(api('./deep/api.txt'), component('c', { notes: { $text: './notes/c.txt' } })),
      'in/deep/api.txt': 'one',
      'in/notes/c.txt': 'one',
      'in/other/api.txt': 'other',
    });
    const definition = (): unknown => world.entity('api:default/x').spec?.['definition'];
    await writeFile(world.path('in/deep/api.txt'), 'two');
    await seen(t, 'the definition of an API', () => definition() === 'two');
    await writeFile(world.path('in/notes/c.txt'), 'two');
    await seen(
      t,
      'the notes of a component',
      () => world.entity('component:default/c').spec?.['notes'] === 'two',
    );
    await writeFile(world.path('in/b.yaml'), documents(api('./other/api.txt'), component('c')));
    await seen(t, 'another definition', () => definition() === 'other');
    await world.catalog.engine.idle();
    await writeFile(world.path('in/other/api.txt'), 'changed');
    await seen(t, 'a change of that', () => definition() === 'changed');
    await world.remove('in/other/api.txt');
    await seen(t, 'its loss', () => world.errors('api:default/x').length === 1);
    assert.equal(definition(), 'changed');
    await writeFile(world.path('in/other/api.txt'), 'back');
    await seen(t, 'its return', () => definition() === 'back' && world.errors('api:default/x').length === 0);
    await check(world);
  });
});
