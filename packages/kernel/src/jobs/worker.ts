/**
 * One queue in one process: claims what is due while it has a free hand, runs it, and sleeps until it is woken, something
 * comes due, or it is time to look for what other processes left.
 */
import { messageOf } from '../error.ts';
import { startChore } from './chore.ts';
import { claimDue, endRun, type Claim } from './claim.ts';
import { givenBack, startRun, type JobHandler, type Run, type RunDeps, type RunResult } from './run.ts';
import { jobTables } from './tables.ts';

export interface WorkerDeps extends RunDeps {
  readonly owner: string;
  /** Told of each run that ended; `ms` is how long it took. */
  readonly onEnded: (ended: {
    readonly queue: string;
    readonly result: RunResult;
    readonly ms: number;
  }) => void;
}

export interface WorkerOptions {
  readonly queue: string;
  readonly handler: JobHandler;
  /** Milliseconds. */
  readonly pollInterval: number;
}

export interface Worker {
  /** There may be something to do. */
  wake(): void;
  /** Tells the run of a job, when it is one of this worker, that it was cancelled. */
  cancelled(id: string): void;
  /** Claims no more and tells all runs to stop; resolves when they have. */
  stop(): Promise<void>;
  /** Gives back the jobs whose runs have not stopped. */
  abandon(): Promise<void>;
}

const LEASE = 30_000;
/** However much there is to do, others may take what was seen: so long until it is looked at again. */
const SHORTEST_SLEEP = 10;

export function startWorker(deps: WorkerDeps, { queue, handler, pollInterval }: WorkerOptions): Worker {
  const { concurrency = 1, lease = LEASE } = handler;
  const tables = jobTables(deps.database);
  const runs = new Set<Run>();
  let isOpen = true;

  const claiming = startChore({ after: deps.after, isOpen: () => isOpen }, async () => {
    const limit = concurrency - runs.size;
    // A run that ends wakes us.
    if (limit <= 0) return pollInterval;
    try {
      const options = { queue, owner: deps.owner, now: deps.now(), lease, limit };
      const { nextAt, buried } = await claimDue(tables, options, begin);
      if (buried > 0) deps.log.error('jobs are dead: each run lost its lease', { queue, count: buried });
      return sleepUntil(nextAt);
    } catch (error) {
      // Whatever broke is looked at again: the queue must outlive a database that is away for a while.
      deps.log.warn('jobs could not be claimed', { queue, error: messageOf(error) });
      return pollInterval;
    }
  });

  const sleepUntil = (at: number | null): number =>
    at === null ? pollInterval : Math.min(Math.max(at - deps.now(), SHORTEST_SLEEP), pollInterval);

  const begin = async (claim: Claim): Promise<void> => {
    if (!isOpen) {
      await endRun(tables, claim, { ending: givenBack(deps.now()), now: deps.now() });
      return;
    }
    const run = startRun(deps, claim, { handler, lease });
    runs.add(run);
    void followUp(run, claim);
  };
  const followUp = async (run: Run, claim: Claim): Promise<void> => {
    const result = await run.ended;
    runs.delete(run);
    deps.onEnded({ queue, result, ms: deps.now() - claim.startedAt });
    claiming.wake();
  };

  claiming.wake();
  return {
    wake: () => claiming.wake(),
    cancelled: (id) => {
      for (const run of runs) if (run.id === id) run.stop('jobs/cancelled');
    },
    stop: async () => {
      isOpen = false;
      for (const run of runs) run.stop('jobs/closing');
      await claiming.end();
      await Promise.all([...runs].map((run) => run.ended));
    },
    abandon: async () => {
      await Promise.all([...runs].map((run) => run.abandon()));
    },
  };
}
