/** The templates of the catalog, and what there is to choose from. */
import {
  keepPreviousData,
  useInfiniteQuery,
  useQuery,
  type InfiniteData,
  type UseInfiniteQueryResult,
} from '@tanstack/react-query';
import type { FacetValue, RowPage } from '../../../api/catalog.ts';
import { useOwnership } from '../../../api/ownership.ts';
import { useServices } from '../../../api/services.ts';
import { useStarred } from '../../../api/starred.ts';
import type { ListState } from './list-state.ts';
import { FACET_PATHS, facetQuery, templatesQuery, type FacetName, type Viewer } from './requests.ts';

const PAGE = 48;
const FRESH_FOR_MS = 30_000;

function useViewer(): Viewer & { readonly isKnown: boolean } {
  const ownsAs = useOwnership();
  const { refs, isKnown } = useStarred();
  return { ownsAs, starred: refs, isKnown };
}

export function useTemplates(state: ListState): UseInfiniteQueryResult<InfiniteData<RowPage>> {
  const { catalog } = useServices();
  const { isKnown, ...viewer } = useViewer();
  const query = templatesQuery(state, viewer);
  return useInfiniteQuery({
    queryKey: ['create', 'templates', query],
    enabled: isKnown || state.show !== 'starred',
    initialPageParam: 0,
    placeholderData: keepPreviousData,
    queryFn: ({ pageParam, signal }) => catalog.rows({ ...query, offset: pageParam, limit: PAGE }, signal),
    getNextPageParam: (last, pages) => {
      const read = pages.reduce((sum, { rows }) => sum + rows.length, 0);
      return last.rows.length > 0 && read < last.total ? read : null;
    },
  });
}

/** Undefined while they are read, and when they cannot be. */
export function useFacet(state: ListState, facet: FacetName): readonly FacetValue[] | undefined {
  const { catalog } = useServices();
  const { isKnown, ...viewer } = useViewer();
  const asked = facetQuery(state, viewer, facet);
  const query = useQuery({
    queryKey: ['create', 'facet', asked],
    enabled: isKnown || state.show !== 'starred',
    staleTime: FRESH_FOR_MS,
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }) => (await catalog.facets(asked, signal))[FACET_PATHS[facet]] ?? [],
  });
  return query.data;
}
