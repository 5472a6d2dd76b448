/** Follows server-sent events: a stream that breaks is taken up again, ever more slowly while that fails. */
import { notAnswered } from './answer.ts';
import { ApiError, isTransient } from './error.ts';
import { readEvents, type ServerEvent } from './event-stream.ts';
import type { RawClient } from './raw-client.ts';

export type LogState = 'connecting' | 'live' | 'broken' | 'ended';

export interface FollowDeps {
  readonly raw: RawClient;
  /** Resolves after so many milliseconds, or when the signal is aborted. */
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
}

export interface OpenStream {
  readonly events: AsyncIterable<ServerEvent>;
  /** Something came: the next pause is a short one again. */
  readonly onProgress: () => void;
  readonly onState: (state: LogState) => void;
}

export interface StreamRequest {
  /** Where the stream goes on, asked each time that it is opened. */
  readonly next: () => { readonly path: string; readonly headers?: Readonly<Record<string, string>> };
  /** Milliseconds. */
  readonly firstPause: number;
  readonly signal: AbortSignal;
  /** Each state once in a row. */
  readonly onState: (state: LogState) => void;
  /** Reads an open stream to its end. Resolves to whether nothing more is to come. */
  readonly read: (stream: OpenStream) => Promise<boolean>;
}

const LONGEST_PAUSE_MS = 15_000;

/** Resolves when nothing more is to come, or the signal is aborted. Rejects with an ApiError when asking again would not help. */
export async function followStream(deps: FollowDeps, request: StreamRequest): Promise<void> {
  const { next, firstPause, signal, read } = request;
  let state: LogState | null = null;
  const onState = (now: LogState): void => {
    if (now !== state) request.onState(now);
    state = now;
  };
  let pause = firstPause;
  const onProgress = (): void => {
    pause = firstPause;
  };
  onState('connecting');
  while (!signal.aborted) {
    try {
      const events = eventsOf(await deps.raw({ ...next(), accept: 'text/event-stream', signal }));
      onState('live');
      if (await read({ events, onProgress, onState })) {
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

function eventsOf({ headers, body }: Response): AsyncIterable<ServerEvent> {
  const isStream = headers.get('Content-Type')?.startsWith('text/event-stream') === true;
  if (!isStream || body === null) throw notAnswered('a log');
  return readEvents(body);
}

/** Something else answers: it would again. */
function isNonsense(thrown: unknown): boolean {
  return thrown instanceof ApiError && thrown.name === 'AnswerError';
}
