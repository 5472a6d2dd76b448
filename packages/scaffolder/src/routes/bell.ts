/** Something to wait at: for a ring, for a while, or until it is stopped. */

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
