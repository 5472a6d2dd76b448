/** The second half of a run: the patched image, its proof, and the golden tag. */
import { CodedError, messageOf } from '@callboard/kernel';
import { buildPatch, PATCH_LABELS } from '../pipeline/build-patch.ts';
import type { ReadyPlan } from '../pipeline/make-plan.ts';
import { aptMirrorOptions, compileOptions, mirrorFiles } from '../pipeline/surroundings.ts';
import { canonicalJson } from '../plan/canonical.ts';
import type { PatchPlan } from '../plan/plan.ts';
import { attachStatements } from '../promote/attach-statements.ts';
import { promote } from '../promote/promote.ts';
import { createVerifier, parseEnvelope } from '../prove/dsse.ts';
import { prove as proveReally, type ProofOutcome } from '../prove/prove.ts';
import { readScan } from '../prove/read-findings.ts';
import type { ScanResult } from '../prove/scan.ts';
import { hashVerdict, openVerdict, sealVerdict, type Proof } from '../prove/verdict.ts';
import { compile } from '../script/compile.ts';
import { readBase, type Ended, type PatchRun } from './patch-run.ts';
import { keyOf } from './store.ts';

/** The plan of an earlier run over the same patch, compiled again. */
export async function readPlan(run: PatchRun): Promise<ReadyPlan> {
  const { plan: hash } = run.patch.records;
  const kept = hash === undefined ? null : await run.deps.records.read(hash);
  if (kept === null) throw new CodedError(500, 'images/record-lost', `There is no record ${hash ?? ''}.`);
  const plan: PatchPlan = JSON.parse(kept.text);
  const script = compile(plan, compileOptions(run.surroundings));
  return { kind: 'ready', plan, script, exchange: null, leftOver: run.patch.leftOver };
}

export async function build(run: PatchRun, ready: ReadyPlan): Promise<void> {
  const { deps, surroundings } = run;
  await run.update(() => ({ stage: 'build', reason: null }));
  const built = await buildPatch(
    { client: deps.client, engine: await deps.engine(), now: deps.now },
    { ...surroundings, base: await readBase(run), ready, patchId: run.patch.id },
  );
  const { registry, repository, digest } = built;
  await run.update(({ times }) => ({
    built: { registry, repository, digest },
    times: { ...times, built: deps.now() },
  }));
}

/** Attached at once, so that a golden tag never points to an image without its statements. */
export async function proveAndAttach(
  run: PatchRun,
  of: { readonly ready: ReadyPlan; readonly scanBefore: ScanResult | null; readonly isLastTry: boolean },
): Promise<Proof | Ended> {
  const { deps, golden, surroundings } = run;
  const { prove = proveReally } = deps;
  const { built, base, platform } = run.patch;
  if (built === null)
    throw new CodedError(500, 'images/record-lost', 'The patch is proved before it is built.');
  await run.update(() => ({ stage: 'prove', reason: null }));
  const engine = await deps.engine();
  const startedAt = deps.now();
  const proved = await prove(
    { client: deps.client, scanner: deps.scanner, engine, now: deps.now },
    {
      ...surroundings,
      base,
      patched: built,
      platform,
      plan: of.ready.plan,
      scanBefore: of.scanBefore,
      policy: {
        ...deps.settings.proof,
        ownLabels: PATCH_LABELS,
        allowedPaths: golden.allowedPaths,
      },
      packageEvidence: of.ready.script.manager === 'apt' ? 'downloaded' : 'database',
      smokeTests: golden.smokeTests,
      mirror: {
        files: mirrorFiles(of.ready.script.manager, surroundings),
        aptOptions: aptMirrorOptions(surroundings),
      },
    },
  );
  const { verdict, proof } = proved;
  const hash = await deps.records.keep('verdict', canonicalJson(verdict));
  const signer = await deps.signer();
  const seal =
    proof === null ? null : await deps.records.keep('seal', canonicalJson(sealVerdict(verdict, signer)));
  await run.update(({ records }) => ({
    records: { ...records, verdict: hash, ...(seal !== null && { seal }) },
    checks: verdict.checks,
    fixable: { before: verdict.findings.before.length, after: verdict.findings.after.length },
  }));
  if (proof === null) return unproved(run, { proved, isLastTry: of.isLastTry });
  await run.update(({ times }) => ({ stage: 'attach', times: { ...times, proved: deps.now() } }));
  await attach(run, { ready: of.ready, proved: { ...proved, proof }, startedAt });
  return proof;
}

