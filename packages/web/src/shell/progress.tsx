/** A thin line at the top of the window while an answer of the server takes long. It is seen; what waits says so itself. */
import { useEffect, useState, type ReactElement } from 'react';
import { useIsFetching, useIsMutating } from '@tanstack/react-query';

/** What is faster needs no sign, in milliseconds. */
const LONG_MS = 400;

export function Progress(): ReactElement | null {
  const isBusy = useIsFetching() + useIsMutating() > 0;
  const [isLong, setIsLong] = useState(false);
  useEffect(() => {
    if (!isBusy) return undefined;
    const timer = setTimeout(() => setIsLong(true), LONG_MS);
    return () => {
      clearTimeout(timer);
      setIsLong(false);
    };
  }, [isBusy]);
  return isLong ? <div className="cb-progress" aria-hidden="true" /> : null;
}
