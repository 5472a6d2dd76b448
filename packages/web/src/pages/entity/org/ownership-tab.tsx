/** What a group or a user owns: by kind, alone or with what belongs to the groups around. */
import { useState, type ReactElement } from 'react';
import { Button, Skeleton } from '@backstage/ui';
import { stringifyRef } from '@callboard/model';
import { Link } from 'react-router-dom';
import { count } from '../../../messages.ts';
import { ErrorPanel } from '../../../parts/error-panel.tsx';
import { kindName } from '../../../parts/ref-text.ts';
import type { EntityTabProps } from '../entity-tab.ts';
import { messages as entityMessages } from '../messages.ts';
import { EntityCard } from '../overview/card.tsx';
import { RelatedTable } from '../related-table.tsx';
import { messages } from './messages.ts';
import { OwnedTiles } from './owned-tiles.tsx';
import { ownedPath, useOwnedKinds, useOwnedRows, useOwners, type OwnedKind } from './queries.ts';
import { ReachSwitch, useReach } from './reach-switch.tsx';

const SHOWN_FIRST = 10;
const SHOWN_MORE = 200;

export function OwnershipTab({ entity, entityRef }: EntityTabProps): ReactElement {
  const [reach, setReach] = useReach();
  const owners = useOwners(entity, { ref: entityRef, reach });
  const kinds = useOwnedKinds(owners.data);
  const failed = owners.error ?? kinds.error;
  const retry = (): void => {
    void owners.refetch();
    void kinds.refetch();
  };
  const isUser = entity.kind.toLowerCase() === 'user';
  return (
    <div className="entity-stack">
      <div className="entity-bar">
        <ReachSwitch
          label={isUser ? messages.withGroups : messages.withSubGroups}
          reach={reach}
          onChange={setReach}
        />
        {reach === 'wide' && owners.data !== undefined && (
          <span className="entity-none">{messages.owners(owners.data.length)}</span>
        )}
      </div>
      {failed !== null && <ErrorPanel title={messages.ownsFailed} error={failed} onRetry={retry} />}
      {kinds.data === undefined && failed === null && <Skeleton width="100%" height="10rem" />}
      {kinds.data !== undefined && owners.data !== undefined && (
        <>
          <OwnedTiles kinds={kinds.data} owners={owners.data} />
          {kinds.data.map((owned) => (
            <Kind key={`${reach} ${owned.kind}`} owned={owned} owners={owners.data} />
          ))}
        </>
      )}
    </div>
  );
}

function Kind({
  owned,
  owners,
}: {
  readonly owned: OwnedKind;
  readonly owners: readonly string[];
}): ReactElement {
  const { kind, total } = owned;
  const [limit, setLimit] = useState(SHOWN_FIRST);
  const page = useOwnedRows({ owners, kind, limit });
  const path = ownedPath(owners, kind);
  const rows = page.data?.rows.map((row) => ({ reference: stringifyRef(row.ref), row })) ?? [];
  const more = (page.data?.total ?? total) - rows.length;
  return (
    <EntityCard
      title={`${kindName(kind)} (${count(total)})`}
      beside={
        path !== null && (
          <Link className="cb-link" to={path} aria-label={messages.inCatalogOf(kindName(kind))}>
            {messages.inCatalog}
          </Link>
        )
      }
    >
      {page.isError && (
        <ErrorPanel title={messages.ownsFailed} error={page.error} onRetry={() => void page.refetch()} />
      )}
      {page.isPending && <Skeleton width="100%" height="4rem" />}
      {rows.length > 0 && <RelatedTable label={kindName(kind)} rows={rows} withKind={false} />}
      {page.data !== undefined && more > 0 && (
        <Button
          className="targets-more"
          variant="tertiary"
          isPending={page.isFetching}
          onPress={() => setLimit(limit + SHOWN_MORE)}
        >
          {entityMessages.showMore(more, kindName(kind))}
        </Button>
      )}
    </EntityCard>
  );
}
