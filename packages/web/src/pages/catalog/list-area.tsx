/** The list in each of its states: on the way, there, nothing in it, failed with or without rows of before. */
import type { ReactElement, RefObject } from 'react';
import { Skeleton } from '@backstage/ui';
import { messages as shellMessages } from '../../messages.ts';
import { ErrorPanel } from '../../parts/error-panel.tsx';
import { useLong } from '../../parts/use-long.ts';
import type { Column } from './columns.ts';
import { NoMatch, StarsUnread } from './empty.tsx';
import { EntityTable } from './entity-table.tsx';
import { messages } from './messages.ts';
import type { Selection } from './selection.ts';
import type { AddressPlace, TableActions } from './table-actions.ts';
import { narrowed, type CatalogState, type Go } from './url-state.ts';
import type { ListState } from './use-list.ts';
import type { RowLayout } from './use-media.ts';
import type { PersonState } from './use-person.ts';

export interface ListAreaProps {
  readonly data: ListState;
  readonly state: CatalogState;
  readonly kind: string;
  readonly who: PersonState;
  readonly columns: readonly Column[];
  readonly layout: RowLayout;
  readonly place: AddressPlace;
  readonly selection: Selection;
  readonly actions: TableActions;
  readonly search: RefObject<HTMLElement>;
  readonly onChange: Go;
}

export function ListArea(props: ListAreaProps): ReactElement {
  const { data, state, who } = props;
  const isLong = useLong(data.isLoading);
  if (state.show === 'starred' && who.areStarsUnread) {
    return <StarsUnread onAll={() => props.onChange((now) => narrowed(now, { show: 'all' }))} />;
  }
  return (
    <>
      {data.error !== null && <ErrorPanel title={messages.failed} error={data.error} onRetry={data.retry} />}
      <p className="catalog-slow" role="status" data-slow={isLong}>
        {isLong && messages.stillLoading}
      </p>
      <Rows {...props} />
    </>
  );
}

function Rows(props: ListAreaProps): ReactElement | null {
  const { data, state, kind, who, layout } = props;
  const { list } = data;
  if (list === null) return data.error === null ? <TableSkeleton /> : null;
  if (list.total === 0) {
    return <NoMatch state={state} kind={kind} person={who.person} onChange={props.onChange} />;
  }
  return (
    <EntityTable
      // Rows of another height are another list: it begins at the same row.
      key={layout.rowHeight}
      list={list}
      columns={props.columns}
      state={state}
      layout={layout}
      isStale={data.isStale}
      isWaiting={data.isStale && data.error === null}
      place={props.place}
      selection={props.selection}
      starred={who.stars}
      actions={props.actions}
      search={props.search}
    />
  );
}

/** The outline of the list while its first rows are on the way. */
function TableSkeleton(): ReactElement {
  return (
    <div className="entities-skeleton" aria-busy="true">
      <span className="cb-hidden">{shellMessages.loading}</span>
      {Array.from({ length: 10 }, (_, index) => (
        <div key={index} className="entities-skeleton-row" aria-hidden="true">
          <Skeleton width={`${70 - ((index * 17) % 35)}%`} height="1rem" />
          <Skeleton width={`${90 - ((index * 23) % 40)}%`} height="1rem" />
          <Skeleton width="60%" height="1rem" />
          <Skeleton width="70%" height="1rem" />
        </div>
      ))}
    </div>
  );
}
