/** The history's server state: its pages, and the difference between two versions. */
import { stringifyRef, type EntityRef } from '@callboard/model';
import {
  useInfiniteQuery,
  useQuery,
  type InfiniteData,
  type UseInfiniteQueryResult,
  type UseQueryResult,
} from '@tanstack/react-query';
import { statusOf } from '../../../api/error.ts';
import { readHistory, type Version, type VersionPage } from '../../../api/history.ts';
import { useServices } from '../../../api/services.ts';
import { diffVersions, type LineDiff } from './line-diff.ts';

const PAGE = 20;
const REREAD_MS = 30_000;
const NOTHING: VersionPage = { versions: [], next: null };

/** No versions for what the catalog never had. */
export function useHistory(ref: EntityRef): UseInfiniteQueryResult<InfiniteData<VersionPage>> {
  const { client } = useServices();
  return useInfiniteQuery({
    queryKey: ['history', stringifyRef(ref)],
    initialPageParam: firstPage(),
    refetchInterval: REREAD_MS,
    queryFn: async ({ pageParam, signal }) => {
      try {
        return await readHistory(client, { ref, before: pageParam, limit: PAGE }, signal);
      } catch (thrown) {
        if (statusOf(thrown) === 404) return NOTHING;
        throw thrown;
      }
    },
    getNextPageParam: ({ next }) => next,
  });
}

function firstPage(): string | null {
  return null;
}

/** The difference from the version before; loads the YAML library. */
export function useDiff(
  before: Version | null,
  version: Version,
  options: { readonly enabled: boolean },
): UseQueryResult<LineDiff> {
  const isGone = version.change === 'removed';
  return useQuery({
    queryKey: ['diff', before?.id ?? null, version.id, version.at?.getTime()],
    queryFn: () => diffVersions(before?.entity ?? null, isGone ? null : version.entity),
    enabled: options.enabled,
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
}
