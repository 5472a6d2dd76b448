/**
 * The key that statements are signed with: the configured one, or one that is made once and kept in the database, so
 * that a seal of yesterday is still good today and all processes sign with the same. Who can write the database could
 * sign anyway; where that is not to be, a key is configured.
 */
import { generateKeyPair } from 'node:crypto';
import { promisify } from 'node:util';
import { CodedError, messageOf, type Database, type MigrationStep } from '@callboard/kernel';
import { createSigner, type Signer } from '../prove/dsse.ts';

type SigningTables = {
  /** Private keys as PEM (PKCS #8), by what they are for. */
  images_keys: { name: string; private_key: string };
};

const NAME = 'statements';

export const signingMigrationSteps: readonly MigrationStep[] = [
  {
    name: '007-signing-keys',
    up: async ({ schema }) => {
      await schema
        .createTable('images_keys')
        .addColumn('name', 'text', (column) => column.primaryKey())
        .addColumn('private_key', 'text', (column) => column.notNull())
        .execute();
    },
  },
];

export interface SigningKeyOptions {
  /** Needs the tables of `signingMigrationSteps` when no key is configured. */
  readonly database: Pick<Database, 'query'>;
  /** A private key of ECDSA P-256 or Ed25519 as PEM; null: one of P-256 is made when it is first asked for. */
  readonly configured: string | null;
}

/**
 * Gives the same signer each time; a failure of the database is tried anew by the next call.
 * @throws CodedError `images/signing-key`: at once for a configured key, by the promise for a kept one. It quotes neither.
 */
export function createSigningKey({ database, configured }: SigningKeyOptions): () => Promise<Signer> {
  if (configured !== null) {
    const signer = readSigner(configured, 'The configured signing key cannot be used');
    return () => Promise.resolve(signer);
  }
  let reading: Promise<Signer> | null = null;
  return async () => {
    reading ??= readOrMake(database);
    try {
      return await reading;
    } catch (error) {
      reading = null;
      throw error;
    }
  };
}

async function readOrMake(database: Pick<Database, 'query'>): Promise<Signer> {
  const kept = (await readKept(database)) ?? (await makeKey(database));
  return readSigner(kept, `The signing key ${NAME} in the table images_keys cannot be used`);
}

async function readKept({ query }: Pick<Database, 'query'>): Promise<string | null> {
  const row = await query
    .withTables<SigningTables>()
    .selectFrom('images_keys')
    .select('private_key')
    .where('name', '=', NAME)
    .executeTakeFirst();
  return row?.private_key ?? null;
}

/** Of several that make one at once the first counts, so what is kept is read again. */
async function makeKey(database: Pick<Database, 'query'>): Promise<string> {
  const { privateKey } = await promisify(generateKeyPair)('ec', {
    namedCurve: 'P-256',
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  await database.query
    .withTables<SigningTables>()
    .insertInto('images_keys')
    .values({ name: NAME, private_key: privateKey })
    .onConflict((conflict) => conflict.column('name').doNothing())
    .execute();
  return (await readKept(database)) ?? privateKey;
}

/** What `createSigner` says of a bad key has no part of it. */
function readSigner(pem: string, what: string): Signer {
  try {
    return createSigner(pem);
  } catch (cause) {
    const message = `${what}: ${messageOf(cause)}`;
    throw new CodedError(500, 'images/signing-key', message, { cause });
  }
}
