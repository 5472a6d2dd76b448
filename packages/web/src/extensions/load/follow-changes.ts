/** Hears from the server when a file of the extensions changed. */
import { statusOf } from '../../api/error.ts';
import { readEvents } from '../../api/event-stream.ts';
import type { RawClient } from '../../api/raw-client.ts';

export interface FollowChangesDeps {
  readonly raw: RawClient;
  /** Resolves after so many milliseconds, or when the signal is aborted. */
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly signal: AbortSignal;
  /** Something changed, or may have while the connection was lost. */
  readonly onChange: () => void;
}

const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;

/** Goes on until the signal is aborted, or the server says that it has no such thing. Never rejects. */
export async function followChanges({ raw, pause, signal, onChange }: FollowChangesDeps): Promise<void> {
  let wait = FIRST_PAUSE_MS;
  let wasLost = false;
  while (!signal.aborted) {
    try {
      const { body } = await raw({ path: '/api/extensions/v1/events', accept: 'text/event-stream', signal });
      if (wasLost) onChange();
      wait = FIRST_PAUSE_MS;
      for await (const { event } of body === null ? [] : readEvents(body))
        if (event === 'changed') onChange();
    } catch (thrown) {
      const status = statusOf(thrown);
      if (status >= 400 && status < 500 && status !== 429) return;
    }
    wasLost = true;
    if (!signal.aborted) await pause(wait, signal);
    wait = Math.min(wait * 2, LONGEST_PAUSE_MS);
  }
}
