/** For people: the jobs there are, and what can be done to one. */
import { jobsError } from './codes.ts';
import { JOB_STATES, toJob, type Job, type JobState } from './job.ts';
import { isLive, type JobQueries } from './tables.ts';

export interface JobFilter {
  /** Default: all queues. */
  readonly queue?: string;
  /** Default: all states. */
  readonly states?: readonly JobState[];
  /** From 1 to 500. Default: 50. */
  readonly limit?: number;
  /** `next` of the page before. */
  readonly cursor?: string;
}

export interface JobPage {
  /** The newest first. */
  readonly jobs: readonly Job[];
  /** Null on the last page. */
  readonly next: string | null;
}

export interface JobCount {
  readonly queue: string;
  readonly state: JobState;
  readonly count: number;
  /** The earliest `dueAt` among them: of waiting ones it says how far behind the queue is. */
  readonly oldestDueAt: number;
}

const PAGE = 50;
const LARGEST_PAGE = 500;

export async function listJobs(tables: JobQueries, filter: JobFilter): Promise<JobPage> {
  const { queue, states = JOB_STATES, limit = PAGE, cursor } = filter;
  if (!Number.isInteger(limit) || limit < 1 || limit > LARGEST_PAGE) {
    throw jobsError('jobs/invalid', `A page of ${limit} jobs cannot be; from 1 to ${LARGEST_PAGE} can.`);
  }
  if (states.length === 0) return { jobs: [], next: null };
  let query = tables.selectFrom('jobs_jobs').selectAll().where('state', 'in', states);
  if (queue !== undefined) query = query.where('queue', '=', queue);
  if (cursor !== undefined) query = query.where('id', '<', cursor);
  const rows = await query
    .orderBy('id', 'desc')
    .limit(limit + 1)
    .execute();
  const jobs = rows.slice(0, limit).map(toJob);
  return { jobs, next: rows.length > limit ? (jobs.at(-1)?.id ?? null) : null };
}

/** @throws CodedError `jobs/not-found` */
export async function readJob(tables: JobQueries, id: string): Promise<Job> {
  const row = await tables.selectFrom('jobs_jobs').selectAll().where('id', '=', id).executeTakeFirst();
  if (row === undefined) throw jobsError('jobs/not-found', `There is no job ${id}; it may have been swept.`);
  return toJob(row);
}

const REPLAYABLE: readonly JobState[] = ['dead', 'parked', 'cancelled'];

/**
 * Makes a dead, parked or cancelled job wait again, with all its attempts before it and its checkpoint kept.
 * @throws CodedError `jobs/not-found`, `jobs/wrong-state`, `jobs/key-in-use`
 */
export async function replayJob(tables: JobQueries, id: string, now: number): Promise<Job> {
  const row = await tables
    .updateTable('jobs_jobs')
    .set({ state: 'waiting', attempts: 0, due_at: now, first_at: now, reason: null })
    .where('id', '=', id)
    .where('state', 'in', REPLAYABLE)
    .where((is) =>
      is.not(
        is.exists(
          is
            .selectFrom('jobs_jobs as other')
            .select('other.id')
            .whereRef('other.queue', '=', 'jobs_jobs.queue')
            .whereRef('other.key', '=', 'jobs_jobs.key')
            .where(isLive),
        ),
      ),
    )
    .returningAll()
    .executeTakeFirst();
  if (row !== undefined) return toJob(row);
  const { state, key } = await readJob(tables, id);
  if (REPLAYABLE.includes(state)) {
    throw jobsError(
      'jobs/key-in-use',
      `Job ${id} cannot wait again: another one with the key ${key} waits or runs.`,
    );
  }
  throw jobsError(
    'jobs/wrong-state',
    `Job ${id} is ${state}; dead, parked and cancelled ones can be replayed.`,
  );
}

/**
 * Ends a job that has not ended by itself; what runs is told to stop, and may no longer write. A parked or dead one is
 * dismissed that way. To cancel a cancelled one is no mistake.
 * @throws CodedError `jobs/not-found`, `jobs/wrong-state` when it is done
 */
export async function cancelJob(
  tables: JobQueries,
  id: string,
  { reason, now }: { readonly reason: string; readonly now: number },
): Promise<Job> {
  const row = await tables
    .updateTable('jobs_jobs')
    .set({ state: 'cancelled', due_at: now, reason, next_payload: null, next_at: null, next_first_at: null })
    .where('id', '=', id)
    .where('state', 'in', ['waiting', 'running', 'parked', 'dead'])
    .returningAll()
    .executeTakeFirst();
  if (row !== undefined) return toJob(row);
  const job = await readJob(tables, id);
  if (job.state === 'cancelled') return job;
  throw jobsError('jobs/wrong-state', `Job ${id} is ${job.state} and cannot be cancelled.`);
}

export async function countJobs(tables: JobQueries): Promise<readonly JobCount[]> {
  return tables
    .selectFrom('jobs_jobs')
    .select((select) => [
      'queue',
      'state',
      select.fn.countAll<number>().as('count'),
      select.fn.min('due_at').as('oldestDueAt'),
    ])
    .groupBy(['queue', 'state'])
    .orderBy('queue')
    .orderBy('state')
    .execute();
}
