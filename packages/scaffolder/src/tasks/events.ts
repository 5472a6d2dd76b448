/** Events of tasks: appended in transactions of their writers, in one order over all tasks, and read from a number on. */
import type { DatabaseSession } from '@callboard/kernel';
import { isObject, parseJson } from '@callboard/model';
import { taskTables, type EventRow } from './migrations.ts';
import type { TaskEvent } from './task.ts';

export interface NewEvent {
  readonly type: TaskEvent['type'];
  readonly createdAt: number;
  readonly body: TaskEvent['body'];
}

/** Appends events of one task. The first of them gets the number after that of the last event of all. */
export async function appendEvents(
  session: DatabaseSession,
  taskId: string,
  events: readonly NewEvent[],
): Promise<void> {
  if (events.length === 0) return;
  const { last } = await taskTables(session)
    .insertInto('scaffolder_numbers')
    .values({ name: 'events', last: events.length })
    .onConflict((conflict) =>
      conflict.column('name').doUpdateSet((is) => ({
        last: is('scaffolder_numbers.last', '+', events.length),
      })),
    )
    .returning('last')
    .executeTakeFirstOrThrow();
  const before = last - events.length;
  await session.writeRows({
    table: 'scaffolder_events',
    columns: ['id', 'task_id', 'type', 'created_at', 'step_id', 'step_status', 'body'],
    rows: events.map(({ type, createdAt, body }, index) => [
      before + 1 + index,
      taskId,
      type,
      createdAt,
      ...stepColumns(body),
      JSON.stringify(body),
    ]),
  });
}

function stepColumns({ stepId, status }: TaskEvent['body']): readonly [string | null, string | null] {
  return typeof stepId === 'string' && typeof status === 'string' ? [stepId, status] : [null, null];
}

/** Events of a task with a number above `after`, in order. */
export async function readEvents(
  session: Pick<DatabaseSession, 'query'>,
  taskId: string,
  after: number,
): Promise<readonly TaskEvent[]> {
  const rows = await taskTables(session)
    .selectFrom('scaffolder_events')
    .selectAll()
    .where('task_id', '=', taskId)
    .where('id', '>', after)
    .orderBy('id')
    .execute();
  return rows.map(toEvent);
}

function toEvent(row: EventRow): TaskEvent {
  const body: unknown = parseJson(row.body);
  return {
    id: row.id,
    taskId: row.task_id,
    type: row.type,
    createdAt: row.created_at,
    body: isBody(body) ? body : { message: '' },
  };
}

function isBody(value: unknown): value is TaskEvent['body'] {
  return isObject(value) && typeof value['message'] === 'string';
}

/** When a step began and ended last, in milliseconds since 1970; `endedAt` is null while it runs. */
export interface StepTime {
  readonly startedAt: number | null;
  readonly endedAt: number | null;
}

/** By the id of the step, from the lines that said what became of it. */
export async function readStepTimes(
  session: Pick<DatabaseSession, 'query'>,
  taskId: string,
): Promise<ReadonlyMap<string, StepTime>> {
  const rows = await taskTables(session)
    .selectFrom('scaffolder_events')
    .select(['step_id', 'step_status', 'created_at'])
    .where('task_id', '=', taskId)
    .where('step_status', 'is not', null)
    .orderBy('id')
    .execute();
  const times = new Map<string, StepTime>();
  for (const { step_id: step, step_status: status, created_at: at } of rows) {
    if (step === null) continue;
    const known = times.get(step);
    if (status === 'processing') times.set(step, { startedAt: at, endedAt: null });
    // A later run says again what an earlier one did.
    else if (known?.endedAt == null) times.set(step, { startedAt: known?.startedAt ?? null, endedAt: at });
  }
  return times;
}
