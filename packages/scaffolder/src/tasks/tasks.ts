/**
 * Tasks over durable jobs: a task is stored with its job in one transaction, runs under the job's lease, and survives the
 * death of its process. One task has at most one live job (its key is the task's id), so that it never runs twice at once.
 */
import {
  messageOf,
  type After,
  type Database,
  type DatabaseSession,
  type Jobs,
  type Log,
  type Metrics,
} from '@callboard/kernel';
import type { JsonValue } from '@callboard/model';
import type { Approvals } from '../approvals/approvals.ts';
import type { RunEnvironment, Runner } from '../run/run.ts';
import { isStartOver } from './begin-run.ts';
import { taskError } from './errors.ts';
import { appendEvents, readEvents, readStepTimes, type StepTime } from './events.ts';
import type { RenderRule } from './gate.ts';
import { taskTables, type TaskRow } from './migrations.ts';
import type { RunEnd } from './run-end.ts';
import { runTask } from './run-task.ts';
import type { Seal } from './seal.ts';
import { createTaskFigures } from './task-figures.ts';
import type { TaskMemory } from './task-memory.ts';
import { cancelledState, openState, retriedState, sealState, specOf } from './task-rows.ts';
import { createTaskStore, isOpenStatus } from './task-store.ts';
import type { Task, Tasks } from './task.ts';
import { createWatches } from './watch.ts';
import { createWorkspaces } from './workspaces.ts';

export interface TasksDeps {
  /** Migrated with `taskMigrationSteps` and `approvalMigrationSteps`. */
  readonly database: Database;
  readonly jobs: Jobs;
  readonly runner: Runner;
  readonly approvals: Approvals;
  /** Of the portal's secret key, see `createSeal`. */
  readonly seal: Seal;
  readonly memory: TaskMemory;
  readonly log: Log;
  readonly metrics?: Metrics;
  readonly now: () => number;
  /** Absolute path of the folder of all workspaces. */
  readonly workspaces: string;
  /** Of `scaffolder.defaultEnvironment`, read anew for each run. Default: nothing. */
  readonly environment?: () => RunEnvironment;
  /** Renders the expressions of `callboard:approval`. Default: they stay as they are. */
  readonly renderRule?: RenderRule;
  /** Default: setTimeout. */
  readonly after?: After;
}

/** Times in milliseconds. */
export interface TasksOptions {
  /** Tasks that this process runs at the same time; 0: none. Default: 10. */
  readonly concurrency?: number;
  /** Of one run of a task, waiting for people left out. Default: 24 hours. */
  readonly timeout?: number;
  /** For how long the workspace of a task that did not complete is kept. Default: 7 days. */
  readonly keepFailed?: number;
  /** For how long a task waits whose process was killed. Default: 15,000. */
  readonly lease?: number;
  /** Runs of a task that may break off one after the other without finishing a step. Default: 10. */
  readonly tries?: number;
  /** Between looks for workspaces that nobody needs. Default: an hour. */
  readonly sweepEvery?: number;
}

export interface DurableTasks extends Tasks {
  /** As in `Tasks`; the credentials of the first attempt are gone, like its secrets. */
  retry(
    id: string,
    options: { readonly secrets: Readonly<Record<string, string>>; readonly credentials?: JsonValue },
  ): Promise<Task>;
  /** By the id of the step. @throws CodedError 404 */
  stepTimes(id: string): Promise<ReadonlyMap<string, StepTime>>;
  /** Adds a line to the log of a task that is not over. */
  note(id: string, message: string): Promise<void>;
  /** Removes workspaces that nobody needs; resolves with how many. */
  sweep(): Promise<number>;
}

/** The queue of the jobs of tasks. */
const TASK_QUEUE = 'scaffolder.task';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** The tries of the job itself never end: a task is given up by its run, which says so. */
const JOB_TRIES = 1_000_000_000;

