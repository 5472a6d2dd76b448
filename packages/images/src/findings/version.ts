/**
 * The order of the records of one finding, as one text that can be compared by any database: the time of the scanner,
 * then closed over suppressed over active (events of one second arrive in any order), then a hash of what it says.
 */
import { createHash } from 'node:crypto';
import type { Finding } from '../receive/finding.ts';
import type { ChangeKind } from './findings-store.ts';

const RANKS = { active: 0, suppressed: 1, closed: 2 } as const satisfies Record<Finding['status'], number>;

/** Of two records the one with the greater text counts; equal texts are of the same record. */
export function versionOf(finding: Finding): string {
  return `${String(finding.updatedAt).padStart(16, '0')}.${RANKS[finding.status]}.${contentOf(finding)}`;
}

/** The part of a version that says whether anything but the time is different. */
export function contentIn(version: string): string {
  return version.slice(version.lastIndexOf('.') + 1);
}

/** What a change from one record to a greater one is. */
export function kindOf(before: Finding | null, after: Finding): ChangeKind {
  if (before === null) return 'added';
  if (after.status === 'closed' && before.status !== 'closed') return 'closed';
  return before.status === 'closed' && after.status !== 'closed' ? 'reopened' : 'changed';
}

function contentOf(finding: Finding): string {
  return createHash('sha256')
    .update(sortedJson({ ...finding, updatedAt: 0 }))
    .digest('base64url');
}

/** JSON with the keys of every object sorted, so that it does not matter who made it. */
function sortedJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) => {
    if (typeof inner !== 'object' || inner === null || Array.isArray(inner)) return inner;
    return Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  });
}
