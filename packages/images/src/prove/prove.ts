/**
 * Proves a patched image: gathers everything that the checks need of the digest that was pushed, and judges. Whatever
 * cannot be had fails the checks that need it, so the verdict is always there and says why.
 */
import { formatDiagnostic } from '@callboard/model';
import type { BuildEngine, BuildLimits, BuildSession } from '../build/engine.ts';
import type { Image, ImageAt, Platform } from '../image/image.ts';
import type { RegistryClient } from '../image/registry-client.ts';
import { createFolderView } from '../inventory/folder-view.ts';
import type { FileView, Inventory } from '../inventory/inventory.ts';
import { readInventory } from '../inventory/read-inventory.ts';
import { hashPlan } from '../plan/canonical.ts';
import type { PatchPlan } from '../plan/plan.ts';
import type { Finding } from '../receive/finding.ts';
import type { Command } from '../script/command.ts';
import {
  fixable,
  runChecks,
  type Evidence,
  type Gathered,
  type ProofPolicy,
  type Scanned,
} from './checks.ts';
import { comparePackages } from './compare-packages.ts';
import { proveError } from './errors.ts';
import { readLayer, type LayerEntry } from './layer.ts';
import { gatherPackageEvidence, type EvidenceSource } from './package-evidence.ts';
import { readFindings } from './read-findings.ts';
import type { ImageScanner, ScanResult } from './scan.ts';
import { sizeOf } from './size.ts';
import { runSmokeTests, type SmokeResult } from './smoke.ts';
import { withLayer, type FileTree } from './tree.ts';
import { judge, type Judgement } from './verdict.ts';

