/**
 * Durable jobs: work that is stored before it is promised, done under a lease, and goes on in another process when this
 * one dies. At least once by themselves; exactly once for effects that are in the same database (`complete`).
 */
import type { Database, DatabaseSession } from '../db/database.ts';
import { messageOf } from '../error.ts';
import type { Log } from '../log/log.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import { startChore, type Chore } from './chore.ts';
import { jobsError } from './codes.ts';
import { cancelJob, countJobs, listJobs, readJob, replayJob } from './desk.ts';
import type { JobCount, JobFilter, JobPage } from './desk.ts';
import { insertJob, type Enqueued, type JobRequest } from './enqueue.ts';
import { createJobFigures } from './figures.ts';
import type { Job } from './job.ts';
import type { JobHandler } from './run.ts';
import { putSchedule, removeSchedule, tick, type Schedule } from './schedule.ts';
import { sweepQueue, type KeepOptions } from './sweep.ts';
import { jobTables } from './tables.ts';
import { afterReally, type After } from './timer.ts';
import { startWorker, type Worker } from './worker.ts';

export interface JobsDeps {
  /** Migrated with `jobsMigrations`. */
  readonly database: Database;
  readonly log: Log;
  readonly metrics?: Metrics;
  /** Milliseconds since 1970. The clocks of all processes on a database should agree to a small part of a lease. */
  readonly now: () => number;
  /** From 0 to 1, for jitter. */
  readonly random: () => number;
  /** Names this process in the rows, for people: `host:pid` does well. */
  readonly owner: string;
  /** Takes secrets out of the reasons that are stored. Default: nothing is taken out. */
  readonly redact?: (text: string) => string;
  /** Default: setTimeout. */
  readonly after?: After;
}

export interface JobsOptions {
  /**
   * Milliseconds between looks at a queue for what other processes asked for or left. What this process asks for runs at
   * once, and what waits for its time here runs on time. Default: 1,000.
   */
  readonly pollInterval?: number;
  readonly keep?: KeepOptions;
  /** Milliseconds between sweeps. Default: 600,000; also after each 500 runs of a queue. */
  readonly sweepInterval?: number;
  /** Milliseconds that `close` waits for handlers to stop. Default: 10,000. */
  readonly closeWait?: number;
}

export interface Jobs extends AsyncDisposable {
  /**
   * Makes a job, or joins one that has the key. With a session of a transaction it is part of it: what accepts a request
   * and what it sets going are one commit. Inside a transaction always hand its session over, since the database may have
   * one connection only. A job made in a session is seen here as soon as the one connection is free; an engine with
   * several finds it at the next poll.
   * @throws CodedError `jobs/invalid`, `jobs/too-large`
   */
  enqueue(request: JobRequest, session?: DatabaseSession): Promise<Enqueued>;
  /**
   * Starts to work on a queue.
   * @throws CodedError `jobs/handled-twice`, `jobs/invalid`, `jobs/closing`
   */
  handle(queue: string, handler: JobHandler): void;
  /**
   * Stores a schedule, and ticks it from now on as long as this process lives. A tick enqueues a job with the key
   * `schedule:<name>`, once over all processes; it adds nothing while the job of the tick before waits or runs. A new
   * schedule ticks at once, a known one goes on.
   * @throws CodedError `jobs/invalid`, `jobs/closing`
   */
  schedule(schedule: Schedule): Promise<void>;
  /** Removes a schedule for all processes. It is no mistake when there is none. */
  unschedule(name: string): Promise<void>;
  list(filter?: JobFilter): Promise<JobPage>;
  /** @throws CodedError `jobs/not-found` */
  get(id: string): Promise<Job>;
  /**
   * Makes a dead, parked or cancelled job wait again, with all its attempts before it, its checkpoint and history kept.
   * @throws CodedError `jobs/not-found`, `jobs/wrong-state`, `jobs/key-in-use`
   */
  replay(id: string): Promise<Job>;
  /**
   * Ends a job that is not done. One that runs here is told at once, elsewhere at its next heartbeat; what it writes with
   * its token is refused from now on. To cancel a cancelled job is no mistake.
   * @throws CodedError `jobs/not-found`, `jobs/wrong-state` when it is done
   */
  cancel(id: string, reason?: string): Promise<Job>;
  /** How many jobs are in which state, by queue. */
  counts(): Promise<readonly JobCount[]>;
  /** Claims no more, tells the handlers to stop, waits for them, and gives their jobs back so that others go on at once. */
  close(): Promise<void>;
}

const POLL_INTERVAL = 1_000;
const SWEEP_INTERVAL = 600_000;
const SWEEP_AFTER_RUNS = 500;
/** Another process may have made a schedule more frequent. */
const TICK_LOOK = 60_000;
const CLOSE_WAIT = 10_000;

