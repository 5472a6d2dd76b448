/**
 * The life of a lease. A claim takes the next token; every later write of the holder names its token and changes nothing
 * when another claim has followed. Each statement is one conditional update, so no engine needs row locks that skip.
 */
import type { Ending } from './failures.ts';
import { readHistory, toJob, withAttempt, type AttemptOutcome, type Job, type JobAttempt } from './job.ts';
import type { JobQueries } from './tables.ts';

export interface ClaimOptions {
  readonly queue: string;
  readonly owner: string;
  readonly now: number;
  /** Milliseconds. */
  readonly lease: number;
  readonly limit: number;
}

/** What names a holder's right to a job. */
export interface Holding {
  readonly id: string;
  readonly token: number;
}

/** What a run was given, and has to be known to end it. */
export interface Claim extends Holding {
  readonly job: Job;
  readonly startedAt: number;
  readonly owner: string;
  /** The history as it is stored. */
  readonly history: string;
}

export interface Claimed {
  /** When to look again: the next one that waits comes due, or is due already. Null when none waits. */
  readonly nextAt: number | null;
  /** Those given up because each of their runs lost its lease. */
  readonly buried: number;
}

/**
 * Takes up to `limit` jobs that are due or whose holder kept silent for longer than its lease. Each is handed to `begin` as
 * soon as it is taken, so that none is forgotten when a later one fails.
 */
export async function claimDue(
  tables: JobQueries,
  options: ClaimOptions,
  begin: (claim: Claim) => Promise<void>,
): Promise<Claimed> {
  const { queue, now, limit } = options;
  const live = tables
    .selectFrom('jobs_jobs')
    .select([
      'id',
      'token',
      'state',
      'due_at',
      'attempts',
      'max_attempts',
      'next_payload',
      'owner',
      'claimed_at',
      'history',
    ])
    .where('queue', '=', queue)
    .orderBy('due_at')
    .orderBy('id');
  const expired = await live.where('state', '=', 'running').where('due_at', '<=', now).limit(limit).execute();
  // One more than there is room for: its time says when to look again.
  const waiting = await live
    .where('state', '=', 'waiting')
    .limit(limit + 1)
    .execute();
  let taken = 0;
  let buried = 0;
  const tryToTake = async (candidate: Candidate): Promise<void> => {
    const claim = await take(tables, candidate, options);
    if (claim === null) return;
    taken++;
    await begin(claim);
  };
  for (const candidate of expired) {
    const isSpent = candidate.attempts >= candidate.max_attempts && candidate.next_payload === null;
    if (isSpent) buried += await bury(tables, candidate, now);
    else await tryToTake(candidate);
  }
  for (const candidate of waiting) {
    if (candidate.due_at > now || taken >= limit) return { buried, nextAt: candidate.due_at };
    await tryToTake(candidate);
  }
  // Where others took what was seen here, there may be more behind it.
  const hasMore = waiting.length > limit && taken < limit;
  return { buried, nextAt: hasMore ? now : null };
}

type Candidate = {
  readonly id: string;
  readonly token: number;
  readonly state: Job['state'];
  readonly due_at: number;
  readonly attempts: number;
  readonly owner: string | null;
  readonly claimed_at: number | null;
  readonly history: string;
};

async function take(
  tables: JobQueries,
  candidate: Candidate,
  { owner, now, lease }: ClaimOptions,
): Promise<Claim | null> {
  const wasLost = candidate.state === 'running';
  const row = await tables
    .updateTable('jobs_jobs')
    .set((is) => ({
      state: 'running',
      token: candidate.token + 1,
      owner,
      claimed_at: now,
      due_at: now + lease,
      // A lost run that was to be followed by another payload goes on with that one, from its beginning.
      attempts: is
        .case()
        .when('next_payload', 'is', null)
        .then(is('attempts', '+', 1))
        .else(1)
        .end(),
      checkpoint: is.case().when('next_payload', 'is', null).then(is.ref('checkpoint')).else(null).end(),
      payload: is.fn.coalesce('next_payload', 'payload'),
      first_at: is.fn.coalesce('next_first_at', 'first_at'),
      next_payload: null,
      next_at: null,
      next_first_at: null,
      ...(wasLost && { history: withAttempt(candidate.history, lostAttempt(candidate)) }),
    }))
    .where('id', '=', candidate.id)
    .where('token', '=', candidate.token)
    .where('state', '=', candidate.state)
    .where('due_at', '<=', now)
    .returningAll()
    .executeTakeFirst();
  if (row === undefined) return null;
  return { id: row.id, token: row.token, job: toJob(row), startedAt: now, owner, history: row.history };
}

