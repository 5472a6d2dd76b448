/** The catalog: filters with counts, and the table of what matches. All of its state is in the address. */
import { useEffect, useState, type ReactElement } from 'react';
import { Button, SearchField } from '@backstage/ui';
import { useSearchParams } from 'react-router-dom';
import { useServices } from '../../api/services.ts';
import { FilterIcon } from '../../parts/icons.tsx';
import { ErrorPanel } from '../../parts/error-panel.tsx';
import { useTitle } from '../../parts/use-title.ts';
import { ActiveFilters } from './active-filters.tsx';
import { EmptyCatalog, NoMatch, PastTheEnd } from './empty.tsx';
import { EntityTable, TableSkeleton } from './entity-table.tsx';
import { Filters } from './filters.tsx';
import { messages } from './messages.ts';
import { Pager } from './pager.tsx';
import { useCatalog, type CatalogData } from './queries.ts';
import { SortSelect } from './sort-select.tsx';
import {
  ALL_KINDS,
  CHOICE_IDS,
  cleared,
  narrowed,
  parseCatalogState,
  sortedBy,
  toCatalogParams,
  type CatalogState,
} from './url-state.ts';
import { useDebouncedText } from './use-debounced-text.ts';

export function CatalogPage(): ReactElement {
  useTitle(messages.title);
  const [params, setParams] = useSearchParams();
  const state = parseCatalogState(params);
  const data = useCatalog(state);
  usePreload(data.page.isSuccess);
  const [filtersOpen, setFiltersOpen] = useState(false);

  const go = (next: CatalogState): void => setParams(toCatalogParams(next));
  const [text, setText] = useDebouncedText(state.text, (typed) =>
    setParams((now) => toCatalogParams(narrowed(parseCatalogState(now), { text: typed })), { replace: true }),
  );

  if (data.isEmpty && data.page.data?.total === 0) return <EmptyCatalog />;

  const active = CHOICE_IDS.reduce((sum, id) => sum + state.choices[id].length, 0);
  return (
    <div className="catalog">
      <div className="catalog-head">
        <h1>{messages.title}</h1>
        <p className="catalog-count" role="status">
          {countText(data)}
        </p>
      </div>
      <div className="catalog-tools">
        <SearchField
          className="catalog-search"
          aria-label={messages.search}
          placeholder={messages.searchHint}
          value={text}
          onChange={setText}
        />
        <Button
          className="catalog-filters-button"
          variant="secondary"
          iconStart={<FilterIcon />}
          aria-expanded={filtersOpen}
          aria-controls="catalog-filters"
          onPress={() => setFiltersOpen(!filtersOpen)}
        >
          {active === 0 ? messages.filters : messages.filtersActive(active)}
        </Button>
        <SortSelect state={state} onChange={go} />
      </div>
      <aside
        className="catalog-rail"
        id="catalog-filters"
        aria-label={messages.filters}
        data-open={filtersOpen}
      >
        <Filters state={state} kind={data.kind} counts={data.counts} onChange={go} />
      </aside>
      <div className="catalog-list">
        <ActiveFilters state={state} onChange={go} />
        <List state={state} data={data} onChange={go} />
      </div>
    </div>
  );
}

/** The page that comes next is loaded once the rows are there, and opens then even while the server is away. */
function usePreload(isReady: boolean): void {
  const { preloadEntityPage } = useServices();
  useEffect(() => {
    if (isReady) preloadEntityPage();
  }, [isReady, preloadEntityPage]);
}

interface ListProps {
  readonly state: CatalogState;
  readonly data: CatalogData;
  readonly onChange: (next: CatalogState) => void;
}

function List({ state, data, onChange }: ListProps): ReactElement {
  const { page, kind } = data;
  if (page.data === undefined) {
    if (page.isError) {
      return <ErrorPanel title={messages.failed} error={page.error} onRetry={() => void page.refetch()} />;
    }
    return <TableSkeleton />;
  }
  const { rows, total } = page.data;
  const failure = page.isError && (
    <ErrorPanel title={messages.failed} error={page.error} onRetry={() => void page.refetch()} />
  );
  if (total === 0) {
    return (
      <>
        {failure}
        <NoMatch
          state={state}
          kind={kind}
          onClear={() => onChange(cleared(state))}
          onAllKinds={() => onChange(narrowed(state, { kind: ALL_KINDS }))}
        />
      </>
    );
  }
  if (rows.length === 0) {
    return <PastTheEnd total={total} onFirst={() => onChange({ ...state, offset: 0 })} />;
  }
  return (
    <>
      {failure}
      <EntityTable
        rows={rows}
        state={state}
        withKind={kind === ALL_KINDS}
        isStale={page.isPlaceholderData}
        onSort={(field) => onChange(sortedBy(state, field))}
      />
      <Pager state={state} total={total} shown={rows.length} onChange={onChange} />
    </>
  );
}

/** Empty until the first answer, and unchanged while a new one is on the way. */
function countText({ page, kind }: CatalogData): string {
  if (page.data === undefined) return '';
  return messages.results(page.data.total, kind === ALL_KINDS ? null : kind);
}