export function createJobs(deps: JobsDeps, options: JobsOptions = {}): Jobs {
  const { database, log, now, random, owner, after = afterReally, redact = (text: string) => text } = deps;
  const {
    pollInterval = POLL_INTERVAL,
    sweepInterval = SWEEP_INTERVAL,
    closeWait = CLOSE_WAIT,
    keep = {},
  } = options;
  const tables = jobTables(database);
  const workers = new Map<string, Worker>();
  const names = new Set<string>();
  const figures = createJobFigures(deps.metrics, { counts: () => countJobs(tables), log });
  let closing: Promise<void> | null = null;

  const refuseWhenClosed = (): void => {
    if (closing !== null)
      throw jobsError('jobs/closing', 'These jobs are closed: nothing can be started any more.');
  };
  const repeated = (what: string, chore: () => Promise<number>): Chore =>
    startChore({ after, isOpen: () => closing === null }, async () => {
      try {
        return await chore();
      } catch (error) {
        log.warn(`${what} failed; it is tried again`, { error: messageOf(error) });
        return pollInterval;
      }
    });

  const ticking = repeated('ticking schedules', async () => {
    const { queues, nextAt } = await tick(database, [...names], { now: now(), random });
    for (const queue of queues) workers.get(queue)?.wake();
    return nextAt === null ? Infinity : Math.min(Math.max(nextAt - now(), 0), TICK_LOOK);
  });
  const runsSinceSweep = new Map<string, number>();
  const sweeping = repeated('sweeping jobs', async () => {
    for (const queue of workers.keys()) {
      runsSinceSweep.delete(queue);
      const swept = await sweepQueue(tables, queue, { keep, now: now() });
      if (swept > 0) log.debug('finished jobs were swept', { queue, count: swept });
    }
    return sweepInterval;
  });

  const handle = (queue: string, handler: JobHandler): void => {
    refuseWhenClosed();
    checkHandler(queue, handler);
    if (workers.has(queue))
      throw jobsError('jobs/handled-twice', `Queue ${queue} has a handler in this process.`);
    const onEnded = (ended: Parameters<typeof figures.ended>[0]): void => {
      figures.ended(ended);
      const runs = (runsSinceSweep.get(queue) ?? 0) + 1;
      runsSinceSweep.set(queue, runs);
      if (runs === SWEEP_AFTER_RUNS) sweeping.wake();
    };
    const worker = startWorker(
      { database, log, now, random, owner, after, redact, onEnded },
      { queue, handler, pollInterval },
    );
    workers.set(queue, worker);
    sweeping.wake();
  };

  const close = async (): Promise<void> => {
    const all = [...workers.values()];
    const stopped = Promise.all(all.map((worker) => worker.stop())).then(() => 'stopped' as const);
    const late = Promise.withResolvers<'late'>();
    const stopTimer = after(closeWait, () => late.resolve('late'));
    const how = await Promise.race([stopped, late.promise]);
    stopTimer();
    if (how === 'late') {
      log.warn('handlers did not stop in time; their jobs are given back', { waitedMs: closeWait });
      await Promise.all(all.map((worker) => worker.abandon()));
    }
    await Promise.all([ticking.end(), sweeping.end()]);
  };
  const closeOnce = (): Promise<void> => {
    closing ??= close();
    return closing;
  };

  return {
    enqueue: async (request, session) => {
      const enqueued = await insertJob(jobTables(session ?? database), request, now());
      workers.get(request.queue)?.wake();
      return enqueued;
    },
    handle,
    schedule: async (schedule) => {
      refuseWhenClosed();
      await putSchedule(tables, schedule, { now: now(), random });
      names.add(schedule.name);
      ticking.wake();
    },
    unschedule: async (name) => {
      names.delete(name);
      await removeSchedule(tables, name);
    },
    list: (filter = {}) => listJobs(tables, filter),
    get: (id) => readJob(tables, id),
    replay: async (id) => {
      const job = await replayJob(tables, id, now());
      workers.get(job.queue)?.wake();
      return job;
    },
    cancel: async (id, reason = 'It was cancelled.') => {
      const job = await cancelJob(tables, id, { reason: redact(reason), now: now() });
      workers.get(job.queue)?.cancelled(id);
      return job;
    },
    counts: () => countJobs(tables),
    close: closeOnce,
    [Symbol.asyncDispose]: closeOnce,
  };
}

function checkHandler(queue: string, { concurrency = 1, lease, timeLimit, backoff = {} }: JobHandler): void {
  const wrong = (what: string): never => {
    throw jobsError('jobs/invalid', `The handler of queue "${queue}" has ${what}.`);
  };
  if (queue === '') wrong('no queue');
  if (!Number.isInteger(concurrency) || concurrency < 1) wrong(`concurrency ${concurrency}; 1 is the least`);
  for (const [name, ms] of Object.entries({
    lease,
    timeLimit,
    'backoff.first': backoff.first,
    'backoff.max': backoff.max,
  })) {
    if (ms !== undefined && !(ms > 0 && Number.isFinite(ms)))
      wrong(`${name} ${ms}; it takes milliseconds above 0`);
  }
}
