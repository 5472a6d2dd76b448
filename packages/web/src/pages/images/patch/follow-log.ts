/**
 * Follows the log of a patch until it has ended: lines as they are written, and a word when the patch changes. A stream
 * that breaks is taken up again after the last line that came, ever more slowly while that fails.
 */
import { isObject } from '@callboard/model';
import { numberIn, textIn } from '../../../api/entity.ts';
import type { ServerEvent } from '../../../api/event-stream.ts';
import { followStream, type FollowDeps, type LogState } from '../../../api/follow-stream.ts';
import { logPath } from '../../../api/images.ts';
import { timeIn } from '../../../api/images-values.ts';

export interface LogLine {
  readonly number: number;
  readonly at: Date | null;
  readonly text: string;
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

/** Resolves when the log has ended, or the signal is aborted. Rejects with an ApiError when asking again would not help. */
export function followLog(deps: FollowDeps, request: FollowRequest): Promise<void> {
  const { patchId, signal, onState } = request;
  let last = request.after;
  return followStream(deps, {
    next: () => ({
      path: logPath(patchId),
      ...(last > 0 && { headers: { 'Last-Event-ID': String(last) } }),
    }),
    firstPause: FIRST_PAUSE_MS,
    signal,
    onState,
    async read({ events, onProgress }) {
      for await (const event of events) {
        onProgress();
        if (event.event === 'end') return true;
        last = take(event, { last, request });
      }
      return false;
    },
  });
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
