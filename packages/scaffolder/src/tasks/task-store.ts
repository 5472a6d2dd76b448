/** Where tasks and their secrets are kept. Whoever changes a task does it in a transaction that began with a write. */
import { randomUUID } from 'node:crypto';
import type { Database, DatabaseSession } from '@callboard/kernel';
import { isObject, parseJson, type JsonValue } from '@callboard/model';
import { NOT_STARTED } from '../run/run.ts';
import { taskError } from './errors.ts';
import { taskTables, type TaskRow } from './migrations.ts';
import type { Seal } from './seal.ts';
import { toTask } from './task-rows.ts';
import type { NewTask, Task, TaskFilter, TaskStatus } from './task.ts';

/** What is kept encrypted with a task until it ends. */
export interface TaskSecrets {
  readonly secrets: Readonly<Record<string, string>>;
  /** Null when the task has none. */
  readonly credentials: JsonValue;
}

export interface TaskStore {
  /** Stores a new task with its secrets. */
  insert(session: DatabaseSession, task: NewTask): Promise<string>;
  /** @throws CodedError `scaffolder/task-not-found` */
  row(id: string, session?: Pick<DatabaseSession, 'query'>): Promise<TaskRow>;
  /** The row, locked for the rest of the transaction; null when there is none. */
  lock(session: DatabaseSession, id: string): Promise<TaskRow | null>;
  /** @throws CodedError `scaffolder/task-not-found` */
  get(id: string): Promise<Task>;
  list(filter: TaskFilter): Promise<{ readonly tasks: readonly Task[]; readonly total: number }>;
  putSecrets(session: DatabaseSession, id: string, secrets: TaskSecrets): Promise<void>;
  /** Empty ones when there are none. @throws CodedError `scaffolder/sealed-unreadable` */
  secrets(id: string, session?: Pick<DatabaseSession, 'query'>): Promise<TaskSecrets>;
  dropSecrets(session: DatabaseSession, id: string): Promise<void>;
  counts(): Promise<readonly { readonly status: TaskStatus; readonly count: number }[]>;
}

export interface TaskStoreDeps {
  readonly database: Database;
  readonly seal: Seal;
  readonly now: () => number;
}

export function createTaskStore({ database, seal, now }: TaskStoreDeps): TaskStore {
  const row: TaskStore['row'] = async (id, session = database) => {
    const found = await taskTables(session)
      .selectFrom('scaffolder_tasks')
      .selectAll()
      .where('id', '=', id)
      .executeTakeFirst();
    if (found === undefined) throw taskError('scaffolder/task-not-found', `There is no task ${id}.`);
    return found;
  };
  const putSecrets: TaskStore['putSecrets'] = async (session, id, secrets) => {
    const sealed = seal.close(Buffer.from(JSON.stringify(secrets)), secretsOf(id));
    await taskTables(session)
      .insertInto('scaffolder_secrets')
      .values({ task_id: id, sealed })
      .onConflict((conflict) => conflict.column('task_id').doUpdateSet({ sealed }))
      .execute();
  };
  return {
    insert: async (session, task) => {
      const id = randomUUID();
      await taskTables(session)
        .insertInto('scaffolder_tasks')
        .values({
          id,
          status: 'open',
          created_by: task.createdBy,
          created_at: now(),
          attempts: 1,
          template_ref: task.spec.templateInfo?.entityRef.toLowerCase() ?? null,
          template_version: task.templateVersion,
          mirrored: 0,
          log_lines: 0,
          log_chars: 0,
          state: JSON.stringify({ steps: [], failure: NOT_STARTED.failure }),
          spec: JSON.stringify(task.spec),
        })
        .execute();
      await putSecrets(session, id, { secrets: task.secrets, credentials: task.credentials ?? null });
      return id;
    },
    row,
    lock: async (session, id) => {
      // A write that changes nothing: the row is ours until the transaction ends.
      const found = await taskTables(session)
        .updateTable('scaffolder_tasks')
        .set((is) => ({ id: is.ref('id') }))
        .where('id', '=', id)
        .returningAll()
        .executeTakeFirst();
      return found ?? null;
    },
    get: async (id) => toTask(seal, await row(id)),
    list: (filter) => listTasks(database, seal, filter),
    putSecrets,
    secrets: async (id, session = database) => {
      const found = await taskTables(session)
        .selectFrom('scaffolder_secrets')
        .select('sealed')
        .where('task_id', '=', id)
        .executeTakeFirst();
      if (found === undefined) return { secrets: {}, credentials: null };
      const value = parseJson(Buffer.from(seal.open(found.sealed, secretsOf(id))).toString());
      return isSecrets(value) ? value : { secrets: {}, credentials: null };
    },
    dropSecrets: async (session, id) => {
      await taskTables(session).deleteFrom('scaffolder_secrets').where('task_id', '=', id).execute();
    },
    counts: () =>
      taskTables(database)
        .selectFrom('scaffolder_tasks')
        .select((select) => ['status', select.fn.countAll<number>().as('count')])
        .groupBy('status')
        .execute(),
  };
}

const secretsOf = (id: string): string => `the secrets of task ${id}`;

const isSecrets = (value: unknown): value is TaskSecrets => isObject(value) && isObject(value['secrets']);

const ORDER_COLUMNS: ReadonlyMap<string, 'created_at' | 'status' | 'created_by' | 'heartbeat_at' | 'id'> =
  new Map([
    ['created_at', 'created_at'],
    ['status', 'status'],
    ['created_by', 'created_by'],
    ['last_heartbeat_at', 'heartbeat_at'],
    ['id', 'id'],
  ]);

/** Fields to order by that are not known are passed over. */
async function listTasks(
  database: Database,
  seal: Seal,
  filter: TaskFilter,
): Promise<{ readonly tasks: readonly Task[]; readonly total: number }> {
  let wanted = taskTables(database).selectFrom('scaffolder_tasks');
  const { createdBy = [], status = [], template = [], order = [], limit, offset = 0 } = filter;
  if (createdBy.length > 0) wanted = wanted.where('created_by', 'in', createdBy);
  if (status.length > 0) wanted = wanted.where('status', 'in', status);
  if (template.length > 0) {
    wanted = wanted.where(
      'template_ref',
      'in',
      template.map((ref) => ref.toLowerCase()),
    );
  }
  const { total } = await wanted
    .select((select) => select.fn.countAll<number>().as('total'))
    .executeTakeFirstOrThrow();
  let page = wanted.selectAll();
  const fields = order.some(({ field }) => ORDER_COLUMNS.has(field)) ? order : NEWEST_FIRST;
  for (const { field, direction } of fields) {
    const column = ORDER_COLUMNS.get(field);
    if (column !== undefined) page = page.orderBy(column, direction);
  }
  const rows = await page
    .orderBy('id', 'desc')
    .limit(limit ?? NO_LIMIT)
    .offset(offset)
    .execute();
  return { tasks: rows.map((row) => toTask(seal, row)), total };
}

const NEWEST_FIRST = [{ field: 'created_at', direction: 'desc' }] as const;
/** An offset needs a limit. */
const NO_LIMIT = 2_147_483_647;

/** Whether a task is in none of the final states. */
export function isOpenStatus(status: TaskStatus): boolean {
  return status === 'open' || status === 'processing';
}
