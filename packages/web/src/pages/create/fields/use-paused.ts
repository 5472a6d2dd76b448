/** What is typed, held back just enough that quick typing does not ask for every letter. */
import { useEffect, useRef, useState } from 'react';

/** What is typed within this time is asked for together. */
const PAUSE_MS = 120;

/** The value: at once when the one before has stood for a moment, else once that moment is over. Nothing is never held back. */
export function usePaused(value: string): string {
  const [paused, setPaused] = useState(value);
  const since = useRef(Number.NEGATIVE_INFINITY);
  useEffect(() => {
    const take = (): void => {
      since.current = performance.now();
      setPaused(value);
    };
    const left = value === '' ? 0 : since.current + PAUSE_MS - performance.now();
    if (left <= 0) {
      take();
      return undefined;
    }
    const timer = setTimeout(take, left);
    return () => clearTimeout(timer);
  }, [value]);
  return paused;
}
