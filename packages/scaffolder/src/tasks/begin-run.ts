/** The first transaction of a run: whether there is anything to do, and from where it goes on. */
import type { Database, Job, JobContext } from '@callboard/kernel';
import type { TaskSpec } from '../template/template.ts';
import { appendEvents } from './events.ts';
import { taskTables, type TaskRow } from './migrations.ts';
import type { Seal } from './seal.ts';
import { openState, sealState, specOf } from './task-rows.ts';
import { isOpenStatus, type TaskStore } from './task-store.ts';
import type { Watches } from './watch.ts';

export interface Begun {
  readonly row: TaskRow;
  readonly spec: TaskSpec;
  /** Whether a step may have been left half-done: a run was killed, or a failed one is tried again. */
  readonly after: 'rest' | 'stop';
}

/** Whether a task that broke off begins at its first step again. */
export function isStartOver(spec: TaskSpec): boolean {
  return spec.EXPERIMENTAL_recovery?.['EXPERIMENTAL_strategy'] === 'startOver';
}

/** Null when there is nothing to do: the task has ended, or stands still until somebody acts. */
export async function beginRun(
  deps: {
    readonly database: Database;
    readonly store: TaskStore;
    readonly seal: Seal;
    readonly watches: Watches;
    readonly now: () => number;
  },
  job: Job,
  context: JobContext,
): Promise<Begun | null> {
  const id = job.payload;
  if (typeof id !== 'string') return null;
  const { database, store, seal, now } = deps;
  const begun = await database.transaction(async (session): Promise<Begun | null> => {
    await context.fenced(session);
    const found = await store.lock(session, id);
    if (found === null || !isOpenStatus(found.status)) return null;
    if (found.paused_by !== null || found.approval_id !== null) return null;
    const spec = specOf(found);
    const brokeOff = found.status === 'processing' && found.running !== null;
    const startsOver = brokeOff && isStartOver(spec);
    const change = {
      status: 'processing' as const,
      running: context.token,
      started_at: found.started_at ?? now(),
      run_since: brokeOff ? found.run_since : now(),
      heartbeat_at: now(),
      ...(startsOver && { mirrored: 0, ...withoutSteps(seal, found) }),
    };
    await taskTables(session).updateTable('scaffolder_tasks').set(change).where('id', '=', id).execute();
    if (brokeOff) {
      const recoverStrategy = startsOver ? 'startOver' : 'none';
      const message = startsOver
        ? 'The task broke off, and begins again with its first step.'
        : 'The task broke off, and goes on after its last finished step.';
      const event = { type: 'recovered' as const, createdAt: now(), body: { message, recoverStrategy } };
      await appendEvents(session, id, [event]);
    }
    const after = brokeOff || found.status === 'open' ? 'stop' : 'rest';
    return { row: { ...found, ...change }, spec, after };
  });
  if (begun !== null) deps.watches.tell(id);
  return begun;
}

function withoutSteps(seal: Seal, row: TaskRow): Pick<TaskRow, 'state' | 'memory'> {
  const { checkpoints } = openState(seal, row);
  return sealState(seal, row.id, { steps: {}, checkpoints, failure: null });
}
