/**
 * Numbered migrations. Each room brings its own list; a step is applied once, in a transaction of its own,
 * and is never edited afterwards.
 */
import { CodedError } from '../error.ts';
import type { Database, Queries } from './database.ts';

export interface RoomMigrations {
  readonly room: string;
  readonly steps: readonly MigrationStep[];
}

export interface MigrationStep {
  /** `001-what-it-does`; the number orders the steps of a room. */
  readonly name: string;
  up(query: Queries): Promise<void>;
}

type MigrationTables = {
  kernel_migrations: { room: string; name: string; applied_at: number };
};

/**
 * Applies what is missing, room by room.
 * @throws CodedError `db/newer` when the database holds a step that this version does not know.
 */
export async function migrate(
  database: Database,
  rooms: readonly RoomMigrations[],
  now: () => number,
): Promise<void> {
  await database.query.schema
    .createTable('kernel_migrations')
    .ifNotExists()
    .addColumn('room', 'text', (column) => column.notNull())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('applied_at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('kernel_migrations_key', ['room', 'name'])
    .execute();
  const applied = await database.query
    .withTables<MigrationTables>()
    .selectFrom('kernel_migrations')
    .select(['room', 'name'])
    .execute();
  for (const { room, steps } of rooms) {
    const done = new Set(applied.filter((row) => row.room === room).map((row) => row.name));
    const unknown = [...done].find((name) => !steps.some((step) => step.name === name));
    if (unknown !== undefined) {
      throw new CodedError(
        500,
        'db/newer',
        `The database holds the ${room} migration ${unknown}, which this version does not know. ` +
          'Start the version that made it, or restore the backup from before the upgrade.',
      );
    }
    for (const step of steps) {
      if (done.has(step.name)) continue;
      await database.transaction(async ({ query }) => {
        await step.up(query);
        await query
          .withTables<MigrationTables>()
          .insertInto('kernel_migrations')
          .values({ room, name: step.name, applied_at: now() })
          .execute();
      });
    }
  }
}
