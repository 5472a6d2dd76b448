/** Does the same with many things, a few at a time; one that fails does not stop the others. */

export interface Failure<T> {
  readonly item: T;
  readonly error: unknown;
}

export interface RunOptions<T> {
  /** How many are done at the same time. */
  readonly atOnce: number;
  readonly act: (item: T) => Promise<void>;
  /** Called after each one. */
  readonly onProgress: (done: number) => void;
  /** No further one is begun after this is aborted. */
  readonly signal: AbortSignal;
}

/** What failed, in the order of `items`. */
export async function runBounded<T>(
  items: readonly T[],
  { atOnce, act, onProgress, signal }: RunOptions<T>,
): Promise<readonly Failure<T>[]> {
  const failures = new Map<number, Failure<T>>();
  const queue = items.entries();
  let done = 0;
  const work = async (): Promise<void> => {
    for (const [index, item] of queue) {
      if (signal.aborted) return;
      try {
        await act(item);
      } catch (error) {
        failures.set(index, { item, error });
      }
      done += 1;
      onProgress(done);
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, work));
  return [...failures.entries()].toSorted(([a], [b]) => a - b).map(([, failure]) => failure);
}
