/** Code that is loaded when it is wanted, or when the browser has nothing else to do. */
import { useCallback, useEffect, useState } from 'react';

export interface OnDemand<T> {
  /** Null until it is loaded. */
  readonly part: T | null;
  /** Loads it unless it is there. Resolves with null when that fails, as after a new version was installed. */
  readonly get: () => Promise<T | null>;
}

/** `load` is a dynamic import and stays the same function. With `ahead` it is loaded as soon as the browser is idle. */
export function useOnDemand<T extends object>(
  load: () => Promise<T>,
  { ahead }: { readonly ahead: boolean },
): OnDemand<T> {
  const [part, setPart] = useState<T | null>(null);
  const get = useCallback(async (): Promise<T | null> => {
    try {
      const loaded = await load();
      setPart(loaded);
      return loaded;
    } catch {
      // A browser asks again for what it could not load.
      return null;
    }
  }, [load]);
  useEffect(() => (ahead ? whenIdle(() => void get()) : undefined), [ahead, get]);
  return { part, get };
}

const AT_THE_LATEST_MS = 4_000;
const WITHOUT_IDLE_MS = 1_000;
/** A browser that waits for the first answers of the API is idle as well: until then, after the navigation began. */
const SETTLED_MS = 1_500;

/** Runs once the first view is there and the browser idle. Returns the function that calls it off. */
export function whenIdle(run: () => void): () => void {
  let callOff = (): void => undefined;
  const wait = (): void => {
    const early = SETTLED_MS - performance.now();
    if (early > 0) {
      const id = setTimeout(wait, early);
      callOff = () => clearTimeout(id);
      return;
    }
    // Safari has no idle callback.
    if (typeof requestIdleCallback === 'function') {
      const id = requestIdleCallback(run, { timeout: AT_THE_LATEST_MS });
      callOff = () => cancelIdleCallback(id);
      return;
    }
    const id = setTimeout(run, WITHOUT_IDLE_MS);
    callOff = () => clearTimeout(id);
  };
  if (document.readyState === 'complete') wait();
  else {
    window.addEventListener('load', wait, { once: true });
    callOff = () => window.removeEventListener('load', wait);
  }
  return () => callOff();
}
