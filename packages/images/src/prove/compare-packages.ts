/** What changed between two inventories of one image, and whether that is what the plan said: nothing else, nothing less. */
import type { Inventory, InstalledPackage, PackageFormat } from '../inventory/inventory.ts';
import type { PatchPlan } from '../plan/plan.ts';
import { RELEASE_PACKAGE } from '../plan/planner.ts';
import { compareVersions } from '../versions/versions.ts';

export interface ChangedPackage {
  readonly name: string;
  readonly architecture: string;
  /** Null when it was not there. */
  readonly from: InstalledPackage | null;
  /** Null when it is gone. */
  readonly to: InstalledPackage | null;
}

/** By name, then architecture; those of equal version are in none of them. */
export interface PackageDiff {
  readonly upgraded: readonly ChangedPackage[];
  readonly downgraded: readonly ChangedPackage[];
  readonly added: readonly ChangedPackage[];
  readonly removed: readonly ChangedPackage[];
}

/** Packages by name and architecture; of several versions of one (kernels) the newest counts. */
export function comparePackages(before: Inventory, after: Inventory): PackageDiff {
  const format = after.format ?? before.format ?? 'deb';
  const [old, now] = [byKey(before, format), byKey(after, format)];
  const diff = { upgraded: [], downgraded: [], added: [], removed: [] } satisfies PackageDiff;
  const lists: Record<keyof PackageDiff, ChangedPackage[]> = diff;
  for (const key of [...new Set([...old.keys(), ...now.keys()])].toSorted()) {
    const [from, to] = [old.get(key) ?? null, now.get(key) ?? null];
    const one = to ?? from;
    if (one === null) continue;
    const list = listOf(format, from, to);
    if (list !== null) lists[list].push({ name: one.name, architecture: one.architecture, from, to });
  }
  return lists;
}

function listOf(
  format: PackageFormat,
  from: InstalledPackage | null,
  to: InstalledPackage | null,
): keyof PackageDiff | null {
  if (from === null) return 'added';
  if (to === null) return 'removed';
  const order = compareVersions(format, to.version, from.version);
  if (order < 0) return 'downgraded';
  // Versions that count as equal and are written differently are other packages.
  return order > 0 || to.version !== from.version ? 'upgraded' : null;
}

function byKey(inventory: Inventory, format: PackageFormat): Map<string, InstalledPackage> {
  const packages = new Map<string, InstalledPackage>();
  for (const one of inventory.packages) {
    const key = `${one.name} ${one.architecture}`;
    const other = packages.get(key);
    if (other === undefined || compareVersions(format, one.version, other.version) > 0)
      packages.set(key, one);
  }
  return packages;
}

/** Everything that was installed anew, in whatever version. */
export function broughtBy({ upgraded, downgraded, added }: PackageDiff): readonly ChangedPackage[] {
  return [...upgraded, ...downgraded, ...added];
}

export interface Compared {
  readonly before: Inventory;
  readonly after: Inventory;
  readonly diff: PackageDiff;
  readonly plan: PatchPlan;
}

/**
 * Packages that changed though the plan does not name them: neither they nor another binary of their source, and no
 * named package needs them, over any number of steps. A plan that moves the release names its package by that.
 */
export function unplannedChanges({ before, after, diff, plan }: Compared): readonly string[] {
  const planned = plannedNames(plan);
  const allowed = closure(planned, [...before.packages, ...after.packages]);
  const problems: string[] = [];
  for (const { name, from, to } of [...diff.upgraded, ...diff.added]) {
    if (allowed.has(name)) continue;
    problems.push(`${name} went from ${from?.version ?? 'absent'} to ${to?.version ?? 'absent'}, unplanned`);
  }
  return problems;
}

function plannedNames({ proposal }: PatchPlan): ReadonlySet<string> {
  const named = proposal.packages.flatMap(({ name, replacement }) =>
    replacement === null ? [name] : [name, replacement],
  );
  return new Set(proposal.requires.includes('release-lock') ? [...named, RELEASE_PACKAGE] : named);
}

function closure(names: ReadonlySet<string>, packages: readonly InstalledPackage[]): ReadonlySet<string> {
  const providers = Map.groupBy(
    packages.flatMap((one) => [one.name, ...one.provides].map((name) => ({ name, one }))),
    ({ name }) => name,
  );
  const sources = new Set(packages.filter(({ name }) => names.has(name)).map(({ source }) => source.name));
  const found = new Set<string>();
  const open = packages.filter(({ name, source }) => names.has(name) || sources.has(source.name));
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (found.has(`${next.name} ${next.version}`)) continue;
    found.add(`${next.name} ${next.version}`).add(next.name);
    for (const need of next.depends.flat()) open.push(...(providers.get(need) ?? []).map(({ one }) => one));
  }
  return found;
}

