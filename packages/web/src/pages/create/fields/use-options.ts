/** The options of a field, found by what is typed: here where all are known, by the server where only the first were sent. */
import { useEffect, useMemo, useState } from 'react';
import type { FieldState, FormSession, Option as FormOption } from '@callboard/form';
import { keyOfValue, textOfValue } from '../form/option-words.ts';
import { findOptions, inGroups, type Option } from './option-rows.ts';
import { usePaused } from './use-paused.ts';

const NONE: readonly FormOption[] = [];

export interface FoundOptions {
  readonly options: readonly Option[];
  /** How many there are beside those. */
  readonly more: number;
  readonly isLoading: boolean;
  /** What the server says of a search that failed; null when none did. */
  readonly failure: string | null;
  /** What an option stands for. */
  readonly valueOf: (key: string) => FormOption | undefined;
}

export function useOptions(session: FormSession, state: FieldState, text: string): FoundOptions {
  const ready = state.options?.status === 'ready' ? state.options : null;
  const all = ready?.options ?? NONE;
  const shown = useMemo(() => inGroups(all.map(toShown)), [all]);
  const isAsked = ready?.isTruncated === true && text.trim() !== '';
  const search = useSearch({ session, state, text: text.trim(), isAsked });
  const found = isAsked ? search.options : NONE;
  const options = useMemo(
    () => (isAsked ? inGroups(found.map(toShown)) : findOptions(shown, text)),
    [isAsked, found, shown, text],
  );
  const total = isAsked ? search.total : (ready?.total ?? 0);
  const isCut = isAsked || (ready?.isTruncated === true && text.trim() === '');
  return {
    options,
    more: isCut ? Math.max(0, total - options.length) : 0,
    isLoading: isAsked && search.isLoading,
    failure: isAsked ? search.failure : null,
    valueOf: (key) => [...found, ...all].find(({ value }) => toKey(value) === key),
  };
}

interface Search {
  readonly options: readonly FormOption[];
  readonly total: number;
  readonly isLoading: boolean;
  readonly failure: string | null;
}

const NOT_SEARCHED: Search = { options: NONE, total: 0, isLoading: true, failure: null };

function useSearch(asked: {
  readonly session: FormSession;
  readonly state: FieldState;
  readonly text: string;
  readonly isAsked: boolean;
}): Search {
  const { session, isAsked } = asked;
  const text = usePaused(asked.text);
  const { id, options } = asked.state;
  const [search, setSearch] = useState(NOT_SEARCHED);
  useEffect(() => {
    if (!isAsked) {
      setSearch(NOT_SEARCHED);
      return undefined;
    }
    const stop = new AbortController();
    setSearch((before) => ({ ...before, isLoading: true, failure: null }));
    const ask = async (): Promise<void> => {
      try {
        const answer = await session.search(id, text, stop.signal);
        if (!stop.signal.aborted) setSearch({ ...answer, isLoading: false, failure: null });
      } catch (thrown) {
        if (stop.signal.aborted) return;
        const failure = thrown instanceof Error ? thrown.message : String(thrown);
        setSearch({ options: NONE, total: 0, isLoading: false, failure });
      }
    };
    void ask();
    return () => stop.abort();
  }, [session, id, text, isAsked, options]);
  return text === asked.text ? search : { ...search, isLoading: true };
}

/** A text is itself, so that somebody may type it. */
export function toKey(value: unknown): string {
  return typeof value === 'string' ? value : `\u0000${keyOfValue(value)}`;
}

function toShown({ value, label, description, group }: FormOption): Option {
  return {
    value: toKey(value),
    title: label === '' ? textOfValue(value) : label,
    ...(description !== undefined && { detail: description }),
    ...(group !== undefined && { group }),
  };
}
