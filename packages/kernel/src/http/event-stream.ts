/**
 * Server-sent events (WHATWG HTML §9.2) as a stream of bytes that nobody polls for, what their makers wait at, and their
 * end with the server.
 */
import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply } from 'fastify';

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

const STREAM_HEADERS = {
  'content-type': 'text/event-stream',
  // nginx holds answers back until its buffers are full, unless it is told not to.
  'x-accel-buffering': 'no',
  // A server that closes would wait for a connection that is idle afterwards until that times out.
  connection: 'close',
};

export interface HeldStreams {
  /** For one answer that takes long: aborted when the server closes. Whoever opens it aborts it when the answer has ended. */
  open(): AbortController;
  isClosing(): boolean;
  /** Answers with a stream of events. Not cached; `cache-control` is left as it is where a route has set it. */
  send(reply: FastifyReply, stream: Readable): FastifyReply;
}

/** The event streams of an app, which end when it closes: a server waits for answers to end, and these would not. */
export function holdStreams(app: FastifyInstance): HeldStreams {
  const held = new Set<AbortController>();
  let isClosing = false;
  app.addHook('preClose', (done) => {
    isClosing = true;
    for (const stop of held) stop.abort();
    done();
  });
  return {
    open: () => {
      const stop = new AbortController();
      held.add(stop);
      stop.signal.addEventListener('abort', () => held.delete(stop));
      if (isClosing) stop.abort();
      return stop;
    },
    isClosing: () => isClosing,
    send: (reply, stream) => {
      if (!reply.hasHeader('cache-control')) void reply.header('cache-control', 'no-cache');
      return reply.headers(STREAM_HEADERS).send(stream);
    },
  };
}
