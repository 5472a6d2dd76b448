import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { sql } from 'kysely';
import {
  component,
  createFileWorld,
  createWorld,
  documents,
  locationYaml,
  type World,
} from './catalog.fixture.ts';
import { changesOf, checkHistory, wholeHistory } from './history.fixture.ts';
import { historyOf } from './history.ts';
import type { Processor } from './process/processor.ts';
import { tables } from './store/tables.ts';

const A = 'component:default/a';
const START = Date.UTC(2026, 0, 1);

const time = (milliseconds: number): string => new Date(START + milliseconds).toISOString();

/** Writes a file and takes it in, one second later. */
async function write(world: World, name: string, text: string): Promise<void> {
  world.pass(1_000);
  await world.write(name, text);
  await world.poll();
}

/** Gives an entity from a provider; null takes it back. */
async function give(world: World, name: string, given: { key?: string; lifecycle: unknown } | null) {
  world.pass(1);
  const annotations = {
    'backstage.io/managed-by-location': 'test:here',
    'backstage.io/managed-by-origin-location': 'test:here',
  };
  const entity = {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Component',
    metadata: { name, annotations },
    spec: { type: 'service', lifecycle: given?.lifecycle, owner: 'team-a' },
  };
  await world.catalog.engine.mutate('p', {
    type: 'delta',
    added: given === null ? [] : [{ entity, locationKey: given.key ?? 'test:a' }],
    removed: given === null ? [`component:default/${name}`] : [],
  });
}

async function historyRows(world: World): Promise<number> {
  const rows = await tables(world.database).selectFrom('catalog_history').select('id').execute();
  return rows.length;
}

