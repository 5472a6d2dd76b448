/** The server state of the page of one patch: the patch, the texts that are kept of it, and what is done with it. */
import {
  useMutation,
  useQuery,
  useQueryClient,
  type UseMutationResult,
  type UseQueryResult,
} from '@tanstack/react-query';
import { actOnPatch, readPatch, recordPath, type PatchWord } from '../../../api/images.ts';
import {
  toPlanRecord,
  toVerdictRecord,
  type Patch,
  type PlanRecord,
  type VerdictRecord,
} from '../../../api/images-patch.ts';
import type { RawClient } from '../../../api/raw-client.ts';
import { useServices } from '../../../api/services.ts';
import { useRawClient } from '../../../shell/use-raw-client.ts';
import { rereadAfter } from '../queries.ts';

export function patchKey(id: string): readonly string[] {
  return ['images', 'patch', id];
}

export function usePatch(id: string): UseQueryResult<Patch> {
  const { client } = useServices();
  return useQuery({
    queryKey: patchKey(id),
    queryFn: ({ signal }) => readPatch(client, id, signal),
    refetchInterval: ({ state }) => rereadAfter(state.data ?? null),
  });
}

export async function readRecord(raw: RawClient, hash: string, signal: AbortSignal): Promise<string> {
  const response = await raw({ path: recordPath(hash), accept: 'text/plain, application/json', signal });
  return response.text();
}

/** Disabled while there is no hash. */
export function useRecordText(hash: string | null): UseQueryResult<string> {
  return useRecord(hash, asIs);
}

export function usePlan(hash: string | null): UseQueryResult<PlanRecord> {
  return useRecord(hash, toPlanRecord);
}

export function useVerdict(hash: string | null): UseQueryResult<VerdictRecord> {
  return useRecord(hash, toVerdictRecord);
}

/** What is kept under a hash never changes. */
function useRecord<T>(hash: string | null, read: (text: string) => T): UseQueryResult<T> {
  const raw = useRawClient();
  return useQuery({
    queryKey: ['images', 'record', hash],
    enabled: hash !== null,
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: ({ signal }) => readRecord(raw, hash ?? '', signal),
    select: read,
  });
}

function asIs(text: string): string {
  return text;
}

export function useActOnPatch(id: string): UseMutationResult<Patch, Error, PatchWord> {
  const { client } = useServices();
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (word) => actOnPatch(client, id, word),
    onSuccess: (patch) => cache.setQueryData(patchKey(id), patch),
    // Also what was refused may have been so because the patch is another by now.
    onSettled: () => cache.invalidateQueries({ queryKey: ['images'] }),
  });
}