async function bury(tables: JobQueries, candidate: Candidate, now: number): Promise<number> {
  const { numUpdatedRows } = await tables
    .updateTable('jobs_jobs')
    .set({
      state: 'dead',
      due_at: now,
      reason: 'Each run lost its lease: its process died, or was silent for longer than the lease.',
      history: withAttempt(candidate.history, lostAttempt(candidate)),
    })
    .where('id', '=', candidate.id)
    .where('token', '=', candidate.token)
    .where('state', '=', 'running')
    .where('next_payload', 'is', null)
    .where('due_at', '<=', now)
    .executeTakeFirst();
  return Number(numUpdatedRows);
}

const lostAttempt = ({ attempts, token, owner, claimed_at, due_at }: Candidate): JobAttempt => ({
  attempt: attempts,
  token,
  owner: owner ?? '',
  startedAt: claimed_at ?? due_at,
  endedAt: due_at,
  outcome: 'lost',
  reason: null,
});

/**
 * Makes the lease end at `until`, with a new checkpoint when one is given. False when the token is no longer the current
 * one. In a transaction the row stays locked until it ends: nobody claims the job before that.
 */
export async function holdLease(
  tables: JobQueries,
  { id, token }: Holding,
  { until, checkpoint }: { readonly until: number; readonly checkpoint?: string },
): Promise<boolean> {
  const { numUpdatedRows } = await tables
    .updateTable('jobs_jobs')
    .set({ due_at: until, ...(checkpoint !== undefined && { checkpoint }) })
    .where('id', '=', id)
    .where('token', '=', token)
    .where('state', '=', 'running')
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** Ends a run. `again`: its key was asked for while it ran, so it waits once more. `lost`: the token is not current. */
export async function endRun(
  tables: JobQueries,
  claim: Claim,
  { ending, now }: { readonly ending: Ending; readonly now: number },
): Promise<'ended' | 'again' | 'lost'> {
  const ended = {
    reason: ending.to === 'done' ? null : ending.reason,
    history: withAttempt(claim.history, attemptOf(claim, ending, now)),
  };
  const mine = tables
    .updateTable('jobs_jobs')
    .where('id', '=', claim.id)
    .where('token', '=', claim.token)
    .where('state', '=', 'running');
  const alone = await mine
    .set({
      ...ended,
      state: ending.to,
      due_at: ending.to === 'waiting' ? ending.at : now,
      ...(ending.to === 'waiting' && !ending.counted && { attempts: claim.job.attempts - 1 }),
    })
    .where('next_payload', 'is', null)
    .executeTakeFirst();
  if (alone.numUpdatedRows > 0n) return 'ended';
  const notBefore = ending.to === 'waiting' ? ending.at : now;
  const followed = await mine
    .set((is) => ({
      ...ended,
      state: 'waiting',
      due_at: is
        .case()
        .when('next_at', '>', notBefore)
        .then(is.ref('next_at').$notNull())
        .else(notBefore)
        .end(),
      payload: is.ref('next_payload').$notNull(),
      first_at: is.ref('next_first_at').$notNull(),
      checkpoint: null,
      attempts: 0,
      next_payload: null,
      next_at: null,
      next_first_at: null,
    }))
    .where('next_payload', 'is not', null)
    .executeTakeFirst();
  return followed.numUpdatedRows > 0n ? 'again' : 'lost';
}

/** True when the run of this claim is already noted as done: it can say so in a transaction of its own. */
export async function isDone(tables: JobQueries, { id, token }: Holding): Promise<boolean> {
  const row = await tables.selectFrom('jobs_jobs').select('history').where('id', '=', id).executeTakeFirst();
  if (row === undefined) return false;
  return readHistory(row.history).some((attempt) => attempt.token === token && attempt.outcome === 'done');
}

function attemptOf({ job, token, owner, startedAt }: Claim, ending: Ending, now: number): JobAttempt {
  return {
    attempt: job.attempts,
    token,
    owner,
    startedAt,
    endedAt: now,
    outcome: outcomeOf(ending),
    reason: ending.to === 'done' ? null : ending.reason,
  };
}

function outcomeOf(ending: Ending): AttemptOutcome {
  if (ending.to === 'waiting') return ending.outcome;
  return ending.to === 'dead' ? 'failed' : ending.to;
}
