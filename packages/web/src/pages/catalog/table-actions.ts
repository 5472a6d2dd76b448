/** What the parts of the list ask the page to do. */
import type { EntityRef } from '@callboard/model';
import type { SortField } from './columns.ts';
import type { RowRange } from './windows.ts';

/** What can be done to a row. The object has to stay the same, or every row is rendered again. */
export interface RowActions {
  /** Loads the page of an entity ahead of the click. */
  readonly prefetch: (ref: EntityRef) => void;
  /** `range`: from the row that was selected last to this one. */
  readonly select: (index: number, ref: string, how: 'one' | 'range') => void;
  readonly star: (ref: EntityRef) => void;
  /** The keyboard came into the row. */
  readonly enter: (index: number) => void;
}

/** The functions have to stay the same. */
export interface TableActions extends Omit<RowActions, 'enter'> {
  readonly sort: (field: SortField) => void;
  readonly selectAll: () => void;
  readonly clearSelection: () => void;
  /** What is on the screen now, of the list with this key. */
  readonly see: (key: string, range: RowRange) => void;
  /** The list came to rest, or is about to be left. */
  readonly rest: (place: Place) => void;
  readonly open: (ref: EntityRef) => void;
}

export interface Place {
  /** The row at the top, from 0. */
  readonly row: number;
  /** Pixels that are scrolled. */
  readonly top: number;
}

/** Where the address says that the list is. */
export interface AddressPlace extends Place {
  /** The list came to rest there, and the address only says so: nothing has to be scrolled. */
  readonly isReached: boolean;
}
