/** Checks of each change against what is there: the package database of the image and the index of the mirror. */
import type { PackageChange, PlanPackage } from '../plan/plan.ts';
import { compareVersions, isVersion } from '../versions/versions.ts';
import { isPackageName, isProtected, skeletonOf } from './names.ts';
import type { Check, Complaint, Question } from './verdict.ts';

export const GROUND_CHECKS: readonly Check[] = [
  { id: 'names', means: 'refused', find: (question) => each(question, findBadName) },
  { id: 'concerned', means: 'refused', find: (question) => each(question, findUnconcerned) },
  { id: 'installed', means: 'refused', find: (question) => each(question, findNotInstalled) },
  { id: 'versions', means: 'refused', find: (question) => each(question, findBadVersion) },
  { id: 'newer', means: 'refused', find: (question) => each(question, findNotNewer) },
  { id: 'offered', means: 'refused', find: (question) => each(question, findNotOffered) },
  { id: 'fixes', means: 'refused', find: (question) => each(question, findNoFix) },
  { id: 'held', means: 'refused', find: (question) => each(question, findHeld) },
  { id: 'protected', means: 'refused', find: (question) => each(question, findProtected) },
  {
    id: 'replacement-offered',
    means: 'refused',
    find: (question) => each(question, findUnofferedReplacement),
  },
  { id: 'replacement-version', means: 'refused', find: (question) => each(question, findOldReplacement) },
  { id: 'look-alike', means: 'refused', find: (question) => each(question, findLookAlike) },
];

type Find = (change: PackageChange, question: Question) => string | null;

function each(question: Question, find: Find): readonly Complaint[] {
  return question.proposal.packages.flatMap((change) => {
    const text = find(change, question);
    return text === null ? [] : [{ package: change.name, text }];
  });
}

/** The facts about a name; several where an image has it for several architectures. */
function factsOf({ facts }: Question, name: string): readonly PlanPackage[] {
  return facts.packages.filter((entry) => entry.name === name);
}

function findBadName({ name, replacement }: PackageChange, { facts: { format } }: Question): string | null {
  const bad = [name, replacement].find((text) => text !== null && !isPackageName(format, text));
  return bad === undefined ? null : `"${bad}" is no name of a ${format} package.`;
}

function findUnconcerned({ name }: PackageChange, question: Question): string | null {
  return factsOf(question, name).length > 0 ? null : `No finding is about ${name}.`;
}

/** The facts and the image have to agree, else everything else is judged by versions that are not there. */
function findNotInstalled({ name }: PackageChange, question: Question): string | null {
  const installed = question.inventory.packages.filter((entry) => entry.name === name);
  if (installed.length === 0) return `${name} is not installed in the image.`;
  const wrong = factsOf(question, name).find(
    (fact) => !installed.some(({ version }) => version === fact.installed),
  );
  return wrong === undefined ? null : `The image does not have ${name} ${wrong.installed}.`;
}

function findBadVersion({ minVersion }: PackageChange, { facts: { format } }: Question): string | null {
  if (minVersion === null || isVersion(format, minVersion)) return null;
  return `"${minVersion}" is no version of a ${format} package.`;
}

/** A package that has the fix already moves with its source: its own fix is no step back. */
function findNotNewer({ name, action, minVersion }: PackageChange, question: Question): string | null {
  if (action !== 'upgrade' || minVersion === null) return null;
  const { format } = question.facts;
  const behind = factsOf(question, name).find(
    ({ installed, fixed }) => minVersion !== fixed && compareVersions(format, minVersion, installed) <= 0,
  );
  return behind === undefined ? null : `${minVersion} is not above the installed ${behind.installed}.`;
}

function findNotOffered({ name, action, minVersion }: PackageChange, question: Question): string | null {
  if (action !== 'upgrade' || minVersion === null) return null;
  const { format } = question.facts;
  for (const { candidate } of factsOf(question, name)) {
    if (candidate === null) return `The mirror has no newer ${name}.`;
    if (compareVersions(format, minVersion, candidate) > 0)
      return `${minVersion} is above ${candidate}, the newest that the mirror has.`;
  }
  return null;
}

/** A version below the fix would let an image pass as patched that is not. Where the mirror has no fix, any step up is one. */
function findNoFix({ name, action, minVersion }: PackageChange, question: Question): string | null {
  if (action !== 'upgrade' || minVersion === null) return null;
  const { format } = question.facts;
  for (const { fixed, candidate } of factsOf(question, name)) {
    const isOffered = fixed !== null && candidate !== null && compareVersions(format, candidate, fixed) >= 0;
    if (isOffered && compareVersions(format, minVersion, fixed) < 0)
      return `${minVersion} is below ${fixed}, which has the fix.`;
  }
  return null;
}

/** The word of the image counts as much as that of the facts. */
function findHeld({ name }: PackageChange, question: Question): string | null {
  if (question.policy.held === 'change') return null;
  const entries = [
    ...factsOf(question, name),
    ...question.inventory.packages.filter((entry) => entry.name === name),
  ];
  return entries.some(({ held }) => held) ? `${name} is held back on purpose.` : null;
}

function findProtected({ name, action }: PackageChange, { facts: { format } }: Question): string | null {
  if (action === 'upgrade' || !isProtected(format, name)) return null;
  return `The image lives by ${name}: it is upgraded, and never removed or replaced.`;
}

function findUnofferedReplacement({ name, replacement }: PackageChange, { offers }: Question): string | null {
  if (replacement === null) return null;
  const offer = offers.get(replacement);
  if (offer === undefined) return `The mirror has no ${replacement}.`;
  return offer.replaces.includes(name) ? null : `${replacement} does not say that it replaces ${name}.`;
}

function findOldReplacement(
  { replacement, minVersion }: PackageChange,
  { offers, facts: { format } }: Question,
): string | null {
  const offer = replacement === null ? undefined : offers.get(replacement);
  if (offer === undefined || minVersion === null) return null;
  return compareVersions(format, minVersion, offer.version) <= 0
    ? null
    : `${minVersion} is above ${offer.version}, the newest ${replacement} that the mirror has.`;
}

/** Of the image: what is installed has been chosen, so a new name that reads as one of those is no accident. */
function findLookAlike({ replacement }: PackageChange, { inventory }: Question): string | null {
  if (replacement === null) return null;
  const skeleton = skeletonOf(replacement);
  const like = inventory.packages.find(({ name }) => name !== replacement && skeletonOf(name) === skeleton);
  return like === undefined ? null : `${replacement} is written to be read as ${like.name}.`;
}
