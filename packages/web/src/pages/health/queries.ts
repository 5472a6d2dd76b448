/** The health pages' server state. All of it is read again while it is looked at. */
import { keepPreviousData, useMutation, useQuery, type UseQueryResult } from '@tanstack/react-query';
import { parseRef } from '@callboard/model';
import { readConfiguration, readInfo, type PortalInfo } from '../../api/devtools.ts';
import { readProblems, type Problems, type ProblemState } from '../../api/problems.ts';
import { useServices } from '../../api/services.ts';
import { readStatus, type CatalogStatus } from '../../api/status.ts';

const REREAD_MS = 5_000;
export const SOURCES_SHOWN = 100;
export const PROBLEMS_SHOWN = 50;

export function useStatus(offset = 0): UseQueryResult<CatalogStatus> {
  const { client } = useServices();
  return useQuery({
    queryKey: ['status', offset],
    refetchInterval: REREAD_MS,
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => readStatus(client, { offset, limit: SOURCES_SHOWN }, signal),
  });
}

export function useInfo(): UseQueryResult<PortalInfo> {
  const { client } = useServices();
  return useQuery({
    queryKey: ['info'],
    refetchInterval: REREAD_MS,
    queryFn: ({ signal }) => readInfo(client, signal),
  });
}

export interface ProblemsAsked {
  readonly state: ProblemState | null;
  /** Null: whoever owns it. */
  readonly owners: readonly string[] | null;
  readonly offset: number;
}

export function useProblems({ state, owners, offset }: ProblemsAsked): UseQueryResult<Problems> {
  const { client } = useServices();
  return useQuery({
    queryKey: ['problems', state, owners, offset],
    refetchInterval: REREAD_MS,
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) =>
      readProblems(
        client,
        {
          ...(state !== null && { states: [state] }),
          ...(owners !== null && { owners }),
          offset,
          limit: PROBLEMS_SHOWN,
        },
        signal,
      ),
  });
}

/** The configuration as YAML. The YAML library is loaded with it. */
export function useConfiguration(): UseQueryResult<string> {
  const { client } = useServices();
  return useQuery({
    queryKey: ['configuration'],
    queryFn: async ({ signal }) => {
      const [config, { stringify }] = await Promise.all([readConfiguration(client, signal), import('yaml')]);
      return stringify(config);
    },
  });
}

export interface ReadAgain {
  readonly state: 'idle' | 'asked' | 'failed';
  readonly ask: () => void;
}

/** Asks for a Location to be read again now. */
export function useReadAgain(reference: string): ReadAgain {
  const { catalog } = useServices();
  const asking = useMutation({
    mutationFn: async () => {
      const ref = parseRef(reference);
      if (ref !== null) await catalog.refresh(ref);
    },
  });
  const ask = (): void => asking.mutate();
  if (asking.isError) return { state: 'failed', ask };
  return { state: asking.isIdle ? 'idle' : 'asked', ask };
}
