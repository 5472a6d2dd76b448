/** A moment, shown relative to now with the full date as its title. */
import { useEffect, useState, type ReactElement } from 'react';
import { LOCALE } from '../messages.ts';
import { absoluteTime, relativeTime } from './relative-time.ts';

const REFRESH_MS = 10_000;

/** Keeps itself up to date while it is shown. */
export function Time(props: { readonly at: Date }): ReactElement {
  const [now, setNow] = useState(() => new Date());
  useEffect(() => {
    const timer = setInterval(() => setNow(new Date()), REFRESH_MS);
    return () => clearInterval(timer);
  }, []);
  // A moment that arrived after the last tick lies in the past, not in the future.
  const seenFrom = Math.abs(props.at.getTime() - now.getTime()) < REFRESH_MS ? new Date() : now;
  return (
    <time
      dateTime={props.at.toISOString()}
      title={absoluteTime(props.at, LOCALE)}
      lang={LOCALE}
      // A date from right to left stays in one piece among English words.
      dir="auto"
    >
      {relativeTime(props.at, seenFrom, LOCALE)}
    </time>
  );
}
