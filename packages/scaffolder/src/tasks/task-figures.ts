/** Metrics of tasks. The counts of a scrape are what the scrape before asked for: a scrape does not wait. */
import { messageOf, type Log, type Metrics } from '@callboard/kernel';
import type { StepStatus } from '../run/run.ts';
import { TASK_STATUSES, type TaskStatus } from './task.ts';

export interface TaskFigures {
  /** `ms`: of the run, waiting left out. */
  taskEnded(task: { readonly status: TaskStatus; readonly ms: number }): void;
  stepEnded(step: { readonly action: string; readonly status: StepStatus; readonly ms: number }): void;
}

const SECONDS = [0.1, 0.5, 1, 5, 15, 60, 300, 900, 3_600, 14_400];

export function createTaskFigures(
  metrics: Metrics | undefined,
  {
    counts,
    log,
  }: {
    readonly counts: () => Promise<readonly { readonly status: TaskStatus; readonly count: number }[]>;
    readonly log: Log;
  },
): TaskFigures {
  if (metrics === undefined) return { taskEnded: () => {}, stepEnded: () => {} };
  let known: Awaited<ReturnType<typeof counts>> | null = null;
  let asking = false;
  const ask = async (): Promise<void> => {
    if (asking) return;
    asking = true;
    try {
      known = await counts();
    } catch (error) {
      log.warn('tasks could not be counted', { error: messageOf(error) });
    } finally {
      asking = false;
    }
  };
  metrics.gauge({
    name: 'callboard_scaffolder_tasks_count',
    help: 'Tasks of software templates by status',
    labels: ['status'],
    collect: (gauge) => {
      void ask();
      if (known === null) return;
      for (const status of TASK_STATUSES) gauge.set({ status }, 0);
      for (const { status, count } of known) gauge.set({ status }, count);
    },
  });
  const tasks = metrics.histogram({
    name: 'callboard_scaffolder_task_seconds',
    help: 'How long runs of tasks took, waiting left out, by how they ended',
    labels: ['status'],
    buckets: SECONDS,
  });
  const steps = metrics.histogram({
    name: 'callboard_scaffolder_step_seconds',
    help: 'How long steps took, by their action and how they ended',
    labels: ['action', 'status'],
    buckets: SECONDS,
  });
  return {
    taskEnded: ({ status, ms }) => tasks.observe({ status }, ms / 1_000),
    stepEnded: ({ action, status, ms }) => steps.observe({ action, status }, ms / 1_000),
  };
}
