/** What a group or a user owns, counted, on the first view. */
import type { ReactElement } from 'react';
import { Skeleton } from '@backstage/ui';
import { stringifyRef, type EntityRef } from '@callboard/model';
import { Link } from 'react-router-dom';
import { ErrorPanel } from '../../../parts/error-panel.tsx';
import { entityPath } from '../../../parts/ref-text.ts';
import { EntityCard } from '../overview/card.tsx';
import { messages } from './messages.ts';
import { OwnedTiles } from './owned-tiles.tsx';
import { useOwnedKinds } from './queries.ts';

export function OwnsCard({ entityRef }: { readonly entityRef: EntityRef }): ReactElement {
  const owners = [stringifyRef(entityRef)];
  const kinds = useOwnedKinds(owners);
  return (
    <EntityCard
      title={messages.owns}
      beside={
        <Link className="cb-link" to={`${entityPath(entityRef)}/ownership`}>
          {messages.ownsAll}
        </Link>
      }
    >
      {kinds.isError && (
        <ErrorPanel title={messages.ownsFailed} error={kinds.error} onRetry={() => void kinds.refetch()} />
      )}
      {kinds.isPending && <Skeleton width="100%" height="2rem" />}
      {kinds.data !== undefined && <OwnedTiles kinds={kinds.data} owners={owners} />}
    </EntityCard>
  );
}
