/**
 * The address as the state of the page, both ways. What is typed counts at once and reaches the address when typing
 * pauses; the place in the list reaches it when scrolling ends, so that Back and reload come to the same rows.
 */
import { useEffect, useMemo } from 'react';
import { NavigationType, useLocation, useNavigationType, useSearchParams } from 'react-router-dom';
import { isObject } from '@callboard/model';
import { parseBackstageState } from './backstage-address.ts';
import type { AddressPlace, Place } from './table-actions.ts';
import { narrowed, parseCatalogState, toCatalogParams, type CatalogState, type Go } from './url-state.ts';
import { useEvent } from './use-event.ts';
import { useTypedText } from './use-typed-text.ts';

export interface Address {
  /** What the address says; the same object until it changes. */
  readonly state: CatalogState;
  /** The same with what is typed now. */
  readonly typed: CatalogState;
  /** The text of the search field. */
  readonly text: string;
  readonly setText: (text: string) => void;
  /** Adds an entry to the history. */
  readonly go: Go;
  readonly place: AddressPlace;
  /** Writes where the list came to rest. */
  readonly rest: (place: Place) => void;
}

export function useAddress(rowHeight: number): Address {
  const [params, setParams] = useSearchParams();
  const location = useLocation();
  const how = useNavigationType();
  const written = params.toString();
  const backstage = useMemo(() => parseBackstageState(new URLSearchParams(written)), [written]);
  const state = useMemo(
    () => backstage ?? parseCatalogState(new URLSearchParams(written)),
    [backstage, written],
  );
  useEffect(() => {
    if (backstage !== null) setParams(toCatalogParams(backstage), { replace: true });
  }, [backstage, setParams]);

  const { text, setText, follow } = useTypedText(state.text, (next) =>
    setParams((now) => toCatalogParams(narrowed(parseCatalogState(now), { text: next })), { replace: true }),
  );
  const typed = useMemo(() => (text === state.text ? state : narrowed(state, { text })), [state, text]);

  const top = topIn(location.state);
  const isReached = top !== null && how === NavigationType.Replace;
  const place: AddressPlace = {
    row: typed.row,
    // The exact place, unless rows have another height now.
    top: top !== null && Math.floor(top / rowHeight) === typed.row ? top : typed.row * rowHeight,
    isReached,
  };
  return {
    state,
    typed,
    text,
    setText,
    go: useEvent((change) => {
      const next = change(typed);
      follow(next.text);
      setParams(toCatalogParams(next));
    }),
    place,
    rest: useEvent((reached) => {
      if (reached.top === place.top || text !== state.text || backstage !== null) return;
      const next = toCatalogParams({ ...state, row: reached.row });
      setParams(next, { replace: true, state: { top: reached.top } });
    }),
  };
}

/** Pixels, as `rest` left them in the history; null in an entry of somebody else. */
function topIn(state: unknown): number | null {
  const top = isObject(state) ? state['top'] : undefined;
  return typeof top === 'number' && Number.isFinite(top) && top >= 0 ? top : null;
}
