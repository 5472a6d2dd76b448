/**
 * A patch as server-sent events (WHATWG HTML §9.2): its log line by line, its state when that changes, and its end.
 * Nothing is kept for a reader: the log is read a page at a time, and the next page only when it was taken.
 */
import { Readable } from 'node:stream';
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
  const events = patchEvents({ ...options, signal: stop.signal });
  const stream: Readable = new Readable({
    read: () => void pull(),
    destroy: (error, done) => {
      stop.abort();
      // Nobody else resumes what waits for the next page to be taken.
      void events.return();
      done(error);
    },
  });
  const pull = async (): Promise<void> => {
    try {
      const { value, done } = await events.next();
      stream.push(done === true ? null : value);
    } catch (error) {
      stream.destroy(error instanceof Error ? error : new Error(String(error)));
    }
  };
  return stream;
}

interface Bell {
  ring(): void;
  /** Forgets that it rang. */
  reset(): void;
  /** True at once when it rang since the reset, or as soon as it rings or is stopped; false after the time. */
  wait(milliseconds: number): Promise<boolean>;
}

/** However often it rings before it is waited for, it counts once. */
function createBell(signal: AbortSignal): Bell {
  let rang = false;
  let wake: (() => void) | null = null;
  const ring = (): void => {
    rang = true;
    wake?.();
  };
  return {
    ring,
    reset: () => {
      rang = false;
    },
    wait: async (milliseconds) => {
      if (rang || signal.aborted) return true;
      signal.addEventListener('abort', ring);
      const { promise, resolve } = Promise.withResolvers<void>();
      wake = resolve;
      const timer = setTimeout(resolve, milliseconds);
      await promise;
      clearTimeout(timer);
      wake = null;
      signal.removeEventListener('abort', ring);
      return rang;
    },
  };
}

function lineEvent({ number, at, text }: PatchLine): string {
  return `id: ${number}\nevent: line\ndata: ${JSON.stringify({ number, at, text })}\n\n`;
}

function stateEvent({ state, stage, reason }: Patch): string {
  return `event: patch\ndata: ${JSON.stringify({ state, stage, reason })}\n\n`;
}
