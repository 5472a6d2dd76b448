/** The server state of the pages of golden images. It is read again often while something runs, and seldom otherwise. */
import {
  useInfiniteQuery,
  useMutation,
  useQueries,
  useQuery,
  useQueryClient,
  type InfiniteData,
  type UseInfiniteQueryResult,
  type UseMutationResult,
  type UseQueryResult,
} from '@tanstack/react-query';
import {
  readFigures,
  readFindings,
  readGoldens,
  readOpenCounts,
  readPatches,
  readTroubles,
  startPatch,
  type FindingPage,
  type FindingQuery,
  type Golden,
  type OpenCounts,
  type PatchFigures,
  type PatchQuery,
  type Severity,
  type Trouble,
} from '../../api/images.ts';
import type { Patch, PatchPage } from '../../api/images-patch.ts';
import { useServices } from '../../api/services.ts';
import { isAtWork, SHOWN_STATES } from './state-words.ts';

const BUSY_MS = 2_000;
const CALM_MS = 15_000;
const SLOW_MS = 60_000;
/** These are long answers. */
const COUNTS_MS = 300_000;
const PATCHES_A_PAGE = 25;
const FINDINGS_A_PAGE = 100;
/** Of those that need a person so many are counted. */
export const MOST_COUNTED = 20;

export function useGoldens(): UseQueryResult<readonly Golden[]> {
  const { client } = useServices();
  return useQuery({
    queryKey: ['images', 'golden'],
    refetchInterval: CALM_MS,
    queryFn: ({ signal }) => readGoldens(client, signal),
  });
}

export interface OpenFindings {
  /** Null while they are read, or when they could not be. */
  readonly counts: OpenCounts | null;
  readonly isFailed: boolean;
}

/** The open findings about images of these digests, together. */
export function useOpenFindings(
  digests: readonly string[],
  { enabled }: { readonly enabled: boolean },
): OpenFindings {
  const { client } = useServices();
  const answers = useQueries({
    queries: digests.map((digest) => ({
      queryKey: ['images', 'counts', digest],
      refetchInterval: COUNTS_MS,
      staleTime: SLOW_MS,
      enabled,
      queryFn: ({ signal }: { readonly signal: AbortSignal }) => readOpenCounts(client, digest, signal),
    })),
  });
  const isFailed = answers.some((answer) => answer.isError);
  const found = answers.flatMap(({ data }) => data ?? []);
  return { counts: found.length < digests.length ? null : together(found), isFailed };
}

function together(found: readonly OpenCounts[]): OpenCounts {
  const sums = new Map<Severity, number>();
  for (const counts of found) {
    for (const [severity, count] of counts) sums.set(severity, (sums.get(severity) ?? 0) + count);
  }
  return sums;
}

/** Milliseconds. */
export function rereadAfter(patch: Patch | null): number {
  return patch !== null && isAtWork(patch) ? BUSY_MS : CALM_MS;
}

/** Null when it was never patched. */
export function useLastPatch(
  golden: string,
  { enabled }: { readonly enabled: boolean },
): UseQueryResult<Patch | null> {
  const { client } = useServices();
  return useQuery({
    queryKey: ['images', 'patches', 'last', golden],
    enabled,
    queryFn: async ({ signal }): Promise<Patch | null> => {
      const asked = { query: { states: [], golden }, cursor: null, limit: 1 };
      return (await readPatches(client, asked, signal)).items[0] ?? null;
    },
    refetchInterval: ({ state }) => rereadAfter(state.data ?? null),
  });
}

export function usePatches(query: PatchQuery): UseInfiniteQueryResult<InfiniteData<PatchPage>> {
  const { client } = useServices();
  return useInfiniteQuery({
    queryKey: ['images', 'patches', query],
    initialPageParam: firstPage(),
    queryFn: ({ pageParam, signal }) =>
      readPatches(client, { query, cursor: pageParam, limit: PATCHES_A_PAGE }, signal),
    refetchInterval: ({ state }) =>
      state.data?.pages.some(({ items }) => items.some(isAtWork)) === true ? BUSY_MS : CALM_MS,
    getNextPageParam: ({ next }) => next,
  });
}

/** How many patches need a person; counted up to `MOST_COUNTED`. */
export function useNeedPerson(): number {
  const { client } = useServices();
  const query = useQuery({
    queryKey: ['images', 'patches', 'person'],
    refetchInterval: CALM_MS,
    queryFn: async ({ signal }) => {
      const asked = {
        query: { states: SHOWN_STATES.person, golden: '' },
        cursor: null,
        limit: MOST_COUNTED,
      };
      return (await readPatches(client, asked, signal)).items.length;
    },
  });
  return query.data ?? 0;
}

export function useFindings(query: FindingQuery): UseInfiniteQueryResult<InfiniteData<FindingPage>> {
  const { client } = useServices();
  return useInfiniteQuery({
    queryKey: ['images', 'findings', query],
    initialPageParam: firstPage(),
    queryFn: ({ pageParam, signal }) =>
      readFindings(client, { query, cursor: pageParam, limit: FINDINGS_A_PAGE }, signal),
    getNextPageParam: ({ next }) => next,
  });
}

function firstPage(): string | null {
  return null;
}

export function useFigures(): UseQueryResult<PatchFigures> {
  const { client } = useServices();
  return useQuery({
    queryKey: ['images', 'figures'],
    refetchInterval: SLOW_MS,
    queryFn: ({ signal }) => readFigures(client, signal),
  });
}

export function useTroubles(): UseQueryResult<readonly Trouble[]> {
  const { client } = useServices();
  return useQuery({
    queryKey: ['images', 'troubles'],
    refetchInterval: SLOW_MS,
    queryFn: ({ signal }) => readTroubles(client, signal),
  });
}

export function useStartPatch(): UseMutationResult<readonly Patch[], Error, string> {
  const { client } = useServices();
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (golden) => startPatch(client, golden),
    onSettled: () => cache.invalidateQueries({ queryKey: ['images', 'patches'] }),
  });
}
