/** Whether a media query holds, as state; and how many pixels the lengths of the list are. */
import { useCallback, useMemo, useSyncExternalStore } from 'react';

/** Below this there is no room for the filters beside the list. */
export const NARROW = '(max-width: 68rem)';
/** Below this rows are cards. */
const CARDS = '(max-width: 50rem)';

/** In rem, as in list.css. */
const ROW_REM = 3.25;
const CARD_REM = 5.25;

export function useMedia(query: string): boolean {
  const subscribe = useCallback(
    (listener: () => void) => {
      const list = matchMedia(query);
      list.addEventListener('change', listener);
      return () => list.removeEventListener('change', listener);
    },
    [query],
  );
  return useSyncExternalStore(subscribe, () => matchMedia(query).matches);
}

export interface RowLayout {
  readonly isCards: boolean;
  /** Height of a row in whole pixels: a long list is scrolled exactly only then. */
  readonly rowHeight: number;
}

export function useRowLayout(): RowLayout {
  const isCards = useMedia(CARDS);
  const rem = useMemo(() => Number.parseFloat(getComputedStyle(document.documentElement).fontSize), []);
  return { isCards, rowHeight: Math.round((isCards ? CARD_REM : ROW_REM) * rem) };
}