describe('historyOf', () => {
  it('knows nothing of what never was there', async () => {
    await using world = await createWorld();
    assert.equal(await historyOf(world.database, A), null);
  });

  it('has one version of what was read once, as a person would write it, and stores nothing for it', async () => {
    await using world = await createFileWorld(['a.yaml'], { 'a.yaml': component('a') });
    const location = `file:${world.path('a.yaml')}`;
    assert.deepEqual(await historyOf(world.database, A), {
      entityRef: A,
      items: [
        {
          id: '1',
          at: time(0),
          change: 'added',
          location,
          entity: {
            apiVersion: 'backstage.io/v1alpha1',
            kind: 'Component',
            metadata: {
              name: 'a',
              namespace: 'default',
              annotations: {
                'backstage.io/managed-by-location': location,
                'backstage.io/managed-by-origin-location': location,
              },
            },
            spec: { type: 'service', lifecycle: 'production', owner: 'team-a' },
          },
          problems: [],
        },
      ],
      next: null,
    });
    assert.equal(await historyRows(world), 0);
  });

  it('tells when an entity became what, the newest first', async () => {
    await using world = await createFileWorld(['a.yaml'], { 'a.yaml': component('a') });
    await write(world, 'a.yaml', component('a', { lifecycle: 'old' }));
    await write(world, 'a.yaml', component('a', { lifecycle: 'older' }));
    const items = await wholeHistory(world.database, A);
    assert.deepEqual(
      items.map(({ at, change, entity }) => [at, change, Object(entity?.['spec']).lifecycle]),
      [
        [time(2_000), 'changed', 'older'],
        [time(1_000), 'changed', 'old'],
        [time(0), 'added', 'production'],
      ],
    );
    assert.equal((await world.explain(A)).lastChangedAt, items[0]?.at);
    await checkHistory(world.database);
  });

  it('makes no version of what changed nothing: other entities of the file, a restart, a refresh', async () => {
    await using world = await createFileWorld(['a.yaml'], { 'a.yaml': component('a') });
    await write(world, 'a.yaml', documents('# comment\n', component('b'), component('a')));
    await world.catalog.engine.refresh(A);
    await world.catalog.engine.idle();
    await world.restart();
    assert.deepEqual(await changesOf(world.database, A), ['added']);
    assert.equal((await world.explain(A)).lastChangedAt, time(0));
  });

  it('makes no version of relations alone', async () => {
    let target = 'group:default/one';
    const relating: Processor = {
      name: 'relating',
      postProcess: (entity, context) => {
        if (entity.kind === 'Component')
          context.emitRelation({ sourceRef: A, type: 'knows', targetRef: target });
        return entity;
      },
    };
    await using world = await createWorld({ processors: [relating] });
    await give(world, 'a', { lifecycle: 'x' });
    target = 'group:default/two';
    world.pass(1_000);
    await world.catalog.engine.remake([A]);
    assert.ok(world.entity(A).relations?.some(({ targetRef }) => targetRef === target));
    assert.deepEqual(await changesOf(world.database, A), ['added']);
    assert.equal((await world.explain(A)).lastChangedAt, time(1));
  });

  it('tells when an entity failed, and why, and when it was repaired', async () => {
    await using world = await createFileWorld(['a.yaml'], { 'a.yaml': component('a') });
    await write(world, 'a.yaml', component('a', { lifecycle: [] }));
    await write(world, 'a.yaml', documents('# a line more\n', component('a', { lifecycle: [] })));
    await write(world, 'a.yaml', component('a', { lifecycle: [], type: 5 }));
    await write(world, 'a.yaml', component('a', { lifecycle: 'old' }));
    await write(world, 'a.yaml', component('a', { lifecycle: [] }));
    await write(world, 'a.yaml', component('a', { lifecycle: 'old' }));
    const items = (await wholeHistory(world.database, A)).toReversed();
    assert.deepEqual(
      items.map(({ change, at, problems }) => [change, at, problems.map(({ path }) => path)]),
      [
        ['added', time(0), []],
        ['failing', time(1_000), ['spec.lifecycle']],
        ['changed', time(3_000), ['spec.type', 'spec.lifecycle']],
        ['repaired', time(4_000), []],
        ['failing', time(5_000), ['spec.lifecycle']],
        ['repaired', time(6_000), []],
      ],
    );
    assert.deepEqual(items[0]?.entity, items[1]?.entity);
    await checkHistory(world.database);
  });

  it('knows what never was good, and when it became so', async () => {
    await using world = await createFileWorld(['a.yaml'], { 'a.yaml': component('a', { lifecycle: [] }) });
    const [item] = await wholeHistory(world.database, A);
    assert.equal(item?.entity, null);
    assert.equal(item.problems[0]?.code, 'model/wrong-type');
    await write(world, 'a.yaml', component('a'));
    assert.deepEqual(await changesOf(world.database, A), ['added', 'repaired']);
  });

  it('tells of an entity that moved to another file, and of one that changed there', async () => {
    await using world = await createFileWorld(['*.yaml'], {
      'a.yaml': documents(component('a'), component('b')),
    });
    world.pass(1_000);
    await world.remove('a.yaml');
    await world.write('z.yaml', documents(component('a'), component('b', { lifecycle: 'new' })));
    await world.poll();
    const items = await wholeHistory(world.database, A);
    assert.deepEqual(
      items.map(({ change, location }) => [change, location]),
      [
        ['moved', `file:${world.path('z.yaml')}`],
        ['added', `file:${world.path('a.yaml')}`],
      ],
    );
    assert.deepEqual(await changesOf(world.database, 'component:default/b'), ['added', 'changed']);
    await checkHistory(world.database);
  });

  it('tells of an entity whose provider names another location and nothing else', async () => {
    await using world = await createWorld();
    await give(world, 'a', { key: 'test:1', lifecycle: 'x' });
    await give(world, 'a', { key: 'test:2', lifecycle: 'x' });
    const [item] = await wholeHistory(world.database, A);
    assert.deepEqual([item?.change, item?.location, item?.at], ['moved', 'test:2', time(2)]);
  });

  it('remembers what is gone, and that it came again', async () => {
    await using world = await createFileWorld(['a.yaml'], {
      'a.yaml': documents(component('a'), component('b')),
    });
    await write(world, 'a.yaml', component('b'));
    assert.throws(() => world.entity(A));
    const gone = await wholeHistory(world.database, A);
    assert.deepEqual(
      gone.map(({ change, at }) => [change, at]),
      [
        ['removed', time(1_000)],
        ['added', time(0)],
      ],
    );
    assert.deepEqual(gone[0]?.entity, gone[1]?.entity);
    await write(world, 'a.yaml', documents(component('a'), component('b')));
    await write(world, 'a.yaml', documents(component('a', { lifecycle: 'x' }), component('b')));
    assert.deepEqual(await changesOf(world.database, A), ['added', 'removed', 'added', 'changed']);
    assert.deepEqual((await wholeHistory(world.database, A)).slice(-2), gone);
    await checkHistory(world.database);
  });

  it('remembers what was deleted by hand, and what went with it', async () => {
    await using world = await createFileWorld(['l.yaml'], {
      'l.yaml': locationYaml('l', { target: './a.yaml' }),
      'a.yaml': component('a'),
    });
    const { uid } = world.entity('location:default/l').metadata;
    assert.ok(await world.catalog.removeByUid(uid ?? ''));
    assert.deepEqual(await changesOf(world.database, A), ['added', 'removed']);
    assert.deepEqual(await changesOf(world.database, 'location:default/l'), ['added', 'removed']);
    await world.poll();
    assert.deepEqual(await changesOf(world.database, A), ['added', 'removed', 'added']);
  });

  it('gives pages that do not shift when something happens meanwhile', async () => {
    await using world = await createWorld();
    for (let i = 0; i < 10; i += 1) await give(world, 'a', i === 5 ? null : { lifecycle: `v${i}` });
    const whole = await wholeHistory(world.database, A, 100);
    assert.equal(whole.length, 10);
    for (const limit of [1, 2, 3, 9, 10, 11]) {
      assert.deepEqual(await wholeHistory(world.database, A, limit), whole, `pages of ${limit}`);
    }
    const first = await historyOf(world.database, A, { limit: 4 });
    await give(world, 'a', { lifecycle: 'newer' });
    await give(world, 'a', null);
    const second = await historyOf(world.database, A, { limit: 4, before: Number(first?.next) });
    assert.deepEqual([...(first?.items ?? []), ...(second?.items ?? [])], whole.slice(0, 8));
    assert.deepEqual((await wholeHistory(world.database, A, 100)).slice(2), whole);
    assert.deepEqual(await historyOf(world.database, A, { before: 1 }), {
      entityRef: A,
      items: [],
      next: null,
    });
  });

  it('forgets the oldest of more than 100 past versions, and no longer says when the entity was added', async () => {
    await using world = await createWorld();
    await give(world, 'b', { lifecycle: 'x' });
    for (let i = 0; i <= 100; i += 1) await give(world, 'a', { lifecycle: `v${i}` });
    const before = await wholeHistory(world.database, A);
    assert.deepEqual([before.length, before.at(-1)?.change], [101, 'added']);
    await give(world, 'a', { lifecycle: 'last' });
    const after = await wholeHistory(world.database, A);
    assert.deepEqual([after.length, after.at(-1)?.change], [101, 'changed']);
    assert.deepEqual(after.slice(1), before.slice(0, -1));
    assert.deepEqual(await changesOf(world.database, 'component:default/b'), ['added']);
    await checkHistory(world.database);
  });

  it('is the same after a restart', async () => {
    await using world = await createFileWorld(['a.yaml'], { 'a.yaml': component('a') }, { onDisk: true });
    await write(world, 'a.yaml', component('a', { lifecycle: [] }));
    await write(world, 'a.yaml', component('a', { lifecycle: 'x' }));
    const before = await wholeHistory(world.database, A);
    world.pass(1_000);
    await world.restart();
    assert.deepEqual(await wholeHistory(world.database, A), before);
    await write(world, 'a.yaml', component('a'));
    assert.deepEqual((await wholeHistory(world.database, A)).slice(1), before);
  });

  it('keeps mutations apart that come at once', async () => {
    await using world = await createWorld();
    const { engine } = world.catalog;
    await Promise.all(
      Array.from({ length: 40 }, (_, i) =>
        engine.mutate(`p${i % 4}`, {
          type: 'delta',
          added: [`own-${i % 4}`, 'shared'].map((name) => ({
            entity: {
              apiVersion: 'backstage.io/v1alpha1',
              kind: 'Component',
              metadata: {
                name,
                annotations: {
                  'backstage.io/managed-by-location': 'test:here',
                  'backstage.io/managed-by-origin-location': 'test:here',
                },
              },
              spec: { type: 'service', lifecycle: `v${i}`, owner: 'team-a' },
            },
          })),
          removed: [],
        }),
      ),
    );
    const rows = await tables(world.database).selectFrom('catalog_history').select('id').execute();
    assert.equal(new Set(rows.map(({ id }) => id)).size, rows.length);
    for (const [name, count] of [
      ['own-0', 10],
      ['own-3', 10],
      ['shared', 40],
    ] as const) {
      const ids = (await wholeHistory(world.database, `component:default/${name}`)).map(({ id }) =>
        Number(id),
      );
      assert.equal(ids.length, count, name);
      assert.deepEqual(
        ids,
        [...new Set(ids)].toSorted((a, b) => b - a),
      );
    }
    await checkHistory(world.database);
  });

  it('has nothing of a change that could not be written', async () => {
    await using world = await createWorld();
    await give(world, 'a', { lifecycle: 'x' });
    // The change log is written last, so everything else was there when this fails.
    await sql`create trigger no_changes before insert on catalog_changes begin select raise(abort, 'disk full'); end`.execute(
      world.database.query,
    );
    await assert.rejects(give(world, 'a', { lifecycle: 'y' }), /disk full/);
    await assert.rejects(give(world, 'a', null), /disk full/);
    assert.deepEqual(await changesOf(world.database, A), ['added']);
    assert.equal(await historyRows(world), 0);
    await sql`drop trigger no_changes`.execute(world.database.query);
    await give(world, 'a', { lifecycle: 'y' });
    assert.deepEqual(await changesOf(world.database, A), ['added', 'changed']);
    await checkHistory(world.database);
  });
});