/** Planned changes that did not happen, or not far enough. */
export function undoneChanges({ after, plan }: Compared): readonly string[] {
  const format = plan.facts.format;
  const problems: string[] = [];
  for (const { name, action, minVersion, replacement } of plan.proposal.packages) {
    const wanted = action === 'replace' ? (replacement ?? name) : name;
    const installed = after.packages.filter((one) => one.name === wanted);
    if (action === 'remove') {
      if (installed.length > 0) problems.push(`${name} is still there`);
      continue;
    }
    if (installed.length === 0) problems.push(`${wanted} is not installed`);
    for (const { version, architecture } of installed) {
      if (minVersion === null || compareVersions(format, version, minVersion) >= 0) continue;
      problems.push(`${wanted} (${architecture}) is ${version}, below ${minVersion}`);
    }
  }
  return problems;
}

export function downgrades({ diff }: Compared): readonly string[] {
  return diff.downgraded.map(
    ({ name, from, to }) => `${name} went back from ${from?.version ?? ''} to ${to?.version ?? ''}`,
  );
}

/** Packages that are gone though the plan neither removes nor replaces them. */
export function unplannedRemovals({ diff, plan }: Compared): readonly string[] {
  const gone = new Set(
    plan.proposal.packages.filter(({ action }) => action !== 'upgrade').map(({ name }) => name),
  );
  return diff.removed
    .filter(
      ({ name, architecture }) =>
        !gone.has(name) && !diff.added.some((one) => one.name === name && one.architecture !== architecture),
    )
    .map(({ name, from }) => `${name} ${from?.version ?? ''} is gone, unplanned`);
}

/** Packages that came back, or came, for another architecture. `all` and `noarch` fit every one. */
export function architectureChanges({ before, after, diff }: Compared): readonly string[] {
  const neutral = new Set(['all', 'noarch']);
  const known = new Set(before.packages.map(({ architecture }) => architecture));
  const problems = diff.added
    .filter(({ architecture }) => !neutral.has(architecture) && !known.has(architecture))
    .map(({ name, architecture }) => `${name} is for ${architecture}, which no package of the image was`);
  for (const { name, architecture } of diff.removed) {
    const moved = after.packages.find((one) => one.name === name && one.architecture !== architecture);
    if (moved === undefined || neutral.has(moved.architecture) || neutral.has(architecture)) continue;
    problems.push(`${name} was for ${architecture} and is for ${moved.architecture}`);
  }
  return problems;
}

/** Marks of the package manager (manual, held) that are not what they were. A replacement has those of what it replaced. */
export function markChanges({ before, after, plan }: Compared): readonly string[] {
  const old = new Map(before.packages.map((one) => [`${one.name} ${one.architecture}`, one]));
  const replaced = new Map(
    plan.proposal.packages.flatMap(({ name, replacement }) =>
      replacement === null ? [] : [[replacement, name]],
    ),
  );
  const problems: string[] = [];
  for (const one of after.packages) {
    const origin = replaced.get(one.name) ?? one.name;
    const was =
      old.get(`${one.name} ${one.architecture}`) ?? before.packages.find(({ name }) => name === origin);
    if (one.manual !== null && one.manual !== (was?.manual ?? false)) {
      problems.push(
        `${one.name} is marked as installed ${one.manual ? 'by hand' : 'automatically'}, and was not`,
      );
    }
    if (one.held !== (was?.held ?? false))
      problems.push(`${one.name} is ${one.held ? 'now' : 'no longer'} held`);
  }
  return problems;
}

/** The distribution must stay the same release: other sources, other fixes, other scanner data. */
export function distroChanges({ before, after }: Compared): readonly string[] {
  const [old, now] = [before.distro, after.distro];
  if (old === null || now === null) return ['the image does not say which distribution it is'];
  const parts = before.format === 'apk' ? 2 : 1;
  const branch = (version: string): string => version.split('.').slice(0, parts).join('.');
  if (old.id === now.id && branch(old.version) === branch(now.version) && old.codename === now.codename)
    return [];
  return [`the image was ${old.id} ${old.version} and is ${now.id} ${now.version}`];
}
