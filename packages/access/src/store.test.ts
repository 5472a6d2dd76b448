import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { openMigratedDatabase } from './portal.fixture.ts';
import { createKeyStore, createUserInfoStore, type StoredKey } from './store.ts';

const key = (owner: string, kid: string, expiresAt: number): StoredKey => ({
  owner,
  publicKey: { kty: 'EC', x: 'x', y: 'y', crv: 'P-256', kid, alg: 'ES256' },
  expiresAt,
});

describe('createKeyStore', () => {
  it('gives back what was added, by owner and id', async () => {
    await using database = await openMigratedDatabase();
    const store = createKeyStore(database);
    const later = Date.UTC(2040, 0, 1);
    await store.add(key('user', 'b', later));
    await store.add(key('user', 'a', 5));
    await store.add(key('plugin:catalog', 'a', later));
    assert.deepEqual(await store.list('user'), [key('user', 'a', 5), key('user', 'b', later)]);
    assert.deepEqual(await store.find('plugin:catalog', 'a'), key('plugin:catalog', 'a', later));
    assert.equal(await store.find('plugin:catalog', 'b'), null);
    await store.removeExpired(6);
    assert.deepEqual(await store.list('user'), [key('user', 'b', later)]);
  });

  it('does not hand out a row that holds no key', async () => {
    await using database = await openMigratedDatabase();
    await database.writeRows({
      table: 'access_keys',
      columns: ['owner', 'kid', 'public_key', 'expires_at'],
      rows: [['user', 'a', '{"kty":"oct","k":"c2VjcmV0"}', 9]],
    });
    await assert.rejects(createKeyStore(database).list('user'), { code: 'access/damaged-row' });
  });
});

describe('createUserInfoStore', () => {
  it('keeps what the last sign-in said, with further claims', async () => {
    await using database = await openMigratedDatabase();
    const store = createUserInfoStore(database);
    const sub = 'user:default/anna';
    assert.equal(await store.get(sub), null);
    await store.put({ claims: { sub, ent: [sub] } }, { now: 1, provider: 'guest' });
    assert.equal(await store.providerOf(sub), 'guest');
    const claims = { sub, ent: [sub, 'group:default/team'], level: 3 };
    await store.put({ claims }, { now: 2, provider: null });
    assert.equal(await store.providerOf(sub), null);
    assert.deepEqual(await store.get(sub), { claims });
    assert.equal(await store.get('user:default/other'), null);
  });

  it('does not hand out a row that holds no claims', async () => {
    await using database = await openMigratedDatabase();
    await database.writeRows({
      table: 'access_user_info',
      columns: ['user_ref', 'info', 'updated_at'],
      rows: [['user:default/anna', '{"claims":{"sub":"user:default/anna"}}', 1]],
    });
    await assert.rejects(createUserInfoStore(database).get('user:default/anna'), {
      code: 'access/damaged-row',
    });
  });
});
