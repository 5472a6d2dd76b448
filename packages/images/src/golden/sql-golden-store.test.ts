import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { GoldenVersion } from '../identify/golden-image.ts';
import { digestOf } from '../image/digest.ts';
import { AMD64 } from '../image/registry-faults.fixture.ts';
import { ARM64, goldenDatabase, layer } from './golden.fixture.ts';
import { createSqlGoldenStore, MOST_VERSIONS, type GoldenStore } from './sql-golden-store.ts';

const DEBIAN = { name: 'debian', platform: AMD64 };

function versionOf(word: string, indexWord: string | null = null): GoldenVersion {
  return {
    digest: digestOf(word),
    indexDigest: indexWord === null ? null : digestOf(indexWord),
    diffIds: [layer(word)],
    layers: [digestOf(`gzip ${word}`)],
  };
}

async function digestsOf(store: GoldenStore, of = DEBIAN): Promise<readonly string[]> {
  return (await store.versions(of)).map(({ digest }) => digest);
}

const digests = (...words: readonly string[]): readonly string[] => words.map((word) => digestOf(word));

describe('createSqlGoldenStore', () => {
  it('keeps versions as they were given, the newest first', async () => {
    await using database = await goldenDatabase();
    const store = createSqlGoldenStore(database);
    assert.equal(await store.noteCurrent(DEBIAN, versionOf('a', 'index a'), 1), true);
    assert.equal(await store.noteCurrent(DEBIAN, versionOf('b'), 2), true);
    assert.deepEqual(await store.versions(DEBIAN), [
      { ...versionOf('b'), seenAt: 2 },
      { ...versionOf('a', 'index a'), seenAt: 1 },
    ]);
  });

  it('keeps golden images and platforms apart', async () => {
    await using database = await goldenDatabase();
    const store = createSqlGoldenStore(database);
    await store.noteCurrent(DEBIAN, versionOf('a'), 1);
    await store.noteCurrent({ ...DEBIAN, platform: ARM64 }, versionOf('b'), 1);
    await store.noteCurrent({ ...DEBIAN, name: 'alpine' }, versionOf('c'), 1);
    assert.deepEqual(await digestsOf(store), digests('a'));
    assert.deepEqual(await digestsOf(store, { ...DEBIAN, platform: ARM64 }), digests('b'));
  });

  it('says that nothing is new of the same version, and notes another index of it', async () => {
    await using database = await goldenDatabase();
    const store = createSqlGoldenStore(database);
    await store.noteCurrent(DEBIAN, versionOf('a', 'one'), 1);
    assert.equal(await store.noteCurrent(DEBIAN, versionOf('a', 'one'), 2), false);
    assert.equal(await store.noteCurrent(DEBIAN, versionOf('a', 'two'), 3), true);
    assert.deepEqual(await store.versions(DEBIAN), [{ ...versionOf('a', 'two'), seenAt: 1 }]);
  });

  it('puts a version that the tag was moved back to in front again', async () => {
    await using database = await goldenDatabase();
    const store = createSqlGoldenStore(database);
    for (const [at, word] of ['a', 'b', 'a'].entries()) await store.noteCurrent(DEBIAN, versionOf(word), at);
    assert.deepEqual(await digestsOf(store), digests('a', 'b'));
    assert.equal((await store.versions(DEBIAN))[0]?.seenAt, 2);
  });

  it('puts what old tags tell of behind what it knows', async () => {
    await using database = await goldenDatabase();
    const store = createSqlGoldenStore(database);
    await store.noteCurrent(DEBIAN, versionOf('d'), 1);
    const older = ['d', 'c', 'b', 'b', 'a'].map((word) => versionOf(word));
    await store.addOlder(DEBIAN, older);
    await store.addOlder(DEBIAN, older);
    assert.deepEqual(await digestsOf(store), digests('d', 'c', 'b', 'a'));
    assert.equal((await store.versions(DEBIAN))[1]?.seenAt, null);
    await store.noteCurrent(DEBIAN, versionOf('e'), 2);
    assert.deepEqual(await digestsOf(store), digests('e', 'd', 'c', 'b', 'a'));
  });

  it('forgets the oldest', async () => {
    await using database = await goldenDatabase();
    const store = createSqlGoldenStore(database);
    const words = Array.from({ length: MOST_VERSIONS + 5 }, (_, i) => `v${i}`);
    for (const word of words) await store.noteCurrent(DEBIAN, versionOf(word), 1);
    await store.addOlder(DEBIAN, [versionOf('older')]);
    assert.deepEqual(await digestsOf(store), digests(...words.toReversed().slice(0, MOST_VERSIONS)));
  });

  it('keeps of a reading what the next one does not say', async () => {
    await using database = await goldenDatabase();
    const store = createSqlGoldenStore(database);
    await store.noteReading('debian', { reference: 'here', readAt: 1, problem: null });
    await store.noteReading('debian', { problem: 'gone' });
    await store.noteReading('debian', { olderOf: 'here' });
    await store.noteReading('alpine', { problem: 'never was' });
    assert.deepEqual(
      await store.readings(),
      new Map([
        ['debian', { reference: 'here', readAt: 1, problem: 'gone', olderOf: 'here' }],
        ['alpine', { reference: null, readAt: null, problem: 'never was', olderOf: null }],
      ]),
    );
  });

  it('keeps what an application was', async () => {
    await using database = await goldenDatabase();
    const store = createSqlGoldenStore(database);
    const image = {
      reference: 'here',
      platform: 'linux/amd64',
      digest: digestOf('app'),
      diffIds: [layer('a')],
      readAt: 1,
    };
    const shop = { image, base: { golden: 'debian', digest: digestOf('a') }, problem: null };
    const unread = { image: null, base: null, problem: 'gone' };
    await store.noteApplication('shop', unread);
    await store.noteApplication('shop', shop);
    await store.noteApplication('other', unread);
    assert.deepEqual(
      await store.applications(),
      new Map<string, unknown>([
        ['shop', shop],
        ['other', unread],
      ]),
    );
  });
});
