/** The step from findings to a plan: what acts, what the gate says of it, and who agreed. */
import { userInfo } from 'node:os';
import {
  decide,
  hashPlan,
  makePlan,
  printScript,
  STRICT_POLICY,
  type Finding,
  type Image,
  type PlanOutcome,
  type Policy,
} from '@callboard/images';
import type { Approval } from './record-files.ts';
import { LIMITS } from './steps.ts';
import { countOf } from './words.ts';
import type { Work } from './work.ts';

/** Those of the scan and of reports that the policy lets act, each once. */
export function findingsToActOn(findings: readonly Finding[], policy: Policy): readonly Finding[] {
  const now = Date.now();
  const once = new Map(findings.map((finding) => [finding.id, finding]));
  return [...once.values()].filter((finding) => decide(finding, policy, now).acts);
}

export interface PlanRequest {
  readonly image: Image;
  readonly findings: readonly Finding[];
  readonly mirrors: Readonly<Record<string, string>>;
  /** Why a person agrees to whatever the gate asks about; null when nobody does now. */
  readonly approve: string | null;
}

export interface PlanStep {
  readonly outcome: PlanOutcome;
  /** That somebody agreed to this very plan; null when nobody had to, or nobody did. */
  readonly approval: Approval | null;
}

/** Writes plan.json and script.sh when there is a plan to build, else outcome.json, which says why there is none. */
export function planStep(work: Work, request: PlanRequest): Promise<PlanStep> {
  const { stages, record, tools, signal } = work;
  const { approve } = request;
  return stages.run(
    'plan',
    async (log) => {
      await record.begin('outcome.json');
      const approval = await record.approval();
      const { client } = tools;
      const planned = await makePlan(
        { client, engine: await tools.engine(), now: Date.now },
        {
          ...request,
          planner: await tools.planner(log),
          policy: STRICT_POLICY,
          approved: approval?.planHash ?? null,
          limits: LIMITS,
          log,
          signal,
        },
      );
      const step = await agree(work, { planned, known: approval, reason: approve });
      await keepPlan(work, step.outcome);
      return step;
    },
    ({ outcome }) => toClause(outcome),
  );
}

interface Agreeing {
  readonly planned: PlanOutcome;
  /** The last that was given with this record. */
  readonly known: Approval | null;
  /** What is given now. */
  readonly reason: string | null;
}

/** Where a person has seen what the gate asks, it is written down, and the plan is as good as any other. */
export async function agree(
  { record }: Pick<Work, 'record'>,
  { planned, known, reason }: Agreeing,
): Promise<PlanStep> {
  if (planned.kind === 'ready') {
    return { outcome: planned, approval: known?.planHash === hashPlan(planned.plan) ? known : null };
  }
  if (planned.kind !== 'needs-approval' || reason === null) return { outcome: planned, approval: null };
  const { plan, exchange, leftOver, script, reasons } = planned;
  const approval = { planHash: hashPlan(plan), reason, by: userName(), at: new Date().toISOString() };
  await record.writeJson('approval.json', { ...approval, asked: reasons });
  return { outcome: { kind: 'ready', plan, exchange, leftOver, script }, approval };
}

/** Null where the user has no name, as in some containers. */
function userName(): string | null {
  try {
    return userInfo().username;
  } catch {
    return null;
  }
}

/** What waits for a person has a script to look at, and no plan.json that could be proved. */
async function keepPlan({ record }: Work, outcome: PlanOutcome): Promise<void> {
  if (outcome.kind === 'ready') await record.writeJson('plan.json', outcome.plan);
  else await record.writeJson('outcome.json', outcome);
  if ('script' in outcome) await record.writeText('script.sh', printScript(outcome.script));
}

function toClause(outcome: PlanOutcome): string {
  switch (outcome.kind) {
    case 'nothing':
      return 'nothing that can be fixed now';
    case 'deferred':
      return `no patch: ${outcome.plan.proposal.strategy}`;
    case 'refused':
      return 'refused by the gate';
    case 'needs-approval':
      return 'needs approval';
    case 'ready':
      return `ready: ${countOf(outcome.plan.proposal.packages.length, 'package')}`;
    default:
      return outcome satisfies never;
  }
}
