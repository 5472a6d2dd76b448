/** The outline of a page while its code or its data is on the way. */
import type { ReactElement } from 'react';
import { Skeleton } from '@backstage/ui';
import { messages } from '../messages.ts';

export function LoadingPage(): ReactElement {
  return (
    <div className="cb-page cb-loading" aria-busy="true">
      <h1 className="cb-hidden">{messages.loading}</h1>
      <Skeleton width="min(18rem, 60%)" height="1.75rem" />
      <Skeleton width="min(26rem, 80%)" height="1rem" />
      <Skeleton width="100%" height="12rem" />
    </div>
  );
}
