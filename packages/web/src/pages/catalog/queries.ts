/** The catalog page's server state beside the list: the kinds there are, and the counts of the choices. */
import { useEffect, useRef } from 'react';
import { keepPreviousData, useQueries, useQuery, useQueryClient } from '@tanstack/react-query';
import type { CatalogApi, FacetQuery, Facets, FacetValue } from '../../api/catalog.ts';
import { useServices } from '../../api/services.ts';
import { readTotal } from './read-rows.ts';
import {
  ALL_KINDS_REQUEST,
  FACET_PATHS,
  facetRequests,
  listRequest,
  usualKind,
  type FacetId,
  type Filter,
  type Person,
} from './requests.ts';
import { START, type CatalogState, type Show } from './url-state.ts';

/** A page that is left alone is read again this often, in milliseconds; an empty catalog, which waits for its first entity, more often. */
export const REREAD_MS = 60_000;
export const REREAD_EMPTY_MS = 3_000;

export interface Kinds {
  /** The kind that is shown: the one that the state names, or the usual one. */
  readonly kind: string;
  /** True once it is known that the catalog holds nothing at all. */
  readonly isEmpty: boolean;
}

export function useKinds(state: CatalogState): Kinds {
  const { catalog } = useServices();
  const kinds = useQuery({
    ...facetQuery(catalog, ALL_KINDS_REQUEST),
    refetchInterval: ({ state: { data } }) =>
      data?.[FACET_PATHS.kind]?.length === 0 ? REREAD_EMPTY_MS : REREAD_MS,
  }).data?.[FACET_PATHS.kind];
  const isEmpty = kinds?.length === 0;
  useRereadWhenFilled(isEmpty);
  // Until the kinds are known, components are asked for: a catalog nearly always has some.
  return { kind: state.kind ?? usualKind(kinds ?? [{ value: 'component', count: 1 }]), isEmpty };
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

export interface FacetCounts {
  /** Undefined while the counts of this facet were never read. */
  readonly of: (id: FacetId) => readonly FacetValue[] | undefined;
  /** How many a choice of `show` would give; undefined while that is not known. Everybody's are not counted. */
  readonly ofShow: (show: Show) => number | undefined;
  readonly failed: boolean;
}

/** `person`: null while it is not known what they starred; that is counted later then. */
export function useCounts(
  { state, kind }: Pick<Filter, 'kind'> & { readonly state: CatalogState },
  person: Person | null,
): FacetCounts {
  const { catalog } = useServices();
  const filter: Filter = { state, kind, person: person ?? { ownsAs: [], starred: [] } };
  const isKnown = person !== null || state.show !== 'starred';
  const requests = isKnown ? facetRequests(filter) : [];
  const results = useQueries({ queries: requests.map((request) => facetQuery(catalog, request)) });
  const known: Record<string, readonly FacetValue[]> = {};
  for (const { data } of results) Object.assign(known, data);
  const last = useLastKnown(known);
  const mine = useTotal({ ...filter, state: { ...state, show: 'mine' } }, 'known');
  const starred = useTotal(
    { ...filter, state: { ...state, show: 'starred' } },
    person === null ? 'unknown' : 'known',
  );
  const totals: Readonly<Record<Show, number | undefined>> = { all: undefined, mine, starred };
  return {
    of: (id) => last[FACET_PATHS[id]],
    ofShow: (show) => totals[show],
    failed: results.some((result) => result.isError),
  };
}

function useTotal(filter: Filter, person: 'known' | 'unknown'): number | undefined {
  const { client } = useServices();
  const { sorted } = listRequest(filter, START);
  return useQuery({
    queryKey: ['total', sorted],
    queryFn: ({ signal }) => readTotal(client, sorted, signal),
    placeholderData: keepPreviousData,
    enabled: person === 'known',
    refetchInterval: REREAD_MS,
  }).data;
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
