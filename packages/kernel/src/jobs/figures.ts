/** Metrics of the jobs. The counts of a scrape are those that the scrape before asked for: a scrape does not wait. */
import { messageOf } from '../error.ts';
import type { Log } from '../log/log.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import type { JobCount } from './desk.ts';
import type { RunResult } from './run.ts';

export interface JobFigures {
  ended(run: { readonly queue: string; readonly result: RunResult; readonly ms: number }): void;
}

const SECONDS = [0.01, 0.1, 1, 10, 60, 300, 1_800];

export function createJobFigures(
  metrics: Metrics | undefined,
  { counts, log }: { readonly counts: () => Promise<readonly JobCount[]>; readonly log: Log },
): JobFigures {
  if (metrics === undefined) return { ended: () => {} };
  const runs = metrics.counter({
    name: 'jobs_runs_total',
    help: 'Runs of jobs, by how they ended',
    labels: ['queue', 'outcome'],
  });
  const seconds = metrics.histogram({
    name: 'jobs_run_seconds',
    help: 'How long runs of jobs took',
    labels: ['queue'],
    buckets: SECONDS,
  });
  let known: readonly JobCount[] = [];
  const refresh = async (): Promise<void> => {
    try {
      known = await counts();
    } catch (error) {
      log.warn('jobs could not be counted', { error: messageOf(error) });
    }
  };
  metrics.gauge({
    name: 'jobs_count',
    help: 'Jobs that are stored, by state',
    labels: ['queue', 'state'],
    collect: (gauge) => {
      gauge.reset();
      for (const { queue, state, count } of known) gauge.set({ queue, state }, count);
      void refresh();
    },
  });
  return {
    ended: ({ queue, result, ms }) => {
      runs.inc({ queue, outcome: result });
      seconds.observe({ queue }, ms / 1_000);
    },
  };
}
