import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { databaseContract } from './database.contract.ts';
import { openSqlite } from './sqlite.ts';

databaseContract('SQLite in memory', async () => openSqlite({ file: ':memory:' }));

describe('openSqlite', () => {
  const withFolder = async (work: (folder: string) => Promise<void>): Promise<void> => {
    const folder = await mkdtemp(join(tmpdir(), 'callboard-db-'));
    try {
      await work(folder);
    } finally {
      await rm(folder, { recursive: true });
    }
  };

  it('makes the file and its folders, and finds the data again', () =>
    withFolder(async (folder) => {
      const file = join(folder, 'deep/er/portal.sqlite');
      {
        await using database = openSqlite({ file });
        await database.query.schema.createTable('kept').addColumn('id', 'integer').execute();
      }
      await using again = openSqlite({ file });
      assert.deepEqual(
        (await again.query.introspection.getTables()).map((table) => table.name),
        ['kept'],
      );
    }));

  it('says what to do about a file that is not a database', () =>
    withFolder(async (folder) => {
      const file = join(folder, 'portal.sqlite');
      await writeFile(
        file,
        'this is a shopping list, much longer than the header of a database file would be\n'.repeat(40),
      );
      assert.throws(() => openSqlite({ file }), { code: 'db/unreadable', message: /move it away/ });
    }));

  it('has one owner, beside whom others may read', () =>
    withFolder(async (folder) => {
      const file = join(folder, 'portal.sqlite');
      {
        await using owner = openSqlite({ file });
        await owner.query.schema.createTable('kept').addColumn('id', 'integer').execute();
        assert.throws(() => openSqlite({ file }), { code: 'db/in-use' });
        await using reader = openSqlite({ file, shared: true });
        assert.equal((await reader.query.introspection.getTables()).length, 1);
      }
      await using next = openSqlite({ file });
      assert.match(next.description, /portal\.sqlite/);
    }));

  it('says what to do about a half-written file', () =>
    withFolder(async (folder) => {
      const file = join(folder, 'portal.sqlite');
      {
        await using database = openSqlite({ file });
        for (let i = 0; i < 30; i++) {
          await database.query.schema.createTable(`table_${i}`).addColumn('id', 'integer').execute();
        }
      }
      await truncate(file, 5_000);
      assert.ok((await readFile(file)).length === 5_000);
      assert.throws(() => openSqlite({ file }), { code: 'db/unreadable' });
    }));
});
