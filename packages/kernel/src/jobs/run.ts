/**
 * One run of one job: the handler is called under a lease that heartbeats extend, and what comes out of it is stored. When
 * the lease is lost the handler is told to stop, and nothing that it does afterwards is stored.
 */
import type { DatabaseSession } from '../db/database.ts';
import { messageOf } from '../error.ts';
import type { Log } from '../log/log.ts';
import { endRun, holdLease, isDone, type Claim } from './claim.ts';
import { jobsError, type JobsCode } from './codes.ts';
import { endingOf, isDecided, type Backoff, type Ending } from './failures.ts';
import { toJson, type AttemptOutcome, type Job } from './job.ts';
import { keepLease, type LeaseDeps } from './lease.ts';
import { jobTables } from './tables.ts';

/** What a handler can do to its job while it runs. */
export interface JobContext {
  /**
   * Aborts when the run is to stop: the lease is lost, the job is cancelled, its time is up, or the process closes. The
   * reason is a CodedError `jobs/lease-lost`, `jobs/cancelled`, `jobs/timed-out` or `jobs/closing`.
   */
  readonly signal: AbortSignal;
  /** The fencing token: greater than that of every earlier claim of this job. For systems that can compare it. */
  readonly token: number;
  /**
   * Stores where the job is, for the run that may have to go on from there; with a session, in that transaction.
   * @throws CodedError `jobs/lease-lost` when this claim is no longer the current one, `jobs/invalid`, `jobs/too-large`
   */
  readonly checkpoint: (state: unknown, session?: DatabaseSession) => Promise<void>;
  /**
   * Makes a transaction of the handler's own take effect only while this claim is the current one. Best its first call:
   * the job cannot be claimed by others until the transaction ends.
   * @throws CodedError `jobs/lease-lost`
   */
  readonly fenced: (session: DatabaseSession) => Promise<void>;
  /**
   * Marks the job done in the handler's own transaction, so that its effect and its end are one commit: exactly once,
   * whenever the process dies. It fences as well. The handler returns after it.
   * @throws CodedError `jobs/lease-lost`
   */
  readonly complete: (session: DatabaseSession) => Promise<void>;
}

export interface JobHandler {
  /** Runs at the same time in this process. Default: 1. */
  readonly concurrency?: number;
  /**
   * Milliseconds for which a claim holds without a heartbeat; they come three times as often. So long does a job wait
   * whose process was killed. Default: 30,000.
   */
  readonly lease?: number;
  /**
   * Milliseconds for one run. Then `signal` aborts, and when the run does not end within `lease` its job is claimed anew
   * without waiting for it. Default: none.
   */
  readonly timeLimit?: number;
  readonly backoff?: Backoff;
  /**
   * Resolves when the job is done, and only then: a handler that stops because of `signal` throws (`throwIfAborted`).
   * What it throws decides what comes next: RetryLater, ParkJob, PermanentFailure (or any error with `permanent: true`),
   * and everything else is a failure that is tried again.
   */
  run(job: Job, context: JobContext): Promise<void>;
}

export interface RunDeps extends LeaseDeps {
  readonly random: () => number;
  readonly redact: (text: string) => string;
}

export interface RunSettings {
  readonly handler: JobHandler;
  readonly lease: number;
}

/** `cancelled`: in this process, while it ran. */
export type RunResult = AttemptOutcome | 'cancelled';

/** Why a run is told to stop. */
export type StopCode = 'jobs/cancelled' | 'jobs/closing';

export interface Run {
  readonly id: string;
  /** How it ended; never rejects. */
  readonly ended: Promise<RunResult>;
  /** Tells the handler to stop. */
  stop(code: StopCode): void;
  /** Gives the job back at once, for a handler that does not stop; nothing more of this run is stored. */
  abandon(): Promise<void>;
}

/** Pauses before the end of a run is stored again when the database refused; together shorter than a usual lease. */
const STORE_PAUSES = [100, 400, 1_600, 6_400];

