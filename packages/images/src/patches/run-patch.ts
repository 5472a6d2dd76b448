/**
 * The job of a patch: scan → plan → gate → build → prove → attach → promote. What a stage did is stored before the next
 * begins, so a run that was killed goes on where it was; a stage that was cut off is done again, and does no harm twice.
 */
import { CodedError, messageOf, ParkJob, RetryLater } from '@callboard/kernel';
import type { Job, JobContext, JobHandler } from '@callboard/kernel';
import { oneLine } from '../receive/one-line.ts';
import type { Patch } from './patch.ts';
import { changeRunning, createPatchRun, type Ended, type PatchRun, type PatchRunDeps } from './patch-run.ts';
import { planPatch } from './plan-stage.ts';
import { build, isMoved, promoteAll, proveAndAttach, readPlan, readProof } from './prove-stage.ts';
import { dismiss, patchJob, type PatchJob } from './route-findings.ts';
import { keyOf, type PatchTarget } from './store.ts';

export interface PatchHandlerDeps extends PatchRunDeps {
  /** The same golden image and platform at its newest digest; null when that is not known. */
  readonly newestOf: (target: PatchTarget) => Promise<PatchTarget | null>;
}

const MINUTE = 60_000;
/** Of one run; every command has a limit of its own, far below. */
const TIME_LIMIT = 120 * MINUTE;

export function createPatchHandler(deps: PatchHandlerDeps): JobHandler {
  return {
    concurrency: deps.settings.concurrency,
    lease: MINUTE,
    timeLimit: TIME_LIMIT,
    backoff: { first: 10_000, max: 10 * MINUTE },
    run: async (job, context) => {
      const patch = await take(deps, { job, context });
      if (patch === null) return;
      const golden = deps.settings.golden.find(({ name }) => name === patch.golden);
      await using log = await deps.logs.write(patch.id);
      const say = (line: string): void => log.line(line);
      if (golden === undefined) {
        await park(deps, { patch, context, reason: `${patch.golden} is not in the configuration any more.` });
        return;
      }
      const run = createPatchRun({ deps, context, golden, patch, say });
      try {
        await work(run, job);
      } catch (error) {
        say(`stopped: ${messageOf(error)}`);
        run.failed();
        // A person has ended it, and its job with it.
        await settle(deps, run, { job, error }).catch(unless('images/patch-state'));
      }
    },
  };
}

/** The open patch of the job, or a new one when findings came after the last had ended; null when nothing is left to do. */
async function take(
  deps: PatchHandlerDeps,
  { job, context }: { readonly job: Job; readonly context: JobContext },
): Promise<Patch | null> {
  const { key, target } = jobOf(job);
  // Nothing waits for this job: it follows another, in whose time the golden tag may have been moved, here or elsewhere.
  if ((await deps.patches.openOf(key)) === null) await deps.refreshGolden(target.golden);
  const newest = (await deps.newestOf(target)) ?? target;
  const taken = await deps.database.transaction(async (session) => {
    await context.fenced(session);
    const open = await deps.patches.openOf(key, session);
    if (open === null && keyOf(newest) !== key) {
      // What came in while the last patch was made may not be fixed by it: its image is looked at instead.
      const payload = { key: keyOf(newest), target: newest };
      await deps.jobs.enqueue(patchJob({ payload, settings: deps.settings, now: deps.now }), session);
      return null;
    }
    const received = { at: deps.now(), published: null, fixReleased: null, findings: [] };
    const patch = open ?? (await deps.patches.open(session, target, received));
    const change = { state: 'running', job: job.id, reason: null } as const;
    return { before: patch, patch: await deps.patches.change(session, patch.id, () => change) };
  });
  if (taken === null) return null;
  const { before, patch } = taken;
  deps.logs.notify(patch.id);
  // One that was parked has a new job by now, and would only be replayed by mistake.
  if (before.job !== job.id) await dismiss(deps, before.job, `Job ${job.id} goes on with it.`);
  return patch;
}

async function work(run: PatchRun, job: Job): Promise<Ended> {
  const asked = run.patch.stage === 'promote';
  const kept = run.patch.built === null ? null : await readProof(run);
  if (kept !== null && run.patch.attestations.length > 0) return promoteAll(run, { proof: kept, asked });
  const attemptsLeft = job.maxAttempts - job.attempts;
  const planned =
    run.patch.times.planned === null
      ? await planPatch(run, attemptsLeft)
      : { ready: await readPlan(run), scanBefore: null };
  if ('state' in planned) return planned;
  if (run.patch.built === null) await build(run, planned.ready);
  const isLastTry = job.attempts > 1 || attemptsLeft === 0;
  const proof = await proveAndAttach(run, { ...planned, isLastTry });
  return 'state' in proof ? proof : promoteAll(run, { proof, asked });
}

/** What becomes of a run that failed: another try, a person, or an end. */
async function settle(
  deps: PatchHandlerDeps,
  run: PatchRun,
  { job, error: thrown }: { readonly job: Job; readonly error: unknown },
): Promise<void> {
  const { context, patch } = run;
  const isTooLong = hasCode(context.signal.reason, 'jobs/timed-out');
  if (!isTooLong) context.signal.throwIfAborted();
  const error: unknown = isTooLong ? context.signal.reason : thrown;
  if (error instanceof ParkJob || error instanceof RetryLater) throw error;
  if (hasCode(error, 'images/patch-state')) throw error;
  const reason = reasonOf(error);
  if (isMoved(error)) {
    await run.end('cancelled', { reason });
    await goOnWithNewest(deps, patch);
    return;
  }
  if (isPassing(error) && job.attempts < job.maxAttempts) {
    await run.update(() => ({ reason: `Tried again: ${reason}` }));
    throw error;
  }
  await park(deps, { patch, context, reason });
}

/** What the patch was for may be in the image that took its place. */
async function goOnWithNewest(deps: PatchHandlerDeps, { golden, base, platform }: Patch): Promise<void> {
  await deps.refreshGolden(golden);
  const before = { golden, base, platform };
  const target = await deps.newestOf(before);
  if (target === null || keyOf(target) === keyOf(before)) return;
  const payload = { key: keyOf(target), target };
  await deps.jobs.enqueue(patchJob({ payload, settings: deps.settings, now: deps.now }));
}

async function park(
  { database, patches, logs }: PatchRunDeps,
  of: { readonly patch: Patch; readonly context: JobContext; readonly reason: string },
): Promise<never> {
  const { patch, context, reason } = of;
  await database.transaction(async (session) => {
    await context.fenced(session);
    await changeRunning({ patches }, { session, patch, change: () => ({ state: 'parked', reason }) });
  });
  logs.notify(patch.id);
  throw new ParkJob(reason);
}

/** What may pass by itself: something that is down, full, slow or overrun, and what nobody has foreseen. */
function isPassing(error: unknown): boolean {
  return !(error instanceof CodedError) || error.status >= 500 || error.status === 429;
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof CodedError && error.code === code;
}

function unless(code: string): (error: unknown) => void {
  return (error) => {
    if (!hasCode(error, code)) throw error;
  };
}

function reasonOf(error: unknown): string {
  const code = error instanceof CodedError ? ` (${error.code})` : '';
  return `${oneLine(messageOf(error), 1_000)}${code}`;
}

/** Ours: nobody else writes into the queue. */
function jobOf(job: Job): PatchJob {
  return JSON.parse(JSON.stringify(job.payload));
}
