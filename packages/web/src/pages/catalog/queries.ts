/** The catalog page's server state: the kinds there are, one page of the list, and the counts of the choices. */
import { useEffect, useRef } from 'react';
import {
  keepPreviousData,
  useQueries,
  useQuery,
  useQueryClient,
  type UseQueryResult,
} from '@tanstack/react-query';
import type { CatalogApi, FacetQuery, Facets, FacetValue, RowPage } from '../../api/catalog.ts';
import { useServices } from '../../api/services.ts';
import {
  ALL_KINDS_REQUEST,
  FACET_PATHS,
  facetRequests,
  listRequests,
  restPage,
  usualKind,
  type FacetId,
} from './requests.ts';
import type { CatalogState } from './url-state.ts';

/** A page that is left alone is read again this often, in milliseconds; an empty catalog, which waits for its first entity, more often. */
const REREAD_MS = 60_000;
const REREAD_EMPTY_MS = 3_000;

export interface CatalogData {
  /** The kind that is shown: the one that the state names, or the usual one. */
  readonly kind: string;
  /** True once it is known that the catalog holds nothing at all. */
  readonly isEmpty: boolean;
  readonly page: UseQueryResult<RowPage>;
  readonly counts: FacetCounts;
}

export interface FacetCounts {
  /** Undefined while the counts of this facet were never read. */
  readonly of: (id: FacetId) => readonly FacetValue[] | undefined;
  readonly failed: boolean;
}

export function useCatalog(state: CatalogState): CatalogData {
  const { catalog } = useServices();
  const kinds = useQuery({
    ...facetQuery(catalog, ALL_KINDS_REQUEST),
    refetchInterval: ({ state: { data } }) =>
      data?.[FACET_PATHS.kind]?.length === 0 ? REREAD_EMPTY_MS : REREAD_MS,
  }).data?.[FACET_PATHS.kind];
  const isEmpty = kinds?.length === 0;
  useRereadWhenFilled(isEmpty);
  // Until the kinds are known, components are asked for: a catalog nearly always has some.
  const kind = state.kind ?? usualKind(kinds ?? [{ value: 'component', count: 1 }]);

  const page = useQuery({
    queryKey: ['rows', listRequests(state, kind)],
    queryFn: ({ signal }) => readPage(catalog, { state, kind, signal }),
    placeholderData: keepPreviousData,
    refetchInterval: isEmpty ? REREAD_EMPTY_MS : REREAD_MS,
  });

  return { kind, isEmpty, page, counts: useCounts(catalog, state, kind) };
}

/** What was read of an empty catalog is out of date as soon as there is something in it. */
function useRereadWhenFilled(isEmpty: boolean): void {
  const client = useQueryClient();
  const wasEmpty = useRef(isEmpty);
  useEffect(() => {
    if (wasEmpty.current && !isEmpty) void client.invalidateQueries();
    wasEmpty.current = isEmpty;
  }, [client, isEmpty]);
}

function useCounts(catalog: CatalogApi, state: CatalogState, kind: string): FacetCounts {
  const requests = facetRequests(state, kind);
  const results = useQueries({ queries: requests.map((request) => facetQuery(catalog, request)) });
  const known: Record<string, readonly FacetValue[]> = {};
  for (const { data } of results) Object.assign(known, data);
  const last = useLastKnown(known);
  return { of: (id) => last[FACET_PATHS[id]], failed: results.some((result) => result.isError) };
}

/** What is known now over what was known before, so that counts do not vanish while new ones are read. */
function useLastKnown(known: Facets): Facets {
  const last = useRef<Facets>({});
  const merged = { ...last.current, ...known };
  useEffect(() => {
    last.current = merged;
  });
  return merged;
}

async function readPage(
  catalog: CatalogApi,
  options: { readonly state: CatalogState; readonly kind: string; readonly signal: AbortSignal },
): Promise<RowPage> {
  const { state, kind, signal } = options;
  const { sorted, rest } = listRequests(state, kind);
  const first = await catalog.rows(sorted, signal);
  if (rest === null) return first;
  const wanted = state.pageSize;
  const next = restPage({ ...state, wanted, found: first.rows.length, sortedTotal: first.total });
  // One row is asked for even when none is needed: the answer says how many there are.
  const second = await catalog.rows({ ...rest, offset: next.offset, limit: Math.max(1, next.limit) }, signal);
  return {
    rows: [...first.rows, ...second.rows.slice(0, next.limit)],
    total: first.total + second.total,
  };
}

interface FacetQueryOptions {
  readonly queryKey: readonly [string, FacetQuery];
  readonly queryFn: (context: { readonly signal: AbortSignal }) => Promise<Facets>;
  readonly refetchInterval: number;
}

function facetQuery(catalog: CatalogApi, request: FacetQuery): FacetQueryOptions {
  return {
    queryKey: ['facets', request],
    queryFn: ({ signal }) => catalog.facets(request, signal),
    refetchInterval: REREAD_MS,
  };
}
