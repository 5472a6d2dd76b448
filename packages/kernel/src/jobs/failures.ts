/**
 * What a handler can throw, and what becomes of the job then. Anything that says nothing special is tried again, with
 * growing pauses, until the attempts are used up.
 */
import { inspect } from 'node:util';
import { isObject } from '@callboard/model';
import { CodedError } from '../error.ts';
import { jobsError } from './codes.ts';

/** Thrown by a handler: not now, but at a time that is known, as a host that says when to come back. */
export class RetryLater extends Error {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** False when this run is not to be held against the job's `maxAttempts`. Default: true. */
  readonly counted: boolean;

  constructor(reason: string, options: { readonly at: number; readonly counted?: boolean } & ErrorOptions) {
    super(reason, options);
    this.name = 'RetryLater';
    this.at = options.at;
    this.counted = options.counted ?? true;
  }
}

/** Thrown by a handler: nothing more is done before a person has looked at the reason and replays or cancels the job. */
export class ParkJob extends Error {
  constructor(reason: string, options?: ErrorOptions) {
    super(reason, options);
    this.name = 'ParkJob';
  }
}

/** Thrown by a handler: trying again cannot help. Any error with `permanent: true` says the same. */
export class PermanentFailure extends Error {
  readonly permanent = true;

  constructor(reason: string, options?: ErrorOptions) {
    super(reason, options);
    this.name = 'PermanentFailure';
  }
}

/** Pauses between attempts, in milliseconds. */
export interface Backoff {
  /** After the first failure; each later pause is twice as long. Default: 5,000. */
  readonly first?: number;
  /** No pause is longer. Default: 600,000. */
  readonly max?: number;
}

const FIRST_PAUSE = 5_000;
const LONGEST_PAUSE = 600_000;

/**
 * The pause after failed attempt number `attempt` (from 1): doubled each time and bounded, half of it by chance, so that
 * what failed together does not come back together.
 */
export function pauseAfter(attempt: number, backoff: Backoff, random: () => number): number {
  const { first = FIRST_PAUSE, max = LONGEST_PAUSE } = backoff;
  const full = Math.min(max, first * 2 ** Math.min(attempt - 1, 40));
  return Math.round(full / 2 + (full / 2) * random());
}

/** How a run ends: what the row becomes. */
export type Ending = { readonly to: 'done' } | Unfinished;

export type Unfinished =
  | {
      readonly to: 'waiting';
      readonly outcome: 'failed' | 'later' | 'released';
      readonly at: number;
      readonly counted: boolean;
      readonly reason: string;
    }
  | { readonly to: 'parked' | 'dead'; readonly reason: string };

export interface FailedRun {
  readonly attempts: number;
  readonly maxAttempts: number;
  readonly backoff: Backoff;
  readonly now: number;
  readonly random: () => number;
  /** Takes secrets out of a text that is stored. */
  readonly redact: (text: string) => string;
}

/** What becomes of a job whose run threw this. */
export function endingOf(thrown: unknown, run: FailedRun): Unfinished {
  const reason = run.redact(describe(thrown)).slice(0, REASON_LENGTH);
  const exhausted = run.attempts >= run.maxAttempts;
  if (thrown instanceof ParkJob) return { to: 'parked', reason };
  if (isPermanent(thrown)) return { to: 'dead', reason };
  if (thrown instanceof RetryLater) {
    if (!Number.isFinite(thrown.at)) {
      return endingOf(jobsError('jobs/invalid', `RetryLater names no time: ${thrown.message}`), run);
    }
    if (thrown.counted && exhausted) return { to: 'dead', reason };
    return { to: 'waiting', outcome: 'later', at: Math.ceil(thrown.at), counted: thrown.counted, reason };
  }
  if (exhausted) return { to: 'dead', reason };
  const at = run.now + pauseAfter(run.attempts, run.backoff, run.random);
  return { to: 'waiting', outcome: 'failed', at, counted: true, reason };
}

/** True for what says of itself how the job goes on, even while the process is closing. */
export function isDecided(thrown: unknown): boolean {
  return thrown instanceof ParkJob || thrown instanceof RetryLater || isPermanent(thrown);
}

function isPermanent(thrown: unknown): boolean {
  return isObject(thrown) && 'permanent' in thrown && thrown['permanent'] === true;
}

const REASON_LENGTH = 2_000;
const CAUSES_SHOWN = 3;

/** The code, the message, and those of the causes. */
function describe(thrown: unknown): string {
  const parts: string[] = [];
  let at = thrown;
  while (at !== undefined && parts.length <= CAUSES_SHOWN) {
    parts.push(textOf(at));
    at = at instanceof Error ? at.cause : undefined;
  }
  return parts.join(' ← ');
}

function textOf(thrown: unknown): string {
  if (thrown instanceof CodedError) return `${thrown.code}: ${thrown.message}`;
  // Whatever was thrown has a text this way, also what cannot be turned into one.
  return thrown instanceof Error ? thrown.message : inspect(thrown, { depth: 1 });
}
