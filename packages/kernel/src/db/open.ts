/** Opens the database that the configuration names: the only place that chooses between engines. */
import type { Database } from './database.ts';
import { openSqlite } from './sqlite.ts';

/** One member for each engine. */
export type DatabaseSettings = { readonly client: 'sqlite'; readonly file: string };

export function openDatabase(settings: DatabaseSettings): Database {
  return openSqlite({ file: settings.file });
}
