/** The catalog: filters with counts, and the list of what matches. All of its state is in the address. */
import { useEffect, useMemo, useRef, useState, type ReactElement } from 'react';
import type { EntityRef } from '@callboard/model';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from 'react-router-dom';
import { usePrefetchEntity } from '../../api/entity-query.ts';
import { useServices } from '../../api/services.ts';
import { entityPath } from '../../parts/ref-text.ts';
import { useTitle } from '../../parts/use-title.ts';
import { ActiveFilters } from './active-filters.tsx';
import type { SortField } from './columns.ts';
import { EmptyCatalog } from './empty.tsx';
import { FilterRail, FilterSheet } from './filter-rail.tsx';
import { loadBulkBar, loadExport, preloadParts } from './late-parts.ts';
import { Late } from './late.tsx';
import { ListArea } from './list-area.tsx';
import { messages } from './messages.ts';
import { REREAD_EMPTY_MS, REREAD_MS, useKinds } from './queries.ts';
import { columnFields, listRequest } from './requests.ts';
import { selectAll, selectedCount } from './selection.ts';
import { SearchBox } from './search-box.tsx';
import { SortSelect } from './sort-select.tsx';
import type { TableActions } from './table-actions.ts';
import { Toolbar } from './toolbar.tsx';
import { ALL_KINDS, sortedBy } from './url-state.ts';
import { useAddress } from './use-address.ts';
import { useColumns } from './use-columns.ts';
import { useEvent } from './use-event.ts';
import { askAhead, useList, type ListState } from './use-list.ts';
import { NARROW, useMedia, useRowLayout } from './use-media.ts';
import { usePerson } from './use-person.ts';
import { useSelection } from './use-selection.ts';
import { useShownRows } from './use-shown-rows.ts';

/** The parts that are loaded apart do not hold up the first view: milliseconds after the first rows. */
const PARTS_AFTER_MS = 2_000;

export function CatalogPage(): ReactElement {
  useTitle(messages.title);
  const layout = useRowLayout();
  const isNarrow = useMedia(NARROW);
  const address = useAddress(layout.rowHeight);
  const { state, typed, go } = address;
  const { kind, isEmpty } = useKinds(state);
  const who = usePerson();
  const { person } = who;
  const columns = useColumns(state, { kind, go });
  const [shown, see] = useShownRows();

  const request = useMemo(() => listRequest({ state: typed, kind, person }, typed), [typed, kind, person]);
  const { sort, dir, text, show, choices } = typed;
  const filterKey = JSON.stringify([kind, show, choices, text.trim()]);
  const columnIds = columns.shown.map(({ id }) => id);
  const fields = columnFields(columnIds);
  const data = useList({
    viewKey: `${filterKey} ${sort} ${dir}`,
    request,
    fields,
    isEnabled: who.isKnownFor(show),
    startRow: address.place.row,
    shown,
    ahead: typed === state ? 'read' : 'wait',
    rereadEvery: isEmpty ? REREAD_EMPTY_MS : REREAD_MS,
  });
  const { list } = data;
  const picked = useSelection(list, { filterKey, fields });
  const [isExporting, setExporting] = useState(false);
  usePreload(list !== null);

  const { client } = useServices();
  const cache = useQueryClient();
  const startExport = useEvent(() => setExporting(true));
  const type = useEvent((next: string): void => {
    address.setText(next);
    if (!who.isKnownFor(show) || next.trim() === text.trim()) return;
    const soon = listRequest({ state: { ...typed, text: next }, kind, person }, typed);
    askAhead(cache, client, { request: soon, fields });
  });

  const search = useRef<HTMLDivElement>(null);
  const actions = useActions({ address, see, picked, who });
  if (isEmpty && list?.total === 0) return <EmptyCatalog />;

  const total = list?.total ?? 0;
  const filters = { state, kind, person: who.stars === null ? null : person, onChange: go };
  return (
    <div className="catalog">
      <div className="catalog-head">
        <h1>{messages.title}</h1>
        <p className="catalog-count" role="status">
          {countText(data, kind)}
        </p>
      </div>
      <div className="catalog-tools">
        <SearchBox box={search} text={address.text} onType={type} />
        {isNarrow && <FilterSheet {...filters} total={total} />}
        {layout.isCards && <SortSelect state={state} onChange={go} />}
        <Toolbar state={typed} columns={columns} canExport={total > 0} onExport={startExport} />
      </div>
      {!isNarrow && <FilterRail {...filters} />}
      <div className="catalog-list">
        <ActiveFilters state={state} onChange={go} />
        {selectedCount(picked.selection) > 0 && (
          <Late load={loadBulkBar}>
            {({ BulkBar }) => (
              <BulkBar
                selection={picked.selection}
                total={total}
                starred={who.starred}
                onSelectAll={picked.selectAll}
                onClear={picked.clear}
                onExport={startExport}
              />
            )}
          </Late>
        )}
        <ListArea
          data={data}
          state={typed}
          kind={kind}
          who={who}
          columns={columns.shown}
          layout={layout}
          place={address.place}
          selection={picked.selection}
          actions={actions}
          search={search}
          onChange={go}
        />
      </div>
      {isExporting && list !== null && (
        <Late load={loadExport}>
          {({ ExportDialog }) => (
            <ExportDialog
              everything={selectAll(request, total)}
              selection={picked.selection}
              columns={columnIds}
              onClose={() => setExporting(false)}
            />
          )}
        </Late>
      )}
    </div>
  );
}

interface ActionsOptions {
  readonly address: ReturnType<typeof useAddress>;
  readonly see: TableActions['see'];
  readonly picked: ReturnType<typeof useSelection>;
  readonly who: ReturnType<typeof usePerson>;
}

/** Functions that stay the same, for the rows. */
function useActions({ address, see, picked, who }: ActionsOptions): TableActions {
  const navigate = useNavigate();
  const prefetchEntity = usePrefetchEntity();
  const { starred } = who;
  const own = {
    prefetch: useEvent(prefetchEntity),
    star: useEvent((ref: EntityRef) => {
      if (starred.isKnown) starred.toggle(ref);
    }),
    sort: useEvent((field: SortField) => address.go((now) => sortedBy(now, field))),
    open: useEvent((ref: EntityRef) => navigate(entityPath(ref))),
  };
  const { rest } = address;
  const { select, selectAll: all, clear } = picked;
  const [actions] = useState<TableActions>(() => ({
    ...own,
    select,
    selectAll: all,
    clearSelection: clear,
    see,
    rest,
  }));
  return actions;
}

/** What comes next is loaded once the rows are there, and opens then even while the server is away. */
function usePreload(isReady: boolean): void {
  const { preloadEntityPage } = useServices();
  useEffect(() => {
    if (!isReady) return undefined;
    // A task that is begun in a frame runs once that is painted.
    let painted: ReturnType<typeof setTimeout> | undefined;
    const frame = requestAnimationFrame(() => {
      painted = setTimeout(preloadEntityPage);
    });
    const timer = setTimeout(preloadParts, PARTS_AFTER_MS);
    return () => {
      cancelAnimationFrame(frame);
      clearTimeout(painted);
      clearTimeout(timer);
    };
  }, [isReady, preloadEntityPage]);
}

/** Empty until the first answer, and unchanged while a new one is on the way. */
function countText({ list }: ListState, kind: string): string {
  if (list === null) return '';
  return messages.results(list.total, kind === ALL_KINDS ? null : kind);
}
