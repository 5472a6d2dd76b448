/** The table of personal tokens: their hashes, whose they are, and when they were used last. */
import type { Database } from '@callboard/kernel';

/** A personal token without its text; times are milliseconds since 1970. */
export interface StoredPersonalToken {
  readonly id: string;
  readonly userEntityRef: string;
  readonly name: string;
  /** SHA-256 of the text, in base64url. */
  readonly hash: string;
  /** What its user signed in with; null when that is not known. */
  readonly provider: string | null;
  readonly createdAt: number;
  readonly expiresAt: number | null;
  readonly lastUsedAt: number | null;
}

export interface PersonalTokenStore {
  /** False, and nothing is added, when the user has `limit` tokens. */
  add(token: StoredPersonalToken, limit: number): Promise<boolean>;
  /** Of all users. */
  list(): Promise<readonly StoredPersonalToken[]>;
  remove(id: string): Promise<void>;
  /** `now`: milliseconds since 1970. */
  noteUse(id: string, now: number): Promise<void>;
}

type PersonalTables = {
  access_personal_tokens: {
    id: string;
    user_ref: string;
    name: string;
    hash: string;
    provider: string | null;
    created_at: number;
    expires_at: number | null;
    last_used_at: number | null;
  };
};

export function createPersonalTokenStore(
  database: Pick<Database, 'query' | 'transaction'>,
): PersonalTokenStore {
  const tables = database.query.withTables<PersonalTables>();
  return {
    add: (token, limit) =>
      database.transaction(async ({ query }) => {
        const within = query.withTables<PersonalTables>();
        const { had } = await within
          .selectFrom('access_personal_tokens')
          .select((select) => select.fn.countAll<number>().as('had'))
          .where('user_ref', '=', token.userEntityRef)
          .executeTakeFirstOrThrow();
        if (had >= limit) return false;
        await within.insertInto('access_personal_tokens').values(fromPersonalToken(token)).execute();
        return true;
      }),
    list: async () => {
      const rows = await tables.selectFrom('access_personal_tokens').selectAll().execute();
      return rows.map(toPersonalToken);
    },
    remove: async (id) => {
      await tables.deleteFrom('access_personal_tokens').where('id', '=', id).execute();
    },
    noteUse: async (id, now) => {
      await tables
        .updateTable('access_personal_tokens')
        .set({ last_used_at: now })
        .where('id', '=', id)
        .execute();
    },
  };
}

type PersonalTokenRow = PersonalTables['access_personal_tokens'];

function fromPersonalToken(token: StoredPersonalToken): PersonalTokenRow {
  const { id, userEntityRef, name, hash, provider, createdAt, expiresAt, lastUsedAt } = token;
  return {
    id,
    user_ref: userEntityRef,
    name,
    hash,
    provider,
    created_at: createdAt,
    expires_at: expiresAt,
    last_used_at: lastUsedAt,
  };
}

function toPersonalToken(row: PersonalTokenRow): StoredPersonalToken {
  const { id, name, hash, provider } = row;
  return {
    id,
    userEntityRef: row.user_ref,
    name,
    hash,
    provider,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    lastUsedAt: row.last_used_at,
  };
}
