/**
 * The SQLite driver, over node:sqlite in WAL mode. One connection: Kysely's SQLite dialect queues
 * transactions and queries one after the other, so a writer is never interleaved with another.
 */
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { Kysely, SqliteDialect, type SqliteDatabase, type SqliteStatement } from 'kysely';
import { CodedError, messageOf } from '../error.ts';
import { insertStatement, type Database, type DatabaseSession, type Queries } from './database.ts';

export interface SqliteOptions {
  /** Path of the database file, or `:memory:`. Folders are made when absent. */
  readonly file: string;
  /** True for whoever only reads beside the owner. Default: false, the only process that writes. */
  readonly shared?: boolean;
}

/** How many prepared statements are kept; the rooms use far fewer. */
const STATEMENT_CACHE = 500;

/**
 * Opens (or makes) the database file.
 * @throws CodedError `db/unreadable` when the file is not a database or is damaged, `db/in-use` when another process
 * owns it.
 */
export function openSqlite(options: SqliteOptions): Database {
  const connection = open(options.file);
  const release = options.shared === true || options.file === ':memory:' ? () => {} : own(options.file);
  const statements = new Map<string, SqliteStatement>();
  const prepare = (sql: string): SqliteStatement => {
    const known = statements.get(sql);
    if (known !== undefined) return known;
    const made = toKyselyStatement(connection.prepare(sql));
    if (statements.size >= STATEMENT_CACHE) statements.clear();
    statements.set(sql, made);
    return made;
  };
  const close = (): void => {
    connection.close();
    release();
  };
  const dialect: SqliteDatabase = { prepare, close };
  const query: Queries = new Kysely<Record<never, never>>({
    dialect: new SqliteDialect({ database: dialect }),
  });

  const transaction = <T>(work: (session: DatabaseSession) => Promise<T>): Promise<T> =>
    query.transaction().execute((tx) =>
      work({
        query: tx,
        // The transaction holds the only connection, so rows may be written to it directly.
        writeRows: async (write) => {
          const sql = insertStatement(write, `(${write.columns.map(() => '?').join(', ')})`);
          const statement = prepare(sql);
          for (const row of write.rows) statement.run(row);
        },
      }),
    );

  return {
    query,
    transaction,
    writeRows: (write) => transaction((session) => session.writeRows(write)),
    description: `SQLite (${options.file})`,
    [Symbol.asyncDispose]: () => query.destroy(),
  };
}

function open(file: string): DatabaseSync {
  const inMemory = file === ':memory:';
  try {
    if (!inMemory) mkdirSync(dirname(file), { recursive: true });
    const connection = new DatabaseSync(file, { timeout: 5_000 });
    connection.exec(
      'pragma journal_mode = wal; pragma synchronous = normal; pragma foreign_keys = on; pragma wal_autocheckpoint = 8000;',
    );
    // Touches the header and the schema: a half-written or foreign file is found here, not in the middle of work.
    connection.prepare('select count(*) from sqlite_schema').get();
    return connection;
  } catch (error) {
    throw new CodedError(
      500,
      'db/unreadable',
      `The database file ${file} cannot be opened: ${messageOf(error)}. ` +
        'Check that it is a file that the portal may write. If it is damaged, restore it from a backup, or move it ' +
        'away: a new one is made at the next start and the catalog is read again from its sources, all but the ' +
        'locations that were registered through the API.',
      { cause: error },
    );
  }
}

/**
 * Owns a database file until the returned function is called, or the process ends, however it ends. Writers keep
 * an index in memory that does not see what another process writes, so there is only one.
 */
function own(file: string): () => void {
  const lock = new DatabaseSync(`${file}.lock`, { timeout: 2_000 });
  try {
    lock.exec('begin exclusive');
  } catch (error) {
    lock.close();
    throw new CodedError(
      503,
      'db/in-use',
      `The database file ${file} is in use by another process. Stop that one first; \`catalog export\` works beside it.`,
      { cause: error },
    );
  }
  return () => lock.close();
}

function toKyselyStatement(statement: StatementSync): SqliteStatement {
  const reader = statement.columns().length > 0;
  return {
    reader,
    all: (parameters) => statement.all(...parameters.map(toInput)),
    run: (parameters) => statement.run(...parameters.map(toInput)),
    iterate: (parameters) => statement.iterate(...parameters.map(toInput)),
  };
}

function toInput(value: unknown): SQLInputValue {
  if (value === undefined || value === null) return null;
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint') return value;
  if (value instanceof Uint8Array) return value;
  throw new CodedError(500, 'db/parameter', `A ${typeof value} cannot be a query parameter.`);
}
