/** Every check of a patched image: an id, and a function that says what is wrong. Evidence that is missing is wrong too. */
import { messageOf } from '@callboard/kernel';
import type { Image } from '../image/image.ts';
import type { FileView, Inventory } from '../inventory/inventory.ts';
import type { PatchPlan, PlanPackage } from '../plan/plan.ts';
import type { Finding, Severity } from '../receive/finding.ts';
import { SEVERITIES } from '../receive/finding.ts';
import {
  architectureChanges,
  comparePackages,
  distroChanges,
  downgrades,
  markChanges,
  undoneChanges,
  unplannedChanges,
  unplannedRemovals,
  type Compared,
} from './compare-packages.ts';
import { configChanges, lineageChanges } from './config.ts';
import { explainLayer, unexplainedPaths, type Explained } from './explain.ts';
import { wrongFiles } from './hashes.ts';
import type { LayerEntry } from './layer.ts';
import type { PackageEvidence } from './package-evidence.ts';
import type { ScanResult } from './scan.ts';
import { overBudget, type SizeBudget } from './size.ts';
import type { SmokeResult } from './smoke.ts';
import { privilegeChanges, sprung } from './traps.ts';
import { withLayer, type FileTree } from './tree.ts';
import { CHECKS, type CheckId, type CheckResult, type FixableFinding } from './verdict.ts';

/** Gives what was gathered, or throws why it could not be. */
export type Gathered<T> = () => T;

export interface Scanned {
  readonly result: ScanResult;
  readonly findings: readonly Finding[];
}

export interface Evidence {
  readonly base: Image;
  readonly patched: Image;
  readonly plan: PatchPlan;
  readonly inventories: Gathered<{ readonly before: Inventory; readonly after: Inventory }>;
  readonly files: Gathered<{ readonly before: FileView; readonly after: FileView }>;
  readonly scanBefore: Gathered<Scanned>;
  readonly scanAfter: Gathered<Scanned>;
  /** Of all layers of the base. */
  readonly baseTree: Gathered<FileTree>;
  /** The new layer, with content. */
  readonly layer: Gathered<readonly LayerEntry[]>;
  readonly packages: Gathered<readonly PackageEvidence[]>;
  /** Runs programs of the patched image, so it is asked for once its files were judged. */
  readonly smoke: () => Promise<readonly SmokeResult[]>;
}

export interface ProofPolicy {
  readonly budget: SizeBudget;
  /** New findings below it are let through. */
  readonly worstNew: Severity;
  /** Labels that a patch may set. */
  readonly ownLabels: readonly string[];
  /** Paths that may change though no package brings them, as regular expressions of whole paths. */
  readonly allowedPaths: readonly RegExp[];
}

type Check = (evidence: Evidence, policy: ProofPolicy) => readonly string[] | Promise<readonly string[]>;

const MOST_PROBLEMS = 20;

/** All checks, one after the other; one that cannot be made has failed. */
export async function runChecks(evidence: Evidence, policy: ProofPolicy): Promise<readonly CheckResult[]> {
  const results: CheckResult[] = [];
  for (const id of CHECKS) {
    const problems = await problemsOf(id, evidence, policy);
    const rest = problems.length > MOST_PROBLEMS ? ` … and ${problems.length - MOST_PROBLEMS} more` : '';
    const detail = `${problems.slice(0, MOST_PROBLEMS).join('; ')}${rest}`;
    results.push({ id, ok: problems.length === 0, detail });
  }
  return results;
}

async function problemsOf(id: CheckId, evidence: Evidence, policy: ProofPolicy): Promise<readonly string[]> {
  try {
    return await RUN[id](evidence, policy);
  } catch (thrown) {
    return [`could not be checked: ${messageOf(thrown)}`];
  }
}

const RUN: Readonly<Record<CheckId, Check>> = {
  'image.lineage': ({ base, patched }) => lineageChanges(base, patched),
  'image.config': ({ base, patched }, { ownLabels }) => configChanges(base, patched, ownLabels),
  'scan.same-scanner': (evidence) => scannerChanges(evidence),
  'scan.sees-packages': (evidence) => unseenPackages(evidence),
  'scan.knows-findings': ({ plan, scanBefore }) => unknownFindings(plan, scanBefore().findings),
  'scan.fixed': ({ plan, scanAfter }) => remainingFindings(plan, scanAfter().findings),
  'scan.nothing-new': (evidence, { worstNew }) => newFindings(evidence, worstNew),
  'packages.done': (evidence) => undoneChanges(compared(evidence)),
  'packages.planned': (evidence) => unplannedChanges(compared(evidence)),
  'packages.no-downgrade': (evidence) => downgrades(compared(evidence)),
  'packages.no-removal': (evidence) => unplannedRemovals(compared(evidence)),
  'packages.architecture': (evidence) => architectureChanges(compared(evidence)),
  'packages.marks': (evidence) => markChanges(compared(evidence)),
  'packages.distro': (evidence) => distroChanges(compared(evidence)),
  'files.hashes': (evidence) => hashProblems(evidence),
  'files.explained': async (evidence, policy) => unexplainedPaths(await explained(evidence, policy)),
  'files.privileges': ({ layer, baseTree }) => privilegeChanges(layer(), baseTree()),
  'files.users': async (evidence, policy) => sprung('users', await explained(evidence, policy)),
  'files.jobs': async (evidence, policy) => sprung('jobs', await explained(evidence, policy)),
  'files.loader': async (evidence, policy) => sprung('loader', await explained(evidence, policy)),
  'files.certificates': async (evidence, policy) => sprung('certificates', await explained(evidence, policy)),
  'files.sources': async (evidence, policy) => sprung('sources', await explained(evidence, policy)),
  smoke: async ({ smoke }) =>
    (await smoke()).flatMap(({ argv, problem }) =>
      problem === null ? [] : [`${argv.join(' ')} ${problem}`],
    ),
  size: ({ base, patched }, { budget }) => overBudget(base, patched, budget),
};

