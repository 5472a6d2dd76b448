/** A patch: one run of the pipeline over one digest of a golden image, from the first finding to the moved tag. */
import type { Digest, ImageAt, Platform } from '../image/image.ts';
import type { LeftOver } from '../plan/assess.ts';
import type { GateReason } from '../gate/verdict.ts';
import type { Promotion } from '../promote/promote.ts';
import type { CheckResult } from '../prove/verdict.ts';

export const PATCH_STATES = [
  'waiting',
  'running',
  'awaiting-approval',
  'parked',
  'clean',
  'deferred',
  'refused',
  'unproved',
  'proved',
  'promoted',
  'rolled-back',
  'cancelled',
] as const;

/**
 * `waiting` for more findings, or for its turn; `running`, and `stage` says where; `awaiting-approval` of a person, as
 * the policy asks; `parked` until a person has seen to what `reason` says. All others have ended: `clean`, as nothing
 * of it is to be fixed; `deferred`, as the plan says to wait or to take another base; `refused` by the gate;
 * `unproved`, as a check failed; `proved`, with the tag left to a person; `promoted`; `rolled-back`; `cancelled`.
 */
export type PatchState = (typeof PATCH_STATES)[number];

/** States in which something is still to come by itself or by a person; there is one such patch of a base at a time. */
export const OPEN_STATES = [
  'waiting',
  'running',
  'awaiting-approval',
  'parked',
] as const satisfies readonly PatchState[];

export const PATCH_STAGES = ['scan', 'plan', 'build', 'prove', 'attach', 'promote'] as const;
export type PatchStage = (typeof PATCH_STAGES)[number];

/** Milliseconds since 1970; null when it is not known, or has not happened. */
export interface PatchTimes {
  /** The first of its vulnerabilities was published. */
  readonly published: number | null;
  /** The first fix was released. */
  readonly fixReleased: number | null;
  /** The first finding arrived. */
  readonly received: number;
  /** A plan passed the gate, and the person whom the policy asks. */
  readonly planned: number | null;
  readonly built: number | null;
  readonly proved: number | null;
  readonly promoted: number | null;
  /** The last that runs the old digest was moved to the new one. */
  readonly rolledOut: number | null;
}

export interface Patch {
  /** In the order of time. */
  readonly id: string;
  /** Of the golden image, as in the configuration. */
  readonly golden: string;
  /** What is patched. */
  readonly base: ImageAt;
  readonly platform: Platform;
  readonly state: PatchState;
  /** Where it is, or where it ended; null before it began. */
  readonly stage: PatchStage | null;
  /** Why it is in this state, in one line; null when the state says it all. */
  readonly reason: string | null;
  /** Of the job that works on it. */
  readonly job: string | null;
  readonly times: PatchTimes;
  readonly createdAt: number;
  readonly updatedAt: number;
  /** How many findings act, as of the last scan, or of the reports before it. */
  readonly findings: number;
  /** Names of records, by what they are; see `RecordKind`. */
  readonly records: Readonly<Partial<Record<RecordKind, string>>>;
  /** The patched image; null before it is built. */
  readonly built: ImageAt | null;
  /** Null before the verdict. */
  readonly checks: readonly CheckResult[] | null;
  /** Fixable findings; null before the verdict. */
  readonly fixable: { readonly before: number; readonly after: number } | null;
  /** What the gate asks of a person, or refuses. */
  readonly gate: readonly GateReason[];
  readonly leftOver: readonly LeftOver[];
  readonly approval: Approval | null;
  /** One for each golden tag that was moved. */
  readonly promotions: readonly Promotion[];
  /** Digests of the attached, signed statements. */
  readonly attestations: readonly Digest[];
}

export interface Approval {
  /** Entity reference, or the subject of a token. */
  readonly by: string;
  readonly at: number;
  readonly reason: string;
  /** The plan that was looked at. */
  readonly planHash: string;
}

/**
 * Texts that are kept for ever under the SHA-256 of what is in them, hexadecimal. `plan` is canonical JSON, `script` the
 * readable patch script, `prompt` and `answer` what was said with a model, `verdict` canonical JSON, `seal` the signed
 * verdict, `scan` what the scanner said of the base.
 */
export type RecordKind = 'scan' | 'plan' | 'script' | 'prompt' | 'answer' | 'verdict' | 'seal';