export function createTasks(deps: TasksDeps, options: TasksOptions = {}): DurableTasks {
  const { database, jobs, approvals, seal, log, now, after = afterReally } = deps;
  const { concurrency = 10, timeout = DAY, lease = 15_000, tries = 10 } = options;
  const { keepFailed = 7 * DAY, sweepEvery = HOUR } = options;
  const store = createTaskStore({ database, seal, now });
  const watches = createWatches({ database, log, after });
  const workspaces = createWorkspaces(deps.workspaces);
  const figures = createTaskFigures(deps.metrics, { counts: () => store.counts(), log });
  const active = new Map<string, RunEnd>();
  let stopSweeps = (): void => {};
  let isClosed = false;

  const enqueue = async (session: DatabaseSession, id: string): Promise<void> => {
    // Replaced: a run that is about to end, because the task was to stand still, is followed by another.
    const request = { queue: TASK_QUEUE, key: id, payload: id, maxAttempts: JOB_TRIES };
    await jobs.enqueue({ ...request, onDuplicate: 'replace' }, session);
  };
  /** Changes a task that is there; the change is told to those who watch. */
  const change = async (
    id: string,
    make: (session: DatabaseSession, row: TaskRow) => Promise<void>,
  ): Promise<Task> => {
    await database.transaction(async (session) => {
      const row = await store.lock(session, id);
      if (row === null) throw taskError('scaffolder/task-not-found', `There is no task ${id}.`);
      await make(session, row);
    });
    watches.tell(id);
    return store.get(id);
  };
  const update = async (session: DatabaseSession, id: string, row: Partial<TaskRow>): Promise<void> => {
    await taskTables(session).updateTable('scaffolder_tasks').set(row).where('id', '=', id).execute();
  };
  const refuseEnded = ({ id, status }: TaskRow): void => {
    if (!isOpenStatus(status)) throw taskError('scaffolder/task-ended', `Task ${id} is ${status} already.`);
  };

  approvals.onEnded(async (session, approval) => {
    const { numUpdatedRows } = await taskTables(session)
      .updateTable('scaffolder_tasks')
      .set({ approval_id: null, approval_at: null })
      .where('id', '=', approval.taskId)
      .where('approval_id', '=', approval.id)
      .executeTakeFirst();
    if (numUpdatedRows > 0n) await enqueue(session, approval.taskId);
  });

  const cancel = async (id: string): Promise<Task> => {
    const task = await change(id, async (session, row) => {
      refuseEnded(row);
      const state = cancelledState(specOf(row), readableState(seal, row));
      await update(session, id, {
        ...sealState(seal, id, state),
        status: 'cancelled',
        ended_at: now(),
        paused_by: null,
        paused_at: null,
        approval_id: null,
        approval_at: null,
      });
      await store.dropSecrets(session, id);
      await approvals.withdraw(session, id);
      await appendEvents(session, id, cancelEvents(row, now()));
    });
    active.get(id)?.stop('cancelled', taskError('scaffolder/cancelled', 'The task was cancelled.'));
    figures.taskEnded({ status: 'cancelled', ms: now() - (task.startedAt ?? now()) });
    return task;
  };

  const retry: DurableTasks['retry'] = (id, { secrets, credentials = null }) =>
    change(id, async (session, row) => {
      if (row.status !== 'failed' && row.status !== 'cancelled') {
        throw taskError(
          'scaffolder/task-not-retryable',
          `Task ${id} is ${row.status}; failed and cancelled ones can be tried again.`,
        );
      }
      const spec = specOf(row);
      const startsOver = isStartOver(spec);
      const before = readableState(seal, row);
      const state = startsOver ? { ...before, steps: {}, failure: null } : retriedState(spec, before);
      await update(session, id, {
        ...sealState(seal, id, state),
        ...(startsOver && { mirrored: 0 }),
        status: 'open',
        attempts: row.attempts + 1,
        ended_at: null,
        output: null,
        error: null,
        running: null,
        log_lines: 0,
        log_chars: 0,
      });
      await store.putSecrets(session, id, { secrets, credentials });
      // Clients end their reading at these; the new attempt brings its own.
      await taskTables(session)
        .deleteFrom('scaffolder_events')
        .where('task_id', '=', id)
        .where('type', 'in', ['completion', 'cancelled'])
        .execute();
      const body = {
        message: `The task is tried again: attempt ${row.attempts + 1}.`,
        recoverStrategy: startsOver ? 'startOver' : 'none',
      };
      await appendEvents(session, id, [{ type: 'recovered', createdAt: now(), body }]);
      await enqueue(session, id);
    });

  const sweep = async (): Promise<number> => {
    let swept = 0;
    for (const { taskId, changedAt } of await workspaces.list()) {
      const row = await taskTables(database)
        .selectFrom('scaffolder_tasks')
        .select(['status', 'ended_at'])
        .where('id', '=', taskId)
        .executeTakeFirst();
      if (!isForgotten(row, { changedAt, at: now(), keepFailed }) || active.has(taskId)) continue;
      try {
        await workspaces.remove(taskId);
        swept++;
      } catch (error) {
        log.warn('the workspace of a task could not be removed', { task: taskId, error: messageOf(error) });
      }
    }
    return swept;
  };
  const sweepAndAgain = async (): Promise<void> => {
    try {
      await sweep();
    } catch (error) {
      log.warn('workspaces of tasks could not be swept', { error: messageOf(error) });
    }
    if (!isClosed) stopSweeps = after(sweepEvery, () => void sweepAndAgain());
  };
  /** A task without a job would wait for ever; one that has a job keeps it. */
  const reviveLost = async (): Promise<void> => {
    const rows = await taskTables(database)
      .selectFrom('scaffolder_tasks')
      .select('id')
      .where('status', 'in', ['open', 'processing'])
      .where('paused_by', 'is', null)
      .where('approval_id', 'is', null)
      .execute();
    for (const { id } of rows) {
      await jobs.enqueue({ queue: TASK_QUEUE, key: id, payload: id, maxAttempts: JOB_TRIES });
    }
  };
  const run = runDeps(deps, { store, watches, workspaces, figures, active, timeout, tries, after });

  return {
    create: async (task) => {
      const id = await database.transaction(async (session) => {
        const made = await store.insert(session, task);
        await enqueue(session, made);
        return made;
      });
      return store.get(id);
    },
    get: (id) => store.get(id),
    list: (filter) => store.list(filter),
    events: async (id, { after: number = 0 } = {}) => {
      const events = await readEvents(database, id, number);
      if (events.length === 0) await store.row(id);
      return events;
    },
    stepTimes: async (id) => {
      await store.row(id);
      return readStepTimes(database, id);
    },
    watch: (id, watching) => watches.add(id, watching),
    cancel,
    retry,
    pause: (id, by) =>
      change(id, async (session, row) => {
        refuseEnded(row);
        if (row.paused_by === null) await update(session, id, { paused_by: by, paused_at: now() });
      }),
    resume: (id) =>
      change(id, async (session, row) => {
        if (row.paused_by === null) {
          throw taskError('scaffolder/task-not-paused', `Task ${id} is not paused.`);
        }
        await update(session, id, { paused_by: null, paused_at: null });
        await enqueue(session, id);
      }),
    note: async (id, message) => {
      await change(id, async (session, { status }) => {
        if (!isOpenStatus(status)) return;
        await appendEvents(session, id, [{ type: 'log', createdAt: now(), body: { message } }]);
      });
    },
    sweep,
    start: async () => {
      if (concurrency === 0) return;
      jobs.handle(TASK_QUEUE, {
        concurrency,
        lease,
        backoff: { first: 500, max: 30_000 },
        run: (job, context) => runTask(run, job, context),
      });
      await reviveLost();
      await sweepAndAgain();
    },
    [Symbol.asyncDispose]: async () => {
      isClosed = true;
      stopSweeps();
      watches.close();
    },
  };
}

