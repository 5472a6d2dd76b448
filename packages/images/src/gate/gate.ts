/**
 * The gate between a plan and an image. Whoever planned, the plan is parsed anew and passes every check, in order; each
 * check is small and knows nothing of the others, so that one that is wrong leaves the rest standing.
 */
import {
  parseProposal,
  parseProposalText,
  PROPOSAL_RULES,
  type ParsedProposal,
} from '../plan/models/proposal.ts';
import { APPROVAL_CHECKS } from './approval.ts';
import { GROUND_CHECKS } from './ground.ts';
import { SCOPE_CHECKS } from './scope.ts';
import type { Check, GateInput, GateReason, Verdict } from './verdict.ts';

/** In the order they run: about the plan and its image, about each change, about what takes a person. */
const CHECKS: readonly Check[] = [
  ...SCOPE_CHECKS.slice(0, 2),
  ...GROUND_CHECKS,
  ...SCOPE_CHECKS.slice(2),
  ...APPROVAL_CHECKS,
];

/** Every check by its id; those that begin with `parse/` are the rules of a proposal. */
export const CHECK_IDS: readonly string[] = [
  ...PROPOSAL_RULES.map((rule) => `parse/${rule}`),
  ...CHECKS.map(({ id }) => id),
];

export interface GateOptions {
  /** Checks that do not count: for tests that show what only one of them catches. Default: none. */
  readonly without?: readonly string[];
}

/** All reasons are collected, so that a person and a model see them at once; only what is no proposal ends it early. */
export function runGate(input: GateInput, { without = [] }: GateOptions = {}): Verdict {
  const { proposal, problems } = parse(input.proposal);
  const parsing = problems.map(({ rule, path, text }): GateReason => {
    return { check: `parse/${rule}`, package: null, text: path === '' ? text : `${path}: ${text}` };
  });
  const refusals = parsing.filter(({ check }) => !without.includes(check));
  if (proposal === null || refusals.length > 0) return { kind: 'refused', proposal, reasons: refusals };
  const approvals: GateReason[] = [];
  for (const { id, means, find } of CHECKS) {
    if (without.includes(id)) continue;
    const reasons = find({ ...input, proposal }).map((complaint) => ({ check: id, ...complaint }));
    (means === 'refused' ? refusals : approvals).push(...reasons);
  }
  if (refusals.length > 0) return { kind: 'refused', proposal, reasons: refusals };
  if (approvals.length > 0) return { kind: 'needs-approval', proposal, reasons: approvals };
  return { kind: 'accepted', proposal, reasons: [] };
}

/** Texts are JSON that is parsed strictly; everything else is judged as the value it is. */
function parse(proposal: unknown): ParsedProposal {
  return typeof proposal === 'string' ? parseProposalText(proposal) : parseProposal(proposal);
}
