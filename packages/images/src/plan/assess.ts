/** One installed source package and all that findings say of it: what an upgrade can solve, and why not the rest. */
import type { InstalledPackage, PackageFormat } from '../inventory/inventory.ts';
import type { AffectedPackage, Finding } from '../receive/finding.ts';
import { compareVersions, isVersion } from '../versions/versions.ts';
import type { PlanPackage } from './plan.ts';
import { isNumberedLikeSource, type InstalledSource } from './sources.ts';

/**
 * `not-in-mirror`: it is fixed, but the mirror does not have it yet; to be asked again. `end-of-life`: the same of a
 * distribution that gets no more fixes; waiting is in vain. `already-fixed`: what is installed has the fix.
 * `unmanaged`: no package manager of the image could change it.
 */
export type LeftOverReason =
  | 'no-fix'
  | 'language'
  | 'not-installed'
  | 'not-in-mirror'
  | 'held'
  | 'end-of-life'
  | 'already-fixed'
  | 'unreadable-version'
  | 'unmanaged';

export interface LeftOver {
  /** The id of the finding. */
  readonly finding: string;
  readonly vulnerability: string;
  /** As the finding names it. */
  readonly package: string;
  readonly reason: LeftOverReason;
}

/** That a finding is about an installed source package. */
export interface Claim {
  readonly finding: Finding;
  readonly affected: AffectedPackage;
}

interface AssessInput {
  readonly format: PackageFormat;
  readonly source: InstalledSource;
  readonly claims: readonly Claim[];
  readonly candidates: ReadonlyMap<string, string>;
  readonly endOfLife: boolean;
}

interface Assessed {
  readonly packages: readonly PlanPackage[];
  readonly leftOver: readonly LeftOver[];
}

/** An installed package, and whether the mirror has a newer one. */
interface Part {
  readonly installed: InstalledPackage;
  readonly candidate: string | null;
  /** A fixed version of the source can be compared with its own. */
  readonly comparable: boolean;
}

/**
 * A source package moves as a whole: one of its packages that is held, or that the mirror has no fixed version of,
 * keeps all of them, since they depend on each other's exact version. `fixed` is the highest of the versions that can
 * be had, so that one fix which is not there yet does not keep back the others.
 */
export function assess(input: AssessInput): Assessed {
  const { format, source, claims } = input;
  const parts = source.packages.map((installed) => toPart(input, installed));
  const solved: Claim[] = [];
  const leftOver: LeftOver[] = [];
  for (const claim of claims) {
    const reason = obstacle({ ...input, parts, fixed: claim.affected.fixedVersion });
    if (reason === null) solved.push(claim);
    else leftOver.push(leave(claim.finding, claim.affected, reason));
  }
  const counted = solved.length > 0 ? solved : claims;
  const fixed = highest(
    format,
    counted.map((claim) => claim.affected.fixedVersion),
  );
  const vulnerabilities = [...new Set(counted.map((claim) => claim.finding.vulnerability))].toSorted();
  const packages = parts.map((part): PlanPackage => ({
    name: part.installed.name,
    source: source.name,
    installed: part.installed.version,
    fixed: fixed === null || part.comparable ? fixed : (part.candidate ?? part.installed.version),
    candidate: part.candidate,
    held: part.installed.held,
    vulnerabilities,
  }));
  return { packages, leftOver };
}

export function leave(finding: Finding, affected: AffectedPackage, reason: LeftOverReason): LeftOver {
  return { finding: finding.id, vulnerability: finding.vulnerability, package: affected.name, reason };
}

function toPart({ format, candidates }: AssessInput, installed: InstalledPackage): Part {
  const offered = candidates.get(installed.name) ?? null;
  const isNewer = offered !== null && compareVersions(format, offered, installed.version) > 0;
  return {
    installed,
    candidate: isNewer ? offered : null,
    comparable: isNumberedLikeSource(format, installed),
  };
}

/** Null when an upgrade solves it. */
function obstacle(
  input: AssessInput & { readonly parts: readonly Part[]; readonly fixed: string | null },
): LeftOverReason | null {
  const { format, parts, fixed, endOfLife } = input;
  if (fixed === null) return 'no-fix';
  if (!isVersion(format, fixed)) return 'unreadable-version';
  const needing = parts.filter(({ installed, comparable }) => {
    const version = comparable ? installed.version : installed.source.version;
    return compareVersions(format, version, fixed) < 0;
  });
  if (needing.length === 0) return 'already-fixed';
  if (parts.some(({ installed }) => installed.held)) return 'held';
  const isThere = needing.every(
    ({ candidate, comparable }) =>
      candidate !== null && (!comparable || compareVersions(format, candidate, fixed) >= 0),
  );
  if (isThere) return null;
  return endOfLife ? 'end-of-life' : 'not-in-mirror';
}

function highest(format: PackageFormat, versions: readonly (string | null)[]): string | null {
  let top: string | null = null;
  for (const version of versions) {
    if (version === null || !isVersion(format, version)) continue;
    if (top === null || compareVersions(format, version, top) > 0) top = version;
  }
  return top;
}
