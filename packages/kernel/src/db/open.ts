/** Opens the database that the configuration names: the only place that chooses between engines. */
import type { Database } from './database.ts';
import { openSqlite } from './sqlite.ts';

/** One member for each engine. */
export type DatabaseSettings = { readonly client: 'sqlite'; readonly file: string };

export interface OpenOptions {
  /** True for whoever only reads beside the process that owns the data. Default: false. */
  readonly shared?: boolean;
}

export function openDatabase(settings: DatabaseSettings, { shared = false }: OpenOptions = {}): Database {
  return openSqlite({ file: settings.file, shared });
}
