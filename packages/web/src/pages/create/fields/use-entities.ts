/** Entities to choose from. The catalog is searched as somebody types; only what is shown is read, however many there are. */
import { stringifyRef } from '@callboard/model';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { Predicate } from '../../../api/catalog.ts';
import type { EntityRow } from '../../../api/entity.ts';
import { useServices } from '../../../api/services.ts';
import { shortName } from '../../../parts/ref-text.ts';
import type { Option } from './option-rows.ts';
import { usePaused } from './use-paused.ts';

/** More are not looked through by anybody: they type. */
const SHOWN = 50;
const FRESH_FOR_MS = 30_000;
const TEXT_FIELDS = ['metadata.name', 'metadata.title', 'spec.profile.displayName'];

export interface EntityChoices {
  readonly options: readonly Option[];
  /** How many there are beside those. */
  readonly more: number;
  readonly isLoading: boolean;
  readonly isFailed: boolean;
  /** Whether this is the answer to what is typed. */
  readonly isCurrent: boolean;
  readonly total: number | null;
}

export interface ChoiceQuery {
  readonly predicate: Predicate | undefined;
  /** What is typed; empty: all. */
  readonly text: string;
  readonly isEnabled: boolean;
}

export function useEntityChoices({ predicate, text, isEnabled }: ChoiceQuery): EntityChoices {
  const { catalog } = useServices();
  const term = usePaused(text.trim());
  const query = useQuery({
    queryKey: ['create', 'choices', predicate ?? null, term],
    enabled: isEnabled,
    staleTime: FRESH_FOR_MS,
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) =>
      catalog.rows(
        {
          ...(predicate !== undefined && { query: predicate }),
          ...(term !== '' && { fullTextFilter: { term, fields: TEXT_FIELDS } }),
          orderBy: [{ field: 'metadata.name', order: 'asc' }],
          offset: 0,
          limit: SHOWN,
        },
        signal,
      ),
  });
  const { rows = [], total = null } = query.data ?? {};
  return {
    options: rows.map(toOption),
    more: Math.max(0, (total ?? 0) - rows.length),
    isLoading: query.isFetching,
    isFailed: query.isError,
    isCurrent: query.isSuccess && !query.isPlaceholderData && term === text.trim(),
    total: query.isSuccess && !query.isPlaceholderData ? total : null,
  };
}

function toOption(row: EntityRow): Option {
  return { value: stringifyRef(row.ref), title: row.title ?? row.name, detail: shortName(row.ref) };
}

/** What entities are called, by reference; null for one that is not in the catalog. Undefined while that is not known. */
export function useTitles(refs: readonly string[]): ReadonlyMap<string, string | null> | undefined {
  const { catalog } = useServices();
  const query = useQuery({
    queryKey: ['create', 'titles', refs],
    enabled: refs.length > 0,
    staleTime: FRESH_FOR_MS,
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }) => {
      const rows = await catalog.byRefs(refs, signal);
      return new Map(refs.map((ref, index) => [ref, titleOf(rows[index] ?? null)]));
    },
  });
  return query.data;
}

function titleOf(row: EntityRow | null): string | null {
  return row === null ? null : (row.title ?? row.name);
}
