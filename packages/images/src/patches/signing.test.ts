import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { inspect } from 'node:util';
import { CodedError, migrate, openDatabase, type Database } from '@callboard/kernel';
import { createVerifier, STATEMENT_TYPE } from '../prove/dsse.ts';
import { createSigningKey, signingMigrationSteps } from './signing.ts';

async function open(file: string, settings: { readonly shared?: boolean } = {}): Promise<Database> {
  const database = openDatabase({ client: 'sqlite', file }, settings);
  await migrate(database, [{ room: 'images', steps: signingMigrationSteps }], () => 0);
  return database;
}

function keyPair(): { readonly pem: string; readonly publicKey: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  return {
    pem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    publicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
  };
}

describe('createSigningKey', () => {
  it('takes the configured key, and keeps it nowhere', async () => {
    await using database = await open(':memory:');
    const { pem, publicKey } = keyPair();
    const signer = await createSigningKey({ database, configured: pem })();
    assert.equal(signer.publicKey, publicKey);
    const made = await createSigningKey({ database, configured: null })();
    assert.notEqual(made.keyId, signer.keyId);
  });

  it('makes a key that is the same after a restart', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'callboard-signing-'));
    try {
      const file = join(folder, 'portal.db');
      const signer = await (async () => {
        await using database = await open(file);
        return await createSigningKey({ database, configured: null })();
      })();
      await using database = await open(file);
      const key = createSigningKey({ database, configured: null });
      const next = await key();
      assert.equal(next.keyId, signer.keyId);
      assert.equal(await key(), next);
      const envelope = signer.sign(Buffer.from('said before'), STATEMENT_TYPE);
      assert.equal(String(createVerifier(next.publicKey).open(envelope, STATEMENT_TYPE)), 'said before');
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('agrees with others who make one at the same time', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'callboard-signing-'));
    try {
      const file = join(folder, 'portal.db');
      await using first = await open(file);
      await using second = await open(file, { shared: true });
      const makers = [first, second, first, second].map((database) =>
        createSigningKey({ database, configured: null }),
      );
      const signers = await Promise.all(makers.map((make) => make()));
      assert.equal(new Set(signers.map(({ keyId }) => keyId)).size, 1);
      const later = await createSigningKey({ database: first, configured: null })();
      assert.equal(later.keyId, signers[0]?.keyId);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('goes on once the database answers again', async () => {
    await using database = openDatabase({ client: 'sqlite', file: ':memory:' });
    const key = createSigningKey({ database, configured: null });
    await assert.rejects(key());
    await migrate(database, [{ room: 'images', steps: signingMigrationSteps }], () => 0);
    assert.match((await key()).publicKey, /BEGIN PUBLIC KEY/);
  });

  const { pem } = keyPair();
  const { privateKey: rsa } = generateKeyPairSync('rsa', {
    modulusLength: 1_024,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  for (const [what, bad] of [
    ['is no PEM', 'my-secret-words'],
    ['was cut off', pem.slice(0, 60)],
    ['is empty', ''],
    ['is of another kind', rsa],
  ] as const) {
    it(`refuses a configured key that ${what}, at once and without quoting it`, async () => {
      await using database = await open(':memory:');
      assert.throws(
        () => createSigningKey({ database, configured: bad }),
        (error) => {
          assert.ok(error instanceof CodedError);
          assert.deepEqual([error.code, error.status], ['images/signing-key', 500]);
          const said = inspect(error, { depth: null });
          for (const line of bad.split('\n').filter((one) => one !== '' && !one.startsWith('-----')))
            assert.ok(!said.includes(line));
          return true;
        },
      );
    });
  }

  it('says that the kept key is broken, and makes no other', async () => {
    await using database = await open(':memory:');
    await createSigningKey({ database, configured: null })();
    await database.query
      .withTables<{ images_keys: { name: string; private_key: string } }>()
      .updateTable('images_keys')
      .set({ private_key: 'broken-by-hand' })
      .execute();
    await assert.rejects(createSigningKey({ database, configured: null })(), (error) => {
      assert.ok(error instanceof CodedError);
      assert.equal(error.code, 'images/signing-key');
      return !inspect(error, { depth: null }).includes('broken-by-hand');
    });
  });
});
