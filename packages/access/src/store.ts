/**
 * The tables of this room, and two of them: public halves of signing keys, and what each user's last sign-in said
 * of them. `personal-token-store.ts` has the third.
 */
import type { Database, RoomMigrations } from '@callboard/kernel';
import { accessError } from './errors.ts';
import { isObject } from '@callboard/model';

/** The public half of a signing key, as it is served in a key set. */
export interface PublicJwk {
  readonly kty: 'EC';
  readonly x: string;
  readonly y: string;
  readonly crv: 'P-256';
  readonly kid: string;
  readonly alg: 'ES256';
}

export interface StoredKey {
  /** Who signs with it: `user`, or `plugin:<id>`. */
  readonly owner: string;
  readonly publicKey: PublicJwk;
  /** Milliseconds since 1970, after which no token signed with it is good. */
  readonly expiresAt: number;
}

export interface KeyStore {
  add(key: StoredKey): Promise<void>;
  find(owner: string, kid: string): Promise<StoredKey | null>;
  list(owner: string): Promise<readonly StoredKey[]>;
  /** Forgets keys, of all owners, that expired before `now` (milliseconds since 1970). */
  removeExpired(now: number): Promise<void>;
}

/** What is known of a user who signed in; the body of `/api/auth/v1/userinfo`. */
export interface UserInfo {
  readonly claims: {
    readonly sub: string;
    readonly ent: readonly string[];
    readonly [claim: string]: unknown;
  };
}

export interface UserInfoStore {
  /** Replaces what the last sign-in said. */
  put(info: UserInfo, signedIn: SignedIn): Promise<void>;
  /** Null when the user never signed in. */
  get(userEntityRef: string): Promise<UserInfo | null>;
  /** The provider of the last sign-in; null when there was none, or it is not known. */
  providerOf(userEntityRef: string): Promise<string | null>;
}

/** When somebody signed in, and with what. */
export interface SignedIn {
  /** Milliseconds since 1970. */
  readonly now: number;
  /** The id of a provider; null: identified elsewhere. */
  readonly provider: string | null;
}

type AccessTables = {
  access_keys: { owner: string; kid: string; public_key: string; expires_at: number };
  access_user_info: { user_ref: string; info: string; updated_at: number; provider: string | null };
};

export const accessMigrations: RoomMigrations = {
  room: 'access',
  steps: [
    {
      name: '001-keys',
      up: async (query) => {
        await query.schema
          .createTable('access_keys')
          .addColumn('owner', 'text', (column) => column.notNull())
          .addColumn('kid', 'text', (column) => column.notNull())
          .addColumn('public_key', 'text', (column) => column.notNull())
          .addColumn('expires_at', 'bigint', (column) => column.notNull())
          .addPrimaryKeyConstraint('access_keys_key', ['owner', 'kid'])
          .execute();
      },
    },
    {
      name: '002-user-info',
      up: async (query) => {
        await query.schema
          .createTable('access_user_info')
          .addColumn('user_ref', 'text', (column) => column.primaryKey())
          .addColumn('info', 'text', (column) => column.notNull())
          .addColumn('updated_at', 'bigint', (column) => column.notNull())
          .execute();
      },
    },
    {
      name: '003-personal-tokens',
      up: async (query) => {
        await query.schema.alterTable('access_user_info').addColumn('provider', 'text').execute();
        await query.schema
          .createTable('access_personal_tokens')
          .addColumn('id', 'text', (column) => column.primaryKey())
          .addColumn('user_ref', 'text', (column) => column.notNull())
          .addColumn('name', 'text', (column) => column.notNull())
          .addColumn('hash', 'text', (column) => column.notNull().unique())
          .addColumn('provider', 'text')
          .addColumn('created_at', 'bigint', (column) => column.notNull())
          .addColumn('expires_at', 'bigint')
          .addColumn('last_used_at', 'bigint')
          .execute();
      },
    },
  ],
};

/** Keys in the database, so that all replicas and the next start can verify what this process signs. */
export function createKeyStore(database: Pick<Database, 'query'>): KeyStore {
  const tables = database.query.withTables<AccessTables>();
  return {
    add: async ({ owner, publicKey, expiresAt }) => {
      await tables
        .insertInto('access_keys')
        .values({
          owner,
          kid: publicKey.kid,
          public_key: JSON.stringify(publicKey),
          expires_at: expiresAt,
        })
        .execute();
    },
    find: async (owner, kid) => {
      const row = await tables
        .selectFrom('access_keys')
        .selectAll()
        .where('owner', '=', owner)
        .where('kid', '=', kid)
        .executeTakeFirst();
      return row === undefined ? null : toStoredKey(row);
    },
    list: async (owner) => {
      const rows = await tables
        .selectFrom('access_keys')
        .selectAll()
        .where('owner', '=', owner)
        .orderBy('expires_at')
        .execute();
      return rows.map(toStoredKey);
    },
    removeExpired: async (now) => {
      await tables.deleteFrom('access_keys').where('expires_at', '<', now).execute();
    },
  };
}

export function createUserInfoStore(database: Pick<Database, 'query'>): UserInfoStore {
  const tables = database.query.withTables<AccessTables>();
  return {
    put: async (info, { now, provider }) => {
      const row = { info: JSON.stringify(info), updated_at: now, provider };
      await tables
        .insertInto('access_user_info')
        .values({ user_ref: info.claims.sub, ...row })
        .onConflict((conflict) => conflict.column('user_ref').doUpdateSet(row))
        .execute();
    },
    get: async (userEntityRef) => {
      const row = await tables
        .selectFrom('access_user_info')
        .select('info')
        .where('user_ref', '=', userEntityRef)
        .executeTakeFirst();
      return row === undefined ? null : parseUserInfo(row.info);
    },
    providerOf: async (userEntityRef) => {
      const row = await tables
        .selectFrom('access_user_info')
        .select('provider')
        .where('user_ref', '=', userEntityRef)
        .executeTakeFirst();
      return row?.provider ?? null;
    },
  };
}

function toStoredKey(row: AccessTables['access_keys']): StoredKey {
  return {
    owner: row.owner,
    publicKey: parsePublicJwk(JSON.parse(row.public_key)),
    expiresAt: row.expires_at,
  };
}

/** @throws CodedError `access/damaged-row` when it is not a public P-256 key with an id. */
export function parsePublicJwk(value: unknown): PublicJwk {
  if (isObject(value)) {
    const { x, y, kid } = value;
    const strings = typeof x === 'string' && typeof y === 'string' && typeof kid === 'string';
    if (strings && value['kty'] === 'EC' && value['crv'] === 'P-256') {
      return { kty: 'EC', x, y, crv: 'P-256', kid, alg: 'ES256' };
    }
  }
  throw accessError(
    'access/damaged-row',
    'A row of access_keys does not hold a P-256 key. Delete the row; users it concerns sign in again.',
  );
}

function parseUserInfo(text: string): UserInfo {
  const value: unknown = JSON.parse(text);
  const claims = isObject(value) ? value['claims'] : undefined;
  if (isObject(claims)) {
    const { sub, ent } = claims;
    if (typeof sub === 'string' && Array.isArray(ent) && ent.every((ref) => typeof ref === 'string')) {
      return { claims: { ...claims, sub, ent } };
    }
  }
  throw accessError(
    'access/damaged-row',
    'A row of access_user_info does not hold claims. Delete the row; it is made again at the next sign-in.',
  );
}
