/** Which columns the list has: those that the address names, else the person's own, else the usual ones. */
import { useMemo } from 'react';
import { useSetting, type Setting } from '../../api/use-setting.ts';
import {
  DEFAULT_COLUMNS,
  parseColumns,
  sameColumns,
  shownColumns,
  type Column,
  type ColumnId,
} from './columns.ts';
import { ALL_KINDS, type CatalogState, type Go } from './url-state.ts';
import { useEvent } from './use-event.ts';

/** Null: nothing was ever chosen. */
const SETTING: Setting<readonly ColumnId[] | null> = {
  bucket: 'catalog',
  key: 'columns',
  parse: (value) => (Array.isArray(value) ? parseColumns(value) : null),
};

/** The same object until something changes. */
export interface ColumnChoice {
  readonly chosen: readonly ColumnId[];
  /** Those of `chosen` that have something to say of this list. */
  readonly shown: readonly Column[];
  /** The choice could not be saved; the address has it. */
  readonly isUnsaved: boolean;
  readonly choose: (columns: readonly ColumnId[]) => void;
}

export function useColumns(
  state: CatalogState,
  { kind, go }: { readonly kind: string; readonly go: Go },
): ColumnChoice {
  const own = useSetting(SETTING);
  const chosen = state.columns ?? own.value ?? DEFAULT_COLUMNS;
  const key = chosen.join(',');
  const isOneKind = kind !== ALL_KINDS;
  const isUnsaved = own.error !== null;
  const choose = useEvent((columns: readonly ColumnId[]) => {
    own.change(() => columns);
    const isUsual = sameColumns(columns, DEFAULT_COLUMNS);
    go((now) => ({ ...now, columns: isUsual ? null : columns }));
  });
  return useMemo(() => {
    const columns = parseColumns(key.split(','));
    return { chosen: columns, shown: shownColumns(columns, isOneKind), isUnsaved, choose };
  }, [key, isOneKind, isUnsaved, choose]);
}
