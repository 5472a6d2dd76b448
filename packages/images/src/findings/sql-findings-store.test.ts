import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { migrate, openDatabase, type Database } from '@callboard/kernel';
import { sampleFinding } from '../receive/finding.fixture.ts';
import type { Finding } from '../receive/finding.ts';
import { consumeChanges } from './consume.ts';
import { findingsStoreContract, type OpenStore } from './findings-store.contract.ts';
import { findingsMigrationSteps } from './migrations.ts';
import { createSqlCheckpoints } from './sql-checkpoints.ts';
import { createSqlFindingsStore } from './sql-findings-store.ts';

async function openFile(file: string): Promise<Database> {
  const database = openDatabase({ client: 'sqlite', file });
  await migrate(database, [{ room: 'images', steps: findingsMigrationSteps }], () => 0);
  return database;
}

async function open(): Promise<OpenStore> {
  const database = await openFile(':memory:');
  return {
    store: createSqlFindingsStore(database),
    checkpoints: createSqlCheckpoints(database),
    [Symbol.asyncDispose]: () => database[Symbol.asyncDispose](),
  };
}

findingsStoreContract('createSqlFindingsStore with SQLite', open);

/** 200 vulnerabilities in each of 50 images. */
function storm(): readonly Finding[] {
  return Array.from({ length: 10_000 }, (_, i) => {
    const digest = `sha256:${String(i % 50).padStart(64, '0')}` as const;
    const vulnerability = `CVE-2024-${1_000 + Math.floor(i / 50)}`;
    const { image } = sampleFinding({});
    return sampleFinding({
      id: `trivy/${digest}/${vulnerability}`,
      vulnerability,
      image: { ...image, digest },
    });
  });
}

describe('createSqlFindingsStore', () => {
  it('takes 10,000 findings of 50 images in one call, and hands each on once', async (test) => {
    await using opened = await open();
    const { store, checkpoints } = opened;
    const findings = storm();
    const started = performance.now();
    assert.equal((await store.put(findings, { at: 1 })).added, 10_000);
    const put = performance.now();
    const seen = new Map<string, number>();
    const consumed = await consumeChanges({
      store,
      checkpoints,
      consumer: 'planner',
      owner: 'me',
      now: () => 1,
      handle: async (records) => {
        for (const { after } of records) seen.set(after.id, (seen.get(after.id) ?? 0) + 1);
        return Promise.resolve();
      },
    });
    const done = performance.now();
    assert.deepEqual(consumed, { state: 'drained', handled: 10_000, setAside: 0, error: null });
    assert.deepEqual([seen.size, new Set(seen.values())], [10_000, new Set([1])]);
    assert.equal((await store.put(findings, { at: 2 })).stale, 10_000);
    const [image] = findings;
    assert.equal((await store.counts({ imageDigest: image?.image.digest ?? '' }))[0]?.count, 200);
    const seconds = (from: number, to: number): string => ((to - from) / 1_000).toFixed(2);
    test.diagnostic(`put ${seconds(started, put)} s, consumed ${seconds(put, done)} s`);
  });

  it('keeps a batch whole with its changes, or not at all', async () => {
    await using database = await openFile(':memory:');
    const store = createSqlFindingsStore(database);
    await store.put([sampleFinding({ id: 'a' })], { at: 1 });
    await database.query.schema.alterTable('images_finding_changes').renameTo('elsewhere').execute();
    await assert.rejects(store.put([sampleFinding({ id: 'b' })], { at: 2 }));
    await database.query.schema.alterTable('elsewhere').renameTo('images_finding_changes').execute();
    assert.equal(await store.get('b'), null);
    assert.equal((await store.put([sampleFinding({ id: 'b' })], { at: 3 })).added, 1);
    assert.deepEqual(
      (await store.changes({ after: null, limit: 9 })).map(({ seq }) => seq),
      ['1', '2'],
    );
  });

  it('keeps findings, changes and checkpoints when it is opened again', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'callboard-findings-'));
    try {
      const file = join(folder, 'portal.db');
      {
        await using database = await openFile(file);
        await createSqlFindingsStore(database).put([sampleFinding({ id: 'a' }), sampleFinding({ id: 'b' })], {
          at: 1,
        });
        const checkpoints = createSqlCheckpoints(database);
        const lease = await checkpoints.acquire({ consumer: 'c', owner: 'o', now: 0, ttl: 10 });
        assert.ok(lease !== null);
        await checkpoints.save(lease, { after: '1', now: 0 });
      }
      await using database = await openFile(file);
      const next = await createSqlCheckpoints(database).acquire({
        consumer: 'c',
        owner: 'o',
        now: 10,
        ttl: 10,
      });
      assert.equal(next?.after, '1');
      const [record] = await createSqlFindingsStore(database).changes({ after: '1', limit: 9 });
      assert.equal(record?.after.id, 'b');
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('tells a consumer that fell behind what was forgotten', async () => {
    await using database = await openFile(':memory:');
    const store = createSqlFindingsStore(database);
    for (const at of [1, 2, 3]) await store.put([sampleFinding({ id: `${at}` })], { at });
    assert.equal(await store.forgetChanges({ before: 3 }), 2);
    await assert.rejects(store.changes({ after: null, limit: 9 }), { code: 'images/changes-forgotten' });
    await assert.rejects(store.changes({ after: '1', limit: 9 }), { code: 'images/changes-forgotten' });
    assert.equal((await store.changes({ after: '2', limit: 9 })).length, 1);
    await store.forgetChanges({ before: 9 });
    assert.deepEqual(await store.changes({ after: '3', limit: 9 }), []);
    await assert.rejects(store.changes({ after: '2', limit: 9 }), { code: 'images/changes-forgotten' });
  });
});
