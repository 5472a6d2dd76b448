/** The tables of tasks, of what they logged, and of what they made. Times are milliseconds since 1970. */
import type { DatabaseSession, MigrationStep } from '@callboard/kernel';
import type { TaskEventType, TaskStatus } from './task.ts';

type TaskTables = {
  scaffolder_tasks: {
    id: string;
    status: TaskStatus;
    created_by: string | null;
    created_at: number;
    started_at: number | null;
    ended_at: number | null;
    heartbeat_at: number | null;
    attempts: number;
    /** Lower case. */
    template_ref: string | null;
    template_version: string | null;
    paused_by: string | null;
    paused_at: number | null;
    /** The approval that it waits for. */
    approval_id: string | null;
    approval_at: number | null;
    /** The token of the job's claim whose run is under way, or died; null when none was left in the middle. */
    running: number | null;
    /** When the present run began, recoveries counted in it; its time limit counts from here. */
    run_since: number | null;
    /** Grows with each finished step of which the workspace has to be kept: see `mirror.ts`. */
    mirrored: number;
    /** Of the present attempt, for the limits of its log. */
    log_lines: number;
    log_chars: number;
    /** JSON: what became of the steps, and the failure; their outputs are in `memory`. */
    state: string;
    /** JSON. */
    output: string | null;
    /** JSON. */
    error: string | null;
    /** JSON. */
    spec: string;
    /** Sealed JSON: outputs of steps and checkpoints, which can be credentials. */
    memory: Uint8Array | null;
  };
  /** Sealed JSON: secrets and credentials of tasks that have not ended. */
  scaffolder_secrets: { task_id: string; sealed: Uint8Array };
  scaffolder_events: {
    id: number;
    task_id: string;
    type: TaskEventType;
    created_at: number;
    /** Of a line that says what became of a step. */
    step_id: string | null;
    step_status: string | null;
    /** JSON. */
    body: string;
  };
  /** One row: writers take their numbers in turn, so that a greater id is never seen before a smaller one. */
  scaffolder_numbers: { name: 'events'; last: number };
  /** Entities that tasks made. */
  scaffolder_created: {
    /** Lower case. */
    entity_ref: string;
    task_id: string;
    template_ref: string | null;
    template_version: string | null;
    /** JSON. */
    form_values: string;
    created_at: number;
    created_by: string | null;
  };
  /** Sealed tar.gz of what a template wrote. */
  scaffolder_bases: { task_id: string; created_at: number; sealed: Uint8Array };
};

/** The queries of tasks, in a transaction or outside. */
export function taskTables(
  session: Pick<DatabaseSession, 'query'>,
): ReturnType<typeof session.query.withTables<TaskTables>> {
  return session.query.withTables<TaskTables>();
}

export type TaskRow = TaskTables['scaffolder_tasks'];
export type EventRow = TaskTables['scaffolder_events'];

export const taskMigrationSteps: readonly MigrationStep[] = [
  {
    name: '001-tasks',
    up: async ({ schema }) => {
      await schema
        .createTable('scaffolder_tasks')
        .addColumn('id', 'text', (column) => column.primaryKey())
        .addColumn('status', 'text', (column) => column.notNull())
        .addColumn('created_by', 'text')
        .addColumn('created_at', 'bigint', (column) => column.notNull())
        .addColumn('started_at', 'bigint')
        .addColumn('ended_at', 'bigint')
        .addColumn('heartbeat_at', 'bigint')
        .addColumn('attempts', 'integer', (column) => column.notNull())
        .addColumn('template_ref', 'text')
        .addColumn('template_version', 'text')
        .addColumn('paused_by', 'text')
        .addColumn('paused_at', 'bigint')
        .addColumn('approval_id', 'text')
        .addColumn('approval_at', 'bigint')
        .addColumn('running', 'bigint')
        .addColumn('run_since', 'bigint')
        .addColumn('mirrored', 'bigint', (column) => column.notNull())
        .addColumn('log_lines', 'bigint', (column) => column.notNull())
        .addColumn('log_chars', 'bigint', (column) => column.notNull())
        // Large columns last: what stands before them is read without them.
        .addColumn('state', 'text', (column) => column.notNull())
        .addColumn('output', 'text')
        .addColumn('error', 'text')
        .addColumn('spec', 'text', (column) => column.notNull())
        .addColumn('memory', 'bytea')
        .execute();
      await schema
        .createIndex('scaffolder_tasks_created')
        .on('scaffolder_tasks')
        .columns(['created_at', 'id'])
        .execute();
      await schema
        .createIndex('scaffolder_tasks_status')
        .on('scaffolder_tasks')
        .columns(['status', 'created_at'])
        .execute();
      await schema
        .createTable('scaffolder_secrets')
        .addColumn('task_id', 'text', (column) => column.primaryKey())
        .addColumn('sealed', 'bytea', (column) => column.notNull())
        .execute();
      await schema
        .createTable('scaffolder_events')
        .addColumn('id', 'bigint', (column) => column.primaryKey())
        .addColumn('task_id', 'text', (column) => column.notNull())
        .addColumn('type', 'text', (column) => column.notNull())
        .addColumn('created_at', 'bigint', (column) => column.notNull())
        .addColumn('step_id', 'text')
        .addColumn('step_status', 'text')
        .addColumn('body', 'text', (column) => column.notNull())
        .execute();
      await schema
        .createIndex('scaffolder_events_task')
        .on('scaffolder_events')
        .columns(['task_id', 'id'])
        .execute();
      await schema
        .createTable('scaffolder_numbers')
        .addColumn('name', 'text', (column) => column.primaryKey())
        .addColumn('last', 'bigint', (column) => column.notNull())
        .execute();
    },
  },
  {
    name: '002-created',
    up: async ({ schema }) => {
      await schema
        .createTable('scaffolder_created')
        .addColumn('entity_ref', 'text', (column) => column.notNull())
        .addColumn('task_id', 'text', (column) => column.notNull())
        .addColumn('template_ref', 'text')
        .addColumn('template_version', 'text')
        .addColumn('form_values', 'text', (column) => column.notNull())
        .addColumn('created_at', 'bigint', (column) => column.notNull())
        .addColumn('created_by', 'text')
        .addPrimaryKeyConstraint('scaffolder_created_key', ['entity_ref', 'task_id'])
        .execute();
      await schema
        .createIndex('scaffolder_created_task')
        .on('scaffolder_created')
        .column('task_id')
        .execute();
      await schema
        .createTable('scaffolder_bases')
        .addColumn('task_id', 'text', (column) => column.primaryKey())
        .addColumn('created_at', 'bigint', (column) => column.notNull())
        .addColumn('sealed', 'bytea', (column) => column.notNull())
        .execute();
    },
  },
];
