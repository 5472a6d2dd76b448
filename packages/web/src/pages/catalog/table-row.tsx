/** One row of the list, or its outline while it is on the way. Rendered again only when something in it changes. */
import { memo, type ReactElement } from 'react';
import { stringifyRef } from '@callboard/model';
import { messages as shellMessages } from '../../messages.ts';
import { StarIcon } from '../../parts/icons.tsx';
import { cellOf, NameCell } from './cells.tsx';
import type { Column } from './columns.ts';
import { messages } from './messages.ts';
import type { ListedRow } from './row.ts';
import type { RowActions } from './table-actions.ts';

export interface TableRowProps {
  readonly index: number;
  /** Pixels from the top of the list. */
  readonly top: number;
  readonly height: number;
  /** Null while it is on the way. */
  readonly row: ListedRow | null;
  readonly columns: readonly Column[];
  readonly isSelected: boolean;
  readonly isStarred: boolean;
  /** False while it is not known what is starred. */
  readonly canStar: boolean;
  /** The row that the keyboard is in, or was in last. */
  readonly isCurrent: boolean;
  readonly actions: RowActions;
}

export const TableRow = memo(function TableRow(props: TableRowProps): ReactElement {
  const { index, top, height, row, isSelected, isCurrent, actions } = props;
  return (
    <tr
      role="row"
      className="entity-row"
      aria-rowindex={index + 2}
      data-index={index}
      data-selected={isSelected}
      data-current={isCurrent}
      tabIndex={-1}
      style={{ height, transform: `translateY(${top}px)` }}
      onFocus={() => actions.enter(index)}
    >
      {row === null ? <OutlineCell index={index} /> : <RowCells {...props} row={row} />}
    </tr>
  );
});

function RowCells(props: TableRowProps & { readonly row: ListedRow }): ReactElement {
  const { index, row, columns, isSelected, isStarred, canStar, isCurrent, actions } = props;
  const tabIndex = isCurrent ? 0 : -1;
  const links = { prefetch: actions.prefetch, tabIndex } as const;
  const name = row.title ?? row.name;
  return (
    <>
      <td role="cell" className="col-select">
        <input
          type="checkbox"
          aria-label={messages.select(name)}
          title={messages.tableKeys}
          tabIndex={tabIndex}
          checked={isSelected}
          onChange={({ nativeEvent }) => {
            const range = nativeEvent instanceof MouseEvent && nativeEvent.shiftKey;
            actions.select(index, stringifyRef(row.ref), range ? 'range' : 'one');
          }}
        />
      </td>
      <td role="cell" className="col-name">
        <NameCell row={row} links={links} withDescription={columns.every(({ id }) => id !== 'description')} />
      </td>
      {columns.map(({ id }) => (
        <DataCell key={id} id={id} content={cellOf(id, row, links)} />
      ))}
      <td role="cell" className="col-star">
        <button
          type="button"
          className="row-star"
          aria-label={shellMessages.star(name)}
          title={messages.starKey}
          aria-pressed={isStarred}
          disabled={!canStar}
          tabIndex={tabIndex}
          onClick={() => actions.star(row.ref)}
        >
          <StarIcon />
        </button>
      </td>
    </>
  );
}

interface DataCellProps {
  readonly id: Column['id'];
  readonly content: ReturnType<typeof cellOf>;
}

function DataCell({ id, content }: DataCellProps): ReactElement {
  const isEmpty = content === null || content === false;
  return (
    <td role="cell" className={`col-${id}`} data-title={messages.columnNames[id]} data-empty={isEmpty}>
      {content}
    </td>
  );
}

/** Grey bars, of lengths that look like names. */
function OutlineCell({ index }: { readonly index: number }): ReactElement {
  return (
    <td role="cell" className="row-outline" aria-label={messages.loadingRow}>
      <span style={{ inlineSize: `${11 + ((index * 7) % 9)}rem` }} />
      <span style={{ inlineSize: `${16 + ((index * 11) % 13)}rem` }} />
    </td>
  );
}
