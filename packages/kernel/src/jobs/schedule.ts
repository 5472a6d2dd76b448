/**
 * Work that comes back. A schedule is a row; whoever moves it on to its next tick, and only that one, enqueues the job,
 * in the same transaction. Ticks that were missed count as one.
 */
import type { Database } from '../db/database.ts';
import { jobsError } from './codes.ts';
import { insertJob } from './enqueue.ts';
import { toJson } from './job.ts';
import { jobTables, type JobQueries } from './tables.ts';

export interface Schedule {
  /** One name, one schedule, over all processes. */
  readonly name: string;
  /** Milliseconds from tick to tick, at least 1,000. */
  readonly every: number;
  /** A tick comes up to this many milliseconds late, by chance. Default: a tenth of `every`, at most a minute. */
  readonly jitter?: number;
  readonly queue: string;
  readonly payload: unknown;
}

const SHORTEST = 1_000;
const MOST_JITTER = 60_000;

/** Stores a schedule. A new one is due at once; of a known one the next tick stays, unless it became more frequent. */
export async function putSchedule(
  tables: JobQueries,
  schedule: Schedule,
  { now, random }: { readonly now: number; readonly random: () => number },
): Promise<void> {
  const { name, every, queue, jitter = Math.min(every / 10, MOST_JITTER) } = schedule;
  if (name === '' || queue === '') {
    throw jobsError('jobs/invalid', `A schedule needs a name and a queue; got "${name}" and "${queue}".`);
  }
  if (!(every >= SHORTEST && Number.isFinite(every))) {
    throw jobsError(
      'jobs/invalid',
      `Schedule ${name} cannot tick every ${every} ms; ${SHORTEST} is the least.`,
    );
  }
  if (!(jitter >= 0 && jitter <= every)) {
    throw jobsError(
      'jobs/invalid',
      `The jitter of schedule ${name} is ${jitter} ms; it goes from 0 to ${every}.`,
    );
  }
  const row = {
    queue,
    payload: toJson(schedule.payload, 'payload'),
    every: Math.round(every),
    jitter: Math.round(jitter),
  };
  const soonest = now + row.every;
  const delay = Math.round(random() * row.jitter);
  await tables
    .insertInto('jobs_schedules')
    .values({ name, ...row, tick_at: now, due_at: now })
    .onConflict((conflict) =>
      conflict.column('name').doUpdateSet((is) => ({
        ...row,
        tick_at: is
          .case()
          .when('jobs_schedules.tick_at', '>', soonest)
          .then(soonest)
          .else(is.ref('jobs_schedules.tick_at'))
          .end(),
        due_at: is
          .case()
          .when('jobs_schedules.tick_at', '>', soonest)
          .then(soonest + delay)
          .else(is.ref('jobs_schedules.due_at'))
          .end(),
      })),
    )
    .execute();
}

export async function removeSchedule(tables: JobQueries, name: string): Promise<void> {
  await tables.deleteFrom('jobs_schedules').where('name', '=', name).execute();
}

export interface Ticked {
  /** The queues that got a job. */
  readonly queues: readonly string[];
  /** When the next of them is due; null when there is none. */
  readonly nextAt: number | null;
}

/** Enqueues the jobs of those schedules, among the named ones, that are due. */
export async function tick(
  database: Pick<Database, 'query' | 'transaction'>,
  names: readonly string[],
  { now, random }: { readonly now: number; readonly random: () => number },
): Promise<Ticked> {
  if (names.length === 0) return { queues: [], nextAt: null };
  const tables = jobTables(database);
  const ours = await tables.selectFrom('jobs_schedules').selectAll().where('name', 'in', names).execute();
  const queues: string[] = [];
  let nextAt: number | null = null;
  for (const schedule of ours) {
    let due = schedule.due_at;
    if (due <= now) {
      const tickAt =
        schedule.tick_at + schedule.every * (Math.floor((now - schedule.tick_at) / schedule.every) + 1);
      due = tickAt + Math.round(random() * schedule.jitter);
      if (await moveOn(database, schedule, { tickAt, dueAt: due, now })) queues.push(schedule.queue);
    }
    nextAt = Math.min(nextAt ?? due, due);
  }
  return { queues, nextAt };
}

type ScheduleRow = {
  readonly name: string;
  readonly queue: string;
  readonly payload: string;
  readonly tick_at: number;
  readonly due_at: number;
};

function moveOn(
  database: Pick<Database, 'transaction'>,
  { name, queue, payload, tick_at, due_at }: ScheduleRow,
  { tickAt, dueAt, now }: { readonly tickAt: number; readonly dueAt: number; readonly now: number },
): Promise<boolean> {
  return database.transaction(async (session) => {
    const tables = jobTables(session);
    const { numUpdatedRows } = await tables
      .updateTable('jobs_schedules')
      .set({ tick_at: tickAt, due_at: dueAt })
      .where('name', '=', name)
      .where('tick_at', '=', tick_at)
      .where('due_at', '=', due_at)
      .executeTakeFirst();
    if (numUpdatedRows === 0n) return false;
    // The key: a tick that comes while the job of the one before still waits or runs adds nothing.
    await insertJob(tables, { queue, key: `schedule:${name}`, payload: JSON.parse(payload) }, now);
    return true;
  });
}
