/**
 * The keys of the list. Wherever on the page the keyboard is, unless somebody types: `j` and `k` move from row to row,
 * `x` selects (with Shift: up to here), `s` stars, `/` goes to the search, Escape clears the selection. In the list
 * itself also the arrows, Home, End and the page keys, and Enter opens.
 */
import { useEffect, useLayoutEffect, useRef, type RefObject } from 'react';
import { stringifyRef } from '@callboard/model';
import { useShortcuts } from '../../shell/shortcuts.ts';
import { messages } from './messages.ts';
import type { ListedRow } from './row.ts';
import type { TableActions } from './table-actions.ts';
import { useEvent } from './use-event.ts';

export interface TableKeysOptions {
  readonly scroller: RefObject<HTMLElement>;
  readonly search: RefObject<HTMLElement>;
  readonly current: number | null;
  readonly setCurrent: (index: number) => void;
  /** Rows that can be scrolled to. */
  readonly count: number;
  readonly rowHeight: number;
  readonly rowAt: (index: number) => ListedRow | null;
  readonly actions: Pick<TableActions, 'select' | 'star' | 'open' | 'clearSelection'>;
  readonly beforeOpen: () => void;
}

export function useTableKeys(options: TableKeysOptions): void {
  const { scroller, current } = options;
  const wantsFocus = useRef(false);

  const moveTo = (index: number): void => {
    const to = Math.min(Math.max(0, index), options.count - 1);
    const element = scroller.current;
    if (element === null || to < 0) return;
    reveal(element, to, options.rowHeight);
    wantsFocus.current = true;
    if (to === current) focusRow(element, to);
    options.setCurrent(to);
  };
  useLayoutEffect(() => {
    if (!wantsFocus.current || current === null || scroller.current === null) return;
    wantsFocus.current = !focusRow(scroller.current, current);
  });

  const step = (by: number, isInList: boolean): void => {
    const element = scroller.current;
    if (element === null) return;
    moveTo(startOf({ element, current, isInList, rowHeight: options.rowHeight }) + by);
  };
  const isInList = (): boolean => scroller.current?.contains(document.activeElement) === true;
  /** The row that the keyboard is in, or was in last, as long as it is there. */
  const onCurrent = (act: (row: ListedRow, index: number) => void): void => {
    if (current === null || scroller.current === null || findRow(scroller.current, current) === null) return;
    const row = options.rowAt(current);
    if (row !== null) act(row, current);
  };
  const { actions } = options;
  const select = (how: 'one' | 'range'): void =>
    onCurrent((row, index) => actions.select(index, stringifyRef(row.ref), how));
  useShortcuts([
    {
      keys: '/',
      title: messages.keySearch,
      run: () => options.search.current?.querySelector('input')?.focus(),
    },
    { keys: 'j', title: messages.keyNext, run: () => step(1, isInList()) },
    { keys: 'k', title: messages.keyPrevious, run: () => step(-1, isInList()) },
    { keys: 'x', title: messages.keySelect, run: () => select('one') },
    { keys: 'X', title: messages.keySelectRange, run: () => select('range') },
    { keys: 's', title: messages.keyStar, run: () => onCurrent((row) => actions.star(row.ref)) },
    { keys: 'Escape', title: messages.selectNone, run: actions.clearSelection },
  ]);

  const onKey = useEvent((event: KeyboardEvent): void => {
    const element = scroller.current;
    const { target, key } = event;
    if (element === null || !(target instanceof Element) || isTaken(event)) return;
    const isHere = element.contains(target);
    const isInSearch = options.search.current?.contains(target) === true;
    // From the search the keyboard goes down into the list; other keys are for the text.
    if (isInSearch && key !== 'ArrowDown') return;
    if (!isHere && !isInSearch && target !== document.body && target.id !== 'content') return;
    if (key === 'Enter' && target instanceof HTMLTableRowElement) {
      event.preventDefault();
      onCurrent((row) => {
        options.beforeOpen();
        actions.open(row.ref);
      });
      return;
    }
    const page = Math.max(1, Math.floor(element.clientHeight / options.rowHeight) - 2);
    const by = new Map([
      ['ArrowDown', 1],
      ['ArrowUp', -1],
      ['PageDown', page],
      ['PageUp', -page],
      ['Home', -options.count],
      ['End', options.count],
    ]).get(key);
    if (by === undefined) return;
    event.preventDefault();
    step(by, isHere);
  });

  const { search } = options;
  useEffect(() => {
    // The search field keeps its keys to itself; this listener is closer to it than React's.
    const box = search.current;
    box?.addEventListener('keydown', onKey);
    document.addEventListener('keydown', onKey);
    return () => {
      box?.removeEventListener('keydown', onKey);
      document.removeEventListener('keydown', onKey);
    };
  }, [search, onKey]);
}

/** The row that a step begins at: the current one while the keyboard is on it or it is on the screen. */
function startOf(options: {
  readonly element: HTMLElement;
  readonly current: number | null;
  readonly isInList: boolean;
  readonly rowHeight: number;
}): number {
  const { element, current, isInList, rowHeight } = options;
  const first = Math.ceil(element.scrollTop / rowHeight);
  if (current === null) return first - 1;
  const last = first + Math.floor(element.clientHeight / rowHeight);
  return isInList || (current >= first && current <= last) ? current : first - 1;
}

/** Scrolls no further than needed, so that the row is below the head and above what floats over the end of the list. */
function reveal(element: HTMLElement, index: number, rowHeight: number): void {
  const head = element.querySelector('thead')?.clientHeight ?? 0;
  const margin = Number.parseFloat(getComputedStyle(element).scrollPaddingBlockEnd) || 0;
  const top = index * rowHeight;
  const bottom = head + top + rowHeight + margin;
  if (top < element.scrollTop) element.scrollTop = top;
  else if (bottom > element.scrollTop + element.clientHeight) {
    element.scrollTop = bottom - element.clientHeight;
  }
}

function focusRow(element: HTMLElement, index: number): boolean {
  const row = findRow(element, index);
  row?.focus({ preventScroll: true });
  return row !== null;
}

function findRow(element: HTMLElement, index: number): HTMLElement | null {
  return element.querySelector<HTMLElement>(`tr[data-index="${index}"]`);
}

/** Somebody else handled the key, or it is a shortcut of the browser. */
function isTaken(event: KeyboardEvent): boolean {
  return event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey;
}
