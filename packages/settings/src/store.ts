/** The table of this room: JSON texts by user, bucket and key. */
import type { Database, RoomMigrations } from '@callboard/kernel';
import type { Expression, SqlBool } from 'kysely';

export interface SettingKey {
  readonly bucket: string;
  readonly key: string;
}

export interface SettingsStore {
  /** The JSON text of a value; null when there is none. */
  get(userEntityRef: string, at: SettingKey): Promise<string | null>;
  /** The JSON texts of several values, in the order they are asked for; null where there is none. */
  getAll(userEntityRef: string, keys: readonly SettingKey[]): Promise<readonly (string | null)[]>;
  /** False, and nothing is stored, when the key is new and the user has `limit` keys. */
  put(userEntityRef: string, at: SettingKey, value: { json: string; limit: number }): Promise<boolean>;
  /** It is no mistake when there is nothing to remove. */
  remove(userEntityRef: string, at: SettingKey): Promise<void>;
}

type SettingsTables = {
  settings_values: { user_ref: string; bucket: string; key: string; value: string };
};

export const settingsMigrations: RoomMigrations = {
  room: 'settings',
  steps: [
    {
      name: '001-values',
      up: async (query) => {
        await query.schema
          .createTable('settings_values')
          .addColumn('user_ref', 'text', (column) => column.notNull())
          .addColumn('bucket', 'text', (column) => column.notNull())
          .addColumn('key', 'text', (column) => column.notNull())
          .addColumn('value', 'text', (column) => column.notNull())
          .addPrimaryKeyConstraint('settings_values_key', ['user_ref', 'bucket', 'key'])
          .execute();
      },
    },
  ],
};

/** As many keys as go into one question; every database takes as many parameters. */
const KEYS_AT_ONCE = 100;

export function createSettingsStore(database: Pick<Database, 'query' | 'transaction'>): SettingsStore {
  const tables = database.query.withTables<SettingsTables>();

  const ask = (userEntityRef: string, keys: readonly SettingKey[]) =>
    tables
      .selectFrom('settings_values')
      .select(['bucket', 'key', 'value'])
      .where('user_ref', '=', userEntityRef)
      .where((is) => {
        const one = ({ bucket, key }: SettingKey): Expression<SqlBool> => is.and({ bucket, key });
        return is.or(keys.map(one));
      })
      .execute();

  return {
    get: async (userEntityRef, at) => {
      const [row] = await ask(userEntityRef, [at]);
      return row?.value ?? null;
    },
    getAll: async (userEntityRef, keys) => {
      const found = new Map<string, string>();
      for (let start = 0; start < keys.length; start += KEYS_AT_ONCE) {
        for (const row of await ask(userEntityRef, keys.slice(start, start + KEYS_AT_ONCE))) {
          found.set(nameOf(row), row.value);
        }
      }
      return keys.map((at) => found.get(nameOf(at)) ?? null);
    },
    put: (userEntityRef, { bucket, key }, { json, limit }) =>
      database.transaction(async ({ query }) => {
        const within = query.withTables<SettingsTables>();
        const { numUpdatedRows } = await within
          .updateTable('settings_values')
          .set({ value: json })
          .where('user_ref', '=', userEntityRef)
          .where('bucket', '=', bucket)
          .where('key', '=', key)
          .executeTakeFirst();
        if (numUpdatedRows > 0n) return true;
        const { had } = await within
          .selectFrom('settings_values')
          .select((select) => select.fn.countAll<number>().as('had'))
          .where('user_ref', '=', userEntityRef)
          .executeTakeFirstOrThrow();
        if (had >= limit) return false;
        await within
          .insertInto('settings_values')
          .values({ user_ref: userEntityRef, bucket, key, value: json })
          // Where transactions run side by side, another one may have been first.
          .onConflict((conflict) =>
            conflict.columns(['user_ref', 'bucket', 'key']).doUpdateSet({ value: json }),
          )
          .execute();
        return true;
      }),
    remove: async (userEntityRef, { bucket, key }) => {
      await tables
        .deleteFrom('settings_values')
        .where('user_ref', '=', userEntityRef)
        .where('bucket', '=', bucket)
        .where('key', '=', key)
        .execute();
    },
  };
}

const nameOf = ({ bucket, key }: SettingKey): string => JSON.stringify([bucket, key]);
