/** Software templates as a whole: tasks and approvals in the database, and the engine, which is loaded when it is needed. */
import type { Database, Jobs, Metrics, RoomMigrations } from '@callboard/kernel';
import { createApprovals, type Approvals } from './approvals/approvals.ts';
import { approvalMigrationSteps } from './approvals/migrations.ts';
import type { Engine, EngineDeps } from './engine.ts';
import type { ScaffolderSettings } from './settings.ts';
import { taskMigrationSteps } from './tasks/migrations.ts';
import { createSeal } from './tasks/seal.ts';
import { createTaskMemory, type TaskMemory } from './tasks/task-memory.ts';
import { createTasks, type DurableTasks } from './tasks/tasks.ts';

export const scaffolderMigrations: RoomMigrations = {
  room: 'scaffolder',
  steps: [...taskMigrationSteps, ...approvalMigrationSteps],
};

export interface ScaffolderDeps extends Omit<EngineDeps, 'settings' | 'onRegistered'> {
  /** Migrated with `jobsMigrations` and `scaffolderMigrations`. */
  readonly database: Database;
  readonly jobs: Jobs;
  readonly metrics?: Metrics;
  readonly settings: ScaffolderSettings;
  /** 32 bytes that secrets of tasks are encrypted with. */
  readonly secretKey: Uint8Array;
  /** Absolute path of the folder of all workspaces. */
  readonly workspaces: string;
}

export interface Scaffolder extends AsyncDisposable {
  readonly tasks: DurableTasks;
  readonly approvals: Approvals;
  readonly memory: TaskMemory;
  /** Loaded by the first call. */
  engine(): Promise<Engine>;
  /** Begins to work on tasks, those of earlier processes first. */
  start(): Promise<void>;
}

export function createScaffolder(deps: ScaffolderDeps): Scaffolder {
  const { database, jobs, log, metrics, now, settings, catalog } = deps;
  const seal = createSeal(deps.secretKey);
  const memory = createTaskMemory({ database, seal, now });
  const approvals = createApprovals({
    database,
    jobs,
    catalog,
    log,
    now,
    onReminder: ({ taskId, approvers, rule }) =>
      tasks.note(taskId, `Reminder: still waits for approval by ${approvers.join(', ')}: ${rule.message}`),
  });
  let loading: Promise<Engine> | null = null;
  const engine = (): Promise<Engine> => {
    loading ??= import('./engine.ts').then(async ({ openEngine }) => {
      const opened = await openEngine({ ...deps, onRegistered: (made) => memory.recordCreated(made) });
      for (const { severity, summary, ...rest } of opened.diagnostics) {
        log[severity === 'error' ? 'error' : 'warn'](summary, rest);
      }
      return opened;
    });
    return loading;
  };
  const tasks = createTasks(
    {
      database,
      jobs,
      approvals,
      seal,
      memory,
      log,
      now,
      ...(metrics !== undefined && { metrics }),
      workspaces: deps.workspaces,
      environment: () => settings.environment,
      runner: { run: async (request) => (await engine()).runner.run(request) },
      renderRule: async (rule, scope) => (await engine()).renderRule(rule, scope),
    },
    {
      concurrency: settings.concurrency,
      timeout: settings.taskTimeout,
      keepFailed: settings.keepFailed,
      ...(settings.staleTimeout !== null && { lease: settings.staleTimeout }),
    },
  );
  return {
    tasks,
    approvals,
    memory,
    engine,
    start: async () => {
      approvals.start();
      await tasks.start();
    },
    [Symbol.asyncDispose]: () => tasks[Symbol.asyncDispose](),
  };
}
