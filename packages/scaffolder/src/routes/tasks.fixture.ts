/** Tasks in memory for tests: nothing runs, a test says what happens. */
import { CodedError } from '@callboard/kernel';
import type { JsonObject } from '@callboard/model';
import type { NewTask, Task, TaskEvent } from '../tasks/task.ts';
import type { TaskSpec } from '../template/template.ts';
import type { StepTime, TaskDesk } from './deps.ts';

export interface FakeTasks extends TaskDesk {
  /** What was asked for, in order. */
  readonly created: readonly NewTask[];
  /** What was given to further attempts. */
  readonly retried: readonly object[];
  /** Who follows tasks now. */
  readonly watching: number;
  /** Adds a task as it is. */
  put(fields: Partial<Task> & { readonly id: string }): Task;
  change(id: string, fields: Partial<Task>): void;
  say(id: string, event: Pick<TaskEvent, 'type' | 'body'>): void;
}

export const SPEC: TaskSpec = {
  apiVersion: 'scaffolder.backstage.io/v1beta3',
  parameters: { name: 'shop' },
  steps: [
    { id: 'fetch', name: 'Fetch', action: 'fetch:template' },
    { id: 'register', name: 'Register', action: 'catalog:register' },
  ],
  output: {},
  templateInfo: {
    entityRef: 'template:default/service',
    entity: { metadata: { name: 'service', title: 'A service' } },
  },
};

const OPEN: readonly string[] = ['open', 'processing'];

export function createFakeTasks(): FakeTasks {
  const stored = new Map<string, Task>();
  const events: TaskEvent[] = [];
  const created: NewTask[] = [];
  const retried: object[] = [];
  const watches = new Set<{ readonly id: string; onEvents(): void }>();
  const get = (id: string): Task => {
    const task = stored.get(id);
    if (task !== undefined) return task;
    throw new CodedError(404, 'scaffolder/task-not-found', `There is no task ${id}.`);
  };
  const tell = (id: string): void => {
    for (const watch of watches) if (watch.id === id) watch.onEvents();
  };
  const change = (id: string, fields: Partial<Task>): Task => {
    const task = { ...get(id), ...fields };
    stored.set(id, task);
    tell(id);
    return task;
  };
  const open = (id: string): Task => {
    const task = get(id);
    if (OPEN.includes(task.status)) return task;
    throw new CodedError(409, 'scaffolder/task-ended', `Task ${id} has ended.`);
  };
  const put: FakeTasks['put'] = (fields) => {
    const task: Task = {
      spec: SPEC,
      status: 'processing',
      waiting: null,
      createdBy: 'user:default/anna',
      createdAt: 1_000,
      startedAt: null,
      endedAt: null,
      lastHeartbeatAt: null,
      attempts: 1,
      templateVersion: null,
      state: { steps: {}, checkpoints: {}, failure: null },
      output: null,
      error: null,
      ...fields,
    };
    stored.set(task.id, task);
    return task;
  };
  return {
    created,
    retried,
    put,
    get watching() {
      return watches.size;
    },
    change: (id, fields) => void change(id, fields),
    say: (id, { type, body }) => {
      events.push({ id: events.length + 1, taskId: id, type, createdAt: 2_000 + events.length, body });
      tell(id);
    },
    create: async (task) => {
      created.push(task);
      return put({ id: `t-${created.length}`, ...task, status: 'open' });
    },
    get: async (id) => get(id),
    list: async ({ createdBy, status, template, limit, offset = 0 }) => {
      const all = [...stored.values()].filter(
        (task) =>
          (createdBy?.some((owner) => owner === task.createdBy) ?? true) &&
          (status?.includes(task.status) ?? true) &&
          (template?.some((ref) => ref === task.spec.templateInfo?.entityRef) ?? true),
      );
      return { tasks: all.slice(offset, offset + (limit ?? all.length)), total: all.length };
    },
    events: async (id, { after = 0 } = {}) => {
      get(id);
      return events.filter((event) => event.taskId === id && event.id > after);
    },
    stepTimes: async (id) => {
      const times = new Map<string, StepTime>();
      for (const { taskId, body, createdAt } of events) {
        if (taskId !== id || typeof body['stepId'] !== 'string') continue;
        const before = times.get(body['stepId']);
        const begun = { startedAt: createdAt, endedAt: null };
        times.set(body['stepId'], before === undefined ? begun : { ...before, endedAt: createdAt });
      }
      return times;
    },
    watch: (id, options) => {
      const { signal } = options;
      if (signal.aborted) return;
      const watch = { id, onEvents: () => options.onEvents() };
      watches.add(watch);
      signal.addEventListener('abort', () => watches.delete(watch));
    },
    cancel: async (id) => {
      open(id);
      return change(id, { status: 'cancelled' });
    },
    retry: async (id, options) => {
      const task = get(id);
      if (OPEN.includes(task.status)) throw new CodedError(409, 'scaffolder/task-not-retryable', 'It runs.');
      retried.push(options);
      return change(id, { status: 'open', attempts: task.attempts + 1 });
    },
    pause: async (id, by) => {
      open(id);
      return change(id, { waiting: { kind: 'paused', by, since: 3_000 } });
    },
    resume: async (id) => {
      if (open(id).waiting === null) throw new CodedError(409, 'scaffolder/task-not-paused', 'It goes on.');
      return change(id, { waiting: null });
    },
  };
}

/** A line of a step. */
export function line(message: string, fields: JsonObject = {}): Pick<TaskEvent, 'type' | 'body'> {
  return { type: 'log', body: { message, ...fields } };
}
