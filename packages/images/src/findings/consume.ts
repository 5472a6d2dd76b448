/**
 * Consumes the change stream: batches in order, each change at least once, the checkpoint moved only behind what was
 * handled. A batch that fails is handled again record by record, so that one bad record stops nothing but itself.
 */
import { CodedError, messageOf } from '@callboard/kernel';
import { oneLine } from '../receive/one-line.ts';
import type { Checkpoints, Lease } from './checkpoints.ts';
import type { ChangeRecord, FindingsStore } from './findings-store.ts';

export interface ConsumeOptions {
  readonly store: Pick<FindingsStore, 'changes'>;
  readonly checkpoints: Checkpoints;
  /** The name of the checkpoint. */
  readonly consumer: string;
  /** Who asks, for people. */
  readonly owner: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /**
   * Does what the changes ask for; the same ones may come again. `token` fences off an owner that was too slow. It has
   * to end before the lease does, or somebody else begins with the same batch. A `CodedError` of status 503 says that
   * something else is down: it is tried again next time, and not counted.
   */
  readonly handle: (records: readonly ChangeRecord[], options: { readonly token: number }) => Promise<void>;
  /** Changes at once. Default: 500. */
  readonly batch?: number;
  /** Tries of one record before it is set aside. Default: 5. */
  readonly tries?: number;
  /** Of the lease, in milliseconds. Default: 30,000. */
  readonly ttl?: number;
  /** Ends it after the batch at hand. */
  readonly signal?: AbortSignal;
}

export interface Consumed {
  /**
   * `drained`: nothing is left; `busy`: somebody else consumes; `failing`: a record failed and is tried again next
   * time, after the caller's pause; `stopped`: by the signal.
   */
  readonly state: 'drained' | 'busy' | 'failing' | 'stopped';
  readonly handled: number;
  readonly setAside: number;
  /** Null unless `failing`. */
  readonly error: string | null;
}

/** @throws CodedError `images/lease-lost`, `images/changes-forgotten` */
export async function consumeChanges(options: ConsumeOptions): Promise<Consumed> {
  const { store, checkpoints, consumer, owner, now, batch = 500, ttl = 30_000, signal } = options;
  const lease = await checkpoints.acquire({ consumer, owner, now: now(), ttl });
  const total = { handled: 0, setAside: 0 };
  if (lease === null) return { state: 'busy', ...total, error: null };
  let { after } = lease;
  // What failed last time is tried by itself at once.
  let alone = lease.failing !== null;
  try {
    for (;;) {
      if (signal?.aborted === true) return { state: 'stopped', ...total, error: null };
      const records = await store.changes({ after, limit: alone ? 1 : batch });
      const last = records.at(-1);
      if (last === undefined) return { state: 'drained', ...total, error: null };
      const failure = alone ? null : await attempt(options, { lease, records });
      if (alone || failure !== null) {
        const one = await oneByOne(options, { lease, records });
        total.handled += one.handled;
        total.setAside += one.setAside;
        if (one.error !== null) return { state: 'failing', ...total, error: one.error };
      } else {
        await checkpoints.save(lease, { after: last.seq, now: now() });
        total.handled += records.length;
      }
      after = last.seq;
      alone = false;
    }
  } finally {
    await checkpoints.release(lease);
  }
}

interface Batch {
  readonly lease: Lease;
  readonly records: readonly ChangeRecord[];
}

interface Failure {
  readonly message: string;
  /** It may be the record's own fault. */
  readonly counts: boolean;
}

/** Null when it did not fail. */
async function attempt({ handle }: ConsumeOptions, { lease, records }: Batch): Promise<Failure | null> {
  try {
    await handle(records, { token: lease.token });
    return null;
  } catch (error) {
    const message = oneLine(messageOf(error), 1_000) || 'It failed without saying why.';
    return { message, counts: !(error instanceof CodedError && error.status === 503) };
  }
}

async function oneByOne(
  options: ConsumeOptions,
  { lease, records }: Batch,
): Promise<{ readonly handled: number; readonly setAside: number; readonly error: string | null }> {
  const { checkpoints, now, tries: most = 5 } = options;
  let handled = 0;
  let setAside = 0;
  for (const record of records) {
    const failure = await attempt(options, { lease, records: [record] });
    if (failure === null) {
      await checkpoints.save(lease, { after: record.seq, now: now() });
      handled += 1;
      continue;
    }
    const { message: error, counts } = failure;
    if (!counts) return { handled, setAside, error };
    const tries = await checkpoints.fail(lease, { seq: record.seq, now: now() });
    if (tries < most) return { handled, setAside, error };
    await checkpoints.setAside(lease, { record, error, tries, now: now() });
    setAside += 1;
  }
  return { handled, setAside, error: null };
}
