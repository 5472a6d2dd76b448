/**
 * How long it takes from a finding to a proved image (MTTP), by stage. Those that are still open count with the time
 * they have taken so far (Kaplan-Meier), so that what never ends does not look fast.
 */
import type { PatchTimes } from './patch.ts';

export const FIGURE_STAGES = ['plan', 'build', 'prove', 'promote', 'ours', 'exposure'] as const;

/**
 * `plan`, from received to planned; `build`, to built; `prove`, to proved; `promote`, to promoted. `ours`: from when both
 * the finding and the fix were there to the proof; where no report says when the fix was released, it was there. `exposure`: from the release of the fix to the last workload.
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
  return { patches: patches.length, stages: FIGURE_STAGES.map((stage) => figuresOf(stage, patches, now)) };
}

interface Span {
  readonly from: number | null;
  readonly to: number | null;
  /** The end is missing though something later is known: how long it took cannot be said. */
  readonly lost: boolean;
}

const SPANS: Readonly<Record<FigureStage, (times: PatchTimes) => Span>> = {
  plan: ({ received, planned, built, proved, promoted }) =>
    spanOf(received, planned, [built, proved, promoted]),
  build: ({ planned, built, proved, promoted }) => spanOf(planned, built, [proved, promoted]),
  prove: ({ built, proved, promoted }) => spanOf(built, proved, [promoted]),
  promote: ({ proved, promoted, rolledOut }) => spanOf(proved, promoted, [rolledOut]),
  ours: ({ fixReleased, received, proved, promoted }) =>
    spanOf(Math.max(fixReleased ?? received, received), proved, [promoted]),
  exposure: ({ fixReleased, rolledOut }) => spanOf(fixReleased, rolledOut, []),
};

function spanOf(from: number | null, to: number | null, later: readonly (number | null)[]): Span {
  return {
    from: known(from),
    to: known(to),
    lost: known(to) === null && later.some((time) => known(time) !== null),
  };
}

function known(time: number | null): number | null {
  return time !== null && Number.isFinite(time) ? time : null;
}

interface Waited {
  /** Milliseconds, 0 or more: clocks of several machines may run backwards. */
  readonly time: number;
  /** Whether the stage came to its end then; or that is as long as it was watched. */
  readonly ended: boolean;
}

function figuresOf(stage: FigureStage, patches: readonly TimedPatch[], now: number): StageFigures {
  const waited: Waited[] = [];
  let open = 0;
  for (const { times, endedAt } of patches) {
    const { from, to, lost } = SPANS[stage](times);
    if (from === null || lost) continue;
    if (to === null && known(endedAt) === null) open += 1;
    waited.push({ time: Math.max(0, (to ?? known(endedAt) ?? now) - from), ended: to !== null });
  }
  const ended = waited.filter((one) => one.ended).length;
  const steps = survivalOf(waited);
  return { stage, ended, open, median: timeOf(steps, 0.5), p95: timeOf(steps, 0.05) };
}

interface Step {
  readonly time: number;
  /** The share that takes longer than that. */
  readonly longer: number;
}

/**
 * The estimate of Kaplan and Meier (1958): at each time at which some ended, the share that goes on is multiplied by
 * that of those who were still in it and did not end then. Who was watched until that very time counts as still in it.
 */
function survivalOf(waited: readonly Waited[]): readonly Step[] {
  const ends = new Map<number, number>();
  for (const { time, ended } of waited) if (ended) ends.set(time, (ends.get(time) ?? 0) + 1);
  const times = waited.map(({ time }) => time).toSorted((a, b) => a - b);
  const steps: Step[] = [];
  let longer = 1;
  let gone = 0;
  for (const [time, count] of [...ends].toSorted(([a], [b]) => a - b)) {
    while ((times[gone] ?? time) < time) gone += 1;
    longer *= 1 - count / (times.length - gone);
    steps.push({ time, longer });
  }
  return steps;
}

/** A product of shares is off by less than that; two shares that differ do so by more, up to millions of patches. */
const ROUNDING = 1e-9;

/** The first time by which no more than the share is left; null when it does not come down to that. */
function timeOf(steps: readonly Step[], share: number): number | null {
  return steps.find(({ longer }) => longer <= share + ROUNDING)?.time ?? null;
}
