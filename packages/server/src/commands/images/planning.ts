/** What `plan` and `patch` have in common: all that leads from an image to a plan, or to the reason why there is none. */
import {
  formatReference,
  hashPlan,
  type Image,
  type PlanOutcome,
  type Platform,
  type Policy,
  type Reference,
} from '@callboard/images';
import { findingsOf, readMirrors, readReportFiles } from './inputs.ts';
import {
  COMMON_HELP,
  COMMON_OPTIONS,
  ENGINE_HELP,
  ENGINE_OPTIONS,
  IMAGE_OPTIONS,
  PLAN_HELP,
  PLAN_OPTIONS,
  PLATFORM_HELP,
  readApproval,
  readImage,
  readPlatform,
  readPolicy,
  SCAN_HELP,
  SCAN_OPTIONS,
} from './options.ts';
import { findingsToActOn, planStep, type PlanStep } from './plan-step.ts';
import { keepScan, scanStep, type Scan } from './steps.ts';
import { readImageOf, type Work } from './work.ts';

export const PLANNING_OPTIONS = {
  ...COMMON_OPTIONS,
  ...IMAGE_OPTIONS,
  ...SCAN_OPTIONS,
  ...ENGINE_OPTIONS,
  ...PLAN_OPTIONS,
} as const;

export const PLANNING_HELP = `${PLAN_HELP}
${SCAN_HELP}
${ENGINE_HELP}
${PLATFORM_HELP}
${COMMON_HELP}`;

/** What was asked for, read. */
export interface Planning {
  readonly reference: Reference;
  readonly platform: Platform;
  readonly policy: Policy;
  /** The reason why a person agrees; null when none does. */
  readonly approve: string | null;
  readonly mirrors: Readonly<Record<string, string>>;
  readonly reports: ReadonlyMap<string, Buffer>;
}

interface PlanningValues {
  readonly platform?: string | undefined;
  readonly severity: string;
  readonly approve?: string | undefined;
  readonly mirror?: readonly string[] | undefined;
  readonly report?: readonly string[] | undefined;
}

/** `here`: what relative paths are relative to. @throws UsageError */
export async function readPlanning(
  values: PlanningValues,
  { positionals, here }: { readonly positionals: readonly string[]; readonly here: string },
): Promise<Planning> {
  return {
    reference: readImage(positionals),
    platform: readPlatform(values),
    policy: readPolicy(values),
    approve: readApproval(values),
    mirrors: await readMirrors(values.mirror, here),
    reports: await readReportFiles(values.report, here),
  };
}

export interface Planned extends PlanStep {
  /** In full, with the digest. */
  readonly name: string;
  readonly image: Image;
  readonly scan: Scan;
}

export async function planImage(work: Work, planning: Planning): Promise<Planned> {
  const { reference, platform, policy, approve, mirrors, reports } = planning;
  const { context, tools } = work;
  // Without one, a scan is in vain.
  await tools.engine();
  const image = await readImageOf(work, reference, platform);
  const reported = await findingsOf(reports, { context, digest: image.digest });
  const scan = await scanStep(work, image);
  await keepScan(work, scan);
  const findings = findingsToActOn([...reported, ...scan.findings], policy);
  const step: PlanStep =
    findings.length === 0
      ? { outcome: { kind: 'nothing', proposal: null, leftOver: [] }, approval: null }
      : await planStep(work, { image, findings, mirrors, approve });
  return { name: formatReference({ ...reference, digest: image.digest }), image, scan, ...step };
}

/** There is a plan to build, or nothing that anybody could do now. */
export function isWell(outcome: PlanOutcome): boolean {
  return outcome.kind === 'ready' || (outcome.kind === 'nothing' && outcome.proposal === null);
}

/** An outcome for programs. */
export function outcomeFields(outcome: PlanOutcome) {
  const { kind, leftOver } = outcome;
  if (outcome.kind === 'nothing') return { kind, proposal: outcome.proposal, leftOver };
  const { plan } = outcome;
  const reasons = 'reasons' in outcome ? outcome.reasons : [];
  return { kind, planHash: hashPlan(plan), plan, reasons, leftOver };
}
