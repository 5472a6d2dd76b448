import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { migrate, openDatabase, type Database } from '@callboard/kernel';
import {
  forgetRemoved,
  historyEntries,
  historyVersions,
  keepReplaced,
  REMOVED_KEPT,
  VERSIONS_KEPT,
} from './history.ts';
import { deleteEntities, type EntityRow, writeEntities } from './store.ts';
import { catalogMigrations, tables } from './tables.ts';

async function open(): Promise<Database> {
  const database = openDatabase({ client: 'sqlite', file: ':memory:' });
  await migrate(database, [catalogMigrations], () => 0);
  return database;
}

function row(ref: string, changedAt = 1): EntityRow {
  return {
    uid: `uid-${ref}`,
    ref,
    location_key: 'file:/a',
    input: null,
    input_hash: 'hash',
    entity: `{"metadata":{"name":"${ref}"}}`,
    emitted: '[]',
    errors: null,
    first_seen_at: 1,
    processed_at: 1,
    changed_at: changedAt,
  };
}

const names = (count: number): string[] =>
  Array.from({ length: count }, (_, i) => `component:default/${String(i).padStart(5, '0')}`);

async function countOf(database: Database): Promise<number> {
  const rows = await tables(database).selectFrom('catalog_history').select('id').execute();
  return rows.length;
}

describe('keepReplaced', () => {
  it('numbers versions in the order they ended, and links each to the one before it', async () => {
    await using database = await open();
    await keepReplaced(database, [row('a', 1), row('b', 2)], 5);
    await keepReplaced(database, [row('b', 5), row('a', 5)], 7);
    const [newest, oldest, ...others] = await historyEntries(database, 'a');
    assert.deepEqual(others, []);
    assert.deepEqual({ ...newest }, { id: 4, previous_id: 1, began_at: 5, ended_at: 7, removed: 0 });
    assert.deepEqual({ ...oldest }, { id: 1, previous_id: 0, began_at: 1, ended_at: 5, removed: 0 });
    const versions = await historyVersions(database, [1, 3, 99]);
    assert.deepEqual(
      [...versions].map(([id, { ref, location_key }]) => [id, ref, location_key]),
      [
        [1, 'a', 'file:/a'],
        [3, 'b', 'file:/a'],
      ],
    );
  });

  it('asks and writes nothing when nothing is replaced', async () => {
    await using database = await open();
    await keepReplaced(database, [], 5);
    const values = await tables(database).selectFrom('catalog_values').selectAll().execute();
    assert.deepEqual([values, await countOf(database)], [[], 0]);
  });

  it('drops the oldest version of those that have too many, and of no others', async () => {
    await using database = await open();
    const refs = names(600);
    for (let i = 0; i < VERSIONS_KEPT + 2; i += 1) await keepReplaced(database, [row('busy', i)], i + 1);
    await keepReplaced(
      database,
      refs.map((ref) => row(ref)),
      200,
    );
    await keepReplaced(database, [row('busy', 150), ...refs.map((ref) => row(ref, 200))], 300);
    assert.equal(await countOf(database), VERSIONS_KEPT + 1_200);
    const kept = await historyEntries(database, 'busy');
    assert.deepEqual([kept.length, kept.at(-1)?.began_at, kept[0]?.ended_at], [VERSIONS_KEPT, 3, 300]);
  });
});

describe('catalogMigrations', () => {
  it('give a database of an earlier version a history, which begins with what is there', async () => {
    await using database = openDatabase({ client: 'sqlite', file: ':memory:' });
    const { room, steps } = catalogMigrations;
    const earlier = steps.filter(({ name }) => name < '004');
    await migrate(database, [{ room, steps: earlier }], () => 0);
    await writeEntities(database, [row('a', 3)]);
    await migrate(database, [catalogMigrations], () => 0);
    await deleteEntities(database, ['a'], 9);
    const [entry] = await historyEntries(database, 'a');
    assert.deepEqual({ ...entry }, { id: 1, previous_id: 0, began_at: 3, ended_at: 9, removed: 1 });
  });
});

describe('deleteEntities', () => {
  it('keeps what thousands of entities were when they go at once', async () => {
    await using database = await open();
    const refs = names(10_000);
    await database.transaction(async (session) => {
      await writeEntities(
        session,
        refs.map((ref) => row(ref)),
      );
    });
    await database.transaction((session) => deleteEntities(session, [...refs, 'never-there'], 9));
    assert.equal(await countOf(database), 10_000);
    assert.equal((await tables(database).selectFrom('catalog_entities').select('ref').execute()).length, 0);
    for (const ref of [refs[0], refs[9_999]]) {
      const [entry] = await historyEntries(database, ref ?? '');
      assert.deepEqual([entry?.removed, entry?.began_at, entry?.ended_at], [1, 1, 9]);
    }
    assert.deepEqual(await historyEntries(database, 'never-there'), []);
  });
});

describe('forgetRemoved', () => {
  const NOW = 10 * REMOVED_KEPT;

  it('drops the whole history of what went long ago, and of nothing that is there or went later', async () => {
    await using database = await open();
    const remove = async (ref: string, at: number): Promise<void> => {
      await writeEntities(database, [row(ref)]);
      await keepReplaced(database, [row(ref)], at);
      await deleteEntities(database, [ref], at);
    };
    await remove('long-gone', NOW - REMOVED_KEPT - 1);
    await remove('just-gone', NOW - REMOVED_KEPT);
    await remove('came-again', 5);
    await writeEntities(database, [row('came-again')]);
    await remove('gone-twice', 5);
    await remove('gone-twice', NOW - 1);
    assert.deepEqual(await forgetRemoved(database, NOW), ['long-gone']);
    assert.deepEqual(await forgetRemoved(database, NOW), []);
    const left = await tables(database).selectFrom('catalog_history').select('ref').distinct().execute();
    assert.deepEqual(left.map(({ ref }) => ref).toSorted(), ['came-again', 'gone-twice', 'just-gone']);
  });

  it('happens by itself when enough was written', async () => {
    await using database = await open();
    await writeEntities(database, [row('long-gone')]);
    await deleteEntities(database, ['long-gone'], 1);
    for (let i = 0; i < 100; i += 1) await keepReplaced(database, [row('a')], NOW);
    assert.deepEqual(await historyEntries(database, 'long-gone'), []);
  });
});
