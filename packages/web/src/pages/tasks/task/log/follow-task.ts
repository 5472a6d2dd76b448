/**
 * Follows the events of a task: its log, and what becomes of its steps. A stream that breaks is taken up again after the
 * last event that came, ever more slowly while that fails, until the task has ended.
 */
import { followStream, type FollowDeps, type LogState } from '../../../../api/follow-stream.ts';
import { taskStreamPath, toTaskEvent, type TaskEvent } from '../../../../api/scaffolder-tasks.ts';

export interface FollowTaskDeps extends FollowDeps {
  /** Whether nothing more happens to the task, asked of the server. Rejects when that is not known. */
  readonly isOver: () => Promise<boolean>;
}

export interface FollowRequest {
  readonly taskId: string;
  /** Only events after this one; null for all. */
  readonly after: number | null;
  readonly signal: AbortSignal;
  /** Each event once, in order. */
  readonly onEvent: (event: TaskEvent) => void;
  readonly onState: (state: LogState) => void;
}

const FIRST_PAUSE_MS = 500;

/** Resolves when the task has ended, or the signal is aborted. Rejects with an ApiError when asking again would not help. */
export function followTask(deps: FollowTaskDeps, request: FollowRequest): Promise<void> {
  const { taskId, signal, onEvent, onState } = request;
  let last = request.after;
  return followStream(deps, {
    next: () => ({ path: taskStreamPath(taskId, last) }),
    firstPause: FIRST_PAUSE_MS,
    signal,
    onState,
    async read(stream) {
      for await (const { data } of stream.events) {
        const event = toTaskEvent(parsed(data));
        if (event === null || (last !== null && event.id <= last)) continue;
        stream.onProgress();
        last = event.id;
        // The stream of a template that asks to be started over stays open after the end.
        stream.onState(event.type === 'completion' ? 'ended' : 'live');
        onEvent(event);
      }
      // The server ends the stream with the task; so does a proxy that has enough of it.
      return deps.isOver();
    },
  });
}

/** What cannot be read is no event. */
function parsed(data: string): unknown {
  try {
    return JSON.parse(data);
  } catch {
    return null;
  }
}
