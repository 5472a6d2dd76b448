/** The head of the list: selects everything that matches, and sorts by a column. */
import { useEffect, useRef, type ReactElement } from 'react';
import { SortDownIcon, SortUpIcon } from '../../parts/icons.tsx';
import type { Column, SortField } from './columns.ts';
import { messages } from './messages.ts';
import { selectedCount, type Selection } from './selection.ts';
import type { CatalogState } from './url-state.ts';

export interface TableHeadProps {
  readonly columns: readonly Column[];
  readonly state: Pick<CatalogState, 'sort' | 'dir'>;
  readonly total: number;
  readonly selection: Selection;
  readonly onSort: (field: SortField) => void;
  /** Selects everything, or nothing when something is selected. */
  readonly onSelectAll: () => void;
}

export function TableHead(props: TableHeadProps): ReactElement {
  const { columns, state, total, selection, onSort, onSelectAll } = props;
  return (
    <thead role="rowgroup">
      <tr role="row" aria-rowindex={1}>
        <th role="columnheader" scope="col" className="col-select">
          <SelectAll total={total} selection={selection} onChange={onSelectAll} />
        </th>
        <HeaderCell
          className="col-name"
          title={messages.name}
          sort="metadata.name"
          state={state}
          onSort={onSort}
        />
        {columns.map(({ id, sort }) => (
          <HeaderCell
            key={id}
            className={`col-${id}`}
            title={messages.columnNames[id]}
            sort={sort}
            state={state}
            onSort={onSort}
          />
        ))}
        <th role="columnheader" scope="col" className="col-star">
          <span className="cb-hidden">{messages.starColumn}</span>
        </th>
      </tr>
    </thead>
  );
}

interface SelectAllProps {
  readonly total: number;
  readonly selection: Selection;
  readonly onChange: () => void;
}

function SelectAll({ total, selection, onChange }: SelectAllProps): ReactElement {
  const box = useRef<HTMLInputElement>(null);
  const chosen = selectedCount(selection);
  const isAll = selection.kind === 'query' && selection.except.size === 0;
  useEffect(() => {
    if (box.current !== null) box.current.indeterminate = chosen > 0 && !isAll;
  }, [chosen, isAll]);
  const label = chosen === 0 ? messages.selectAll(total) : messages.selectNone;
  return (
    <input ref={box} type="checkbox" aria-label={label} title={label} checked={isAll} onChange={onChange} />
  );
}

interface HeaderCellProps {
  readonly className: string;
  readonly title: string;
  readonly sort: SortField | null;
  readonly state: Pick<CatalogState, 'sort' | 'dir'>;
  readonly onSort: (field: SortField) => void;
}

function HeaderCell({ className, title, sort, state, onSort }: HeaderCellProps): ReactElement {
  if (sort === null) {
    return (
      <th className={className} role="columnheader" scope="col">
        {title}
      </th>
    );
  }
  const sorted = state.sort === sort;
  const direction = state.dir === 'asc' ? 'ascending' : 'descending';
  return (
    <th className={className} role="columnheader" scope="col" aria-sort={sorted ? direction : 'none'}>
      <button type="button" className="sort" title={messages.sortBy(title)} onClick={() => onSort(sort)}>
        {title}
        <span className="sort-mark" data-sorted={sorted}>
          {sorted && state.dir === 'desc' ? <SortDownIcon /> : <SortUpIcon />}
        </span>
      </button>
    </th>
  );
}
