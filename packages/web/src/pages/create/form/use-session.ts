/** Opens the session of a form for as long as its component is there. */
import { useEffect, useRef, useState, useSyncExternalStore } from 'react';
import { createFormSession, type FormSession, type FormSessionOptions } from '@callboard/form';

export function useFormSession(options: () => FormSessionOptions): FormSession {
  const [session] = useState(() => createFormSession(options()));
  const closing = useRef<ReturnType<typeof setTimeout> | null>(null);
  useEffect(() => {
    // In development React takes every component away and back once.
    if (closing.current !== null) clearTimeout(closing.current);
    return () => {
      closing.current = setTimeout(() => session.close(), 0);
    };
  }, [session]);
  return session;
}

/** Whatever keeps the rules from being followed, the form is shown after that many milliseconds. */
const LATEST_MS = 3_000;

/** False until the rules were followed once, so that nothing is shown that they hide. */
export function useIsResolved(session: FormSession, isDynamic: boolean): boolean {
  const [first] = useState(() => session.resolution().fields);
  const [isLate, setIsLate] = useState(false);
  const now = useSyncExternalStore(session.subscribe, () => session.resolution().fields);
  useEffect(() => {
    if (!isDynamic) return undefined;
    const timer = setTimeout(() => setIsLate(true), LATEST_MS);
    return () => clearTimeout(timer);
  }, [isDynamic]);
  return !isDynamic || now !== first || now.size > 0 || isLate;
}
