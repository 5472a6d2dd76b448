/** The states of a task and of its steps as people read them. */
import type { Task, TaskStatus } from '../../api/scaffolder-tasks.ts';

export type Tone = 'good' | 'busy' | 'person' | 'bad' | 'quiet';

export interface StateWords {
  readonly title: string;
  /** What it means, and what comes next, in a sentence or two. */
  readonly meaning: string;
  readonly tone: Tone;
}

const WORDS: Readonly<Record<TaskStatus, StateWords>> = {
  open: {
    title: 'Queued',
    meaning: 'It waits for its turn. The page shows by itself when it begins.',
    tone: 'busy',
  },
  processing: {
    title: 'Running',
    meaning: 'Its steps run one after the other. You can leave this page; the task goes on.',
    tone: 'busy',
  },
  completed: { title: 'Done', meaning: 'All of its steps have run.', tone: 'good' },
  failed: {
    title: 'Failed',
    meaning: 'A step failed, and the steps after it did not run.',
    tone: 'bad',
  },
  cancelled: {
    title: 'Cancelled',
    meaning: 'Somebody stopped it. What its steps did before stays as it is.',
    tone: 'quiet',
  },
  skipped: { title: 'Skipped', meaning: 'There was nothing to do.', tone: 'quiet' },
};

const PAUSED: StateWords = {
  title: 'Paused',
  meaning: 'It stands still before its next step until somebody lets it go on.',
  tone: 'person',
};

const AWAITING: StateWords = {
  title: 'Needs approval',
  meaning: 'It stands still until people have agreed. Then it goes on by itself.',
  tone: 'person',
};

/** Of a task that stands still, why it does. */
export function stateWords(task: Pick<Task, 'status' | 'waiting'>): StateWords {
  if (isFinal(task) || task.waiting === null) return WORDS[task.status];
  return task.waiting.kind === 'paused' ? PAUSED : AWAITING;
}

const STEP_TITLES: Readonly<Record<TaskStatus, string>> = {
  open: 'Not begun',
  processing: 'Running',
  completed: 'Done',
  failed: 'Failed',
  cancelled: 'Cancelled',
  skipped: 'Skipped',
};

export function stepTitle(status: TaskStatus): string {
  return STEP_TITLES[status];
}

/** Whether nothing more happens to it by itself. */
export function isFinal({ status }: Pick<Task, 'status'>): boolean {
  return status !== 'open' && status !== 'processing';
}

/** What the list of tasks can be narrowed to, and the statuses of each. */
export const SHOWN_STATUSES = {
  any: [],
  running: ['open', 'processing'],
  completed: ['completed'],
  failed: ['failed'],
  cancelled: ['cancelled'],
} as const satisfies Readonly<Record<string, readonly TaskStatus[]>>;

export type ShownStatus = keyof typeof SHOWN_STATUSES;
export const SHOWN_STATUS_NAMES = Object.keys(SHOWN_STATUSES).filter(isShownStatus);

export function isShownStatus(name: string): name is ShownStatus {
  return Object.hasOwn(SHOWN_STATUSES, name);
}
