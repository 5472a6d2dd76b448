/** A lease from the side of its holder: heartbeats while the run goes on, and the news that it is lost. */
import type { Database } from '../db/database.ts';
import { messageOf } from '../error.ts';
import type { Log } from '../log/log.ts';
import { holdLease, type Claim } from './claim.ts';
import { jobTables } from './tables.ts';
import type { After } from './timer.ts';

export interface LeaseDeps {
  readonly database: Database;
  readonly log: Log;
  readonly now: () => number;
  readonly after: After;
}

export interface LeaseOptions {
  /** For how long a heartbeat holds, in milliseconds. */
  readonly ms: number;
  /** Called once, when the lease is lost. */
  readonly lose: () => void;
  /** True when the run has itself made its job end, so that there is no lease to hold any more. */
  readonly isOver: () => Promise<boolean>;
}

export interface KeptLease {
  isLost(): boolean;
  /** Known from elsewhere: the lease is lost. */
  giveUp(): void;
  /** No more heartbeats; it is lost when it runs out. */
  leave(): void;
  /** No more heartbeats, and none under way. */
  end(): Promise<void>;
}

/** Heartbeats in a lease. */
const BEATS = 3;

/** Keeps a lease from its claim on. It is lost when another claim followed, or the database did not answer for so long. */
export function keepLease(deps: LeaseDeps, claim: Claim, { ms, lose, isOver }: LeaseOptions): KeptLease {
  const tables = jobTables(deps.database);
  let state: 'kept' | 'left' | 'lost' | 'ended' = 'kept';
  let validUntil = claim.startedAt + ms;
  let beating = Promise.resolve();
  let stopTimer = (): void => {};

  const giveUp = (): void => {
    if (state === 'lost' || state === 'ended') return;
    state = 'lost';
    stopTimer();
    lose();
  };
  const beat = async (): Promise<void> => {
    const until = deps.now() + ms;
    // A late heartbeat gets its answer before it counts as too late: the database knows whose the job is.
    const stopGuard = deps.after(Math.max(validUntil - deps.now(), ms / BEATS), giveUp);
    try {
      if (await holdLease(tables, claim, { until })) validUntil = until;
      else if (await isOver()) state = 'ended';
      else giveUp();
    } catch (error) {
      deps.log.warn('a heartbeat could not be stored', { job: claim.id, error: messageOf(error) });
      if (deps.now() >= validUntil) giveUp();
    }
    stopGuard();
    arm();
  };
  const arm = (): void => {
    if (state !== 'kept') return;
    stopTimer = deps.after(ms / BEATS, () => {
      beating = beat();
    });
  };
  arm();

  return {
    isLost: () => state === 'lost',
    giveUp,
    leave: () => {
      stopTimer();
      if (state !== 'kept') return;
      state = 'left';
      stopTimer = deps.after(ms, giveUp);
    },
    end: async () => {
      stopTimer();
      if (state !== 'lost') state = 'ended';
      await beating;
    },
  };
}
