/** The steps of a patch but its plan, each with its line and its part of the record. The commands put them together. */
import {
  aptMirrorOptions,
  attachStatements,
  buildPatch,
  DEFAULT_BUDGET,
  mirrorFiles,
  PATCH_LABELS,
  promote,
  prove,
  readFindings,
  sealVerdict,
  type CommittedImage,
  type Finding,
  type Image,
  type ImageAt,
  type PatchPlan,
  type Platform,
  type Promotion,
  type Proof,
  type ProofOutcome,
  type ReadyPlan,
  type ScanResult,
} from '@callboard/images';
import { CodedError } from '@callboard/kernel';
import { packageVersion } from '../version.ts';
import type { Signing } from './inputs.ts';
import { isFixable } from './scan-text.ts';
import { bytesText, countOf, shortDigest } from './words.ts';
import type { Work } from './work.ts';

/** Of the unpacked image, of one layer, and how many files: what a builder refuses beyond. */
export const LIMITS = { unpackedBytes: 16 * 2 ** 30, layerBytes: 4 * 2 ** 30, entries: 2_000_000 };

/** That the command built it, and not a portal. */
const BUILDER = 'urn:callboard:images:command';

export interface Scan {
  readonly result: ScanResult;
  readonly findings: readonly Finding[];
}

export function scanStep({ stages, tools, signal }: Work, image: ImageAt): Promise<Scan> {
  return stages.run(
    'scan',
    async () => {
      const result = await tools.scanner.scan(image, { signal });
      return { result, findings: readFindings(result, Date.now()) };
    },
    ({ result, findings }) => {
      const fixable = findings.filter(isFixable).length;
      return `${result.scanner} ${result.scannerVersion}: ${countOf(findings.length, 'finding')}, ${fixable} fixable`;
    },
  );
}

/** Writes scan.json, as the scanner printed it: `callboard images import` takes it, and so do other tools. */
export async function keepScan({ record }: Work, { result }: Scan): Promise<void> {
  await record.begin('scan.json');
  await record.writeText('scan.json', result.report);
}

export interface BuildRequest {
  readonly image: Image;
  readonly ready: ReadyPlan;
  readonly mirrors: Readonly<Record<string, string>>;
}

/** Writes build.json. The image is in the registry by its digest alone. */
export function buildStep(
  { stages, record, tools, signal }: Work,
  { image, ready, mirrors }: BuildRequest,
): Promise<CommittedImage> {
  const startedAt = Date.now();
  const patchId = `${new Date(startedAt).toISOString().replaceAll(/[-:]|\.\d+/g, '')}-${image.digest.slice(7, 15)}`;
  return stages.run(
    'build',
    async (log) => {
      await record.begin('build.json');
      const engine = await tools.engine();
      const built = await buildPatch(
        { client: tools.client, engine, now: Date.now },
        { base: image, ready, patchId, mirrors, limits: LIMITS, log, signal },
      );
      const [base, patched] = [toPlace(image), toPlace(built)];
      const note = { patchId, engine: engine.name, base, patched, startedAt, finishedAt: Date.now() };
      await record.writeJson('build.json', note);
      return built;
    },
    ({ digest, layer }) => `${shortDigest(digest)}, one layer of ${bytesText(layer.size)}`,
  );
}

export interface ProveRequest {
  readonly base: ImageAt;
  readonly patched: ImageAt;
  readonly platform: Platform;
  readonly plan: PatchPlan;
  readonly mirrors: Readonly<Record<string, string>>;
  /** Of the base, just now. */
  readonly scanBefore: ScanResult;
  readonly signing: Signing | null;
  /** `proofs`: what is kept stays when this proves nothing. */
  readonly keep: 'verdicts' | 'proofs';
}

/**
 * Writes verdict.json. When it is proved and there is a key, its statements are attached, and then seal.json is written:
 * what is promoted by its seal has them.
 */
export async function proveStep(work: Work, request: ProveRequest): Promise<ProofOutcome> {
  const { record } = work;
  const { signing, plan, keep } = request;
  const startedAt = Date.now();
  const outcome = await judgeStep(work, request);
  const { verdict, proof } = outcome;
  if (proof === null && keep === 'proofs') return outcome;
  await record.begin('verdict.json');
  await record.writeJson('verdict.json', verdict);
  if (proof === null || signing === null) return outcome;
  await attachStep(work, { outcome, proof, signing, plan, startedAt });
  await record.writeJson('seal.json', sealVerdict(verdict, signing.signer));
  return outcome;
}

function judgeStep({ stages, tools, signal }: Work, request: ProveRequest): Promise<ProofOutcome> {
  const { manager } = request.plan.facts;
  return stages.run(
    'prove',
    async (log) => {
      const { client, scanner } = tools;
      return await prove(
        { client, engine: await tools.engine(), scanner, now: Date.now },
        {
          ...request,
          policy: { budget: DEFAULT_BUDGET, worstNew: 'high', ownLabels: PATCH_LABELS, allowedPaths: [] },
          packageEvidence: manager === 'apt' ? 'downloaded' : 'database',
          mirror: { files: mirrorFiles(manager, request), aptOptions: aptMirrorOptions(request) },
          smokeTests: [],
          limits: LIMITS,
          log,
          signal,
        },
      );
    },
    ({ verdict: { proved, checks } }) => {
      const failed = checks.filter(({ ok }) => !ok).length;
      return proved
        ? `${countOf(checks.length, 'check')}, all good`
        : `${failed} of ${countOf(checks.length, 'check')} failed`;
    },
  );
}

interface AttachRequest extends Pick<ProveRequest, 'plan'> {
  readonly outcome: ProofOutcome;
  readonly proof: Proof;
  readonly signing: Signing;
  /** Of the proof; a build that the record knows of began before. */
  readonly startedAt: number;
}

function attachStep(
  { stages, record, tools, signal }: Work,
  { outcome, proof, signing, plan, startedAt }: AttachRequest,
): Promise<readonly string[]> {
  return stages.run(
    'attach',
    async () => {
      const { inventories, findings } = outcome.evidence;
      if (inventories === null || findings === null) {
        throw new CodedError(500, 'images/proof-missing-evidence', 'A proof came without its evidence.');
      }
      const { image, judgedAt } = proof.verdict;
      const note = await record.build();
      const build = note?.patched.digest === image.digest ? note : null;
      return await attachStatements({
        client: tools.client,
        proof,
        plan,
        inventories,
        findings,
        ...signing,
        startedAt: build?.startedAt ?? startedAt,
        madeAt: judgedAt,
        invocation: {
          patchId: build?.patchId ?? `proof-of-${image.digest.slice(7, 19)}`,
          scriptHash: (await record.scriptHash()) ?? '',
          engine: build?.engine ?? (await tools.engine()).name,
          builder: { id: BUILDER, version: packageVersion() },
        },
        signal,
      });
    },
    (digests) => countOf(digests.length, 'signed statement'),
  );
}

/** Writes promotion.json. */
export function promoteStep(
  { stages, record, tools, signal }: Work,
  { proof, tag }: { readonly proof: Proof; readonly tag: string },
): Promise<Promotion> {
  return stages.run(
    'promote',
    async () => {
      const promotion = await promote({ client: tools.client, proof, tag, now: Date.now(), signal });
      await record.writeJson('promotion.json', promotion);
      return promotion;
    },
    ({ current }) => `${tag} is ${shortDigest(current)}`,
  );
}

function toPlace({ registry, repository, digest }: ImageAt): ImageAt {
  return { registry, repository, digest };
}
