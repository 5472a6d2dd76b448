/**
 * A patch as server-sent events (WHATWG HTML §9.2): its log line by line, its state when that changes, and its end.
 * Nothing is kept for a reader: the log is read a page at a time, and the next page only when it was taken.
 */
import type { Readable } from 'node:stream';
import { createBell, toEventStream } from '@callboard/kernel';
import type { PatchDesk, PatchLine } from '../images.ts';
import { OPEN_STATES, type Patch } from '../patches/patch.ts';

export interface PatchEventsOptions {
  readonly patches: Pick<PatchDesk, 'get' | 'lines' | 'watch'>;
  readonly id: string;
  /** Number of the last line that the reader has; 0 for none. */
  readonly after: number;
  /** Ends the events, without `end`. */
  readonly signal: AbortSignal;
  /**
   * Milliseconds of silence before a comment, which keeps the connection; other processes that work on the patch are
   * looked at as often.
   */
  readonly heartbeat: number;
  /** Milliseconds that a patch has to be silent after its end: its last lines are kept after its state. */
  readonly grace: number;
}

/** Lines that are read at a time. */
const PAGE = 200;

/** Ends when the patch has ended and all of its log was given. Rejects as `get` and `lines` do. */
export async function* patchEvents(options: PatchEventsOptions): AsyncGenerator<string, void> {
  const { patches, id, signal, heartbeat, grace } = options;
  const bell = createBell(signal);
  // Before anything is read, so that nothing falls in between.
  const unwatch = patches.watch(id, () => bell.ring());
  let { after } = options;
  let told: string | null = null;
  try {
    while (!signal.aborted) {
      bell.reset();
      // Before the lines: those of a patch that is seen ended are all there, but for what `grace` waits for.
      const patch = await patches.get(id);
      const state = stateEvent(patch);
      if (state !== told) yield state;
      told = state;
      const lines = signal.aborted ? [] : await patches.lines(id, { after, limit: PAGE });
      const last = lines.at(-1);
      if (last !== undefined) {
        after = last.number;
        yield lines.map(lineEvent).join('');
        continue;
      }
      const hasEnded = !OPEN_STATES.some((open) => open === patch.state);
      const rang = await bell.wait(hasEnded ? grace : heartbeat);
      if (rang || signal.aborted) continue;
      yield hasEnded ? 'event: end\ndata: {}\n\n' : ': still here\n\n';
      if (hasEnded) return;
    }
  } finally {
    unwatch();
  }
}

/** The events as a stream of bytes, which stops them when it is destroyed. Ends early when `stop` is aborted. */
export function patchEventStream(
  options: Omit<PatchEventsOptions, 'signal'>,
  stop: AbortController,
): Readable {
  return toEventStream(patchEvents({ ...options, signal: stop.signal }), stop);
}

function lineEvent({ number, at, text }: PatchLine): string {
  return `id: ${number}\nevent: line\ndata: ${JSON.stringify({ number, at, text })}\n\n`;
}

function stateEvent({ state, stage, reason }: Patch): string {
  return `event: patch\ndata: ${JSON.stringify({ state, stage, reason })}\n\n`;
}
