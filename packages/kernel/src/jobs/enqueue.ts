/**
 * Asking for work: one row, or none when a job with the same key waits or runs already. The first statement writes, so
 * that a transaction that starts with it waits for its turn instead of failing beside another writer.
 */
import { randomUUID } from 'node:crypto';
import { jobsError } from './codes.ts';
import { toJson } from './job.ts';
import { isLive, type JobQueries } from './tables.ts';

/** Times are milliseconds since 1970. */
export interface JobRequest {
  readonly queue: string;
  /** Anything that JSON.stringify writes, up to 1,000,000 characters of JSON. */
  readonly payload: unknown;
  /** While a job of the queue with this key waits or runs, no second one is made. Default: none, always a new job. */
  readonly key?: string;
  /**
   * What a job that has the key already gets from this request. `join`: nothing, it counts for both. `replace`: the
   * payload; one that waits starts anew with it (attempts and checkpoint are cleared), one that runs is followed by
   * another run with it, so that what was asked for during a run is never lost. Default: `join`.
   */
  readonly onDuplicate?: 'join' | 'replace';
  /** Not before this time. Default: at once. */
  readonly runAt?: number;
  /**
   * With `replace`: a job that waits is put off to `runAt`, but by no more than this many milliseconds after it was
   * first asked for. A job that waits after a failure keeps its pause. Default: its time stays as it is.
   */
  readonly maxWait?: number;
  /** After so many failed runs the job is dead. Default: 8. */
  readonly maxAttempts?: number;
}

export interface Enqueued {
  readonly id: string;
  /** False when the job was there already. */
  readonly isNew: boolean;
}

const MAX_ATTEMPTS = 8;
/** A job with the key can end between two statements of ours; so often is it tried anew. */
const TRIES = 20;

export async function insertJob(tables: JobQueries, request: JobRequest, now: number): Promise<Enqueued> {
  const asked = parseRequest(request, now);
  for (let tried = 0; tried < TRIES; tried++) {
    const inserted = await tables
      .insertInto('jobs_jobs')
      .values({
        id: newId(now),
        queue: asked.queue,
        key: asked.key,
        state: 'waiting',
        due_at: asked.runAt,
        enqueued_at: now,
        first_at: now,
        attempts: 0,
        max_attempts: asked.maxAttempts,
        token: 0,
        history: '[]',
        payload: asked.payload,
      })
      .onConflict((conflict) => conflict.doNothing())
      .returning('id')
      .executeTakeFirst();
    if (inserted !== undefined) return { id: inserted.id, isNew: true };
    const { key } = asked;
    if (key === null) continue;
    const id = await findDuplicate(tables, { ...asked, key }, now);
    if (id !== null) return { id, isNew: false };
  }
  throw new Error(
    `No job could be made for ${asked.queue} ${asked.key ?? ''}: others end as fast as they are found`,
  );
}

type Asked = {
  readonly queue: string;
  readonly key: string | null;
  readonly payload: string;
  readonly runAt: number;
  readonly maxAttempts: number;
  readonly replace: boolean;
  readonly maxWait: number | null;
};

function parseRequest(request: JobRequest, now: number): Asked {
  const { queue, key = null, runAt = now, maxAttempts = MAX_ATTEMPTS, maxWait = null } = request;
  const wrong = (what: string): never => {
    throw jobsError('jobs/invalid', `A job for queue "${queue}" was asked for with ${what}.`);
  };
  if (queue === '') wrong('an empty name of a queue');
  if (key === '') wrong('an empty key');
  if (!Number.isFinite(runAt)) wrong(`runAt ${runAt}, which is no time`);
  if (!Number.isInteger(maxAttempts) || maxAttempts < 1) wrong(`maxAttempts ${maxAttempts}; 1 is the least`);
  if (maxWait !== null && !(maxWait >= 0 && Number.isFinite(maxWait))) wrong(`maxWait ${maxWait}`);
  return {
    queue,
    key,
    payload: toJson(request.payload, 'payload'),
    runAt: Math.ceil(runAt),
    maxAttempts,
    replace: request.onDuplicate === 'replace',
    maxWait: maxWait === null ? null : Math.floor(maxWait),
  };
}

/** The id of the job that has the key; null when it has ended in the meantime. */
async function findDuplicate(
  tables: JobQueries,
  asked: Asked & { readonly key: string },
  now: number,
): Promise<string | null> {
  if (asked.replace)
    return (await replaceWaiting(tables, asked)) ?? (await followRunning(tables, asked, now));
  const found = await tables
    .selectFrom('jobs_jobs')
    .select('id')
    .where('queue', '=', asked.queue)
    .where('key', '=', asked.key)
    .where(isLive)
    .executeTakeFirst();
  return found?.id ?? null;
}

async function replaceWaiting(
  tables: JobQueries,
  { queue, key, payload, runAt, maxWait }: Asked & { readonly key: string },
): Promise<string | null> {
  const row = await tables
    .updateTable('jobs_jobs')
    .set((is) => ({
      payload,
      checkpoint: null,
      attempts: 0,
      ...(maxWait !== null && {
        due_at: is
          .case()
          .when('attempts', '>', 0)
          .then(is.ref('due_at'))
          .when(is('first_at', '+', maxWait), '<', runAt)
          .then(is('first_at', '+', maxWait))
          .else(runAt)
          .end(),
      }),
    }))
    .where('queue', '=', queue)
    .where('key', '=', key)
    .where(isLive)
    .where('state', '=', 'waiting')
    .returning('id')
    .executeTakeFirst();
  return row?.id ?? null;
}

async function followRunning(
  tables: JobQueries,
  { queue, key, payload, runAt, maxWait }: Asked & { readonly key: string },
  now: number,
): Promise<string | null> {
  const row = await tables
    .updateTable('jobs_jobs')
    .set((is) => ({
      next_payload: payload,
      next_first_at: is.fn.coalesce('next_first_at', is.val(now)),
      next_at:
        maxWait === null
          ? is.fn.coalesce('next_at', is.val(runAt))
          : is
              .case()
              .when(is('next_first_at', '+', maxWait), '<', runAt)
              .then(is('next_first_at', '+', maxWait))
              .else(runAt)
              .end(),
    }))
    .where('queue', '=', queue)
    .where('key', '=', key)
    .where(isLive)
    .where('state', '=', 'running')
    .returning('id')
    .executeTakeFirst();
  return row?.id ?? null;
}

/** In the order of time, so that a list by id is a list by age; never the same twice. */
function newId(now: number): string {
  return `${Math.max(0, Math.trunc(now)).toString(36).padStart(9, '0')}-${randomUUID().replaceAll('-', '').slice(0, 16)}`;
}
