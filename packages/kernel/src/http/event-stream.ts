/** Server-sent events (WHATWG HTML §9.2) as a stream of bytes that nobody polls for, and what their makers wait at. */
import { Readable } from 'node:stream';

export interface Bell {
  ring(): void;
  /** Forgets that it rang. */
  reset(): void;
  /** True at once when it rang since the reset, or as soon as it rings or is stopped; false after the time. */
  wait(milliseconds: number): Promise<boolean>;
}

/** However often it rings before it is waited for, it counts once. */
export function createBell(signal: AbortSignal): Bell {
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

/** The texts as a stream, each made when the one before was taken. Destroying the stream aborts `stop` and ends them. */
export function toEventStream(texts: AsyncGenerator<string, void>, stop: AbortController): Readable {
  const stream: Readable = new Readable({
    read: () => void pull(),
    destroy: (error, done) => {
      stop.abort();
      // Nobody else resumes what waits for the next text to be taken.
      void texts.return();
      done(error);
    },
  });
  const pull = async (): Promise<void> => {
    try {
      const { value, done } = await texts.next();
      stream.push(done === true ? null : value);
    } catch (error) {
      stream.destroy(error instanceof Error ? error : new Error(String(error)));
    }
  };
  return stream;
}
