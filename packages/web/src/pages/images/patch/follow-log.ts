/**
 * Follows the log of a patch until it has ended: lines as they are written, and a word when the patch changes. A stream
 * that breaks is taken up again after the last line that came, ever more slowly while that fails.
 */
import { isObject } from '@callboard/model';
import { notAnswered } from '../../../api/answer.ts';
import { numberIn, textIn } from '../../../api/entity.ts';
import { ApiError, isTransient } from '../../../api/error.ts';
import { logPath } from '../../../api/images.ts';
import { timeIn } from '../../../api/images-values.ts';
import type { RawClient } from '../../../api/raw-client.ts';
import { readEvents, type ServerEvent } from './event-stream.ts';

export interface LogLine {
  readonly number: number;
  readonly at: Date | null;
  readonly text: string;
}

export type LogState = 'connecting' | 'live' | 'broken' | 'ended';

export interface FollowDeps {
  readonly raw: RawClient;
  /** Resolves after so many milliseconds, or when the signal is aborted. */
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
}

export interface FollowRequest {
  readonly patchId: string;
  /** Only lines after this one; 0 for all. */
  readonly after: number;
  readonly signal: AbortSignal;
  /** Each line once, in order. */
  readonly onLine: (line: LogLine) => void;
  /** The patch has another state or stage. */
  readonly onChange: () => void;
  readonly onState: (state: LogState) => void;
}

const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 15_000;

/** Resolves when the log has ended, or the signal is aborted. Rejects with an ApiError when asking again would not help. */
export async function followLog(deps: FollowDeps, request: FollowRequest): Promise<void> {
  const { patchId, after, signal, onState } = request;
  let last = after;
  let pause = FIRST_PAUSE_MS;
  onState('connecting');
  while (!signal.aborted) {
    try {
      const response = await deps.raw({
        path: logPath(patchId),
        accept: 'text/event-stream',
        ...(last > 0 && { headers: { 'Last-Event-ID': String(last) } }),
        signal,
      });
      const body = streamOf(response);
      onState('live');
      for await (const event of readEvents(body)) {
        pause = FIRST_PAUSE_MS;
        if (event.event === 'end') {
          onState('ended');
          return;
        }
        last = take(event, { last, request });
      }
    } catch (thrown) {
      if (signal.aborted) return;
      if (!isTransient(thrown) || isNonsense(thrown)) throw thrown;
    }
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

/** The number of the last line. What cannot be read is left out. */
function take(
  event: ServerEvent,
  { last, request }: { readonly last: number; readonly request: FollowRequest },
): number {
  if (event.event === 'patch') request.onChange();
  if (event.event !== 'line') return last;
  const line = toLine(event.data);
  if (line === null || line.number <= last) return last;
  request.onLine(line);
  return line.number;
}

function toLine(data: string): LogLine | null {
  try {
    const value: unknown = JSON.parse(data);
    const number = numberIn(value, 'number');
    if (!isObject(value) || number <= 0) return null;
    return { number, at: timeIn(value, 'at'), text: textIn(value, 'text') ?? '' };
  } catch {
    return null;
  }
}
