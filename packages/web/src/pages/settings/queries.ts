/** What the settings ask the server for. */
import { parseRef, stringifyRef } from '@callboard/model';
import {
  keepPreviousData,
  useMutation,
  useQuery,
  useQueryClient,
  type UseMutationResult,
  type UseQueryResult,
} from '@tanstack/react-query';
import { listFrom, objectFrom } from '../../api/answer.ts';
import type { EntityRow } from '../../api/entity.ts';
import { useServices } from '../../api/services.ts';
import { createTokensApi, type NewToken, type Token, type TokenWish } from './tokens-api.ts';

/** What the person owns things as, newer than what was said at the sign-in. */
export function useUserInfo(): UseQueryResult<readonly string[]> {
  const { client } = useServices();
  return useQuery({
    queryKey: ['userinfo'],
    queryFn: async ({ signal }) => {
      const answer = await client({ path: '/api/auth/v1/userinfo', signal });
      return listFrom(objectFrom(answer, 'claims'), 'ent').filter((ref) => typeof ref === 'string');
    },
  });
}

/** By full reference in lower case; null for one that is not in the catalog. */
export function useKnown(refs: readonly string[]): UseQueryResult<ReadonlyMap<string, EntityRow | null>> {
  const { catalog } = useServices();
  const keys = refs.flatMap((text) => {
    const ref = parseRef(text);
    return ref === null ? [] : [stringifyRef(ref)];
  });
  return useQuery({
    queryKey: ['settings-known', keys],
    enabled: keys.length > 0,
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }) => {
      const rows = await catalog.byRefs(keys, signal);
      return new Map(keys.map((key, index) => [key, rows[index] ?? null]));
    },
  });
}

const TOKENS = ['personal-tokens'];

export function useTokens(): UseQueryResult<readonly Token[]> {
  const { client } = useServices();
  return useQuery({ queryKey: TOKENS, queryFn: ({ signal }) => createTokensApi(client).list(signal) });
}

export function useCreateToken(): UseMutationResult<NewToken, Error, TokenWish> {
  const { client } = useServices();
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (wish) => createTokensApi(client).create(wish),
    // The text of a token is nowhere but on the screen.
    gcTime: 0,
    onSuccess: () => cache.invalidateQueries({ queryKey: TOKENS }),
  });
}

export function useRevokeToken(): UseMutationResult<void, Error, string> {
  const { client } = useServices();
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (id) => createTokensApi(client).revoke(id),
    onSettled: () => cache.invalidateQueries({ queryKey: TOKENS }),
  });
}
