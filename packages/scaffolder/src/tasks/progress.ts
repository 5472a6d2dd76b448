/**
 * What a run of a task leaves behind, written while it goes on: log lines in bundles, the state after each step. Each write
 * is fenced by the lease of the job and by the task's own mark of who runs it, so that a run that was overtaken, or whose
 * task was cancelled, writes nothing more. Writes are made one after the other.
 */
import type { After, Database, DatabaseSession, Job, JobContext } from '@callboard/kernel';
import type { RunLogLine, RunState } from '../run/run.ts';
import { taskError } from './errors.ts';
import { appendEvents, type NewEvent } from './events.ts';
import { createLogLimits } from './log-limits.ts';
import { taskTables, type TaskRow } from './migrations.ts';
import type { Seal } from './seal.ts';
import { sealState } from './task-rows.ts';
import type { Watches } from './watch.ts';

export interface ProgressDeps {
  readonly database: Database;
  readonly seal: Seal;
  readonly watches: Watches;
  readonly now: () => number;
  readonly after: After;
}

export interface Progress {
  /** Stored soon, and with the next write at the latest. */
  log(line: RunLogLine): void;
  /** Stores the state, and what was logged before. `mirrored`: its number, see `mirror.ts`. */
  save(state: RunState, options: { readonly mirrored: number }): Promise<void>;
  /** Nothing but that the run is alive, and what was logged. */
  beat(): Promise<void>;
  /** Another change, in the same way. `job`: whether the job is done by it. */
  write(change: {
    readonly row?: Partial<TaskRow>;
    readonly events?: readonly NewEvent[];
    readonly also?: (session: DatabaseSession) => Promise<void>;
    readonly job?: 'goes on' | 'is done';
  }): Promise<void>;
  /** No more writes by itself; waits for those under way. */
  stop(): Promise<void>;
}

/** Milliseconds for which lines are bundled. */
const BUNDLE = 30;

/** What the job notes: of how many runs we know that they were of use. */
export interface JobNote {
  readonly usefulRuns: number;
}

export function createProgress(
  deps: ProgressDeps,
  {
    row,
    token,
    job,
    context,
    onLost,
  }: {
    readonly row: TaskRow;
    readonly token: number;
    readonly job: Job;
    readonly context: JobContext;
    /** The task is not this run's any more, or a write by itself failed. */
    readonly onLost: (error: unknown) => void;
  },
): Progress {
  const limits = createLogLimits({ lines: row.log_lines, chars: row.log_chars });
  let pending: NewEvent[] = [];
  let stopTimer: (() => void) | null = null;
  let tail: Promise<void> = Promise.resolve();
  let isStopped = false;

  const store = async (
    fence: (session: DatabaseSession) => Promise<void>,
    { row: change = {}, events = [], also }: Parameters<Progress['write']>[0],
  ): Promise<void> => {
    const lines = pending;
    pending = [];
    const used = limits.used();
    try {
      await deps.database.transaction(async (session) => {
        await fence(session);
        const { numUpdatedRows } = await taskTables(session)
          .updateTable('scaffolder_tasks')
          .set({ ...change, heartbeat_at: deps.now(), log_lines: used.lines, log_chars: used.chars })
          .where('id', '=', row.id)
          .where('running', '=', token)
          .where('status', '=', 'processing')
          .executeTakeFirst();
        if (numUpdatedRows === 0n) {
          throw taskError(
            'scaffolder/task-lost-lease',
            `Task ${row.id} was ended, or is run by another process.`,
          );
        }
        await appendEvents(session, row.id, [...lines, ...events]);
        await also?.(session);
      });
    } catch (error) {
      pending = [...lines, ...pending];
      throw error;
    }
    if (lines.length + events.length > 0) deps.watches.tell(row.id);
  };
  const inTurn = (work: () => Promise<void>): Promise<void> => {
    const done = tail.then(work);
    tail = done.catch(() => {});
    return done;
  };
  const bundle = (): void => {
    if (stopTimer !== null || isStopped) return;
    stopTimer = deps.after(BUNDLE, () => {
      stopTimer = null;
      if (pending.length > 0) inTurn(() => store(context.fenced, {})).catch(onLost);
    });
  };
  return {
    log: (line) => {
      for (const { message, stepId, status } of limits.take(line)) {
        const body = {
          message,
          ...(stepId !== undefined && { stepId }),
          ...(status !== undefined && { status }),
        };
        pending.push({ type: 'log', createdAt: deps.now(), body });
      }
      bundle();
    },
    save: (state, { mirrored }) =>
      inTurn(() => {
        const note: JobNote = { usefulRuns: job.attempts };
        return store((session) => context.checkpoint(note, session), {
          row: { ...sealState(deps.seal, row.id, state), mirrored },
        });
      }),
    beat: () => inTurn(() => store(context.fenced, {})),
    write: ({ job: end = 'goes on', ...change }) =>
      inTurn(() => store(end === 'is done' ? context.complete : context.fenced, change)),
    stop: async () => {
      isStopped = true;
      stopTimer?.();
      stopTimer = null;
      await tail;
    },
  };
}
