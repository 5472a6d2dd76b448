/**
 * From findings to the facts of a plan: by source package, with what the mirror offers. What no package upgrade can
 * solve is left over with the reason, so that nothing of a report passes in silence.
 */
import type { Image } from '../image/image.ts';
import type { Inventory, PackageFormat } from '../inventory/inventory.ts';
import type { Finding } from '../receive/finding.ts';
import { orderOf } from '../versions/ordering.ts';
import { assess, leave, type Claim, type LeftOver } from './assess.ts';
import { isEndOfLife } from './end-of-life.ts';
import type { PlanFacts, PlanPackage } from './plan.ts';
import { groupBySource, type InstalledSource } from './sources.ts';

export interface FactsInput {
  /** Of one image; those that are not active are not looked at. */
  readonly findings: readonly Finding[];
  readonly inventory: Inventory;
  /** The newest version that the mirror offers, by name of the binary package. */
  readonly candidates: ReadonlyMap<string, string>;
  readonly image: Pick<Image, 'digest' | 'platform'>;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** `facts` is null when no package manager of the image could change anything: see `proposeUnmanaged`. */
export interface Gathered {
  readonly facts: PlanFacts | null;
  /** By finding, then package. */
  readonly leftOver: readonly LeftOver[];
}

/** The same input gives the same facts, in whatever order findings and packages come. */
export function gatherFacts(input: FactsInput): Gathered {
  const { inventory, image } = input;
  const findings = input.findings
    .filter((finding) => finding.status === 'active')
    .toSorted((left, right) => orderOf(left.id, right.id));
  const { distro, format, manager } = inventory;
  if (inventory.state !== 'managed' || distro === null || format === null || manager === null) {
    const all = findings.flatMap((finding) =>
      finding.packages.map((affected) => leave(finding, affected, 'unmanaged')),
    );
    return { facts: null, leftOver: inOrder(all) };
  }
  const endOfLife = isEndOfLife(distro, input.now);
  const { groups, leftOver } = claimSources({ findings, inventory, format });
  const packages: PlanPackage[] = [];
  for (const group of groups) {
    const assessed = assess({
      ...group,
      format,
      candidates: input.candidates,
      endOfLife: endOfLife === true,
    });
    packages.push(...assessed.packages);
    leftOver.push(...assessed.leftOver);
  }
  const ids = groups.flatMap(({ claims }) => claims.map(({ finding }) => finding.id));
  const facts: PlanFacts = {
    baseDigest: image.digest,
    platform: image.platform,
    distro,
    format,
    manager,
    endOfLife,
    packages: packages.toSorted((a, b) => orderOf(a.source, b.source) || orderOf(a.name, b.name)),
    findings: [...new Set(ids)].toSorted(orderOf),
  };
  return { facts, leftOver: inOrder(leftOver) };
}

/** The names of installed packages whose candidates `gatherFacts` wants to know, sorted: ask the mirror for these. */
export function packagesToProbe(findings: readonly Finding[], inventory: Inventory): readonly string[] {
  const { format } = inventory;
  if (format === null) return [];
  const active = findings.filter((finding) => finding.status === 'active');
  const { groups } = claimSources({ findings: active, inventory, format });
  const names = groups.flatMap(({ source }) => source.packages.map(({ name }) => name));
  return [...new Set(names)].toSorted(orderOf);
}

interface SourceClaims {
  readonly source: InstalledSource;
  readonly claims: Claim[];
}

/** What findings say of installed source packages; the rest is left over. */
function claimSources(input: {
  readonly findings: readonly Finding[];
  readonly inventory: Inventory;
  readonly format: PackageFormat;
}): { readonly groups: readonly SourceClaims[]; readonly leftOver: LeftOver[] } {
  const sources = groupBySource(input.format, input.inventory.packages);
  const groups = new Map<string, SourceClaims>();
  const leftOver: LeftOver[] = [];
  for (const finding of input.findings) {
    for (const affected of finding.packages) {
      const source = affected.kind === input.format ? sources.find(affected) : null;
      if (source === null) {
        leftOver.push(leave(finding, affected, affected.kind === 'language' ? 'language' : 'not-installed'));
        continue;
      }
      const group = groups.get(source.name) ?? { source, claims: [] };
      group.claims.push({ finding, affected });
      groups.set(source.name, group);
    }
  }
  return { groups: [...groups.values()], leftOver };
}

function inOrder(leftOver: readonly LeftOver[]): readonly LeftOver[] {
  return leftOver.toSorted((a, b) => orderOf(a.finding, b.finding) || orderOf(a.package, b.package));
}