export function startRun(deps: RunDeps, claim: Claim, settings: RunSettings): Run {
  const tables = jobTables(deps.database);
  const stopped = new AbortController();
  let isCompleted = false;
  const isOver = async (): Promise<boolean> => isCompleted && (await isDone(tables, claim));
  const lease = keepLease(deps, claim, { ms: settings.lease, lose, isOver });
  const { timeLimit } = settings.handler;
  let stopTimer = (): void => {};
  if (timeLimit !== undefined) {
    stopTimer = deps.after(timeLimit, () => {
      // No more heartbeats: a handler that does not stop has one lease left.
      lease.leave();
      abort('jobs/timed-out', `Job ${claim.id} ran for more than ${timeLimit} ms.`);
    });
  }

  function abort(code: JobsCode, message: string): void {
    if (!stopped.signal.aborted) stopped.abort(jobsError(code, message));
  }
  function lose(): void {
    abort('jobs/lease-lost', `The lease of job ${claim.id} ended before its run did (token ${claim.token}).`);
  }
  const hold = async (session: DatabaseSession, checkpoint?: string): Promise<void> => {
    const until = deps.now() + settings.lease;
    const isMine =
      !lease.isLost() &&
      (await holdLease(jobTables(session), claim, {
        until,
        ...(checkpoint !== undefined && { checkpoint }),
      }));
    if (!isMine) refuse();
  };
  const refuse = (): never => {
    lease.giveUp();
    throw jobsError(
      'jobs/lease-lost',
      `Job ${claim.id} was claimed anew or ended; this run may not write any more.`,
    );
  };

  const context: JobContext = {
    signal: stopped.signal,
    token: claim.token,
    checkpoint: (state, session = deps.database) => hold(session, toJson(state, 'checkpoint')),
    fenced: (session) => hold(session),
    complete: async (session) => {
      if (lease.isLost()) refuse();
      const how = await endRun(jobTables(session), claim, { ending: { to: 'done' }, now: deps.now() });
      if (how === 'lost') refuse();
      isCompleted = true;
    },
  };

  const work = async (): Promise<Ending> => {
    try {
      await settings.handler.run(claim.job, context);
      return { to: 'done' };
    } catch (error) {
      const isClosing = isAbortedBy(stopped.signal, 'jobs/closing');
      if (isClosing && !isDecided(error)) return givenBack(deps.now());
      return endingOf(error, {
        attempts: claim.job.attempts,
        maxAttempts: claim.job.maxAttempts,
        backoff: settings.handler.backoff ?? {},
        now: deps.now(),
        random: deps.random,
        redact: deps.redact,
      });
    }
  };

  const store = async (ending: Ending): Promise<RunResult> => {
    for (const pause of [...STORE_PAUSES, null]) {
      try {
        const how = await endRun(tables, claim, { ending, now: deps.now() });
        if (how !== 'lost') return resultOf(ending);
        return (await isOver()) ? 'done' : 'lost';
      } catch (error) {
        const fields = { job: claim.id, queue: claim.job.queue, error: messageOf(error) };
        deps.log.warn('the end of a job could not be stored', fields);
        if (pause === null) break;
        await new Promise<void>((resolve) => deps.after(pause, resolve));
      }
    }
    // The lease runs out and the job runs once more, which is what a handler has to bear anyway.
    return 'lost';
  };

  const whole = async (): Promise<RunResult> => {
    const ending = await work();
    stopTimer();
    await lease.end();
    const result = lease.isLost() ? 'lost' : await store(ending);
    if (result === 'lost' && isAbortedBy(stopped.signal, 'jobs/cancelled')) return 'cancelled';
    report(deps.log, claim, { result, ending });
    return result;
  };

  return {
    id: claim.id,
    ended: whole(),
    stop: (code) => abort(code, STOPPED[code]),
    abandon: async () => {
      lease.giveUp();
      await endRun(tables, claim, { ending: givenBack(deps.now()), now: deps.now() });
    },
  };
}

const STOPPED: Readonly<Record<StopCode, string>> = {
  'jobs/cancelled': 'The job was cancelled.',
  'jobs/closing': 'The process stops; the job goes on later.',
};

function isAbortedBy(signal: AbortSignal, code: JobsCode): boolean {
  const reason: unknown = signal.reason;
  return reason instanceof Error && 'code' in reason && reason.code === code;
}

/** A run that is not held against the job. */
export function givenBack(at: number): Ending {
  return {
    to: 'waiting',
    outcome: 'released',
    at,
    counted: false,
    reason: 'The process that ran it was closed.',
  };
}

function resultOf(ending: Ending): RunResult {
  if (ending.to === 'waiting') return ending.outcome;
  return ending.to === 'dead' ? 'failed' : ending.to;
}

function report(log: Log, claim: Claim, { result, ending }: { result: RunResult; ending: Ending }): void {
  const fields = { job: claim.id, queue: claim.job.queue, attempt: claim.job.attempts };
  if (result === 'lost') {
    log.warn('a job lost its lease while it ran', fields);
    return;
  }
  if (ending.to === 'done') {
    log.debug('a job is done', fields);
    return;
  }
  const { reason } = ending;
  if (ending.to === 'dead') log.error('a job is dead: no attempt is left', { ...fields, reason });
  else log.info(`a job is ${ending.to} after a run`, { ...fields, reason });
}
