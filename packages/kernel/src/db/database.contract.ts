/** The contract every database driver keeps; a driver's test is this suite plus its oddities. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Database } from './database.ts';
import { migrate, type RoomMigrations } from './migrate.ts';

type Tables = {
  contract_things: { id: string; label: string | null; size: number };
};

const things: RoomMigrations = {
  room: 'contract',
  steps: [
    {
      name: '001-things',
      up: async (query) => {
        await query.schema
          .createTable('contract_things')
          .addColumn('id', 'text', (column) => column.primaryKey())
          .addColumn('label', 'text')
          .addColumn('size', 'bigint', (column) => column.notNull())
          .execute();
      },
    },
  ],
};

export function databaseContract(name: string, open: () => Promise<Database>): void {
  const withThings = async (work: (database: Database) => Promise<void>): Promise<void> => {
    await using database = await open();
    await migrate(database, [things], () => 0);
    await work(database);
  };
  const all = (database: Database): Promise<Tables['contract_things'][]> =>
    database.query.withTables<Tables>().selectFrom('contract_things').selectAll().orderBy('id').execute();

  describe(`${name} keeps the database contract`, () => {
    it('applies a migration once', () =>
      withThings(async (database) => {
        await migrate(database, [things], () => 0);
        assert.deepEqual(await all(database), []);
      }));

    it('refuses a database that a newer version has migrated', () =>
      withThings(async (database) => {
        await assert.rejects(
          migrate(database, [{ room: 'contract', steps: [] }], () => 0),
          { code: 'db/newer' },
        );
      }));

    it('rolls a failed migration step back, whole', () =>
      withThings(async (database) => {
        const broken: RoomMigrations = {
          room: 'broken',
          steps: [
            {
              name: '001-half',
              up: async (query) => {
                await query.schema.createTable('contract_half').addColumn('id', 'text').execute();
                throw new Error('half-way');
              },
            },
          ],
        };
        await assert.rejects(
          migrate(database, [broken], () => 0),
          /half-way/,
        );
        const tables = await database.query.introspection.getTables();
        assert.equal(
          tables.some((table) => table.name === 'contract_half'),
          false,
        );
      }));

    it('writes many rows and reads back what was written', () =>
      withThings(async (database) => {
        const rows = Array.from({ length: 1_200 }, (_, i) => [
          `id-${String(i).padStart(5, '0')}`,
          i % 2 ? null : 'ü',
          i,
        ]);
        await database.writeRows({ table: 'contract_things', columns: ['id', 'label', 'size'], rows });
        const found = await all(database);
        assert.equal(found.length, 1_200);
        assert.deepEqual({ ...found[2] }, { id: 'id-00002', label: 'ü', size: 2 });
      }));

    it('updates only the named columns on conflict, or keeps the old row', () =>
      withThings(async (database) => {
        const write = { table: 'contract_things', columns: ['id', 'label', 'size'] };
        await database.writeRows({ ...write, rows: [['a', 'old', 1]] });
        await database.writeRows({
          ...write,
          rows: [['a', 'new', 2]],
          onConflict: { key: ['id'], update: ['size'] },
        });
        assert.deepEqual(
          (await all(database)).map((row) => ({ ...row })),
          [{ id: 'a', label: 'old', size: 2 }],
        );
        await database.writeRows({
          ...write,
          rows: [['a', 'newer', 3]],
          onConflict: { key: ['id'], update: [] },
        });
        assert.equal((await all(database))[0]?.size, 2);
        await assert.rejects(database.writeRows({ ...write, rows: [['a', 'again', 4]] }));
      }));

    it('rolls back everything of a transaction that throws', () =>
      withThings(async (database) => {
        await assert.rejects(
          database.transaction(async (session) => {
            await session.writeRows({ table: 'contract_things', columns: ['id', 'size'], rows: [['a', 1]] });
            throw new Error('no');
          }),
          /no/,
        );
        assert.deepEqual(await all(database), []);
      }));

    it('keeps concurrent transactions apart', () =>
      withThings(async (database) => {
        await database.writeRows({ table: 'contract_things', columns: ['id', 'size'], rows: [['n', 0]] });
        const increment = (): Promise<void> =>
          database.transaction(async ({ query }) => {
            const tables = query.withTables<Tables>();
            const row = await tables
              .selectFrom('contract_things')
              .select('size')
              .where('id', '=', 'n')
              .executeTakeFirstOrThrow();
            await new Promise((resolve) => setImmediate(resolve));
            await tables
              .updateTable('contract_things')
              .set({ size: row.size + 1 })
              .where('id', '=', 'n')
              .execute();
          });
        await Promise.all(Array.from({ length: 20 }, increment));
        assert.equal((await all(database))[0]?.size, 20);
      }));
  });
}
