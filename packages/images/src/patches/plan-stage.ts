/** The first half of a run: what is wrong with the image, and a plan that may be built. */
import { ParkJob, RetryLater } from '@callboard/kernel';
import { makePlan, type PlanOutcome, type ReadyPlan } from '../pipeline/make-plan.ts';
import { canonicalJson, hashPlan } from '../plan/canonical.ts';
import type { PatchPlan, Planner } from '../plan/plan.ts';
import { readScan } from '../prove/read-findings.ts';
import type { ScanResult } from '../prove/scan.ts';
import type { Finding } from '../receive/finding.ts';
import { decide } from '../receive/policy.ts';
import type { Report } from '../receive/report.ts';
import { printScript } from '../script/print.ts';
import type { LeftOver } from '../plan/assess.ts';
import type { Patch, RecordKind } from './patch.ts';
import { readBase, type Ended, type PatchRun } from './patch-run.ts';
import { toScanRecord } from './scan-record.ts';
import { earliest, keyOf } from './store.ts';

/** Between two looks at a mirror that does not have the fix yet. */
const MIRROR_PAUSE = 30 * 60_000;
/** What a report says of an image above it, or of an earlier one, and is not the matter here. */
const NOT_THERE: ReadonlySet<LeftOver['reason']> = new Set(['already-fixed', 'not-installed']);

export interface Planned {
  readonly ready: ReadyPlan;
  readonly scanBefore: ScanResult;
}

/** Scans, plans and asks the gate. The plan and everything that led to it is kept, also when it is refused. */
export async function planPatch(run: PatchRun, attemptsLeft: number): Promise<Planned | Ended> {
  const { deps, surroundings } = run;
  await run.update(() => ({ stage: 'scan', reason: null }));
  const image = await readBase(run);
  surroundings.log(`scanning with ${deps.scanner.name}`);
  const scanBefore = await deps.scanner.scan(image, { signal: surroundings.signal });
  const report = readScan(scanBefore, deps.now());
  const findings = await gatherFindings(run, report);
  const scan = await deps.records.keep('scan', toScanRecord(scanBefore, findings));
  await run.update(({ times, records }) => ({
    stage: 'plan',
    findings: findings.length,
    records: { ...records, scan },
    times: {
      ...times,
      published: earliest(times.published, ...findings.map(({ publishedAt }) => publishedAt)),
      fixReleased: earliest(times.fixReleased, ...findings.map(({ fixedAt }) => fixedAt)),
    },
  }));
  // Only now: whoever follows the findings sees by the record that this patch knows them.
  await deps.takeReport(report);
  if (findings.length === 0) return run.end('clean');
  surroundings.log(`scanning: ${findings.length} findings to act on`);
  const engine = await deps.engine();
  const outcome = await makePlan(
    { client: deps.client, engine, now: deps.now },
    {
      ...surroundings,
      image,
      findings,
      planner: await plannerOf(run),
      policy: deps.settings.gate,
      approved: run.patch.approval?.planHash ?? null,
    },
  );
  if (outcome.kind === 'ready') return { ready: await takePlan(run, outcome), scanBefore };
  return withoutPlan(run, outcome, attemptsLeft);
}

async function takePlan(run: PatchRun, ready: ReadyPlan): Promise<ReadyPlan> {
  const records = await keepPlan(run, ready);
  await run.update(({ times, ...patch }) => ({
    records: { ...patch.records, ...records },
    leftOver: ready.leftOver,
    gate: [],
    times: { ...times, planned: run.deps.now() },
  }));
  return ready;
}

