/** The outline of something whose data is on the way; a word with it when that takes long. */
import type { ReactElement } from 'react';
import { Skeleton } from '@backstage/ui';
import { messages } from '../messages.ts';
import { useLong } from './use-long.ts';

/** `height`: of the outline, as a length of CSS. */
export function Waiting({ height }: { readonly height: string }): ReactElement {
  const isLong = useLong(true);
  return (
    <div aria-busy="true">
      <Skeleton width="100%" height={height} />
      <p className={isLong ? 'cb-still' : 'cb-hidden'} role="status">
        {isLong ? messages.stillLoading : ''}
      </p>
    </div>
  );
}
