/** What a job is to those who ask for it, run it, or look at it. */
import { isObject, parseJson, type JsonValue } from '@callboard/model';
import { jobsError } from './codes.ts';
import type { JobRow } from './tables.ts';

export const JOB_STATES = ['waiting', 'running', 'done', 'parked', 'dead', 'cancelled'] as const;

/**
 * `waiting` for its time or a free hand, `running` under a lease, `done`, `parked` until a person has seen to it, `dead`
 * after its last attempt, or `cancelled`. Parked and dead ones can be replayed.
 */
export type JobState = (typeof JOB_STATES)[number];

/** How an attempt ended; `lost` when its process died, or kept silent for longer than its lease. */
export type AttemptOutcome = 'done' | 'failed' | 'later' | 'parked' | 'released' | 'lost';

export interface JobAttempt {
  readonly attempt: number;
  readonly token: number;
  readonly owner: string;
  readonly startedAt: number;
  readonly endedAt: number;
  readonly outcome: AttemptOutcome;
  readonly reason: string | null;
}

/** Times are milliseconds since 1970. */
export interface Job {
  readonly id: string;
  readonly queue: string;
  readonly key: string | null;
  readonly state: JobState;
  readonly payload: JsonValue;
  /** What the last run noted with `checkpoint`; null when there is nothing to go on from. */
  readonly checkpoint: JsonValue;
  /** Runs of this payload, the present one included; those that a closing process gave back do not count. */
  readonly attempts: number;
  readonly maxAttempts: number;
  /** Number of the latest claim, 0 before the first. It grows with each, also after a replay. */
  readonly token: number;
  /** Who runs it, or ran it last. */
  readonly owner: string | null;
  readonly enqueuedAt: number;
  /** Waiting: when it may run. Running: when the lease ends. Otherwise: since when it is in its state. */
  readonly dueAt: number;
  /** Why it waits again, is parked, dead or cancelled. */
  readonly reason: string | null;
  /** The latest attempts, the oldest first; at most HISTORY_LENGTH. */
  readonly history: readonly JobAttempt[];
  /** True when the same key was asked for during the present run, so that another one follows. */
  readonly runsAgain: boolean;
}

/** Attempts kept with a job. */
export const HISTORY_LENGTH = 10;

/** Characters of the JSON of a payload or a checkpoint. Larger things are stored elsewhere and named. */
const JSON_LIMIT = 1_000_000;

export function toJob(row: JobRow): Job {
  return {
    id: row.id,
    queue: row.queue,
    key: row.key,
    state: row.state,
    payload: fromJson(row.payload),
    checkpoint: row.checkpoint === null ? null : fromJson(row.checkpoint),
    attempts: row.attempts,
    maxAttempts: row.max_attempts,
    token: row.token,
    owner: row.owner,
    enqueuedAt: row.enqueued_at,
    dueAt: row.due_at,
    reason: row.reason,
    history: readHistory(row.history),
    runsAgain: row.next_payload !== null,
  };
}

/** The text of a history with one more attempt, without the oldest when it grows too long. */
export function withAttempt(history: string, attempt: JobAttempt): string {
  return JSON.stringify([...readHistory(history), attempt].slice(-HISTORY_LENGTH));
}

/**
 * @throws CodedError `jobs/invalid` for what has no JSON, `jobs/too-large`
 */
export function toJson(value: unknown, what: 'payload' | 'checkpoint'): string {
  let text: string | undefined;
  try {
    text = JSON.stringify(value);
  } catch (error) {
    throw jobsError('jobs/invalid', `The ${what} of a job cannot be written as JSON.`, error);
  }
  if (text === undefined) throw jobsError('jobs/invalid', `The ${what} of a job has to be a JSON value.`);
  if (text.length <= JSON_LIMIT) return text;
  throw jobsError(
    'jobs/too-large',
    `The ${what} of a job has ${text.length} characters of JSON, ${JSON_LIMIT} are allowed. Store it elsewhere and name it.`,
  );
}

function fromJson(text: string): JsonValue {
  return JSON.parse(text);
}

export function readHistory(text: string): readonly JobAttempt[] {
  const list: unknown = parseJson(text);
  return Array.isArray(list) ? list.filter(isAttempt) : [];
}

function isAttempt(value: unknown): value is JobAttempt {
  return isObject(value) && typeof value['token'] === 'number' && typeof value['outcome'] === 'string';
}
