/** The windows in which a long list is read: the parts of equal size that cover what is on the screen. */

/** Rows in a window. */
export const WINDOW_ROWS = 100;
/** A window within this many rows of the screen is read ahead. */
const AHEAD_ROWS = 40;

/** Rows on the screen, from 0, both included. */
export interface RowRange {
  readonly first: number;
  readonly last: number;
}

/** The windows that hold a range. */
export function windowsOf({ first, last }: RowRange): readonly number[] {
  const from = windowOf(Math.max(0, first));
  const to = windowOf(Math.max(0, last));
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}

/** The windows beside a range that will be wanted next, of a list with `total` rows. */
export function windowsAhead({ first, last }: RowRange, total: number): readonly number[] {
  if (total === 0) return [];
  const shown = windowsOf({ first, last });
  const around = { first: first - AHEAD_ROWS, last: Math.min(last + AHEAD_ROWS, total - 1) };
  return windowsOf(around).filter((window) => !shown.includes(window));
}

export function windowOf(row: number): number {
  return Math.floor(row / WINDOW_ROWS);
}
