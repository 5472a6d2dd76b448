/** The outline of a page, or of a part of one, while its code or its data is on the way. */
import { useEffect, useState, type ReactElement } from 'react';
import { Skeleton } from '@backstage/ui';
import { messages } from '../messages.ts';

/** Whoever waits longer than this is told that something still happens, in milliseconds. */
const STILL_MS = 1_000;

export function LoadingPage(): ReactElement {
  return (
    <div className="cb-page">
      <h1 className="cb-hidden">{messages.loading}</h1>
      <LoadingPart />
    </div>
  );
}

/** Without a heading, for a page that has its own. */
export function LoadingPart(): ReactElement {
  const [isSlow, setIsSlow] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setIsSlow(true), STILL_MS);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div>
      <div className="cb-loading" aria-busy="true">
        <Skeleton width="min(18rem, 60%)" height="1.75rem" />
        <Skeleton width="min(26rem, 80%)" height="1rem" />
        <Skeleton width="100%" height="12rem" />
      </div>
      <p className="cb-still" role="status">
        {isSlow ? messages.stillLoading : ''}
      </p>
    </div>
  );
}
