/**
 * The database boundary. Rooms see Kysely queries, transactions and bulk writes; which engine answers them
 * is known to one driver file alone. SQL that goes through here must be portable (SQLite and PostgreSQL).
 */
import type { Kysely } from 'kysely';

/** A Kysely instance that knows no tables; rooms add theirs with `query.withTables<RoomTables>()`. */
export type Queries = Kysely<Record<never, never>>;

export type SqlValue = string | number | bigint | Uint8Array | null;

/** Many rows for one table, written with one statement shape. */
export interface RowsWrite {
  readonly table: string;
  readonly columns: readonly string[];
  /** Values in the order of `columns`. */
  readonly rows: readonly (readonly SqlValue[])[];
  /**
   * What to do when a row with the same key exists: overwrite the columns named in `update`, or keep the
   * old row when `update` is empty. Without it a duplicate key is an error.
   */
  readonly onConflict?: { readonly key: readonly string[]; readonly update: readonly string[] };
}

/** What can be done with a database, inside a transaction or outside. */
export interface DatabaseSession {
  readonly query: Queries;
  /** Writes all rows or none. Much faster than one insert a row. */
  writeRows(write: RowsWrite): Promise<void>;
}

export interface Database extends DatabaseSession, AsyncDisposable {
  /** Runs `work` in one transaction; it is rolled back when `work` throws. Transactions do not nest. */
  transaction<T>(work: (session: DatabaseSession) => Promise<T>): Promise<T>;
  /** For people: the engine and where the data is, without credentials. */
  readonly description: string;
}

/** The portable `INSERT … ON CONFLICT` text of a bulk write, with one placeholder group a row. */
export function insertStatement(write: RowsWrite, placeholders: string): string {
  const quote = (name: string): string => `"${name.replaceAll('"', '""')}"`;
  const insert = `insert into ${quote(write.table)} (${write.columns.map(quote).join(', ')}) values ${placeholders}`;
  if (write.onConflict === undefined) return insert;
  const { key, update } = write.onConflict;
  const target = `${insert} on conflict (${key.map(quote).join(', ')}) do`;
  if (update.length === 0) return `${target} nothing`;
  return `${target} update set ${update.map((name) => `${quote(name)} = excluded.${quote(name)}`).join(', ')}`;
}
