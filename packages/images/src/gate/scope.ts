/** Checks of the plan as a whole: is it about this image, no more than is needed, and no less. */
import type { Capability, PlanPackage } from '../plan/plan.ts';
import type { PackageFormat } from '../inventory/inventory.ts';
import { compareVersions } from '../versions/versions.ts';
import type { Check, Complaint, GatePolicy, Question } from './verdict.ts';

export const SCOPE_CHECKS: readonly Check[] = [
  { id: 'image', means: 'refused', find: findOtherImage },
  { id: 'count', means: 'refused', find: findTooMany },
  { id: 'capabilities-exact', means: 'refused', find: findInexactCapabilities },
  { id: 'capabilities-allowed', means: 'refused', find: findForbiddenCapabilities },
  { id: 'release-lock', means: 'refused', find: findNeedlessReleaseLock },
  { id: 'needed', means: 'refused', find: findNeeded },
  { id: 'coverage', means: 'refused', find: findUncovered },
];

const whole = (text: string): Complaint => ({ package: null, text });

/** Verbs of one distribution in the image of another do harm; an image without tools cannot be changed in place. */
function findOtherImage({ facts, inventory, proposal }: Question): readonly Complaint[] {
  const complaints: Complaint[] = [];
  if (facts.format !== inventory.format) complaints.push(whole(`The image has no ${facts.format} packages.`));
  if (facts.distro.id !== inventory.distro?.id || facts.distro.version !== inventory.distro.version) {
    complaints.push(whole(`The image is not of ${facts.distro.id} ${facts.distro.version}.`));
  }
  if (proposal.strategy !== 'in-place') return complaints;
  if (inventory.manager !== facts.manager)
    complaints.push(whole(`The image has no ${facts.manager} to change it with.`));
  return complaints;
}

function findTooMany({ proposal, policy }: Question): readonly Complaint[] {
  const { length } = proposal.packages;
  return length <= policy.maxPackages
    ? []
    : [whole(`${length} packages would change; ${policy.maxPackages} may.`)];
}

const NEEDED_BY: readonly (readonly [Capability, 'replace' | 'remove'])[] = [
  ['replace-package', 'replace'],
  ['remove-package', 'remove'],
];

function findInexactCapabilities({ proposal }: Question): readonly Complaint[] {
  return NEEDED_BY.flatMap(([capability, action]) => {
    const isUsed = proposal.packages.some((change) => change.action === action);
    if (isUsed === proposal.requires.includes(capability)) return [];
    return [whole(isUsed ? `A ${action} requires ${capability}.` : `${capability} is required for nothing.`)];
  });
}

function findForbiddenCapabilities({ proposal, policy }: Question): readonly Complaint[] {
  const used = NEEDED_BY.filter(([, action]) => proposal.packages.some((change) => change.action === action));
  const wanted = new Set([...proposal.requires, ...used.map(([capability]) => capability)]);
  return [...wanted]
    .filter((capability) => !policy.capabilities.includes(capability))
    .map((capability) => whole(`The policy does not allow ${capability}.`));
}

/** Only Amazon Linux 2023 locks its packages to a release within a major version. */
function findNeedlessReleaseLock({ proposal, facts: { distro } }: Question): readonly Complaint[] {
  if (!proposal.requires.includes('release-lock')) return [];
  const isLocked = distro.id === 'amzn' && distro.version.startsWith('2023');
  if (!isLocked) return [whole(`${distro.id} ${distro.version} is not locked to a release.`)];
  return proposal.strategy === 'in-place' ? [] : [whole(`${proposal.strategy} moves no release.`)];
}

/** What stays must find everything that it found before. */
function findNeeded({ proposal, inventory, offers }: Question): readonly Complaint[] {
  const leaving = new Set(
    proposal.packages.filter(({ action }) => action !== 'upgrade').map(({ name }) => name),
  );
  if (leaving.size === 0) return [];
  const stays = inventory.packages.filter(({ name }) => !leaving.has(name));
  const coming = proposal.packages.flatMap(({ replacement }) =>
    replacement === null ? [] : [replacement, ...(offers.get(replacement)?.provides ?? [])],
  );
  const before = new Set(inventory.packages.flatMap(({ name, provides }) => [name, ...provides]));
  const after = new Set([...stays.flatMap(({ name, provides }) => [name, ...provides]), ...coming]);
  return stays.flatMap(({ name, depends }) => {
    const lost = depends.find(
      (any) => any.some((one) => before.has(one)) && !any.some((one) => after.has(one)),
    );
    return lost === undefined
      ? []
      : [{ package: lost[0] ?? name, text: `${name} stays and needs ${lost.join(' or ')}.` }];
  });
}

/**
 * Every package that can be fixed is in the plan, or the reason names it or its source; the latter takes a person, and
 * so does a newer base in its place. Where support has ended, to defer is right whatever the mirror still has.
 */
function findUncovered(question: Question): readonly Complaint[] {
  if (question.proposal.strategy === 'bump-base') return [];
  return leftOut(question)
    .filter(({ name, source }) => !isNamed(question.proposal.reason, [name, source]))
    .map(({ name, source }) => ({
      package: name,
      text: `${name} (of ${source}) can be fixed, and is neither planned nor named in the reason.`,
    }));
}

/** What can be fixed, in this image, and is not in the plan. */
export function leftOut({ facts, inventory, proposal, policy }: Question): readonly PlanPackage[] {
  if (inventory.state !== 'managed') return [];
  if (proposal.strategy === 'defer' && facts.endOfLife === true) return [];
  const planned = new Set(proposal.packages.map(({ name }) => name));
  return [...Map.groupBy(facts.packages, ({ source }) => source).values()]
    .filter((packages) => isFixable(packages, { format: facts.format, held: policy.held }))
    .flatMap((packages) =>
      packages.filter(({ name, candidate }) => candidate !== null && !planned.has(name)),
    );
}

/** A source is fixed with all of its packages: with one of them held back, or without the fix, none can move. */
function isFixable(
  packages: readonly PlanPackage[],
  { format, held }: { readonly format: PackageFormat; readonly held: GatePolicy['held'] },
): boolean {
  if (held === 'leave' && packages.some((entry) => entry.held)) return false;
  const needing = packages.filter(
    ({ installed, fixed }) => fixed !== null && compareVersions(format, installed, fixed) < 0,
  );
  const isOffered = ({ candidate, fixed }: PlanPackage): boolean =>
    candidate !== null && fixed !== null && compareVersions(format, candidate, fixed) >= 0;
  return needing.length > 0 && needing.every(isOffered);
}

/** As a word of its own: `libssl1.1` is not named by `libssl1.1-dev`. */
function isNamed(reason: string, names: readonly string[]): boolean {
  const words = reason.split(/[\s,;:()"'`]+/).map((word) => word.replace(/[.!?]+$/, ''));
  return words.some((word) => names.includes(word));
}
