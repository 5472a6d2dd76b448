/** A plan for people: what changes and why, what is left over and why, and what the gate says. */
import { hashPlan, type LeftOver, type PatchPlan, type PlanOutcome, type ReadyPlan } from '@callboard/images';
import type { Output } from '../output.ts';
import type { Approval } from './record-files.ts';
import type { PlanStep } from './plan-step.ts';
import { countOf, tableText, wrapped } from './words.ts';

const LEFT_OVER: Readonly<Record<LeftOver['reason'], string>> = {
  'no-fix': 'no fix has been released',
  language: 'in other software than packages of the distribution',
  'not-installed': 'the package is not installed',
  'not-in-mirror': 'the mirror does not have the fix yet',
  held: 'held back on purpose',
  'end-of-life': 'support has ended without the fix',
  'already-fixed': 'what is installed has the fix',
  'unreadable-version': 'the version of the fix cannot be read',
  unmanaged: 'no package manager of the image could change it',
};

/** Vulnerabilities that are shown of a package. */
const MOST_SHOWN = 2;

export function planText({ outcome, approval }: PlanStep, out: Output): string {
  const gate = outcome.kind === 'ready' ? acceptedText(approval, out) : gateText(outcome, out);
  return [headText(outcome, out), changesText(outcome), leftOverText(outcome.leftOver), gate]
    .filter((part) => part !== '')
    .join('\n');
}

function headText(outcome: PlanOutcome, out: Output): string {
  if (outcome.kind === 'nothing') {
    const { proposal } = outcome;
    const why = proposal === null ? '' : wrapped(proposal.reason, { indent: '' });
    return `${out.paint('green', 'Nothing that counts can be fixed by a package manager now.')}\n${why}`;
  }
  const { plan } = outcome;
  const { strategy, packages, requires } = plan.proposal;
  const sources = new Set(chosenOf(plan).map(({ source }) => source)).size;
  const size =
    strategy === 'in-place'
      ? `: ${countOf(packages.length, 'package')} of ${countOf(sources, 'source package')}`
      : '';
  const needs = requires.length === 0 ? '' : `, needs ${requires.join(', ')}`;
  const head = `Plan ${hashPlan(plan).slice(0, 12)} by ${plan.planner.name}: ${strategy}${size}${needs}`;
  return `${out.paint('bold', head)}\n${whyText(plan)}`;
}

function whyText({ facts, proposal, planner }: PatchPlan): string {
  const { distro, endOfLife } = facts;
  const isOurs = planner.kind === 'deterministic';
  if (!isOurs || proposal.strategy !== 'in-place') {
    const hint =
      isOurs && endOfLife === true ? 'To take what the mirror still has: --after-end-of-life patch.\n' : '';
    return `${wrapped(proposal.reason, { indent: '' })}${hint}`;
  }
  // All else that our planner says is in the tables.
  return endOfLife === true
    ? `Support of ${distro.id} ${distro.version} has ended: move to a newer major release.\n`
    : '';
}

function chosenOf({ facts, proposal }: PatchPlan) {
  const names = new Set(proposal.packages.map(({ name }) => name));
  return facts.packages.filter(({ name }) => names.has(name));
}

function changesText(outcome: PlanOutcome): string {
  if (outcome.kind === 'nothing') return '';
  const { facts, proposal } = outcome.plan;
  const known = new Map(facts.packages.map((entry) => [entry.name, entry]));
  const rows = proposal.packages.map(({ name, action, minVersion, replacement }) => {
    const entry = known.get(name);
    const what = replacement === null ? action : `${action} by ${replacement}`;
    return [
      name,
      what,
      entry?.installed ?? '',
      minVersion ?? '',
      entry?.candidate ?? '',
      becauseText(entry?.vulnerabilities ?? []),
    ];
  });
  const columns = ['PACKAGE', 'ACTION', 'INSTALLED', 'AT LEAST', 'MIRROR HAS', 'BECAUSE OF'];
  return tableText(
    columns.map((name) => ({ name })),
    rows,
  );
}

function becauseText(vulnerabilities: readonly string[]): string {
  const more = vulnerabilities.length - MOST_SHOWN;
  const shown = vulnerabilities.slice(-MOST_SHOWN).join(', ');
  return more > 0 ? `${shown} and ${more} more` : shown;
}

export function leftOverText(leftOver: readonly LeftOver[]): string {
  const rows = [...Map.groupBy(leftOver, ({ reason }) => reason)].map(([reason, of]) => {
    const [first] = of;
    const example = first === undefined ? '' : `${first.vulnerability} in ${first.package}`;
    return [LEFT_OVER[reason], String(of.length), example];
  });
  return tableText([{ name: 'LEFT OVER' }, { name: 'FINDINGS', align: 'right' }, { name: 'AS' }], rows);
}

function acceptedText(approval: Approval | null, out: Output): string {
  const by = approval === null ? '' : `, with the word of ${approval.by ?? 'somebody'}: ${approval.reason}`;
  return `Gate: ${out.paint('green', 'accepted')}${by}\n`;
}

function gateText(outcome: Exclude<PlanOutcome, ReadyPlan>, out: Output): string {
  switch (outcome.kind) {
    case 'nothing':
    case 'deferred':
      return '';
    case 'refused':
      return `Gate: ${out.paint('red', 'refused')}\n${reasonsText(outcome.reasons)}`;
    case 'needs-approval':
      return (
        `Gate: ${out.paint('yellow', 'a person has to agree')}\n${reasonsText(outcome.reasons)}` +
        'To agree, say why: --approve "reason".\n'
      );
    default:
      return outcome satisfies never;
  }
}

function reasonsText(reasons: readonly { readonly check: string; readonly text: string }[]): string {
  return reasons.map(({ check, text }) => `  ${text} (${check})\n`).join('');
}
