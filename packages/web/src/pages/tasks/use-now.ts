/** The time as it passes, for what shows how long something has been going on. */
import { useEffect, useState } from 'react';

const TICK_MS = 1_000;

/** Milliseconds since 1970, each second anew while something runs. */
export function useNow({ isRunning }: { readonly isRunning: boolean }): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (!isRunning) return undefined;
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), TICK_MS);
    return () => clearInterval(timer);
  }, [isRunning]);
  return now;
}
