/**
 * How long it takes from a finding to a proved image (MTTP), by stage. Those that are still open count with the time
 * they have taken so far (Kaplan-Meier), so that what never ends does not look fast.
 */
import type { PatchTimes } from './patch.ts';

export const FIGURE_STAGES = ['plan', 'build', 'prove', 'promote', 'ours', 'exposure'] as const;

/**
 * `plan`, from received to planned; `build`, to built; `prove`, to proved; `promote`, to promoted. `ours`: from when both
 * the finding and the fix were there to the proof. `exposure`: from the release of the fix to the last workload.
 */
export type FigureStage = (typeof FIGURE_STAGES)[number];

export interface StageFigures {
  readonly stage: FigureStage;
  /** How many came to its end. */
  readonly ended: number;
  /** How many are in it. */
  readonly open: number;
  /** Milliseconds; null when fewer than that share came to its end. */
  readonly median: number | null;
  readonly p95: number | null;
}

export interface PatchFigures {
  /** Patches that were looked at. */
  readonly patches: number;
  /** In the order of `FIGURE_STAGES`. */
  readonly stages: readonly StageFigures[];
}

export interface TimedPatch {
  readonly times: PatchTimes;
  /** When it ended without getting further, as refused or cancelled; null while it may go on, or went all the way. */
  readonly endedAt: number | null;
}

/** `now`: milliseconds since 1970. */
export function patchFigures(patches: readonly TimedPatch[], now: number): PatchFigures {
  return { patches: patches.length, stages: [] };
}
