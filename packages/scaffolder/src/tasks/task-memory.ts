/** What is remembered of tasks after they ended: which entities they made, with which values, and what they wrote. */
import type { Database, DatabaseSession } from '@callboard/kernel';
import { isObject, parseJson, type JsonObject } from '@callboard/model';
import { taskError } from './errors.ts';
import { taskTables } from './migrations.ts';
import type { Seal } from './seal.ts';

export interface CreatedEntity {
  readonly taskId: string;
  /** Full, lower case. */
  readonly entityRef: string;
  readonly templateRef: string | null;
  readonly templateVersion: string | null;
  /** Of the form, without secrets. */
  readonly values: JsonObject;
  readonly createdAt: number;
  readonly createdBy: string | null;
}

export interface TaskMemory {
  /**
   * Notes that a task made an entity. To note it twice is no mistake. Template, version, values and user are the task's,
   * unless they are given.
   * @throws CodedError `scaffolder/task-not-found`
   */
  recordCreated(created: {
    readonly taskId: string;
    readonly entityRef: string;
    readonly templateRef?: string | null;
    readonly templateVersion?: string | null;
    readonly values?: JsonObject;
  }): Promise<void>;
  /** How an entity was made: the newest first, empty when no task made it. */
  createdFrom(entityRef: string): Promise<readonly CreatedEntity[]>;
  /** What a task made, in the order in which it was noted. */
  createdBy(taskId: string): Promise<readonly CreatedEntity[]>;
  /** Keeps the tar.gz of what a task wrote; in the caller's transaction when one is given. */
  saveBase(taskId: string, archive: Uint8Array, session?: DatabaseSession): Promise<void>;
  /** The tar.gz; null when it is not kept. @throws CodedError `scaffolder/sealed-unreadable` */
  base(taskId: string): Promise<Uint8Array | null>;
}

export function createTaskMemory({
  database,
  seal,
  now,
}: {
  readonly database: Database;
  readonly seal: Seal;
  readonly now: () => number;
}): TaskMemory {
  const list = async (column: 'entity_ref' | 'task_id', value: string): Promise<readonly CreatedEntity[]> => {
    const rows = await taskTables(database)
      .selectFrom('scaffolder_created')
      .selectAll()
      .where(column, '=', value)
      .orderBy('created_at', column === 'entity_ref' ? 'desc' : 'asc')
      .orderBy('entity_ref')
      .execute();
    return rows.map((row) => ({
      taskId: row.task_id,
      entityRef: row.entity_ref,
      templateRef: row.template_ref,
      templateVersion: row.template_version,
      values: objectOf(row.form_values),
      createdAt: row.created_at,
      createdBy: row.created_by,
    }));
  };
  return {
    recordCreated: async ({ taskId, entityRef, templateRef, templateVersion, values }) => {
      const task = await taskTables(database)
        .selectFrom('scaffolder_tasks')
        .select(['spec', 'template_ref', 'template_version', 'created_by'])
        .where('id', '=', taskId)
        .executeTakeFirst();
      if (task === undefined) throw taskError('scaffolder/task-not-found', `There is no task ${taskId}.`);
      const row = {
        template_ref: templateRef === undefined ? task.template_ref : (templateRef?.toLowerCase() ?? null),
        template_version: templateVersion === undefined ? task.template_version : templateVersion,
        form_values: values === undefined ? parametersOf(task.spec) : JSON.stringify(values),
      };
      await taskTables(database)
        .insertInto('scaffolder_created')
        .values({
          entity_ref: entityRef.toLowerCase(),
          task_id: taskId,
          ...row,
          created_at: now(),
          created_by: task.created_by,
        })
        .onConflict((conflict) => conflict.columns(['entity_ref', 'task_id']).doUpdateSet(row))
        .execute();
    },
    createdFrom: (entityRef) => list('entity_ref', entityRef.toLowerCase()),
    createdBy: (taskId) => list('task_id', taskId),
    saveBase: async (taskId, archive, session = database) => {
      const row = { created_at: now(), sealed: seal.close(archive, baseOf(taskId)) };
      await taskTables(session)
        .insertInto('scaffolder_bases')
        .values({ task_id: taskId, ...row })
        .onConflict((conflict) => conflict.column('task_id').doUpdateSet(row))
        .execute();
    },
    base: async (taskId) => {
      const row = await taskTables(database)
        .selectFrom('scaffolder_bases')
        .select('sealed')
        .where('task_id', '=', taskId)
        .executeTakeFirst();
      return row === undefined ? null : seal.open(row.sealed, baseOf(taskId));
    },
  };
}

const baseOf = (taskId: string): string => `the base of task ${taskId}`;

function parametersOf(spec: string): string {
  return JSON.stringify(objectOf(spec)['parameters'] ?? {});
}

function objectOf(text: string): JsonObject {
  const value = parseJson(text);
  return isJsonObject(value) ? value : {};
}

// Read back from JSON that was written by us.
const isJsonObject = (value: unknown): value is JsonObject => isObject(value);