/** A scanner or a registry that failed once makes no second try fail; what is wrong with the image does. */
async function unproved(
  run: PatchRun,
  { proved: { verdict }, isLastTry }: { readonly proved: ProofOutcome; readonly isLastTry: boolean },
): Promise<Ended> {
  const failed = verdict.checks.filter(({ ok }) => !ok);
  const reason = failed
    .map(({ id, detail }) => `${id}: ${detail}`)
    .join('; ')
    .slice(0, 1_000);
  if (isLastTry) return run.end('unproved', { reason });
  throw new CodedError(503, 'images/not-proved-yet', `Not proved, tried once more: ${reason}`);
}

async function attach(
  run: PatchRun,
  of: {
    readonly ready: ReadyPlan;
    readonly proved: ProofOutcome & { readonly proof: Proof };
    readonly startedAt: number;
  },
): Promise<void> {
  const { deps, surroundings, patch } = run;
  const { proof, evidence, verdict } = of.proved;
  const { script: scriptHash } = patch.records;
  if (evidence.inventories === null || evidence.findings === null || scriptHash === undefined) {
    throw new CodedError(500, 'images/record-lost', 'A proof has all that is said of its image.');
  }
  if (evidence.scanAfter !== null) await deps.takeReport(readScan(evidence.scanAfter, deps.now()));
  surroundings.log('attaching SBOM, VEX, provenance and the verdict, signed');
  const attestations = await attachStatements({
    client: deps.client,
    proof,
    plan: of.ready.plan,
    inventories: evidence.inventories,
    findings: evidence.findings,
    signer: await deps.signer(),
    author: deps.settings.author,
    startedAt: patch.times.planned ?? of.startedAt,
    madeAt: verdict.judgedAt,
    invocation: {
      patchId: patch.id,
      scriptHash,
      engine: (await deps.engine()).name,
      builder: deps.builder,
    },
    signal: surroundings.signal,
  });
  surroundings.log(`attached: ${attestations.length} statements, verdict ${hashVerdict(verdict)}`);
  await run.update(() => ({ attestations }));
}

/** The proof of an earlier run, by our own signature; null when there is none, or the key is another by now. */
export async function readProof(run: PatchRun): Promise<Proof | null> {
  const { deps, patch } = run;
  const { seal } = patch.records;
  const kept = seal === undefined ? null : await deps.records.read(seal);
  if (kept === null || patch.built === null) return null;
  const envelope = parseEnvelope(Buffer.from(kept.text));
  if (envelope === null) return null;
  try {
    return openVerdict(envelope, patch.built, createVerifier((await deps.signer()).publicKey));
  } catch {
    return null;
  }
}

/** Moves every golden tag that points to what was patched; without `asked` only where nothing speaks for a person. */
export async function promoteAll(
  run: PatchRun,
  { proof, asked }: { readonly proof: Proof; readonly asked: boolean },
): Promise<Ended> {
  const { deps, patch, golden, surroundings } = run;
  if (!asked && deps.settings.promote === 'manual') return run.end('proved');
  if (!asked && (await deps.patches.wasLeft(keyOf(patch)))) {
    const reason = 'Somebody went back from an earlier patch of this image, so a person promotes this one.';
    return run.end('proved', { reason });
  }
  await run.update(() => ({ stage: 'promote', reason: null }));
  // Its own tag whatever is known of it: whether it may be moved is found out by promoting.
  for (const tag of new Set([golden.tag, ...(await deps.tagsOf(patch))])) {
    const { client, now } = deps;
    try {
      const promotion = await promote({ client, proof, tag, now: now(), signal: surroundings.signal });
      surroundings.log(`promoted: ${tag} is ${promotion.current}, and was ${promotion.previous}`);
      deps.measures?.promoted(golden.name);
      await run.update(({ promotions, times }) => ({
        promotions: [...promotions.filter((one) => one.tag !== tag), promotion],
        times: { ...times, promoted: deps.now() },
      }));
    } catch (error) {
      if (tag === golden.tag || !isMoved(error)) throw error;
      surroundings.log(`not promoted: ${messageOf(error)}`);
    }
  }
  // Before the end: a job that follows this one has to find the new image.
  await deps.refreshGolden(golden.name);
  return run.end('promoted');
}

/** Whether somebody else put another image where the patched one was to go. */
export function isMoved(error: unknown): boolean {
  return error instanceof CodedError && error.code === 'images/golden-tag-moved';
}