export interface ProveDeps {
  readonly client: RegistryClient;
  readonly scanner: ImageScanner;
  /** Opens throwaway sessions on both images; none of them is committed. */
  readonly engine: BuildEngine;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

export interface ProveRequest {
  readonly base: ImageAt;
  readonly patched: ImageAt;
  readonly platform: Platform;
  readonly plan: PatchPlan;
  /** The scan of the base from before the patch, if it was kept; it is made again when there is none. */
  readonly scanBefore: ScanResult | null;
  readonly policy: ProofPolicy;
  /** `downloaded` for apt; what the other package managers have is `database`. */
  readonly packageEvidence: EvidenceSource;
  /** How the packages are reached again: files for the session, and options that lead apt to them. */
  readonly mirror: {
    readonly files: Readonly<Record<string, string>>;
    readonly aptOptions: readonly string[];
  };
  /** Each must pass in the patched image. */
  readonly smokeTests: readonly Command[];
  readonly limits: BuildLimits;
  readonly log: (line: string) => void;
  readonly signal: AbortSignal;
}

/** What was found out on the way, for those who describe the image; null what could not be had. A proof has all of it. */
export interface ProofEvidence {
  readonly inventories: { readonly before: Inventory; readonly after: Inventory } | null;
  /** All that the scanner found, also what cannot be fixed. */
  readonly findings: { readonly before: readonly Finding[]; readonly after: readonly Finding[] } | null;
  /** Of the patched image. */
  readonly scanAfter: ScanResult | null;
}

export interface ProofOutcome extends Judgement {
  readonly evidence: ProofEvidence;
}

interface Images {
  readonly base: Image;
  readonly patched: Image;
}

/** Rejects only when one of the images cannot be read, or the signal says so. */
export async function prove(deps: ProveDeps, request: ProveRequest): Promise<ProofOutcome> {
  const { platform, signal, plan } = request;
  const read = (where: ImageAt): Promise<Image> =>
    deps.client.image({ ...where, reference: where.digest }, platform, { signal });
  const [base, patched] = [await read(request.base), await read(request.patched)];
  await using sessions = new AsyncDisposableStack();
  const evidence = await gather({ deps, request, sessions }, { base, patched });
  const checks = await runChecks(evidence, request.policy);
  signal.throwIfAborted();
  const [before, after] = [attempt(evidence.scanBefore), attempt(evidence.scanAfter)];
  const result = after?.result;
  const judgement = judge({
    image: placeOf(patched),
    base: placeOf(base),
    planHash: hashPlan(plan),
    checks,
    findings: { before: fixable(before?.findings ?? []), after: fixable(after?.findings ?? []) },
    scanner:
      result === undefined
        ? null
        : { name: result.scanner, version: result.scannerVersion, database: result.databaseVersion },
    grown: sizeOf(patched) - sizeOf(base),
    judgedAt: deps.now(),
  });
  const findings =
    before === null || after === null ? null : { before: before.findings, after: after.findings };
  return {
    ...judgement,
    evidence: { inventories: attempt(evidence.inventories), findings, scanAfter: result ?? null },
  };
}

function placeOf({ registry, repository, digest }: ImageAt): ImageAt {
  return { registry, repository, digest };
}

interface Work {
  readonly deps: ProveDeps;
  readonly request: ProveRequest;
  readonly sessions: AsyncDisposableStack;
}

async function gather(work: Work, { base, patched }: Images): Promise<Evidence> {
  const { deps, request } = work;
  const { signal, plan } = request;
  const step = <T>(name: string, run: () => Promise<T>): Promise<Gathered<T>> => {
    signal.throwIfAborted();
    request.log(`proving: ${name}`);
    return gathered(run);
  };
  const scanBefore = await step('scan of the image before', () => scan(deps, request, base));
  const scanAfter = await step('scan of the patched image', () => scan(deps, request, patched));
  const opened = await step('sessions', async () => ({
    before: await open(work, base),
    after: await open(work, patched),
  }));
  const files = await step('files', async () => ({
    before: createFolderView(opened().before.root),
    after: createFolderView(opened().after.root),
  }));
  const inventories = await step('packages', async () => ({
    before: await inventoryOf(files().before),
    after: await inventoryOf(files().after),
  }));
  const baseTree = await step('layers', () => readTree(deps.client, base, request));
  const layer = await step('new layer', () => readTop(deps.client, { base, patched }, request));
  const packages = await step('files of the packages', async () =>
    gatherPackageEvidence({
      format: plan.facts.format,
      diff: comparePackages(inventories().before, inventories().after),
      wanted: request.packageEvidence,
      files: files(),
      sessions: opened(),
      aptOptions: request.mirror.aptOptions,
    }),
  );
  const smoke = async (): Promise<readonly SmokeResult[]> => {
    request.log('proving: smoke tests');
    return runSmokeTests({
      session: opened().after,
      image: patched,
      format: plan.facts.format,
      tree: withLayer(baseTree(), layer()),
      layer: layer(),
      commands: request.smokeTests,
    });
  };
  return { base, patched, plan, inventories, files, scanBefore, scanAfter, baseTree, layer, packages, smoke };
}

async function gathered<T>(run: () => Promise<T>): Promise<Gathered<T>> {
  try {
    const value = await run();
    return () => value;
  } catch (thrown) {
    return () => {
      throw thrown;
    };
  }
}

function attempt<T>(get: Gathered<T>): T | null {
  try {
    return get();
  } catch {
    return null;
  }
}

async function scan({ scanner, now }: ProveDeps, request: ProveRequest, image: Image): Promise<Scanned> {
  const kept = image.digest === request.scanBefore?.digest ? request.scanBefore : null;
  const result = kept ?? (await scanner.scan(placeOf(image), { signal: request.signal }));
  return { result, findings: readFindings(result, now()) };
}

async function open({ deps, request, sessions }: Work, image: Image): Promise<BuildSession> {
  const { platform, signal, mirror, limits } = request;
  // What the commands of a proof print is told by its checks, where it matters.
  const options = { platform, log: () => {}, signal, files: mirror.files, limits };
  return sessions.use(await deps.engine.open(placeOf(image), options));
}

async function inventoryOf(files: FileView): Promise<Inventory> {
  const { inventory, diagnostics } = await readInventory(files);
  const broken = diagnostics.find(({ severity }) => severity === 'error');
  if (broken === undefined) return inventory;
  throw proveError(
    'images/proof-missing-evidence',
    `The packages cannot be read: ${formatDiagnostic(broken)}`,
  );
}

async function readTree(client: RegistryClient, image: Image, request: ProveRequest): Promise<FileTree> {
  const { limits, signal } = request;
  let tree: FileTree = new Map();
  for (const layer of image.manifest.layers) {
    const blob = await client.readBlob(image, layer, { signal });
    const entries = await readLayer(blob, {
      mediaType: layer.mediaType,
      content: 'skip',
      limits: { bytes: limits.unpackedBytes, entries: limits.entries },
    });
    tree = withLayer(tree, entries);
  }
  return tree;
}

/** The one layer above those of the base. */
async function readTop(
  client: RegistryClient,
  { base, patched }: Images,
  { limits, signal }: ProveRequest,
): Promise<readonly LayerEntry[]> {
  const [layer, ...more] = patched.manifest.layers.slice(base.manifest.layers.length);
  if (layer === undefined || more.length > 0) {
    throw proveError(
      'images/proof-missing-evidence',
      'The patched image is not the one before with one layer more.',
    );
  }
  const blob = await client.readBlob(patched, layer, { signal });
  return readLayer(blob, {
    mediaType: layer.mediaType,
    content: 'hash',
    limits: { bytes: limits.layerBytes, entries: limits.entries },
  });
}
