/** Lets each person do a few things at a time; what is more waits for its turn. */
import { routeError } from './errors.ts';

export interface Turns {
  /**
   * Rejects when the signal aborts before it is its turn.
   * @throws CodedError 429 `scaffolder/too-many-questions` when too many wait already
   */
  take<T>(
    whose: string,
    asked: { readonly signal: AbortSignal; readonly work: () => Promise<T> },
  ): Promise<T>;
}

interface Line {
  busy: number;
  readonly waiting: Set<() => void>;
}

/** `atOnce`: of one person. `waiting`: of one person. */
export function createTurns({
  atOnce,
  waiting,
}: {
  readonly atOnce: number;
  readonly waiting: number;
}): Turns {
  const lines = new Map<string, Line>();

  const untilTurn = async (line: Line, signal: AbortSignal): Promise<void> => {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const leave = (): void => {
      line.waiting.delete(resolve);
      reject(signal.reason);
    };
    line.waiting.add(resolve);
    signal.addEventListener('abort', leave, { once: true });
    try {
      await promise;
    } finally {
      signal.removeEventListener('abort', leave);
    }
  };

  return {
    take: async (whose, { signal, work }) => {
      signal.throwIfAborted();
      const line = lines.get(whose) ?? { busy: 0, waiting: new Set() };
      lines.set(whose, line);
      if (line.busy < atOnce) line.busy += 1;
      else if (line.waiting.size >= waiting) {
        const message = 'Too many questions of yours wait already. Ask again when some of them are answered.';
        throw routeError('scaffolder/too-many-questions', message);
      } else await untilTurn(line, signal);
      try {
        return await work();
      } finally {
        const [next] = line.waiting;
        if (next === undefined) line.busy -= 1;
        else {
          // The place goes over to who waited longest.
          line.waiting.delete(next);
          next();
        }
        if (line.busy === 0) lines.delete(whose);
      }
    },
  };
}
