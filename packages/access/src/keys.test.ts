import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createKeys } from './keys.ts';
import { createClock, openMigratedDatabase } from './portal.fixture.ts';
import { createKeyStore, type KeyStore, type StoredKey } from './store.ts';

/** A store in memory that can be told to fail. */
function createMemoryStore(): KeyStore & { failing: boolean; readonly keys: StoredKey[] } {
  const keys: StoredKey[] = [];
  return {
    failing: false,
    keys,
    async add(key) {
      if (this.failing) throw new Error('the disk is full');
      keys.push(key);
    },
    find: async (owner, kid) => keys.find((key) => key.owner === owner && key.publicKey.kid === kid) ?? null,
    list: async (owner) => keys.filter((key) => key.owner === owner),
    removeExpired: async (now) => {
      keys.splice(0, keys.length, ...keys.filter((key) => key.expiresAt >= now));
    },
  };
}

describe('createKeys', () => {
  it('makes one key for signatures that are asked for together', async () => {
    const store = createMemoryStore();
    const keys = createKeys({ store, now: () => 0 });
    const made = await Promise.all([1, 2, 3].map(() => keys.signingKey('user', 60)));
    assert.equal(new Set(made.map(({ kid }) => kid)).size, 1);
    assert.equal(store.keys.length, 1);
  });

  it('signs with no key that was not stored, and tries again', async () => {
    const store = createMemoryStore();
    const keys = createKeys({ store, now: () => 0 });
    store.failing = true;
    await assert.rejects(keys.signingKey('user', 60), /the disk is full/);
    store.failing = false;
    const { kid } = await keys.signingKey('user', 60);
    assert.deepEqual(
      store.keys.map((key) => key.publicKey.kid),
      [kid],
    );
  });

  it('keeps the private half out of the store', async () => {
    const store = createMemoryStore();
    await createKeys({ store, now: () => 0 }).signingKey('user', 60);
    assert.deepEqual(Object.keys(store.keys[0]?.publicKey ?? {}).toSorted(), [
      'alg',
      'crv',
      'kid',
      'kty',
      'x',
      'y',
    ]);
  });

  it('forgets a key three lifetimes after it was made, in memory and in the database', async () => {
    const clock = createClock();
    await using database = await openMigratedDatabase();
    const store = createKeyStore(database);
    const keys = createKeys({ store, now: clock.now });
    const other = createKeys({ store, now: clock.now });
    const { kid } = await keys.signingKey('user', 60);
    clock.pass(179);
    for (const reader of [keys, other]) assert.ok((await reader.verificationKey('user', kid)) !== null);
    clock.pass(1);
    for (const reader of [keys, other]) {
      assert.equal(await reader.verificationKey('user', kid), null);
      assert.deepEqual(await reader.publicKeys('user'), []);
    }
    clock.pass(1);
    await keys.signingKey('plugin:catalog', 60);
    assert.deepEqual(await store.list('user'), []);
  });

  it('finds the keys of other replicas, by owner', async () => {
    const store = createMemoryStore();
    const { kid } = await createKeys({ store, now: () => 0 }).signingKey('plugin:catalog', 60);
    const replica = createKeys({ store, now: () => 0 });
    assert.ok((await replica.verificationKey('plugin:catalog', kid)) !== null);
    assert.equal(await replica.verificationKey('plugin:search', kid), null);
    assert.equal(await replica.verificationKey('user', kid), null);
  });
});
