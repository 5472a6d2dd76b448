/**
 * The findings store: the one truth about every finding, and its change stream, which drives everything after it.
 * A store keeps, for each finding, the greatest record that was ever put, in an order that does not depend on when
 * records arrive; so duplicates and records that are late change nothing, and any interleaving ends the same.
 * The interface asks for no more than conditional writes by key and a stream with sequence numbers.
 */
import type { Finding, Scanner, Severity } from '../receive/finding.ts';

export interface FindingsStore {
  /**
   * Takes records in, in batches of which each is kept whole with its changes or not at all. `at` is the time of
   * arrival in milliseconds since 1970. When it rejects, put all of them again: what was taken changes nothing.
   */
  put(findings: readonly Finding[], options: { readonly at: number }): Promise<PutOutcome>;
  /** Null when there is none. */
  get(id: string): Promise<StoredFinding | null>;
  /**
   * By identifier.
   * @throws CodedError `images/bad-cursor`
   */
  list(query: FindingsQuery): Promise<FindingsPage>;
  /** How many there are, by status and severity; what there is none of is left out. */
  counts(filter?: FindingsFilter): Promise<readonly FindingsCount[]>;
  /**
   * Changes in the order they were made, those of one finding as well as all; `after` null begins at the first one.
   * @throws CodedError `images/changes-forgotten`, `images/bad-cursor`
   */
  changes(from: { readonly after: string | null; readonly limit: number }): Promise<readonly ChangeRecord[]>;
}

/** How many records … */
export interface PutOutcome {
  /** … are of findings that were not there. */
  readonly added: number;
  /** … say something new of one that was there. */
  readonly changed: number;
  /** … say nothing new, at a later time. */
  readonly same: number;
  /** … are the one that is there, or older; they changed nothing. */
  readonly stale: number;
}

/** The greatest record of a finding. A closed one stays, as evidence: it is no proof of a fix. Times are in milliseconds since 1970. */
export interface StoredFinding {
  readonly finding: Finding;
  /** When the store first had it. */
  readonly firstSeenAt: number;
  /** When the store last had something new of it. */
  readonly changedAt: number;
  /** When the scanner closed it; null while it is not closed. */
  readonly closedAt: number | null;
  /** How often it was closed and came back. */
  readonly reopened: number;
}

/** Every filter that is given has to fit. */
export interface FindingsFilter {
  readonly imageDigest?: string;
  readonly repository?: string;
  readonly vulnerability?: string;
  readonly scanner?: Scanner;
  readonly statuses?: readonly Finding['status'][];
  readonly severities?: readonly Severity[];
}

export interface FindingsQuery extends FindingsFilter {
  /** 1 to 1,000. Default: 100. */
  readonly limit?: number;
  /** `next` of the page before. */
  readonly cursor?: string;
}

export interface FindingsPage {
  readonly items: readonly StoredFinding[];
  /** Null on the last page. */
  readonly next: string | null;
}

export interface FindingsCount {
  readonly status: Finding['status'];
  readonly severity: Severity;
  readonly count: number;
}

/** `reopened`: it was closed and is not any more. A finding that is first seen closed is `added`. */
export type ChangeKind = 'added' | 'changed' | 'closed' | 'reopened';

export interface ChangeRecord {
  /** Digits, at most 40; later ones are greater as numbers, not as texts. */
  readonly seq: string;
  readonly kind: ChangeKind;
  /** Null when it was not there. */
  readonly before: Finding | null;
  readonly after: Finding;
  /** When it was put, in milliseconds since 1970. */
  readonly at: number;
}

/** Findings that fit on one page at most. */
export const MAX_PAGE = 1_000;
