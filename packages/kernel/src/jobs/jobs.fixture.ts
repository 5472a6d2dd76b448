/** For the tests of jobs: a clock that is turned by hand, several owners on one database, and waiting for what must come. */
import { setImmediate as turn } from 'node:timers/promises';
import type { Database } from '../db/database.ts';
import { migrate } from '../db/migrate.ts';
import { createLog } from '../log/log.ts';
import { createJobs, type Jobs, type JobsDeps, type JobsOptions } from './jobs.ts';
import type { Job } from './job.ts';
import type { JobContext } from './run.ts';
import { jobsMigrations } from './tables.ts';
import type { After } from './timer.ts';

/** A process as seen from outside: its timers can stand still, as those of one that is swapped out or dead. */
export interface Process {
  readonly after: After;
  readonly freeze: () => void;
  readonly thaw: () => void;
}

export interface Clock {
  readonly now: () => number;
  readonly process: () => Process;
  /** Lets time pass, timer by timer. */
  readonly advance: (ms: number) => Promise<void>;
}

export function createClock(): Clock {
  let time = 1_800_000_000_000;
  const timers = new Set<{
    readonly at: number;
    readonly run: () => void;
    readonly isFrozen: () => boolean;
  }>();
  const nextUntil = (end: number) => {
    const ripe = [...timers].filter(({ at, isFrozen }) => at <= end && !isFrozen());
    return ripe.toSorted((left, right) => left.at - right.at)[0];
  };
  return {
    now: () => time,
    process: () => {
      let frozen = false;
      return {
        after: (ms, run) => {
          const timer = { at: time + Math.max(0, ms), run, isFrozen: () => frozen };
          timers.add(timer);
          return () => timers.delete(timer);
        },
        freeze: () => {
          frozen = true;
        },
        thaw: () => {
          frozen = false;
        },
      };
    },
    advance: async (ms) => {
      await settle();
      const end = time + ms;
      for (let timer = nextUntil(end); timer !== undefined; timer = nextUntil(end)) {
        time = Math.max(time, timer.at);
        timers.delete(timer);
        timer.run();
        await settle();
      }
      time = end;
      await settle();
    },
  };
}

/** Lets what was begun come to rest, where it does not wait for another machine. */
export async function settle(): Promise<void> {
  for (let turns = 0; turns < 3; turns++) await turn();
}

const PATIENCE = 20_000;
/** The default of `closeWait`. */
const CLOSE_WAIT = 10_000;

/** Waits until the answer is neither null nor false; the limit only ends a test that has failed. */
export async function eventually<T>(ask: () => Promise<T | null | false> | T | null | false): Promise<T> {
  const giveUpAt = performance.now() + PATIENCE;
  for (;;) {
    const answer = await ask();
    if (answer !== null && answer !== false) return answer;
    if (performance.now() > giveUpAt) throw new Error('what was waited for did not come');
    await turn();
  }
}

export interface Owner extends Process {
  readonly jobs: Jobs;
}

export interface Room {
  readonly database: Database;
  readonly clock: Clock;
  readonly log: readonly string[];
  /** One more process on the database, with `random` in the middle: 0.5. It is closed with the room. */
  readonly start: (name: string, options?: JobsOptions, deps?: Partial<JobsDeps>) => Owner;
  /** Waits until the job is in the state. */
  readonly reached: (id: string, state: Job['state']) => Promise<Job>;
}

export async function withRoom(
  open: () => Promise<Database>,
  work: (room: Room) => Promise<void>,
): Promise<void> {
  await using database = await open();
  const clock = createClock();
  await migrate(database, [jobsMigrations], clock.now);
  const lines: string[] = [];
  const log = createLog({ level: 'debug', write: (line) => lines.push(line) });
  const owners: Owner[] = [];
  const desk = createJobs({ database, log, now: clock.now, random: () => 0.5, owner: 'desk' });
  const room: Room = {
    database,
    clock,
    log: lines,
    start: (name, options = {}, deps = {}) => {
      const process = clock.process();
      const all = { database, log, now: clock.now, random: () => 0.5, owner: name, after: process.after };
      const owner = { ...process, jobs: createJobs({ ...all, ...deps }, options) };
      owners.push(owner);
      return owner;
    },
    reached: (id, state) =>
      eventually(async () => {
        const job = await desk.get(id);
        return job.state === state && job;
      }),
  };
  try {
    await work(room);
  } finally {
    for (const owner of owners) owner.thaw();
    const closed = Promise.all(owners.map(({ jobs }) => jobs.close()));
    // For those whose handlers do not stop.
    await clock.advance(CLOSE_WAIT);
    await closed;
  }
}

/** A run that a test leads by the hand. */
export interface LedRun {
  readonly job: Job;
  readonly context: JobContext;
  readonly finish: () => void;
  readonly fail: (error: unknown) => void;
}

export interface Led {
  readonly runs: readonly LedRun[];
  readonly run: (job: Job, context: JobContext) => Promise<void>;
  /** Waits for run number `index`, from 0. */
  readonly begun: (index: number) => Promise<LedRun>;
}

/** A handler whose runs end when the test says so, or with the reason of their signal. */
export function ledHandler(): Led {
  const runs: LedRun[] = [];
  return {
    runs,
    run: (job, context) => {
      const end = Promise.withResolvers<void>();
      context.signal.addEventListener('abort', () => end.reject(context.signal.reason));
      runs.push({ job, context, finish: () => end.resolve(), fail: (error) => end.reject(error) });
      return end.promise;
    },
    begun: (index) => eventually(() => runs[index] ?? null),
  };
}
