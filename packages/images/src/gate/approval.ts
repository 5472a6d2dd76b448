/** What is no reason to refuse a plan, but takes a second person (the two-person rule). */
import { isProtected } from './names.ts';
import { leftOut } from './scope.ts';
import { isMajorJump, leavesSeries } from './series.ts';
import type { Check, Complaint, Question } from './verdict.ts';

export const APPROVAL_CHECKS: readonly Check[] = [
  { id: 'two-person', means: 'needs-approval', find: findExceptions },
  { id: 'major', means: 'needs-approval', find: (question) => findJumps(question, isMajor) },
  { id: 'protected-series', means: 'needs-approval', find: (question) => findJumps(question, isNewSeries) },
  { id: 'held-change', means: 'needs-approval', find: findHeld },
  { id: 'left-out', means: 'needs-approval', find: findLeftOut },
  { id: 'always', means: 'needs-approval', find: findAlways },
];

interface Jump {
  readonly name: string;
  readonly from: string;
  readonly to: string;
}

function findExceptions({ proposal }: Question): readonly Complaint[] {
  return proposal.packages
    .filter(({ action }) => action !== 'upgrade')
    .map(({ name, action }) => ({ package: name, text: `To ${action} ${name} takes a second person.` }));
}

/** By the newest that the mirror has, as that is what gets installed, not by the lowest that would do. */
function findJumps(
  question: Question,
  find: (jump: Jump, question: Question) => string | null,
): readonly Complaint[] {
  const upgraded = new Set(
    question.proposal.packages.filter(({ action }) => action === 'upgrade').map(({ name }) => name),
  );
  return question.facts.packages.flatMap(({ name, installed, candidate }) => {
    if (candidate === null || !upgraded.has(name)) return [];
    const text = find({ name, from: installed, to: candidate }, question);
    return text === null ? [] : [{ package: name, text }];
  });
}

function isMajor({ name, from, to }: Jump): string | null {
  return isMajorJump(from, to) ? `${name} goes from ${from} to ${to}, another major version.` : null;
}

function isNewSeries({ name, from, to }: Jump, { facts: { format } }: Question): string | null {
  const isJump = isProtected(format, name) && leavesSeries(from, to);
  return isJump ? `The image lives by ${name}, which goes from ${from} to ${to}, out of its series.` : null;
}

function findHeld({ proposal, facts, inventory }: Question): readonly Complaint[] {
  const held = new Set(
    [...facts.packages, ...inventory.packages].filter((entry) => entry.held).map(({ name }) => name),
  );
  return proposal.packages
    .filter(({ name }) => held.has(name))
    .map(({ name }) => ({ package: name, text: `${name} is held back on purpose.` }));
}

function findLeftOut(question: Question): readonly Complaint[] {
  return leftOut(question).map(({ name }) => ({
    package: name,
    text: `${name} can be fixed, and is left out for a reason.`,
  }));
}

function findAlways({ policy }: Question): readonly Complaint[] {
  return policy.approval === 'always'
    ? [{ package: null, text: 'The policy asks for a person at every plan.' }]
    : [];
}
