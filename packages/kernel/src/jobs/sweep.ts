/** Takes away what has ended, by age and by number, a bounded piece at a time. What a person must see stays longer. */
import type { JobState } from './job.ts';
import type { JobQueries } from './tables.ts';

/** What is kept of the jobs that have ended, in each queue. Parked ones are not swept: they wait for a person. */
export interface KeepOptions {
  /** Done and cancelled ones, in milliseconds. Default: 7 days. */
  readonly endedFor?: number;
  /** Done and cancelled ones, the newest. Default: 1,000 of each. */
  readonly ended?: number;
  /** Dead ones, in milliseconds. Default: 90 days. */
  readonly deadFor?: number;
  /** Dead ones, the newest. Default: 10,000. */
  readonly dead?: number;
}

const DAY = 86_400_000;
/** Rows that one statement takes away, so that nobody waits long for the writer. */
const AT_ONCE = 500;

export async function sweepQueue(
  tables: JobQueries,
  queue: string,
  { keep, now }: { readonly keep: KeepOptions; readonly now: number },
): Promise<number> {
  const { endedFor = 7 * DAY, ended = 1_000, deadFor = 90 * DAY, dead = 10_000 } = keep;
  const done = await sweepState(tables, { queue, state: 'done', before: now - endedFor, atMost: ended });
  const cancelled = await sweepState(tables, {
    queue,
    state: 'cancelled',
    before: now - endedFor,
    atMost: ended,
  });
  const buried = await sweepState(tables, { queue, state: 'dead', before: now - deadFor, atMost: dead });
  return done + cancelled + buried;
}

interface Sweep {
  readonly queue: string;
  readonly state: JobState;
  readonly before: number;
  readonly atMost: number;
}

async function sweepState(tables: JobQueries, { queue, state, before, atMost }: Sweep): Promise<number> {
  const inState = tables
    .selectFrom('jobs_jobs')
    .select(['id', 'due_at'])
    .where('queue', '=', queue)
    .where('state', '=', state);
  // The newest that is one too many; what is older goes with it.
  const surplus = await inState
    .orderBy('due_at', 'desc')
    .orderBy('id', 'desc')
    .offset(atMost)
    .limit(1)
    .executeTakeFirst();
  let swept = 0;
  for (;;) {
    const old = await inState
      .where((is) =>
        is.or([
          is('due_at', '<', before),
          ...(surplus === undefined
            ? []
            : [
                is('due_at', '<', surplus.due_at),
                is.and([is('due_at', '=', surplus.due_at), is('id', '<=', surplus.id)]),
              ]),
        ]),
      )
      .orderBy('due_at')
      .limit(AT_ONCE)
      .execute();
    if (old.length === 0) return swept;
    const { numDeletedRows } = await tables
      .deleteFrom('jobs_jobs')
      .where(
        'id',
        'in',
        old.map(({ id }) => id),
      )
      // One of them may have been replayed since.
      .where('state', '=', state)
      .executeTakeFirst();
    swept += Number(numDeletedRows);
    if (old.length < AT_ONCE) return swept;
  }
}
