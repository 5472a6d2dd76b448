/** Before the entity is there: its outline under the name from the address, and a word when it takes long. */
import { useEffect, useState, type ReactElement } from 'react';
import { Skeleton } from '@backstage/ui';
import type { EntityRef } from '@callboard/model';
import { kindName } from '../../parts/ref-text.ts';
import { messages } from './messages.ts';

/** Milliseconds after which somebody wonders whether anything happens. */
const LONG_MS = 1_000;

export function EntityLoading({ asked }: { readonly asked: EntityRef }): ReactElement {
  const isLong = useIsLong();
  return (
    <div className="cb-page entity" aria-busy="true">
      <header className="entity-head">
        <p className="crumbs">{kindName(asked.kind)}</p>
        <h1>
          <bdi>{asked.name}</bdi>
        </h1>
        <Skeleton width="min(26rem, 80%)" height="1.25rem" />
      </header>
      <p className="entity-none" role="status">
        {isLong ? messages.stillLoading : ''}
      </p>
      <Skeleton width="100%" height="14rem" />
    </div>
  );
}

function useIsLong(): boolean {
  const [isLong, setIsLong] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setIsLong(true), LONG_MS);
    return () => clearTimeout(timer);
  }, []);
  return isLong;
}
