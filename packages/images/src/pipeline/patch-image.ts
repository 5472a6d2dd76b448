/**
 * The whole way of one image, from its findings to a patched image that is proved: scan, plan, gate, build, prove.
 * Nothing is tagged here; `promote` moves a golden tag, and takes nothing but the proof.
 */
import type { CommittedImage } from '../build/engine.ts';
import type { GatePolicy } from '../gate/verdict.ts';
import type { Image } from '../image/image.ts';
import type { Planner } from '../plan/plan.ts';
import type { ProofPolicy } from '../prove/checks.ts';
import { prove } from '../prove/prove.ts';
import { readFindings } from '../prove/read-findings.ts';
import type { ImageScanner, ScanResult } from '../prove/scan.ts';
import type { Judgement } from '../prove/verdict.ts';
import { decide, type Policy } from '../receive/policy.ts';
import type { Finding } from '../receive/finding.ts';
import type { Command } from '../script/command.ts';
import { buildPatch } from './build-patch.ts';
import { makePlan, type PlanOutcome, type ReadyPlan } from './make-plan.ts';
import {
  aptMirrorOptions,
  holdBase,
  mirrorFiles,
  type PipelineDeps,
  type Surroundings,
} from './surroundings.ts';

export interface PatchImageDeps extends PipelineDeps {
  readonly scanner: ImageScanner;
  readonly planner: Planner;
}

export interface PatchImageRequest extends Surroundings {
  readonly image: Image;
  /** What else is known of the image, as of reports that were received; the scan's own findings are always used. */
  readonly findings: readonly Finding[];
  readonly patchId: string;
  readonly policies: {
    readonly findings: Policy;
    readonly gate: GatePolicy;
    readonly proof: ProofPolicy;
  };
  /** Each must pass in the patched image. */
  readonly smokeTests: readonly Command[];
}

/** `clean`: no finding of the image is to be acted on. `unready`: there is no plan that may be built. */
export type PatchOutcome =
  | { readonly kind: 'clean'; readonly findings: readonly Finding[] }
  | { readonly kind: 'unready'; readonly plan: Exclude<PlanOutcome, ReadyPlan> }
  | {
      readonly kind: 'judged';
      readonly ready: ReadyPlan;
      readonly built: CommittedImage;
      readonly judgement: Judgement;
    };

export async function patchImage(deps: PatchImageDeps, request: PatchImageRequest): Promise<PatchOutcome> {
  const { image, policies, log, signal } = request;
  log(`scanning with ${deps.scanner.name}`);
  const scanBefore = await deps.scanner.scan(image, { signal });
  const findings = toActOn(deps, request, scanBefore);
  if (findings.length === 0) return { kind: 'clean', findings };
  log(`scanning: ${findings.length} findings to act on`);
  await using held = new AsyncDisposableStack();
  held.use(await holdBase(deps, image, request));
  const plan = await makePlan(deps, { ...request, findings, planner: deps.planner, policy: policies.gate });
  if (plan.kind !== 'ready') return { kind: 'unready', plan };
  const built = await buildPatch(deps, { ...request, base: image, ready: plan });
  const { manager } = plan.script;
  const judgement = await prove(deps, {
    ...request,
    base: image,
    patched: built,
    platform: image.platform,
    plan: plan.plan,
    scanBefore,
    policy: policies.proof,
    packageEvidence: manager === 'apt' ? 'downloaded' : 'database',
    mirror: { files: mirrorFiles(manager, request), aptOptions: aptMirrorOptions(request) },
  });
  return { kind: 'judged', ready: plan, built, judgement };
}

/** Of one finding that several scanners reported each is kept: a plan covers all of them. */
function toActOn(
  { now }: PatchImageDeps,
  { findings, policies }: PatchImageRequest,
  scan: ScanResult,
): readonly Finding[] {
  const all = new Map<string, Finding>();
  for (const finding of [...findings, ...readFindings(scan, now())]) all.set(finding.id, finding);
  return [...all.values()].filter((finding) => decide(finding, policies.findings, now()).acts);
}
