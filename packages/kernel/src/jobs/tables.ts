/**
 * The tables of this room. One row is one job for its whole life; what happened to it is in `history`. All times are
 * milliseconds since 1970.
 */
import { sql } from 'kysely';
import type { DatabaseSession, Queries } from '../db/database.ts';
import type { RoomMigrations } from '../db/migrate.ts';
import type { JobState } from './job.ts';

export type JobRow = {
  id: string;
  queue: string;
  /** At most one row with a queue and a key waits or runs; an index sees to it. */
  key: string | null;
  state: JobState;
  /** Waiting: when it may run. Running: when the lease ends. Otherwise: since when it is in its state. */
  due_at: number;
  enqueued_at: number;
  /** When the payload that waits was first asked for; a job that is put off again and again runs in the end. */
  first_at: number;
  /** Runs of this payload that were begun and not given back. */
  attempts: number;
  max_attempts: number;
  /** The number of the latest claim; it only ever grows. */
  token: number;
  owner: string | null;
  claimed_at: number | null;
  /** What is to run after the present run: asked for under the same key while it was going on. */
  next_at: number | null;
  next_first_at: number | null;
  reason: string | null;
  /** A JSON list of the latest attempts. */
  history: string;
  payload: string;
  checkpoint: string | null;
  next_payload: string | null;
};

export type JobTables = {
  jobs_jobs: JobRow;
  jobs_schedules: {
    name: string;
    queue: string;
    payload: string;
    /** Milliseconds. */
    every: number;
    jitter: number;
    /** The tick on the even grid, and the time after it, by chance, at which it is due. */
    tick_at: number;
    due_at: number;
  };
};

/** The queries of this room, in a transaction or outside. */
export function jobTables(session: Pick<DatabaseSession, 'query'>): ReturnType<typeof withTables> {
  return withTables(session.query);
}

const withTables = (query: Queries) => query.withTables<JobTables>();

export type JobQueries = ReturnType<typeof withTables>;

/**
 * A job that waits or runs. Always in these words: only then does an engine see that the index of keys has the answer,
 * and a storm of requests does not read the whole queue each time.
 */
export const isLive = sql<boolean>`state in ('waiting', 'running')`;

export const jobsMigrations: RoomMigrations = {
  room: 'jobs',
  steps: [
    {
      name: '001-jobs',
      up: async ({ schema }) => {
        await schema
          .createTable('jobs_jobs')
          .addColumn('id', 'text', (column) => column.primaryKey())
          .addColumn('queue', 'text', (column) => column.notNull())
          .addColumn('key', 'text')
          .addColumn('state', 'text', (column) => column.notNull())
          .addColumn('due_at', 'bigint', (column) => column.notNull())
          .addColumn('enqueued_at', 'bigint', (column) => column.notNull())
          .addColumn('first_at', 'bigint', (column) => column.notNull())
          .addColumn('attempts', 'integer', (column) => column.notNull())
          .addColumn('max_attempts', 'integer', (column) => column.notNull())
          .addColumn('token', 'bigint', (column) => column.notNull())
          .addColumn('owner', 'text')
          .addColumn('claimed_at', 'bigint')
          .addColumn('next_at', 'bigint')
          .addColumn('next_first_at', 'bigint')
          .addColumn('reason', 'text')
          // Large columns last: what stands before them is read without them.
          .addColumn('history', 'text', (column) => column.notNull())
          .addColumn('payload', 'text', (column) => column.notNull())
          .addColumn('checkpoint', 'text')
          .addColumn('next_payload', 'text')
          .execute();
        await schema
          .createIndex('jobs_jobs_due')
          .on('jobs_jobs')
          .columns(['queue', 'state', 'due_at', 'id'])
          .execute();
        await schema
          .createIndex('jobs_jobs_single')
          .on('jobs_jobs')
          .columns(['queue', 'key'])
          .unique()
          .where(isLive)
          .execute();
        await schema
          .createTable('jobs_schedules')
          .addColumn('name', 'text', (column) => column.primaryKey())
          .addColumn('queue', 'text', (column) => column.notNull())
          .addColumn('every', 'bigint', (column) => column.notNull())
          .addColumn('jitter', 'bigint', (column) => column.notNull())
          .addColumn('tick_at', 'bigint', (column) => column.notNull())
          .addColumn('due_at', 'bigint', (column) => column.notNull())
          .addColumn('payload', 'text', (column) => column.notNull())
          .execute();
      },
    },
  ],
};
