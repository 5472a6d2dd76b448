import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { migrate, openDatabase, type Database } from '@callboard/kernel';
import {
  conflictsOf,
  forgetConflicts,
  goodReadTimes,
  readErrorsOf,
  writeConflicts,
  writeReads,
} from './reads.ts';
import { logChange } from './changes.ts';
import {
  addReferences,
  childrenFrom,
  heldAmong,
  providerSources,
  sourceExists,
  sourcesOf,
  unheldRefs,
} from './references.ts';
import { allStoredEntities, type EntityRow, failedEntityRows, writeEntities } from './store.ts';
import { catalogMigrations, inParts, tables } from './tables.ts';

async function open(): Promise<Database> {
  const database = openDatabase({ client: 'sqlite', file: ':memory:' });
  await migrate(database, [catalogMigrations], () => 0);
  return database;
}

function row(ref: string, fields: Partial<EntityRow> = {}): EntityRow {
  return {
    uid: `uid-${ref}`,
    ref,
    location_key: null,
    input: null,
    input_hash: 'hash',
    entity: '{"metadata":{}}',
    emitted: '[]',
    errors: null,
    first_seen_at: 1,
    processed_at: 1,
    changed_at: 1,
    ...fields,
  };
}

const names = (count: number): string[] =>
  Array.from({ length: count }, (_, i) => `component:default/${String(i).padStart(5, '0')}`);

describe('the store', () => {
  it('gives every entity once, with its sources, however many there are', async () => {
    await using database = await open();
    const refs = names(1_234);
    await writeEntities(
      database,
      refs.map((ref) => row(ref)),
    );
    await addReferences(database, 'provider:a', refs);
    await addReferences(database, 'provider:b', refs.slice(100, 700));
    const seen = new Map<string, readonly string[]>();
    for await (const page of allStoredEntities(database)) {
      for (const { ref, sources } of page) {
        assert.ok(!seen.has(ref));
        seen.set(ref, sources);
      }
    }
    assert.equal(seen.size, refs.length);
    assert.deepEqual(seen.get(refs[99] ?? ''), ['provider:a']);
    assert.deepEqual(seen.get(refs[100] ?? ''), ['provider:a', 'provider:b']);
    assert.deepEqual(await providerSources(database), ['provider:a', 'provider:b']);
  });

  it('keeps the uid and the first sight of a row that is written again', async () => {
    await using database = await open();
    await writeEntities(database, [row('a', { first_seen_at: 1 })]);
    await writeEntities(database, [row('a', { uid: 'other', first_seen_at: 9, input_hash: 'new' })]);
    const [found] = await tables(database).selectFrom('catalog_entities').selectAll().execute();
    assert.deepEqual([found?.uid, found?.first_seen_at, found?.input_hash], ['uid-a', 1, 'new']);
  });

  it('asks about more references than one statement takes', async () => {
    await using database = await open();
    const refs = names(1_100);
    await writeEntities(
      database,
      refs.map((ref) => row(ref, { location_key: 'file:/a' })),
    );
    await addReferences(database, 'entity:location:default/l', refs);
    assert.equal((await sourcesOf(database, refs)).size, 1_100);
    assert.equal((await heldAmong(database, 'entity:location:default/l', [...refs, 'none'])).length, 1_100);
    const of = { source: 'entity:location:default/l', locationKey: 'file:/a' };
    assert.equal((await childrenFrom(database, of)).length, 1_100);
    assert.deepEqual(await childrenFrom(database, { ...of, locationKey: 'file:/b' }), []);
    assert.deepEqual(await childrenFrom(database, { ...of, source: 'provider:x' }), []);
    assert.deepEqual(
      [...inParts(refs)].map((part) => part.length),
      [500, 500, 100],
    );
  });

  it('finds what nothing holds, and whether a source is still there', async () => {
    await using database = await open();
    await writeEntities(database, [row('a'), row('b')]);
    await addReferences(database, 'provider:p', ['a']);
    assert.deepEqual(await unheldRefs(database), ['b']);
    assert.equal(await sourceExists(database, 'entity:a'), true);
    assert.equal(await sourceExists(database, 'entity:c'), false);
    assert.equal(await sourceExists(database, 'provider:any'), true);
  });

  it('numbers changes without gaps and forgets the oldest ones', async () => {
    await using database = await open();
    await database.transaction(async (session) => {
      for (let i = 1; i <= 10_100; i += 1) assert.equal(await logChange(session, { refs: ['a'], now: 1 }), i);
    });
    const rows = await tables(database).selectFrom('catalog_changes').select('seq').orderBy('seq').execute();
    assert.deepEqual([rows.length, rows[0]?.seq, rows.at(-1)?.seq], [10_000, 101, 10_100]);
  });

  it('forgets claims by location key, by reference, or all of a source', async () => {
    await using database = await open();
    const claims = ['a', 'b', 'c'].map((ref, i) => ({ ref, location_key: `k${i}`, source: 's', seen_at: 1 }));
    const left = async (): Promise<string[]> =>
      (await conflictsOf(database, ['a', 'b', 'c'])).map(({ ref }) => ref);
    await writeConflicts(database, claims);
    await forgetConflicts(database, 'other');
    await forgetConflicts(database, 's', { locationKeys: ['k0'] });
    assert.deepEqual(await left(), ['b', 'c']);
    await forgetConflicts(database, 's', { refs: ['b'] });
    assert.deepEqual(await left(), ['c']);
    await forgetConflicts(database, 's', { refs: [] });
    assert.deepEqual(await left(), ['c']);
    await forgetConflicts(database, 's');
    assert.deepEqual(await left(), []);
  });

  it('shows at most a hundred errors of a reading, and no warnings, on its Location', async () => {
    await using database = await open();
    const L = 'location:default/l';
    const problem = (severity: string, n: number) => ({ severity, code: 'x/y', summary: `no ${n}` });
    await writeEntities(database, [row(L, { errors: '[{"name":"InputError","message":"own"}]' }), row('a')]);
    const read = { source: `entity:${L}`, fingerprint: null, read_at: 1, changed_at: 1 };
    const errors = JSON.stringify(
      Array.from({ length: 80 }, (_, i) => problem(i % 2 === 0 ? 'error' : 'warning', i)),
    );
    await writeReads(
      database,
      ['/a', '/b', '/c'].map((target) => ({ ...read, target, errors })),
    );
    const shown: unknown[] = JSON.parse((await readErrorsOf(database, [L, 'a'])).get(L) ?? '[]');
    assert.equal(shown.length, 100);
    assert.deepEqual(shown[1], { ...problem('error', 2), name: 'InputError', message: 'no 2' });
    const [failed] = await failedEntityRows(database);
    assert.equal(failed?.ref, L);
    assert.equal(JSON.parse(failed?.errors ?? '[]').length, 101);
    assert.deepEqual([...(await goodReadTimes(database, [`entity:${L}`]))], []);
  });
});
