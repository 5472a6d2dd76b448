/** A patch plan: what is to change in one image of one platform, as facts and never as commands. */
import type { Digest, Platform } from '../image/image.ts';
import type { Distro, PackageFormat, PackageManager } from '../inventory/inventory.ts';

export const ACTIONS = ['upgrade', 'replace', 'remove'] as const;
/** `replace`: another package takes its place, as libssl3t64 that of libssl3. */
export type Action = (typeof ACTIONS)[number];

export const STRATEGIES = ['in-place', 'bump-base', 'defer'] as const;
/** `bump-base`: take a newer base in place of a patch. `defer`: nothing can be done now; the reason says what for. */
export type Strategy = (typeof STRATEGIES)[number];

export const CAPABILITIES = ['release-lock', 'replace-package', 'remove-package'] as const;
/** What a plan needs beyond upgrades. `release-lock`: the distribution's release has to move, as Amazon Linux 2023's. */
export type Capability = (typeof CAPABILITIES)[number];

export interface PackageChange {
  readonly name: string;
  readonly action: Action;
  /** The lowest version that will do, whole; null for `remove`. */
  readonly minVersion: string | null;
  /** The package that takes its place, for `replace`. */
  readonly replacement: string | null;
}

/** What a planner proposes, be it ours or a model. */
export interface Proposal {
  readonly strategy: Strategy;
  /** Each package once, by name; empty unless `in-place`. */
  readonly packages: readonly PackageChange[];
  readonly requires: readonly Capability[];
  /** At most 500 characters. */
  readonly reason: string;
  /** 0 to 1. */
  readonly confidence: number;
}

/** A package that a finding names, as it is in the image, and what the mirror has. */
export interface PlanPackage {
  readonly name: string;
  readonly source: string;
  readonly installed: string;
  /** The lowest version that fixes every finding; null when no finding names one. */
  readonly fixed: string | null;
  /** The newest version that the mirror offers; null when it has none, or none newer. */
  readonly candidate: string | null;
  readonly held: boolean;
  /** Of the findings that are about it. */
  readonly vulnerabilities: readonly string[];
}

/** Everything that a planner may know, bounded and without credentials. */
export interface PlanFacts {
  readonly baseDigest: Digest;
  readonly platform: Platform;
  readonly distro: Distro;
  readonly format: PackageFormat;
  readonly manager: PackageManager;
  /** The distribution gets no more fixes; null when that is not known. */
  readonly endOfLife: boolean | null;
  /** All installed binary packages of every source package that a finding is about. */
  readonly packages: readonly PlanPackage[];
  /** Ids, sorted. */
  readonly findings: readonly string[];
}

/** A proposal with what it was made from and by; it is kept under the hash of its canonical JSON. */
export interface PatchPlan {
  readonly facts: PlanFacts;
  readonly proposal: Proposal;
  readonly planner: PlannerName;
}

export interface PlannerName {
  readonly kind: 'deterministic' | 'model';
  /** As `callboard/1` or `anthropic/claude-…`. */
  readonly name: string;
  /** SHA-256 of the prompt, hexadecimal; null for the deterministic one. */
  readonly promptHash: string | null;
}

/** What makes proposals. */
export interface Planner {
  readonly name: string;
  /** Rejects with a `CodedError` `images/planner-…` when it has none: refused, down, or nonsense. */
  proposePlan(facts: PlanFacts, options: PlanningOptions): Promise<ProposedPlan>;
}

export interface PlanningOptions {
  readonly signal: AbortSignal;
  /** What the gate has against a proposal, a sentence each; a model is told. Default: nothing. */
  readonly review?: (proposal: Proposal) => readonly string[];
}

export interface ProposedPlan {
  readonly proposal: Proposal;
  readonly planner: PlannerName;
  /** What was sent and came back, for the record; null for the deterministic one. */
  readonly exchange: Exchange | null;
  /** What a second opinion has against it, a sentence each: it takes a person then. Default: nothing. */
  readonly doubts?: readonly string[];
}

export interface Exchange {
  readonly prompt: string;
  readonly answer: string;
}
