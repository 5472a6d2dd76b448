/** The choices below a field, with the one that the keyboard is on in sight. Of many only those that are seen exist. */
import { useEffect, useMemo, useRef, type CSSProperties, type ReactElement } from 'react';
import { defaultRangeExtractor, useVirtualizer } from '@tanstack/react-virtual';
import { messages } from '../messages.ts';
import { toRows, type Option, type OptionRow } from './option-rows.ts';

export interface OptionListProps {
  readonly id: string;
  readonly options: readonly Option[];
  readonly active: number | null;
  readonly more: number;
  /** A sentence instead of the choices; null while there are some. */
  readonly state: string | null;
  readonly onPick: (option: Option) => void;
  readonly onPoint: (index: number) => void;
}

/** So many rows are simply there. */
const MOST_PLAIN = 80;
/** Before a row is measured, in pixels. */
const ROW_PX = 34;
const OVERSCAN = 8;

export function OptionList(props: OptionListProps): ReactElement {
  const { id, options, more, state } = props;
  const rows = useMemo(() => toRows(options), [options]);
  const List = rows.length > MOST_PLAIN ? VirtualList : PlainList;
  return (
    // Pressing in the list must not take the focus from the field.
    <div className="combo-popup" onMouseDown={(event) => event.preventDefault()}>
      {rows.length > 0 ? (
        <List {...props} rows={rows} />
      ) : (
        <div id={id} className="combo-list" role="listbox" aria-label={messages.open} />
      )}
      <p className="combo-state" role="status">
        {state ?? (more > 0 ? messages.moreFound(more) : '')}
      </p>
    </div>
  );
}

interface ListProps extends OptionListProps {
  readonly rows: readonly OptionRow[];
}

function PlainList({ id, rows, options, active, onPick, onPoint }: ListProps): ReactElement {
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (active === null) return;
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  }, [active]);
  return (
    <div id={id} ref={list} className="combo-list" role="listbox" aria-label={messages.open}>
      {rows.map((row) => (
        <Row
          key={keyOf(row)}
          row={row}
          listId={id}
          isActive={row.kind === 'option' && row.index === active}
          count={options.length}
          onPick={onPick}
          onPoint={onPoint}
        />
      ))}
    </div>
  );
}

function VirtualList({ id, rows, options, active, onPick, onPoint }: ListProps): ReactElement {
  const list = useRef<HTMLDivElement>(null);
  const at = useMemo(
    () => (active === null ? -1 : rows.findIndex((row) => row.kind === 'option' && row.index === active)),
    [rows, active],
  );
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => list.current,
    estimateSize: () => ROW_PX,
    overscan: OVERSCAN,
    getItemKey: (index) => keyOf(rows[index]),
    // What the keyboard is on has to exist, or a screen reader does not find it.
    rangeExtractor: (range) => {
      const seen = defaultRangeExtractor(range);
      return at === -1 || seen.includes(at) ? seen : [...seen, at].toSorted((a, b) => a - b);
    },
  });
  useEffect(() => {
    if (at !== -1) virtualizer.scrollToIndex(at, { align: 'auto' });
  }, [at, virtualizer]);
  return (
    <div id={id} ref={list} className="combo-list" role="listbox" aria-label={messages.open}>
      <div className="combo-rows" role="presentation" style={{ height: virtualizer.getTotalSize() }}>
        {virtualizer.getVirtualItems().map(({ index, key, start }) => {
          const row = rows[index];
          if (row === undefined) return null;
          return (
            <Row
              key={key}
              row={row}
              listId={id}
              isActive={index === at}
              count={options.length}
              onPick={onPick}
              onPoint={onPoint}
              place={{
                index,
                measure: virtualizer.measureElement,
                style: { transform: `translateY(${start}px)` },
              }}
            />
          );
        })}
      </div>
    </div>
  );
}

interface RowProps {
  readonly row: OptionRow;
  readonly listId: string;
  readonly isActive: boolean;
  /** Of all options. */
  readonly count: number;
  readonly onPick: (option: Option) => void;
  readonly onPoint: (index: number) => void;
  /** Where rows are placed one by one. */
  readonly place?: {
    readonly index: number;
    readonly measure: (element: HTMLElement | null) => void;
    readonly style: CSSProperties;
  };
}

function Row({ row, listId, isActive, count, onPick, onPoint, place }: RowProps): ReactElement {
  const placed = place !== undefined && {
    ref: place.measure,
    style: place.style,
    'data-index': place.index,
    'data-placed': true,
  };
  if (row.kind === 'group') {
    return (
      <div {...placed} className="combo-group" role="presentation">
        <bdi>{row.title}</bdi>
      </div>
    );
  }
  const { option, index } = row;
  return (
    <div
      {...placed}
      id={`${listId}-${index}`}
      role="option"
      aria-selected={isActive}
      aria-setsize={count}
      aria-posinset={index + 1}
      className="combo-option"
      onPointerMove={() => onPoint(index)}
      onClick={() => onPick(option)}
    >
      <bdi className="combo-title">{option.title}</bdi>
      {option.group !== undefined && <span className="cb-hidden">, {option.group}</span>}
      {option.detail !== undefined && option.detail !== option.title && (
        <bdi className="combo-detail">{option.detail}</bdi>
      )}
    </div>
  );
}

function keyOf(row: OptionRow | undefined): string {
  if (row === undefined) return '';
  return row.kind === 'group' ? `group ${row.title}` : `option ${row.option.value}`;
}
