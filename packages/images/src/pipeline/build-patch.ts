/** Runs a script in a session on the base and pushes what changed as one layer, by digest: no tag is touched. */
import { rightsOf } from '../gate/argv.ts';
import type { CommittedImage } from '../build/engine.ts';
import type { Image } from '../image/image.ts';
import { hashPlan } from '../plan/canonical.ts';
import { runCommands, runSteps } from '../script/steps.ts';
import { guarded, type ReadyPlan } from './make-plan.ts';
import { mirrorFiles, type PipelineDeps, type Surroundings } from './surroundings.ts';

export interface BuildPatchRequest extends Surroundings {
  readonly base: Image;
  readonly ready: ReadyPlan;
  /** As of a job: the record of the patch is found by it. */
  readonly patchId: string;
}

/** Labels that a patch sets. */
export const PATCH_LABELS = ['dev.callboard.patch.id', 'dev.callboard.patch.plan'] as const;

export async function buildPatch(deps: PipelineDeps, request: BuildPatchRequest): Promise<CommittedImage> {
  const { base, ready, patchId, log, signal, limits } = request;
  const { plan, script } = ready;
  const { manager } = script;
  await using session = await deps.engine.open(base, {
    platform: base.platform,
    log,
    signal,
    files: mirrorFiles(manager, request),
    limits,
  });
  const run = guarded(session, { manager, rights: rightsOf(plan.proposal) });
  log(`building: ${plan.proposal.packages.length} packages with ${deps.engine.name}`);
  await runSteps(script.apply, run);
  await runCommands(script.clean, run);
  const [id, hash] = PATCH_LABELS;
  return await session.commit({
    registry: base.registry,
    repository: base.repository,
    tag: null,
    labels: { [id]: patchId, [hash]: hashPlan(plan) },
    annotations: {},
    createdBy: `callboard patch ${patchId}`,
    createdAt: deps.now(),
  });
}
