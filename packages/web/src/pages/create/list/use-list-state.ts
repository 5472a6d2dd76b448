/** The choice of the list and the address, both ways. What is typed reaches the address when typing pauses. */
import { useMemo } from 'react';
import { useSearchParams } from 'react-router-dom';
import { useTypedText } from '../../catalog/use-typed-text.ts';
import { parseListState, toListParams, type ListState } from './list-state.ts';

export interface ListAddress {
  readonly state: ListState;
  readonly text: string;
  readonly setText: (text: string) => void;
  readonly choose: (change: Partial<ListState>) => void;
}

export function useListState(): ListAddress {
  const [params, setParams] = useSearchParams();
  const written = params.toString();
  const state = useMemo(() => parseListState(new URLSearchParams(written)), [written]);
  const { text, setText, follow } = useTypedText(state.text, (next) =>
    setParams((now) => toListParams({ ...parseListState(now), text: next }), { replace: true }),
  );
  return {
    state: useMemo(() => ({ ...state, text }), [state, text]),
    text,
    setText,
    choose(change) {
      const next = { ...state, text, ...change };
      follow(next.text);
      setParams(toListParams(next));
    },
  };
}
