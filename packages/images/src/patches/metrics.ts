/**
 * Metrics of the room. What has to be counted in the database is, at a scrape, what the scrape before asked for: a
 * scrape does not wait.
 */
import { messageOf, type Log, type Metrics } from '@callboard/kernel';
import type { FindingsCount } from '../findings/findings-store.ts';
import { PATCH_STATES, type PatchStage, type PatchState } from './patch.ts';

/** What is asked for at a scrape. */
export interface PatchCounts {
  readonly patches: () => Promise<readonly { readonly state: PatchState; readonly count: number }[]>;
  readonly findings: () => Promise<readonly FindingsCount[]>;
  /** For how many milliseconds the oldest change of a finding that is not yet handled waits; 0 when none does. */
  readonly changeLag: () => Promise<number>;
}

/** `done`: the patch went on; `ended`: it ended there, as clean, refused or unproved; `failed`: by an error. */
export type StageOutcome = 'done' | 'ended' | 'failed';

export interface PatchMetrics {
  /** `ms` in milliseconds. */
  staged(stage: PatchStage, run: { readonly outcome: StageOutcome; readonly ms: number }): void;
  /** A golden tag was moved; `golden` is the name of its image. */
  promoted(golden: string): void;
  rolledBack(golden: string): void;
  /** A report was taken in; `format` as `trivy`. */
  reported(format: string): void;
}

const SECONDS = [1, 5, 15, 60, 180, 600, 1_800, 3_600, 7_200];

export function createPatchMetrics(
  metrics: Metrics,
  { counts, log }: { readonly counts: PatchCounts; readonly log: Log },
): PatchMetrics {
  measureCounts(metrics, { counts, log });
  const seconds = metrics.histogram({
    name: 'callboard_images_stage_seconds',
    help: 'How long the stages of patches took, by how they went',
    labels: ['stage', 'outcome'],
    buckets: SECONDS,
  });
  const promotions = metrics.counter({
    name: 'callboard_images_promotions_total',
    help: 'Golden tags that were moved to a proved image',
    labels: ['golden'],
  });
  const rollbacks = metrics.counter({
    name: 'callboard_images_rollbacks_total',
    help: 'Golden tags that were moved back',
    labels: ['golden'],
  });
  const reports = metrics.counter({
    name: 'callboard_images_reports_total',
    help: 'Reports of scanners that were taken in',
    labels: ['format'],
  });
  return {
    staged: (stage, { outcome, ms }) => seconds.observe({ stage, outcome }, ms / 1_000),
    promoted: (golden) => promotions.inc({ golden }),
    rolledBack: (golden) => rollbacks.inc({ golden }),
    reported: (format) => reports.inc({ format }),
  };
}

function measureCounts(
  metrics: Metrics,
  { counts, log }: { readonly counts: PatchCounts; readonly log: Log },
): void {
  const patches = lastAnswer(counts.patches, log);
  metrics.gauge({
    name: 'callboard_images_patches_count',
    help: 'Patches by state',
    labels: ['state'],
    collect: (gauge) => {
      const known = patches();
      if (known === null) return;
      for (const state of PATCH_STATES) gauge.set({ state }, 0);
      for (const { state, count } of known) gauge.set({ state }, count);
    },
  });
  const findings = lastAnswer(counts.findings, log);
  metrics.gauge({
    name: 'callboard_images_findings_count',
    help: 'Findings by status and severity',
    labels: ['status', 'severity'],
    collect: (gauge) => {
      gauge.reset();
      for (const { status, severity, count } of findings() ?? []) gauge.set({ status, severity }, count);
    },
  });
  const lag = lastAnswer(counts.changeLag, log);
  metrics.gauge({
    name: 'callboard_images_change_lag_seconds',
    help: 'For how long the oldest change of a finding waits to be handled',
    collect: (gauge) => {
      const known = lag();
      if (known !== null) gauge.set(known / 1_000);
    },
  });
}

/** Gives the last answer, null before the first one, and asks again; one question at a time. */
function lastAnswer<T>(ask: () => Promise<T>, log: Log): () => T | null {
  let known: T | null = null;
  let asking = false;
  const refresh = async (): Promise<void> => {
    asking = true;
    try {
      known = await ask();
    } catch (error) {
      log.warn('the metrics of images could not be counted', { error: messageOf(error) });
    } finally {
      asking = false;
    }
  };
  return () => {
    if (!asking) void refresh();
    return known;
  };
}
