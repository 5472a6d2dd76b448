/** Puts a report into the store: what it lists, and, when it is of everything in an image, what it lists no more. */
import { closeMissing } from '../receive/missing.ts';
import type { Finding } from '../receive/finding.ts';
import type { Report } from '../receive/report.ts';
import { MAX_PAGE, type FindingsStore, type PutOutcome } from './findings-store.ts';

/** `at`: when it arrived, in milliseconds since 1970. */
export async function putReport(
  store: FindingsStore,
  report: Report,
  { at }: { readonly at: number },
): Promise<PutOutcome> {
  const outcome = await store.put(report.findings, { at });
  const missing = closeMissing(report, await knownOf(store, report));
  if (missing.length === 0) return outcome;
  const closed = await store.put(missing, { at });
  return {
    added: outcome.added + closed.added,
    changed: outcome.changed + closed.changed,
    same: outcome.same + closed.same,
    stale: outcome.stale + closed.stale,
  };
}

async function knownOf(
  store: FindingsStore,
  { image, scanner, snapshot }: Report,
): Promise<readonly Finding[]> {
  const digest = image?.digest ?? null;
  if (!snapshot || digest === null || scanner === null) return [];
  const known: Finding[] = [];
  let cursor: string | null = null;
  do {
    const page = await store.list({
      imageDigest: digest,
      scanner,
      statuses: ['active', 'suppressed'],
      limit: MAX_PAGE,
      ...(cursor !== null && { cursor }),
    });
    known.push(...page.items.map(({ finding }) => finding));
    cursor = page.next;
  } while (cursor !== null);
  return known;
}
