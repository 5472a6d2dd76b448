/**
 * Patches that nobody works on any more though they are said to wait or run: their job has died, as of a process that
 * was killed in every run of it, or was taken away by hand. They are parked, so that a person sees them.
 */
import { CodedError, type Database, type Job, type Jobs } from '@callboard/kernel';
import type { Patch } from './patch.ts';
import type { PatchLogs } from './patch-log.ts';
import type { PatchStore } from './store.ts';

export interface OrphansDeps {
  readonly database: Database;
  readonly jobs: Pick<Jobs, 'get'>;
  readonly patches: PatchStore;
  readonly logs: Pick<PatchLogs, 'notify'>;
}

const PAGE = 200;

/** Gives those that were parked. */
export async function parkOrphans(deps: OrphansDeps): Promise<readonly Patch[]> {
  const orphans: Patch[] = [];
  let cursor: string | null = null;
  do {
    const page = await deps.patches.list({
      states: ['waiting', 'running'],
      limit: PAGE,
      ...(cursor !== null && { cursor }),
    });
    for (const patch of page.items) {
      const reason = await whyLeft(deps, patch);
      const parked = reason === null ? null : await park(deps, { patch, reason });
      if (parked !== null) orphans.push(parked);
    }
    cursor = page.next;
  } while (cursor !== null);
  return orphans;
}

/** Null when a job waits or runs for it. */
async function whyLeft({ jobs }: OrphansDeps, { job }: Patch): Promise<string | null> {
  const found = job === null ? null : await readJob(jobs, job);
  if (found === null) return 'Its job is gone.';
  if (found.state === 'waiting' || found.state === 'running') return null;
  return `Its job is ${found.state}: ${found.reason ?? 'nobody said why'}`;
}

async function readJob(jobs: Pick<Jobs, 'get'>, id: string): Promise<Job | null> {
  try {
    return await jobs.get(id);
  } catch (error) {
    if (error instanceof CodedError && error.status === 404) return null;
    throw error;
  }
}

/** Null when it went on meanwhile. */
async function park(
  { database, patches, logs }: OrphansDeps,
  { patch, reason }: { readonly patch: Patch; readonly reason: string },
): Promise<Patch | null> {
  const parked = await database.transaction((session) =>
    patches.change(session, patch.id, (stored) => {
      const isSame = stored.state === patch.state && stored.job === patch.job;
      return isSame && stored.updatedAt === patch.updatedAt ? { state: 'parked', reason } : {};
    }),
  );
  if (parked.state !== 'parked') return null;
  logs.notify(parked.id);
  return parked;
}