function compared({ inventories, plan }: Evidence): Compared {
  const { before, after } = inventories();
  return { before, after, plan, diff: comparePackages(before, after) };
}

const explanations = new WeakMap<Evidence, Promise<Explained>>();

/** Made once for all checks that ask for it. */
function explained(evidence: Evidence, { allowedPaths }: ProofPolicy): Promise<Explained> {
  const known = explanations.get(evidence);
  if (known !== undefined) return known;
  const made = explainLayer({
    format: evidence.plan.facts.format,
    layer: evidence.layer(),
    evidence: evidence.packages(),
    base: evidence.baseTree(),
    before: evidence.files().before,
    allowed: allowedPaths,
  });
  explanations.set(evidence, made);
  return made;
}

async function hashProblems({ layer, packages, baseTree, files }: Evidence): Promise<readonly string[]> {
  const top = new Map(layer().map((entry) => [entry.path, entry]));
  return wrongFiles({
    evidence: packages(),
    top,
    tree: withLayer(baseTree(), layer()),
    after: files().after,
  });
}

/** Program, database and recognised distribution are the same, and each looked at what it was to look at. */
function scannerChanges({ scanBefore, scanAfter, base, patched }: Evidence): readonly string[] {
  const [before, after] = [scanBefore().result, scanAfter().result];
  const problems: string[] = [];
  for (const key of ['scanner', 'scannerVersion', 'databaseVersion', 'distro'] as const) {
    if (before[key] !== after[key])
      problems.push(`${key} was ${before[key] ?? 'unknown'} and is ${after[key] ?? 'unknown'}`);
  }
  if (before.digest !== base.digest) problems.push(`the first scan is of ${before.digest}`);
  if (after.digest !== patched.digest) problems.push(`the second scan is of ${after.digest}`);
  if (after.distro === null) problems.push('the scanner did not recognise the distribution');
  return problems;
}

/** A scanner that sees no packages finds nothing in them. One whose reports do not list them cannot be asked. */
function unseenPackages({ scanBefore, scanAfter, inventories }: Evidence): readonly string[] {
  const { before, after } = inventories();
  const problems: string[] = [];
  for (const [{ packages }, inventory] of [
    [scanBefore().result, before],
    [scanAfter().result, after],
  ] as const) {
    if (inventory.packages.length === 0) problems.push('the image has no packages');
    if (packages === null) continue;
    const seen = new Set(packages.map(({ name, version }) => `${name} ${version}`));
    for (const { name, version } of inventory.packages) {
      if (!seen.has(`${name} ${version}`)) problems.push(`the scanner does not see ${name} ${version}`);
    }
  }
  return problems;
}

/** Of the sources that the plan changes; the facts have those too that it leaves as they are, held or without a fix. */
function plannedPackages({ facts, proposal }: PatchPlan): readonly PlanPackage[] {
  const named = new Set(proposal.packages.map(({ name }) => name));
  const sources = new Set(facts.packages.filter(({ name }) => named.has(name)).map(({ source }) => source));
  return facts.packages.filter(({ source }) => sources.has(source));
}

function plannedFindings(plan: PatchPlan): ReadonlySet<string> {
  return new Set(plannedPackages(plan).flatMap(({ vulnerabilities }) => vulnerabilities));
}

/** A scan that finds none of them before says nothing by finding none after. */
function unknownFindings(plan: PatchPlan, before: readonly Finding[]): readonly string[] {
  const planned = plannedFindings(plan);
  const known = before.some((finding) => idsOf(finding).some((id) => planned.has(id)));
  return known ? [] : ['the scanner finds nothing of what was to be fixed in the image before'];
}

function idsOf({ vulnerability, aliases }: Finding): readonly string[] {
  return [vulnerability, ...aliases];
}

/** Of the vulnerabilities that the plan fixes, what the packages that it changes still have. */
function remainingFindings(plan: PatchPlan, after: readonly Finding[]): readonly string[] {
  const planned = plannedFindings(plan);
  const names = new Set(plannedPackages(plan).flatMap(({ name, source }) => [name, source]));
  return after
    .filter((finding) => finding.status === 'active' && idsOf(finding).some((id) => planned.has(id)))
    .flatMap(({ vulnerability, packages }) =>
      packages
        .filter(({ name, source }) => names.has(name) || (source !== null && names.has(source)))
        .map(({ name, version }) => `${vulnerability} is still in ${name} ${version}`),
    );
}

function newFindings({ scanBefore, scanAfter }: Evidence, worst: Severity): readonly string[] {
  const known = new Set(scanBefore().findings.flatMap(keysOf));
  const limit = SEVERITIES.indexOf(worst);
  return scanAfter()
    .findings.filter(({ severity, status }) => status === 'active' && SEVERITIES.indexOf(severity) <= limit)
    .flatMap(keysOf)
    .filter((key) => !known.has(key))
    .map((key) => `${key} was not there before`);
}

function keysOf({ vulnerability, packages }: Finding): readonly string[] {
  return packages.map(({ name }) => `${vulnerability} in ${name}`);
}

/** What of the findings could be fixed by packages of the distribution. */
export function fixable(findings: readonly Finding[]): readonly FixableFinding[] {
  return findings
    .filter(({ status }) => status === 'active')
    .flatMap(({ vulnerability, packages }) =>
      packages.flatMap(({ name, kind, fixedVersion }) =>
        fixedVersion === null || kind === 'language' ? [] : [{ vulnerability, package: name, fixedVersion }],
      ),
    );
}
