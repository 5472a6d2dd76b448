/** What the gate is asked and what it answers. */
import type { Inventory } from '../inventory/inventory.ts';
import type { Capability, PlanFacts, Proposal } from '../plan/plan.ts';

export interface GateInput {
  /** As they were gathered by us: the gate trusts no planner for them. */
  readonly facts: PlanFacts;
  /** As the planner gave it; the gate parses it itself. */
  readonly proposal: unknown;
  /** Read from the image that is to change. */
  readonly inventory: Inventory;
  /** What the mirror offers that may take another package's place, by name. */
  readonly offers: ReadonlyMap<string, Offer>;
  readonly policy: GatePolicy;
}

/** A package of the mirror, at its newest. */
export interface Offer {
  readonly version: string;
  readonly provides: readonly string[];
  /** `Replaces`, `Obsoletes`, `replaces`: names alone. */
  readonly replaces: readonly string[];
}

export interface GatePolicy {
  /** More are refused. Default: 200. */
  readonly maxPackages: number;
  /** Default: only `release-lock`. */
  readonly capabilities: readonly Capability[];
  /** `exceptions`: removals, replacements, major versions, what is left out. `always`: every plan. Default: `exceptions`. */
  readonly approval: 'exceptions' | 'always';
  /** `change`: packages that somebody holds back may change, with approval. Default: `leave`. */
  readonly held: 'leave' | 'change';
}

export const STRICT_POLICY: GatePolicy = {
  maxPackages: 200,
  capabilities: ['release-lock'],
  approval: 'exceptions',
  held: 'leave',
};

export interface GateReason {
  /** The id of the check, as `offered`. */
  readonly check: string;
  /** Null when it is about the whole. */
  readonly package: string | null;
  /** One sentence, for people and for the model that is asked again. */
  readonly text: string;
}

export type Verdict =
  | { readonly kind: 'accepted'; readonly proposal: Proposal; readonly reasons: readonly [] }
  /** A second person has to agree. */
  | { readonly kind: 'needs-approval'; readonly proposal: Proposal; readonly reasons: readonly GateReason[] }
  /** The proposal is null when it is none. */
  | { readonly kind: 'refused'; readonly proposal: Proposal | null; readonly reasons: readonly GateReason[] };

/** A proposal that was parsed, with what it is judged by. */
export interface Question extends Omit<GateInput, 'proposal'> {
  readonly proposal: Proposal;
}

export interface Check {
  readonly id: string;
  /** What a complaint of it means. */
  readonly means: 'refused' | 'needs-approval';
  /** Empty when there is nothing against the proposal. */
  readonly find: (question: Question) => readonly Complaint[];
}

export interface Complaint {
  readonly package: string | null;
  readonly text: string;
}
