/**
 * From the change stream to patches: each finding that acts is led to the golden image that brought its package, and
 * makes one patch of that image's newest version wait. Many findings of one base make one patch.
 */
import type { Database, DatabaseSession, JobRequest, Jobs, Log } from '@callboard/kernel';
import { MAX_PAGE, type ChangeRecord, type FindingsStore } from '../findings/findings-store.ts';
import type { BaseIndex } from '../identify/base-index.ts';
import type { GoldenImage } from '../identify/golden-image.ts';
import { identify } from '../identify/identify.ts';
import type { Digest } from '../image/image.ts';
import type { RegistryClient } from '../image/registry-client.ts';
import type { Finding } from '../receive/finding.ts';
import { decide } from '../receive/policy.ts';
import type { ImagesSettings } from '../settings.ts';
import { createImageMemory, type ImageReader } from './image-memory.ts';
import type { Patch } from './patch.ts';
import type { Records } from './records.ts';
import { hasFindings } from './scan-record.ts';
import { earliest, fromTheStart, keyOf, type PatchStore, type PatchTarget } from './store.ts';

export const PATCH_QUEUE = 'images.patch';

/** Findings of an image whose registry did not answer: one job a digest, tried again with growing pauses. */
export const IDENTIFY_QUEUE = 'images.identify';

export interface IdentifyJob {
  readonly digest: Digest;
}

/** What a job of `PATCH_QUEUE` is told. */
export interface PatchJob {
  /** Of `keyOf`. */
  readonly key: string;
  readonly target: PatchTarget;
}

export interface RoutingDeps {
  readonly database: Database;
  readonly jobs: Jobs;
  readonly patches: PatchStore;
  readonly records: Pick<Records, 'read'>;
  readonly findings: Pick<FindingsStore, 'list'>;
  readonly client: RegistryClient;
  readonly index: () => Promise<BaseIndex>;
  readonly settings: Pick<ImagesSettings, 'policy' | 'debounce' | 'maxWait'>;
  readonly now: () => number;
  readonly log: Log;
}

export interface Routing {
  /** Handles changes as `consumeChanges` asks for it: the same ones may come again. */
  changes(records: readonly ChangeRecord[]): Promise<void>;
  /** Looks again for the golden images of findings whose image could not be read. */
  again(job: IdentifyJob): Promise<void>;
}

export function createRouting(deps: RoutingDeps): Routing {
  const images = createImageMemory(deps);
  const { settings, now } = deps;
  const route = async (received: readonly ReceivedFinding[]): Promise<readonly Digest[]> => {
    const acting = received.filter(({ finding }) => decide(finding, settings.policy, now()).acts);
    if (acting.length === 0) return [];
    const index = await deps.index();
    const waiting = new Map<string, Waiting>();
    const unreachable = new Set<Digest>();
    const look = { index, images: images.look(), log: deps.log };
    for (const { finding, at } of acting) {
      const goldens = await goldensOf(finding, look);
      if (goldens === 'unreachable' && finding.image.digest !== null) unreachable.add(finding.image.digest);
      if (goldens === 'unreachable') continue;
      for (const golden of goldens) {
        const target = targetOf(golden);
        if (target !== null) add(waiting, target, { finding, at });
      }
    }
    if (waiting.size > 0) await openPatches(deps, waiting);
    return [...unreachable];
  };
  return {
    changes: async (records) => {
      const digests = await route(records.map(({ after, at }) => ({ finding: after, at })));
      for (const digest of digests) {
        const payload: IdentifyJob = { digest };
        await deps.jobs.enqueue({
          queue: IDENTIFY_QUEUE,
          key: digest,
          payload,
          // One that runs may have read the findings already.
          onDuplicate: 'replace',
          runAt: now() + ASK_AGAIN,
          maxAttempts: ASKED_AGAIN,
        });
      }
    },
    again: async ({ digest }) => {
      const received: ReceivedFinding[] = [];
      let cursor: string | null = null;
      do {
        const page = await deps.findings.list({
          imageDigest: digest,
          statuses: ['active'],
          limit: MAX_PAGE,
          ...(cursor !== null && { cursor }),
        });
        received.push(...page.items.map(({ finding, changedAt }) => ({ finding, at: changedAt })));
        cursor = page.next;
      } while (cursor !== null);
      const [unreachable] = await route(received);
      if (unreachable !== undefined) throw new Error(`The registry of ${unreachable} does not answer.`);
    },
  };
}

async function openPatches(deps: RoutingDeps, received: ReadonlyMap<string, Waiting>): Promise<void> {
  const waiting = new Map<string, Waiting>();
  for (const [key, one] of received) if (!(await isKnown(deps, key, one.findings))) waiting.set(key, one);
  if (waiting.size === 0) return;
  const left = await deps.database.transaction(async (session) => {
    const jobs: (string | null)[] = [];
    for (const [key, { target, findings, at }] of waiting) {
      const patch = await deps.patches.open(session, target, {
        at,
        published: earliest(...findings.map(({ publishedAt }) => publishedAt)),
        fixReleased: earliest(...findings.map(({ fixedAt }) => fixedAt)),
        findings: findings.map((finding) => finding.id),
      });
      if (patch.state === 'parked') {
        // It stays where it is until a person has seen to it; what was made by then does not know of these.
        const { reason } = patch;
        await deps.patches.change(session, patch.id, (parked) => ({ ...fromTheStart(parked), reason }));
        continue;
      }
      jobs.push(
        await setGoing(deps, { session, patch, request: patchJob({ payload: { key, target }, ...deps }) }),
      );
    }
    return jobs;
  });
  for (const job of left) await dismiss(deps, job, 'Another job goes on with its patch.');
}

