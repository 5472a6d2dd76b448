/** One run over one patch: what its stages work with, and how they tell where it is. */
import type { Database, DatabaseSession, JobContext, JobRequest, Jobs, Log } from '@callboard/kernel';
import type { BuildEngine } from '../build/engine.ts';
import type { FindingsStore } from '../findings/findings-store.ts';
import type { Image } from '../image/image.ts';
import type { RegistryClient } from '../image/registry-client.ts';
import type { Planner } from '../plan/plan.ts';
import type { Signer } from '../prove/dsse.ts';
import type { prove } from '../prove/prove.ts';
import type { ImageScanner } from '../prove/scan.ts';
import type { Report } from '../receive/report.ts';
import type { GoldenSettings, ImagesSettings } from '../settings.ts';
import type { Surroundings } from '../pipeline/surroundings.ts';
import type { PatchMetrics, StageOutcome } from './metrics.ts';
import { patchError } from './errors.ts';
import type { Patch, PatchState } from './patch.ts';
import type { PatchLogs } from './patch-log.ts';
import type { Records } from './records.ts';
import { patchJob } from './route-findings.ts';
import { keyOf, type PatchStore } from './store.ts';

export interface PatchRunDeps {
  readonly database: Database;
  readonly patches: PatchStore;
  readonly records: Records;
  readonly logs: PatchLogs;
  readonly findings: Pick<FindingsStore, 'get' | 'list'>;
  readonly client: RegistryClient;
  /** The first that can be used here; @throws CodedError `images/no-engine` */
  readonly engine: () => Promise<BuildEngine>;
  readonly scanner: ImageScanner;
  /** Default: the proof of this room; tests put another in its place. */
  readonly prove?: typeof prove;
  readonly jobs: Pick<Jobs, 'cancel' | 'enqueue'>;
  readonly planner: (log: (line: string) => void) => Promise<Planner>;
  readonly signer: () => Promise<Signer>;
  /** Who builds, in provenance: this installation, by a URI, and its version. */
  readonly builder: { readonly id: string; readonly version: string };
  readonly settings: ImagesSettings;
  /** Puts what our own scanner saw into the findings store, beside what others report. */
  readonly takeReport: (report: Report) => Promise<unknown>;
  /** The golden tags that point to the base of a patch, that of its own golden image first. */
  readonly tagsOf: (patch: Patch) => Promise<readonly string[]>;
  /** Called after a golden tag was moved or found elsewhere, so that what is known of it is read again. */
  readonly refreshGolden: (name: string) => Promise<void>;
  /** Null: nothing is measured. */
  readonly measures: PatchMetrics | null;
  readonly now: () => number;
  readonly log: Log;
}

export interface PatchRun {
  readonly deps: PatchRunDeps;
  readonly context: JobContext;
  readonly golden: GoldenSettings;
  readonly surroundings: Surroundings;
  /** As it is stored. */
  readonly patch: Patch;
  /** Stores where it is; refused once another has the job. */
  update(change: (patch: Patch) => Partial<Patch>): Promise<void>;
  /** That the stage at hand went wrong, for the metrics. */
  failed(): void;
  /** The last thing a run does: the job is done in the same moment. */
  end(state: PatchState, change?: Partial<Patch>): Promise<Ended>;
}

/** What a stage gives when nothing comes after it. */
export interface Ended {
  readonly state: PatchState;
}

/** Of the base of the patch. */
export function readBase({ deps, patch, context }: PatchRun): Promise<Image> {
  const { base, platform } = patch;
  return deps.client.image({ ...base, reference: base.digest }, platform, { signal: context.signal });
}

export interface StartedRun {
  readonly deps: PatchRunDeps;
  readonly context: JobContext;
  readonly golden: GoldenSettings;
  readonly patch: Patch;
  readonly say: (line: string) => void;
}

export function createPatchRun({ deps, context, golden, patch, say }: StartedRun): PatchRun {
  const { database, patches, logs, settings, measures, now } = deps;
  let current = patch;
  let stage = { name: patch.stage, since: now() };
  const leaveStage = (outcome: StageOutcome): void => {
    if (stage.name !== null) measures?.staged(stage.name, { outcome, ms: now() - stage.since });
    stage = { name: null, since: now() };
  };
  const store = async (
    change: (patch: Patch) => Partial<Patch>,
    hold: (session: DatabaseSession) => Promise<void>,
  ): Promise<void> => {
    current = await database.transaction(async (session) => {
      await hold(session);
      return changeRunning(deps, { session, patch, change });
    });
    logs.notify(current.id);
  };
  return {
    deps,
    context,
    golden,
    surroundings: { mirrors: golden.mirrors, limits: settings.limits, log: say, signal: context.signal },
    get patch() {
      return current;
    },
    update: async (change) => {
      await store(change, (session) => context.fenced(session));
      if (current.stage === stage.name) return;
      leaveStage('done');
      stage = { name: current.stage, since: now() };
    },
    failed: () => leaveStage('failed'),
    end: async (state, change = {}) => {
      await store(
        () => ({ ...change, state }),
        async (session) => {
          await context.complete(session);
          const { planned } = current.times;
          const isOutdated =
            planned !== null && (await patches.hasNews(session, { key: keyOf(current), since: planned }));
          // What came after the plan was made, while nobody worked on it, would be forgotten.
          if (isOutdated) await deps.jobs.enqueue(lookAgain(deps, current), session);
        },
      );
      leaveStage(state === 'promoted' || state === 'proved' ? 'done' : 'ended');
      say(`ended: ${state}${current.reason === null ? '' : `: ${current.reason}`}`);
      return { state };
    },
  };
}

/**
 * Changes a patch as the one that works on it.
 * @throws CodedError `images/patch-state` when a person has ended it meanwhile, or another job has it
 */
export async function changeRunning(
  { patches }: Pick<PatchRunDeps, 'patches'>,
  of: {
    readonly session: DatabaseSession;
    readonly patch: Patch;
    readonly change: (patch: Patch) => Partial<Patch>;
  },
): Promise<Patch> {
  const { session, patch, change } = of;
  return patches.change(session, patch.id, (stored) => {
    if (stored.state === 'running' && stored.job === patch.job) return change(stored);
    throw patchError('images/patch-state', `Patch ${patch.id} is ${stored.state} by now.`);
  });
}

/** The job that looks at the image of a patch once more; when that is golden no more, at what is. */
function lookAgain({ settings, now }: PatchRunDeps, { golden, base, platform }: Patch): JobRequest {
  const target = { golden, base, platform };
  return patchJob({ payload: { key: keyOf(target), target }, settings, now });
}
