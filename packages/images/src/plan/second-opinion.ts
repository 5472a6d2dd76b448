/**
 * Rules first, then a model: for what the rules leave over, or for a second opinion on everything. A model that is down,
 * refuses or answers nonsense never keeps the rules from planning what they can.
 */
import { CodedError } from '@callboard/kernel';
import { compareVersions } from '../versions/versions.ts';
import { compareProposals, type ProposalDifference } from './models/compare.ts';
import type { PlanFacts, Planner, PlanningOptions, Proposal, ProposedPlan } from './plan.ts';

export interface SecondOpinionDeps {
  readonly rules: Planner;
  readonly model: Planner;
  /** `residue`: only what the rules leave over. `always`: every plan; where they disagree a person decides. */
  readonly asks: 'residue' | 'always';
  /** Told why a model had no say. */
  readonly log: (line: string) => void;
}

export function withSecondOpinion({ rules, model, asks, log }: SecondOpinionDeps): Planner {
  return {
    name: `${rules.name} and ${model.name}`,
    proposePlan: async (facts, options) => {
      const first = await rules.proposePlan(facts, options);
      const residue = residueOf(facts, first.proposal);
      if (residue.length === 0 && asks === 'residue') return first;
      const second = await ask(model, { facts, options, log });
      if (second === null) return first;
      const isBetter =
        residue.length > 0 &&
        residueOf(facts, second.proposal).length < residue.length &&
        (options.review?.(second.proposal) ?? []).length === 0;
      if (isBetter) return second;
      if (asks === 'residue') return { ...first, exchange: second.exchange };
      const { agree, differences } = compareProposals(first.proposal, second.proposal);
      const doubts = agree ? [] : differences.map((difference) => toSentence(model.name, difference));
      return { ...first, exchange: second.exchange, doubts };
    },
  };
}

/** Source packages that need a change and get none. */
function residueOf({ packages, format }: PlanFacts, { packages: changes }: Proposal): readonly string[] {
  const changed = new Set(changes.map(({ name }) => name));
  const reached = new Set(packages.filter(({ name }) => changed.has(name)).map(({ source }) => source));
  const needing = packages.filter(
    ({ fixed, installed }) => fixed !== null && compareVersions(format, installed, fixed) < 0,
  );
  return [...new Set(needing.map(({ source }) => source))].filter((source) => !reached.has(source));
}

async function ask(
  model: Planner,
  {
    facts,
    options,
    log,
  }: {
    readonly facts: PlanFacts;
    readonly options: PlanningOptions;
    readonly log: (line: string) => void;
  },
): Promise<ProposedPlan | null> {
  try {
    return await model.proposePlan(facts, options);
  } catch (error) {
    options.signal.throwIfAborted();
    if (!(error instanceof CodedError)) throw error;
    log(`planning: ${model.name} has no say: ${error.message}`);
    return null;
  }
}

function toSentence(name: string, { kind, package: of, first, second }: ProposalDifference): string {
  const what = of === null ? kind : `${kind} of ${of}`;
  return `${name} has another opinion, ${what}: ${second ?? 'nothing'} in place of ${first ?? 'nothing'}.`;
}