/** Asks for a job that works on an open patch, and notes which; gives the one that it had before, if that is another. */
export async function setGoing(
  { jobs, patches }: Pick<RoutingDeps, 'patches'> & { readonly jobs: Pick<Jobs, 'enqueue'> },
  of: { readonly session: DatabaseSession; readonly patch: Patch; readonly request: JobRequest },
): Promise<string | null> {
  const { session, patch, request } = of;
  const { id } = await jobs.enqueue(request, session);
  if (patch.job === id) return null;
  await patches.change(session, patch.id, () => ({ job: id }));
  return patch.job;
}

/** Ends a job that nobody is to replay; it may have ended by itself, or been swept. */
export async function dismiss(
  { jobs }: { readonly jobs: Pick<Jobs, 'cancel'> },
  job: string | null,
  reason: string,
): Promise<void> {
  if (job !== null) await jobs.cancel(job, reason).catch(() => {});
}

/** Debounced: it waits for a pause in what arrives, but not for ever. */
export function patchJob({
  payload,
  settings,
  now,
}: {
  readonly payload: PatchJob;
  readonly settings: Pick<ImagesSettings, 'debounce' | 'maxWait'>;
  readonly now: () => number;
}): JobRequest {
  return {
    queue: PATCH_QUEUE,
    key: payload.key,
    payload,
    onDuplicate: 'replace',
    runAt: now() + settings.debounce,
    maxWait: settings.maxWait,
  };
}

/** Of the newest version, as older ones cannot be made golden any more; null when none was ever read. */
export function targetOf({
  name,
  registry,
  repository,
  platform,
  versions,
}: GoldenImage): PatchTarget | null {
  const [newest] = versions;
  if (newest === undefined) return null;
  return { golden: name, base: { registry, repository, digest: newest.digest }, platform };
}

const ASK_AGAIN = 30_000;
/** With pauses that grow to half an hour, two days. */
const ASKED_AGAIN = 100;
export const IDENTIFY_BACKOFF = { first: ASK_AGAIN, max: 30 * 60_000 } as const;

interface ReceivedFinding {
  readonly finding: Finding;
  /** When it arrived. */
  readonly at: number;
}

interface Waiting {
  readonly target: PatchTarget;
  readonly findings: Finding[];
  at: number;
}

function add(
  waiting: Map<string, Waiting>,
  target: PatchTarget,
  { finding, at }: { readonly finding: Finding; readonly at: number },
): void {
  const key = keyOf(target);
  const there = waiting.get(key) ?? { target, findings: [], at };
  there.findings.push(finding);
  there.at = Math.min(there.at, at);
  waiting.set(key, there);
}

/** The newest patch of the base has seen all of them in its own scan: there is nothing more to do about them. */
async function isKnown(
  { patches, records }: Pick<RoutingDeps, 'patches' | 'records'>,
  key: string,
  findings: readonly Finding[],
): Promise<boolean> {
  const { scan } = (await patches.latestOf(key))?.records ?? {};
  const kept = scan === undefined ? null : await records.read(scan);
  return kept !== null && hasFindings(kept.text, findings);
}

interface Look {
  readonly index: BaseIndex;
  readonly images: ImageReader;
  readonly log: Log;
}

/** Those whose layers brought a package of the finding. Without proof of that nothing is done by itself. */
async function goldensOf(
  finding: Finding,
  { index, images, log }: Look,
): Promise<readonly GoldenImage[] | 'unreachable'> {
  const own = goldenDigest(finding, index);
  const image = own === null ? await images.read(finding) : null;
  if (image === 'unreachable') return image;
  // Reports name the digest of an index too; it is about the manifest that was found under it.
  const digest = own ?? image?.digest ?? finding.image.digest;
  const found = identify({ ...finding, image: { ...finding.image, digest } }, { image }, index);
  if (found.confidence !== 'proved') {
    log.debug('a finding is of no golden image that could be proved', {
      finding: finding.id,
      confidence: found.confidence,
    });
    return [];
  }
  const brought = found.packages.flatMap(({ golden }) => (golden === null ? [] : [golden.golden]));
  return [...new Set(brought)];
}

/** Of the golden image that the finding itself is about; null when it is about none, or does not say which of an index. */
function goldenDigest({ image: { digest, platform } }: Finding, index: BaseIndex): Digest | null {
  const matches = digest === null ? [] : index.byDigest(digest, platform);
  const digests = new Set(matches.map(({ version }) => version.digest));
  const [own] = digests;
  return digests.size === 1 && own !== undefined ? own : null;
}
