/** Answers that are kept for a while: one request for all who ask at the same time, and an old answer when a new one fails. */

export interface KeepOptions<Answer> {
  /** Milliseconds that an answer is used without asking again. */
  readonly fresh: number;
  /** Milliseconds that one is used when asking again fails. */
  readonly usable: number;
  /** Milliseconds, from any point. */
  readonly now: () => number;
  /** Not stopped when the one who asked goes away: others may wait for it, and the next one will. */
  readonly load: (key: string) => Promise<Answer>;
  /** Told when an old answer is used. */
  readonly onOld: (key: string, failure: unknown) => void;
}

interface Kept<Answer> {
  readonly answer: Answer;
  readonly at: number;
  readonly askAgainAt: number;
}

/** How long an old answer is used before AWS is asked once more; milliseconds. */
const PAUSE = 30_000;

/** @returns asks for a key; rejects as `load` does */
export function createKeep<Answer>(options: KeepOptions<Answer>): (key: string) => Promise<Answer> {
  const { fresh, usable, now, load, onOld } = options;
  const kept = new Map<string, Kept<Answer>>();
  const flights = new Map<string, Promise<Answer>>();

  const fly = async (key: string): Promise<Answer> => {
    try {
      const answer = await load(key);
      kept.set(key, { answer, at: now(), askAgainAt: now() + fresh });
      return answer;
    } catch (failure) {
      const old = kept.get(key);
      if (old === undefined || now() - old.at > usable) throw failure;
      kept.set(key, { ...old, askAgainAt: now() + PAUSE });
      onOld(key, failure);
      return old.answer;
    } finally {
      flights.delete(key);
    }
  };

  return (key) => {
    const found = kept.get(key);
    if (found !== undefined && now() < found.askAgainAt) return Promise.resolve(found.answer);
    const running = flights.get(key);
    if (running !== undefined) return running;
    const flight = fly(key);
    flights.set(key, flight);
    return flight;
  };
}
