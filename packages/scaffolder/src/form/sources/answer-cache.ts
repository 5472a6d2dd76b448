/**
 * Answers of sources by what was asked. Who asks the same while it is on the way waits for the same answer; when nobody
 * waits any more, it is broken off. What failed is not kept.
 */

export interface AnswerCache<T> {
  /**
   * @param asked.keep milliseconds that the answer is used again; 0: only by those who wait for it
   * @param asked.load `size` is in bytes
   */
  get(key: string, asked: Question<T>): Promise<T>;
}

export interface Question<T> {
  readonly keep: number;
  readonly signal: AbortSignal;
  readonly load: (signal: AbortSignal) => Promise<{ readonly value: T; readonly size: number }>;
}

interface Entry<T> {
  readonly loading: Promise<T>;
  readonly stop: AbortController;
  waiting: number;
  /** Null while it is on the way. */
  until: number | null;
  size: number;
}

/** Answers that are kept, and bytes of them. */
const MAX_ENTRIES = 500;
const MAX_BYTES = 64 * 1_048_576;

export function createAnswerCache<T>({ now }: { readonly now: () => number }): AnswerCache<T> {
  /** Those used last come last. */
  const entries = new Map<string, Entry<T>>();
  let bytes = 0;

  const forget = (key: string, entry: Entry<T>): void => {
    if (entries.get(key) !== entry) return;
    entries.delete(key);
    bytes -= entry.size;
  };

  const shrink = (): void => {
    for (const [key, entry] of entries) {
      if (entries.size <= MAX_ENTRIES && bytes <= MAX_BYTES) return;
      if (entry.until !== null) forget(key, entry);
    }
  };

  const keep = async (
    key: string,
    { entry, loaded, time }: { entry: Entry<T>; loaded: Promise<{ readonly size: number }>; time: number },
  ): Promise<void> => {
    try {
      const { size } = await loaded;
      if (entries.get(key) !== entry) return;
      entry.until = now() + time;
      entry.size = size;
      bytes += size;
      if (time <= 0) forget(key, entry);
      shrink();
    } catch {
      // Who waits for it is told.
      forget(key, entry);
    }
  };

  const begin = (key: string, asked: Question<T>): Entry<T> => {
    const stop = new AbortController();
    const loaded = asked.load(stop.signal);
    const loading = loaded.then(({ value }) => value);
    const entry: Entry<T> = { loading, stop, waiting: 0, until: null, size: 0 };
    entries.set(key, entry);
    void keep(key, { entry, loaded, time: asked.keep });
    return entry;
  };

  const find = (key: string): Entry<T> | null => {
    const entry = entries.get(key);
    if (entry === undefined) return null;
    if (entry.until !== null && entry.until <= now()) {
      forget(key, entry);
      return null;
    }
    entries.delete(key);
    entries.set(key, entry);
    return entry;
  };

  return {
    get: async (key, asked) => {
      asked.signal.throwIfAborted();
      const entry = find(key) ?? begin(key, asked);
      entry.waiting += 1;
      const gone = Promise.withResolvers<never>();
      const leave = (): void => gone.reject(asked.signal.reason);
      asked.signal.addEventListener('abort', leave, { once: true });
      try {
        return await Promise.race([entry.loading, gone.promise]);
      } finally {
        asked.signal.removeEventListener('abort', leave);
        entry.waiting -= 1;
        if (entry.waiting === 0 && entry.until === null) {
          forget(key, entry);
          entry.stop.abort();
        }
      }
    },
  };
}
