/** Whether something has been going on for so long that a person wants to know that it still does. */
import { useEffect, useState } from 'react';

const LONG_MS = 1_000;

/** `after`: milliseconds, 1,000 unless given. */
export function useLong(isGoingOn: boolean, after = LONG_MS): boolean {
  const [isLong, setIsLong] = useState(false);
  useEffect(() => {
    if (!isGoingOn) return undefined;
    const timer = setTimeout(() => setIsLong(true), after);
    return () => {
      clearTimeout(timer);
      setIsLong(false);
    };
  }, [isGoingOn, after]);
  return isLong;
}
