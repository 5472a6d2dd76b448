/** What is selected in the list, one by one, by range or as a whole. It ends with the page. */
import { useRef, useState } from 'react';
import { stringifyRef } from '@callboard/model';
import { useQueryClient } from '@tanstack/react-query';
import { useServices } from '../../api/services.ts';
import { isSelected, NOTHING, selectAll, withRefs, type Selection } from './selection.ts';
import { useEvent } from './use-event.ts';
import { readRange, type EntityList } from './use-list.ts';

export interface SelectionState {
  readonly selection: Selection;
  readonly select: (index: number, ref: string, how: 'one' | 'range') => void;
  readonly selectAll: () => void;
  readonly clear: () => void;
}

/** `filterKey`: equal for lists of the same entities, whatever their order. */
export function useSelection(
  list: EntityList | null,
  { filterKey, fields }: { readonly filterKey: string; readonly fields: readonly string[] },
): SelectionState {
  const { client } = useServices();
  const cache = useQueryClient();
  const [state, setState] = useState<{ readonly of: string; readonly selection: Selection }>({
    of: filterKey,
    selection: NOTHING,
  });
  const anchor = useRef<number | null>(null);
  // A whole list is selected only as long as it is the list; what was picked one by one stays.
  const isOver = state.selection.kind === 'query' && state.of !== filterKey;
  const selection = isOver ? NOTHING : state.selection;
  const set = (next: Selection): void => setState({ of: filterKey, selection: next });

  const selectRange = async (from: number, to: number): Promise<void> => {
    if (list === null) return;
    const range = { first: Math.min(from, to), last: Math.max(from, to) };
    try {
      const rows = await readRange(cache, client, { list, fields, range });
      const refs = rows.map((row) => stringifyRef(row.ref));
      setState((now) => ({ of: filterKey, selection: withRefs(now.selection, refs, 'add') }));
    } catch {
      // The rows are shown as not read, with the error and a way to try again.
    }
  };

  return {
    selection,
    select: useEvent((index, ref, how) => {
      const from = anchor.current;
      anchor.current = index;
      if (how === 'range' && from !== null && from !== index) {
        void selectRange(from, index);
        return;
      }
      set(withRefs(selection, [ref], isSelected(selection, ref) ? 'remove' : 'add'));
    }),
    selectAll: useEvent(() => {
      if (list !== null) set(selectAll(list.request, list.total));
    }),
    clear: useEvent(() => {
      anchor.current = null;
      if (selection !== NOTHING) set(NOTHING);
    }),
  };
}
