/**
 * How far each consumer of the change stream is, and who may go on: a lease with a fencing token that grows with every
 * owner, so that one that was slow cannot overwrite what its successor did. Records that fail again and again are set
 * aside here, where they can be seen, and the stream goes on.
 */
import type { ChangeRecord } from './findings-store.ts';

export interface Checkpoints {
  /**
   * Null while somebody has it. A lease that ran out is given to the next who asks. Times in milliseconds, `now` since
   * 1970.
   */
  acquire(ask: {
    readonly consumer: string;
    readonly owner: string;
    readonly now: number;
    readonly ttl: number;
  }): Promise<Lease | null>;
  /**
   * Everything up to `after` is done; the lease is renewed.
   * @throws CodedError `images/lease-lost`
   */
  save(lease: Lease, done: { readonly after: string; readonly now: number }): Promise<void>;
  /**
   * A record failed; gives how often by now, of tries that were counted for this record in a row.
   * @throws CodedError `images/lease-lost`
   */
  fail(lease: Lease, failed: { readonly seq: string; readonly now: number }): Promise<number>;
  /**
   * Keeps a record that failed too often, and goes on after it.
   * @throws CodedError `images/lease-lost`
   */
  setAside(
    lease: Lease,
    failed: {
      readonly record: ChangeRecord;
      readonly error: string;
      readonly tries: number;
      readonly now: number;
    },
  ): Promise<void>;
  /** Gives the lease back, if it is still this one. */
  release(lease: Lease): Promise<void>;
  /** Null when nobody has consumed under this name. */
  state(consumer: string): Promise<CheckpointState | null>;
  /** What was set aside and not let go, oldest first. */
  listSetAside(consumer: string): Promise<readonly SetAsideRecord[]>;
  /** Lets go of a record that was set aside, when it was handled otherwise; false when there is none. */
  letGo(consumer: string, seq: string): Promise<boolean>;
}

export interface Lease {
  readonly consumer: string;
  /** Greater than that of every lease before it. Whoever is written to should refuse smaller ones. */
  readonly token: number;
  /** In milliseconds. */
  readonly ttl: number;
  /** The last change that is done; null when none is. */
  readonly after: string | null;
  /** The record that is being tried, and how often it failed. */
  readonly failing: Failing | null;
}

export interface Failing {
  readonly seq: string;
  readonly tries: number;
}

export interface CheckpointState {
  readonly after: string | null;
  /** Null when the lease was given back. It may have run out. */
  readonly owner: string | null;
  /** When the lease runs out. */
  readonly until: number;
  readonly failing: Failing | null;
}

export interface SetAsideRecord {
  readonly record: ChangeRecord;
  readonly error: string;
  readonly tries: number;
  readonly at: number;
}
