/**
 * Follows the events of a task: its log, and what becomes of its steps. A stream that breaks is taken up again after the
 * last event that came, ever more slowly while that fails, until the task has ended.
 */
import { notAnswered } from '../../../../api/answer.ts';
import { ApiError, isTransient } from '../../../../api/error.ts';
import type { RawClient } from '../../../../api/raw-client.ts';
import { taskStreamPath, toTaskEvent, type TaskEvent } from '../../../../api/scaffolder-tasks.ts';
import { readEvents } from '../../../images/patch/event-stream.ts';

export type LogState = 'connecting' | 'live' | 'broken' | 'ended';

export interface FollowDeps {
  readonly raw: RawClient;
  /** Resolves after so many milliseconds, or when the signal is aborted. */
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
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
const LONGEST_PAUSE_MS = 15_000;

/** Resolves when the task has ended, or the signal is aborted. Rejects with an ApiError when asking again would not help. */
export async function followTask(deps: FollowDeps, request: FollowRequest): Promise<void> {
  const { taskId, signal, onEvent } = request;
  let state: LogState | null = null;
  const onState = (next: LogState): void => {
    if (next !== state) request.onState(next);
    state = next;
  };
  let last = request.after;
  let pause = FIRST_PAUSE_MS;
  onState('connecting');
  while (!signal.aborted) {
    try {
      const path = taskStreamPath(taskId, last);
      const response = await deps.raw({ path, accept: 'text/event-stream', signal });
      const body = streamOf(response);
      onState('live');
      for await (const { data } of readEvents(body)) {
        const event = toTaskEvent(parsed(data));
        if (event === null || (last !== null && event.id <= last)) continue;
        pause = FIRST_PAUSE_MS;
        last = event.id;
        // The stream of a template that asks to be started over stays open after the end.
        onState(event.type === 'completion' ? 'ended' : 'live');
        onEvent(event);
      }
      // The server ends the stream with the task; so does a proxy that has enough of it.
      if (await deps.isOver()) {
        onState('ended');
        return;
      }
    } catch (thrown) {
      if (signal.aborted) return;
      if (!isTransient(thrown) || isNonsense(thrown)) throw thrown;
    }
    if (signal.aborted) return;
    onState('broken');
    await deps.pause(pause, signal);
    pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
  }
}

function streamOf({ headers, body }: Response): ReadableStream<Uint8Array> {
  const isStream = headers.get('Content-Type')?.startsWith('text/event-stream') === true;
  if (!isStream || body === null) throw notAnswered('a log');
  return body;
}

/** Something else answers: it would again. */
function isNonsense(thrown: unknown): boolean {
  return thrown instanceof ApiError && thrown.name === 'AnswerError';
}

/** What cannot be read is no event. */
function parsed(data: string): unknown {
  try {
    return JSON.parse(data);
  } catch {
    return null;
  }
}
