/**
 * News of tasks for those who watch them: at once from this process, and within a second from others, by one look at the
 * numbers of events for all watches together. Without watches there is no look.
 */
import { messageOf, type After, type Database, type Log } from '@callboard/kernel';
import { taskTables } from './migrations.ts';

export interface Watches {
  /** Calls back soon after the task has new events, until the signal aborts. */
  add(taskId: string, options: { readonly signal: AbortSignal; onEvents(): void }): void;
  /** The task has new events. */
  tell(taskId: string): void;
  count(): number;
  close(): void;
}

const LOOK_EVERY = 1_000;

export function createWatches(deps: {
  readonly database: Database;
  readonly log: Log;
  readonly after: After;
}): Watches {
  const watches = new Map<string, Set<() => void>>();
  let stopTimer: (() => void) | null = null;
  let isClosed = false;
  /** The number of the last event that was looked at; null before the first look. */
  let seen: number | null = null;

  const tell = (taskId: string): void => {
    for (const call of watches.get(taskId) ?? []) {
      try {
        call();
      } catch (error) {
        // Whoever watches cannot break the task.
        deps.log.error('a watch of a task failed', { task: taskId, error: messageOf(error) });
      }
    }
  };
  const look = async (): Promise<void> => {
    const after = seen;
    if (after === null) {
      seen = await lastNumber(deps.database);
      return;
    }
    const rows = await taskTables(deps.database)
      .selectFrom('scaffolder_events')
      .select((select) => ['task_id', select.fn.max('id').as('last')])
      .where('id', '>', after)
      .groupBy('task_id')
      .execute();
    for (const { task_id: taskId, last } of rows) {
      seen = Math.max(seen ?? 0, last);
      tell(taskId);
    }
  };
  const lookOrWarn = async (): Promise<void> => {
    try {
      await look();
    } catch (error) {
      deps.log.warn('news of tasks could not be read', { error: messageOf(error) });
    }
  };
  const lookAgain = async (): Promise<void> => {
    await lookOrWarn();
    stopTimer = null;
    arm();
  };
  const arm = (): void => {
    if (stopTimer !== null || isClosed || watches.size === 0) return;
    stopTimer = deps.after(LOOK_EVERY, () => void lookAgain());
  };
  let beginning: Promise<void> | null = null;
  const begin = async (): Promise<void> => {
    seen = null;
    await lookOrWarn();
    beginning = null;
    arm();
  };
  const tellFirst = async (signal: AbortSignal, call: () => void): Promise<void> => {
    if (stopTimer === null && !isClosed) await (beginning ??= begin());
    if (!signal.aborted) call();
  };

  return {
    add: (taskId, watching) => {
      const { signal } = watching;
      if (signal.aborted) return;
      const calls = watches.get(taskId) ?? new Set();
      watches.set(taskId, calls);
      // The same function may watch twice.
      const call = (): void => watching.onEvents();
      calls.add(call);
      signal.addEventListener(
        'abort',
        () => {
          calls.delete(call);
          if (calls.size === 0 && watches.get(taskId) === calls) watches.delete(taskId);
          if (watches.size > 0) return;
          stopTimer?.();
          stopTimer = null;
        },
        { once: true },
      );
      // What came between the caller's own reading and this call is not told of by anybody else.
      void tellFirst(signal, call);
    },
    tell,
    count: () => [...watches.values()].reduce((sum, calls) => sum + calls.size, 0),
    close: () => {
      isClosed = true;
      stopTimer?.();
      stopTimer = null;
    },
  };
}

async function lastNumber(database: Database): Promise<number> {
  const row = await taskTables(database)
    .selectFrom('scaffolder_numbers')
    .select('last')
    .where('name', '=', 'events')
    .executeTakeFirst();
  return row?.last ?? 0;
}
