/** What can end a run from outside: a cancelled task, its time limit, a lost lease, a process that closes. */
import type { After } from '@callboard/kernel';
import { taskError } from './errors.ts';

export type StopKind = 'cancelled' | 'timed out' | 'given back';

export interface RunEnd {
  /** For the engine and its steps. */
  readonly signal: AbortSignal;
  /** Null while nothing ended it. */
  kind(): StopKind | null;
  stop(kind: StopKind, reason: unknown): void;
  /** What the work gives; when it does not end soon after it was told to stop, this rejects without it. */
  wait<T>(work: Promise<T>): Promise<T>;
  /** Resolves when the run is over. */
  readonly over: Promise<void>;
  dispose(): void;
}

/** Milliseconds that a step has to end after it was told to. */
const GRACE = 20_000;

export function createRunEnd({
  after,
  outer,
  deadline,
}: {
  readonly after: After;
  /** Of the job: its process closes, or its lease is lost. */
  readonly outer: AbortSignal;
  /** Milliseconds from now, and of the whole. */
  readonly deadline: { readonly left: number; readonly limit: number };
}): RunEnd {
  const controller = new AbortController();
  const left = Promise.withResolvers<never>();
  left.promise.catch(() => {});
  const over = Promise.withResolvers<void>();
  let stopped: StopKind | null = null;
  let stopGrace = (): void => {};
  const stop = (kind: StopKind, reason: unknown): void => {
    if (stopped !== null) return;
    stopped = kind;
    controller.abort(reason);
    stopGrace = after(GRACE, () => {
      left.reject(
        taskError(
          'scaffolder/step-not-stopped',
          `A step did not end within ${GRACE} ms after it was told to.`,
        ),
      );
    });
  };
  const onOuter = (): void => stop('given back', outer.reason);
  if (outer.aborted) onOuter();
  outer.addEventListener('abort', onOuter, { once: true });
  const stopTimer = after(Math.max(deadline.left, 0), () => {
    const hours = Math.round((deadline.limit / 3_600_000) * 10) / 10;
    stop(
      'timed out',
      taskError(
        'scaffolder/timed-out',
        `The task took longer than its limit of ${hours} hours, and was stopped.`,
      ),
    );
  });
  return {
    signal: controller.signal,
    kind: () => stopped,
    stop,
    wait: (work) => Promise.race([work, left.promise]),
    over: over.promise,
    dispose: () => {
      over.resolve();
      stopTimer();
      stopGrace();
      outer.removeEventListener('abort', onOuter);
    },
  };
}