async function withoutPlan(
  run: PatchRun,
  outcome: Exclude<PlanOutcome, ReadyPlan>,
  attemptsLeft: number,
): Promise<Ended> {
  const { leftOver } = outcome;
  if (outcome.kind === 'nothing' || outcome.kind === 'deferred') {
    if (leftOver.length > 0 && leftOver.every(({ reason }) => NOT_THERE.has(reason))) {
      return run.end('clean', { leftOver, reason: 'Whatever was reported is fixed in it, or not in it.' });
    }
    const waits = leftOver.filter(({ reason }) => reason === 'not-in-mirror').length;
    if (waits > 0 && attemptsLeft > 0) {
      const reason = `${waits} fixes are released, but not in the mirror yet; it is asked again in half an hour.`;
      await run.update(() => ({ leftOver, reason }));
      throw new RetryLater(reason, { at: run.deps.now() + MIRROR_PAUSE });
    }
  }
  if (outcome.kind === 'nothing') {
    const reason = outcome.proposal?.reason ?? sayLeftOver(leftOver.map((one) => one.reason));
    return run.end('deferred', { leftOver, reason });
  }
  if (outcome.kind === 'deferred') {
    const plan = await run.deps.records.keep('plan', canonicalJson(outcome.plan));
    const records = { ...run.patch.records, plan };
    return run.end('deferred', { leftOver, records, reason: outcome.plan.proposal.reason });
  }
  const kept = { ...run.patch.records, ...(await keepPlan(run, outcome)) };
  const gate = outcome.reasons;
  if (outcome.kind === 'refused') {
    return run.end('refused', { leftOver, gate, records: kept, reason: gate[0]?.text ?? null });
  }
  const reason = 'The plan takes a person who agrees to it.';
  await run.update(({ approval }) => ({
    state: 'awaiting-approval',
    leftOver,
    gate,
    records: kept,
    reason: approval === null ? reason : `${reason} It is another one than the one that was agreed to.`,
    approval: null,
  }));
  throw new ParkJob(reason);
}

function sayLeftOver(reasons: readonly string[]): string {
  const counts = Map.groupBy(reasons, (reason) => reason);
  const parts = [...counts].map(([reason, all]) => `${all.length} ${reason}`);
  return `No finding can be fixed by its package manager now: ${parts.join(', ')}.`;
}

/** A plan that a person agreed to is not asked for again as long as it is about the same; else there is a new one. */
async function plannerOf({ deps, patch, surroundings }: PatchRun): Promise<Planner> {
  const { approval } = patch;
  const kept = approval === null ? null : await deps.records.read(approval.planHash);
  if (kept === null) return deps.planner(surroundings.log);
  const agreed: PatchPlan = JSON.parse(kept.text);
  return {
    name: agreed.planner.name,
    proposePlan: async (facts, options) => {
      const isSame = canonicalJson(facts) === canonicalJson(agreed.facts);
      if (isSame) return { proposal: agreed.proposal, planner: agreed.planner, exchange: null };
      const planner = await deps.planner(surroundings.log);
      return planner.proposePlan(facts, options);
    },
  };
}

/** What the scan found and what reports said of this base, as far as the policy lets it act; each finding once. */
async function gatherFindings(run: PatchRun, scan: Report): Promise<readonly Finding[]> {
  const { deps, patch } = run;
  const all = new Map<string, Finding>();
  for (const id of await deps.patches.findingsOf(keyOf(patch))) {
    const stored = await deps.findings.get(id);
    if (stored !== null) all.set(id, stored.finding);
  }
  for (const finding of scan.findings) all.set(finding.id, finding);
  return [...all.values()].filter((finding) => decide(finding, deps.settings.policy, deps.now()).acts);
}

async function keepPlan(
  { deps }: PatchRun,
  { plan, exchange, ...outcome }: Pick<ReadyPlan, 'plan' | 'exchange'> & Partial<Pick<ReadyPlan, 'script'>>,
): Promise<Patch['records']> {
  const records: Partial<Record<RecordKind, string>> = {
    plan: await deps.records.keep('plan', canonicalJson(plan)),
  };
  if (records.plan !== hashPlan(plan)) throw new Error('A plan has another hash as a record.');
  if (outcome.script !== undefined) {
    records.script = await deps.records.keep('script', printScript(outcome.script));
  }
  if (exchange !== null) {
    records.prompt = await deps.records.keep('prompt', exchange.prompt);
    records.answer = await deps.records.keep('answer', exchange.answer);
  }
  return records;
}