type RunExtras = Pick<
  Parameters<typeof runTask>[0],
  'store' | 'watches' | 'workspaces' | 'figures' | 'active' | 'timeout' | 'tries' | 'after'
>;

function runDeps(deps: TasksDeps, extras: RunExtras): Parameters<typeof runTask>[0] {
  const { database, seal, runner, approvals, memory, log, now } = deps;
  const { environment = () => ({ parameters: {}, secrets: {} }), renderRule = (rule) => rule } = deps;
  return { database, seal, runner, approvals, memory, log, now, environment, renderRule, ...extras };
}

/** With another key outputs are not readable: a task can be cancelled and tried again nevertheless. */
function readableState(seal: Seal, row: TaskRow): ReturnType<typeof openState> {
  try {
    return openState(seal, row);
  } catch {
    return openState(seal, { ...row, memory: null });
  }
}

function cancelEvents(row: TaskRow, at: number): Parameters<typeof appendEvents>[2] {
  const message = `Task ${row.id} has been cancelled.`;
  return [
    { type: 'cancelled', createdAt: at, body: { message, status: 'cancelled' } },
    { type: 'completion', createdAt: at, body: { message: 'Run completed with status: cancelled' } },
  ];
}

/** Whether the folder of a task can go: of none that is known, of a completed one, of one that failed long ago. */
function isForgotten(
  row: Pick<TaskRow, 'status' | 'ended_at'> | undefined,
  {
    changedAt,
    at,
    keepFailed,
  }: { readonly changedAt: number; readonly at: number; readonly keepFailed: number },
): boolean {
  // Somebody else's folder, or of a database that was restored: not before it is old.
  if (row === undefined) return at - changedAt > keepFailed;
  if (isOpenStatus(row.status)) return false;
  return row.status === 'completed' || at - (row.ended_at ?? at) > keepFailed;
}

/** The machine's timers. */
const afterReally: After = (ms, run) => {
  const timer = setTimeout(run, Math.min(ms, 2 ** 31 - 1));
  return () => clearTimeout(timer);
};
