/** What was made of report files, by the hash of what is in them, in our own database. */
import type { Database } from '@callboard/kernel';
import type { ReportLog } from '../receive/watch-reports.ts';
import type { FindingsTables } from './migrations.ts';

/** Needs the tables of `findingsMigrationSteps`. */
export function createSqlReportLog(database: Pick<Database, 'query'>): ReportLog {
  const tables = database.query.withTables<FindingsTables>();
  return {
    find: async (hash) => {
      const row = await tables
        .selectFrom('images_reports')
        .selectAll()
        .where('hash', '=', hash)
        .executeTakeFirst();
      return row === undefined ? null : { hash, name: row.name, at: row.at, outcome: row.outcome };
    },
    note: async (entry) => {
      await tables
        .insertInto('images_reports')
        .values({ ...entry })
        .onConflict((conflict) => conflict.column('hash').doNothing())
        .execute();
    },
  };
}
