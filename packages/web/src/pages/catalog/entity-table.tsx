/**
 * The list of entities: a table of any length, of which only the rows around the screen exist. Its roles are written
 * out, because a table that is not laid out as one loses them.
 */
import { useEffect, useLayoutEffect, useRef, useState, type ReactElement, type RefObject } from 'react';
import { stringifyRef } from '@callboard/model';
import { defaultRangeExtractor, useVirtualizer } from '@tanstack/react-virtual';
import { useLong } from '../../parts/use-long.ts';
import type { Column } from './columns.ts';
import { messages } from './messages.ts';
import { isSelected, selectedCount, type Selection } from './selection.ts';
import { TableHead } from './table-head.tsx';
import type { AddressPlace, RowActions, TableActions } from './table-actions.ts';
import { TableRow } from './table-row.tsx';
import type { CatalogState } from './url-state.ts';
import { useEvent } from './use-event.ts';
import type { EntityList } from './use-list.ts';
import { useTableKeys } from './use-table-keys.ts';

/** Rows beyond the edges of the screen that exist as well: more while somebody scrolls towards them. */
const OVERSCAN = 2;
const OVERSCAN_SCROLLING = 10;
/** Browsers lay out no more pixels than this exactly. */
const MOST_PIXELS = 16_000_000;
/** Columns beside those that are chosen, in rem: the box, the name, the star. */
const FIXED_REM = 2.25 + 16 + 2.25;
/** Rows of before are dimmed when those that are wanted take longer than this. */
const DIMMED_AFTER_MS = 300;
/** Columns become narrower by this much before the list is scrolled sideways. */
const SHRINK = 0.85;

export interface EntityTableProps {
  readonly list: EntityList;
  readonly columns: readonly Column[];
  readonly state: Pick<CatalogState, 'sort' | 'dir'>;
  readonly layout: { readonly isCards: boolean; readonly rowHeight: number };
  /** The rows are those of before. */
  readonly isStale: boolean;
  /** Others are on their way. */
  readonly isWaiting: boolean;
  /** Where a list with another key begins. */
  readonly place: AddressPlace;
  readonly selection: Selection;
  /** Full references in lower case; null while it is not known. */
  readonly starred: ReadonlySet<string> | null;
  readonly actions: TableActions;
  /** Where the search goes to with `/`. */
  readonly search: RefObject<HTMLElement>;
}

export function EntityTable(props: EntityTableProps): ReactElement {
  const { list, columns, state, layout, isStale, selection, starred, actions } = props;
  const { rowHeight, isCards } = layout;
  const scroller = useRef<HTMLDivElement>(null);
  const [current, setCurrent] = useState<number | null>(null);
  const count = Math.min(list.total, Math.floor(MOST_PIXELS / rowHeight));
  const wasScrolling = useRef(false);
  const virtualizer = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: wasScrolling.current ? OVERSCAN_SCROLLING : OVERSCAN,
    initialOffset: props.place.top,
    // The row that the keyboard is in stays, so that the keyboard does not fall out of the list.
    rangeExtractor: (range) => {
      const rows = defaultRangeExtractor(range);
      const isThere = current === null || current >= count || rows.includes(current);
      return isThere ? rows : [...rows, current].toSorted((a, b) => a - b);
    },
  });

  usePlace({
    scroller,
    shownKey: list.key,
    isStale,
    place: props.place,
    onOtherList: () => setCurrent(null),
  });
  const { startIndex = 0, endIndex = 0 } = virtualizer.range ?? {};
  useEffect(() => {
    actions.see(list.key, { first: startIndex, last: endIndex });
  }, [actions, list.key, startIndex, endIndex]);

  const rest = useEvent((): void => {
    const top = scroller.current?.scrollTop ?? 0;
    if (!isStale) actions.rest({ row: Math.floor(top / rowHeight), top });
  });
  const { isScrolling } = virtualizer;
  useEffect(() => {
    if (wasScrolling.current && !isScrolling) rest();
    wasScrolling.current = isScrolling;
  }, [isScrolling, rest]);

  useTableKeys({
    scroller,
    search: props.search,
    current,
    setCurrent,
    count,
    rowHeight,
    rowAt: list.rowAt,
    actions,
    beforeOpen: rest,
  });
  const rowActions = useRowActions(actions, setCurrent);

  // Not at once: a quick answer needs no sign, and a fading list would make it slower.
  const isDimmed = useLong(props.isWaiting, DIMMED_AFTER_MS);
  const width = columns.reduce((sum, column) => sum + column.width * SHRINK, FIXED_REM);
  const chosen = selectedCount(selection);
  return (
    <div className="entities-scroll" ref={scroller} onClickCapture={rest} data-selecting={chosen > 0}>
      <table
        className="entities"
        role="table"
        aria-label={messages.tableCaption}
        aria-description={messages.tableKeys}
        aria-keyshortcuts="j k x s"
        aria-rowcount={list.total + 1}
        aria-busy={props.isWaiting}
        data-dimmed={isDimmed}
        style={isCards ? undefined : { minInlineSize: `${width}rem` }}
      >
        <TableHead
          columns={columns}
          state={state}
          total={list.total}
          selection={selection}
          onSort={actions.sort}
          onSelectAll={chosen === 0 ? actions.selectAll : actions.clearSelection}
        />
        <tbody role="rowgroup" style={{ height: count * rowHeight }}>
          {virtualizer.getVirtualItems().map(({ index, start }) => {
            const row = list.rowAt(index);
            const ref = row === null ? '' : stringifyRef(row.ref);
            return (
              <TableRow
                key={index}
                index={index}
                top={start}
                height={rowHeight}
                row={row}
                columns={columns}
                isSelected={row !== null && isSelected(selection, ref)}
                isStarred={starred?.has(ref) === true}
                canStar={starred !== null}
                isCurrent={index === current}
                actions={rowActions}
              />
            );
          })}
        </tbody>
      </table>
      {count < list.total && <p className="entities-end">{messages.tooMany(count)}</p>}
    </div>
  );
}

/** The row that the keyboard came into is the current one. */
function useRowActions(actions: TableActions, setCurrent: (index: number) => void): RowActions {
  const [own] = useState<RowActions>(() => ({
    prefetch: actions.prefetch,
    select: actions.select,
    star: actions.star,
    enter: setCurrent,
  }));
  return own;
}

interface PlaceOptions {
  readonly scroller: RefObject<HTMLElement>;
  readonly shownKey: string;
  readonly isStale: boolean;
  readonly place: AddressPlace;
  readonly onOtherList: () => void;
}

/** Another list begins at its place, and an address that names another row scrolls to it. */
function usePlace({ scroller, shownKey, isStale, place, onOtherList }: PlaceOptions): void {
  const lastKey = useRef(shownKey);
  const onOther = useEvent(onOtherList);
  const { top, isReached } = place;
  useLayoutEffect(() => {
    // The rows that the address speaks of are on their way.
    if (isStale || scroller.current === null) return;
    const isOther = lastKey.current !== shownKey;
    lastKey.current = shownKey;
    if (isOther) onOther();
    if (isOther || !isReached) scroller.current.scrollTop = top;
  }, [scroller, shownKey, isStale, top, isReached, onOther]);
}
