/**
 * Notices that an entity changed or went away while its page is open. A look costs a few bytes: it asks for the etag
 * alone, and the entity, which may be large, is read again only when that is another one.
 */
import { isObject, stringifyRef, type Entity, type EntityRef } from '@callboard/model';
import { useQuery, useQueryClient, type UseQueryResult } from '@tanstack/react-query';
import type { Client } from '../../api/client.ts';
import { entityQuery } from '../../api/entity-query.ts';
import { notAnswered } from '../../api/answer.ts';
import { listIn, objectIn, textIn } from '../../api/entity.ts';
import { useServices } from '../../api/services.ts';

/** Milliseconds between two looks; there is one more when somebody comes back to the window. */
const LOOK_MS = 30_000;

export type Presence = 'present' | 'removed';

/** Starts when the entity is known. */
export function usePresence(ref: EntityRef, isKnown: boolean): UseQueryResult<Presence> {
  const { catalog, client: send } = useServices();
  const client = useQueryClient();
  const reference = stringifyRef(ref);
  return useQuery({
    queryKey: ['entity-presence', reference],
    enabled: isKnown,
    refetchInterval: LOOK_MS,
    refetchOnWindowFocus: 'always',
    initialData: 'present' as const,
    staleTime: LOOK_MS,
    queryFn: async ({ signal }): Promise<Presence> => {
      const etag = await readEtag(send, { reference, signal });
      if (etag === null) return 'removed';
      const { queryKey } = entityQuery(catalog, ref);
      const shown = client.getQueryData<Entity>(queryKey);
      const failed = client.getQueryState(queryKey)?.status === 'error';
      if (failed || (shown !== undefined && (textIn(shown.metadata, 'etag') ?? '') !== etag)) {
        // Not awaited: how that goes is in the state of its own query.
        void client.invalidateQueries({ queryKey });
      }
      return 'present';
    },
  });
}

interface EtagRequest {
  readonly reference: string;
  readonly signal: AbortSignal;
}

/** Empty when the entity has none; null when there is no such entity any more. Throws when the answer does not say so or otherwise. */
async function readEtag(send: Client, { reference, signal }: EtagRequest): Promise<string | null> {
  const answer = await send({
    path: '/api/catalog/entities/by-refs',
    body: { entityRefs: [reference], fields: ['kind', 'metadata.name', 'metadata.etag'] },
    signal,
  });
  const items = listIn(answer, 'items');
  const [item] = items;
  if (items.length === 1 && item === null) return null;
  if (!isObject(item)) throw notAnswered('a list of these entities');
  return textIn(objectIn(item, 'metadata'), 'etag') ?? '';
}
