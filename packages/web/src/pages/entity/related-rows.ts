/** The entities behind many references, with what a table shows of them. */
import { stringifyRef, type Entity, type EntityRef } from '@callboard/model';
import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import type { Client } from '../../api/client.ts';
import { listIn, textIn, toRow, type EntityRow } from '../../api/entity.ts';
import { notAnswered } from '../../api/answer.ts';
import { useServices } from '../../api/services.ts';

/** References in one request. */
const CHUNK = 500;
const FRESH_FOR_MS = 60_000;
const FIELDS = [
  'kind',
  'metadata.namespace',
  'metadata.name',
  'metadata.title',
  'spec.type',
  'spec.lifecycle',
  'spec.owner',
  'spec.profile.displayName',
  'status',
];

export interface RelatedQuery {
  /** The entity that refers to them. */
  readonly entity: Entity;
  readonly entityRef: EntityRef;
  /** Full, in lower case. */
  readonly refs: readonly string[];
}

/** By reference; null for a reference to nothing. */
export function useRelatedRows(query: RelatedQuery): UseQueryResult<ReadonlyMap<string, EntityRow | null>> {
  const { client } = useServices();
  const { entity, entityRef, refs } = query;
  return useQuery({
    // Not the references themselves: thousands of them would be written out on every look at the cache.
    queryKey: ['related', stringifyRef(entityRef), textIn(entity.metadata, 'etag'), refs.length, refs.at(-1)],
    enabled: refs.length > 0,
    staleTime: FRESH_FOR_MS,
    queryFn: async ({ signal }) => {
      const found = new Map<string, EntityRow | null>();
      for (let start = 0; start < refs.length; start += CHUNK) {
        const chunk = refs.slice(start, start + CHUNK);
        const rows = await readRows(client, { refs: chunk, signal });
        for (const [index, ref] of chunk.entries()) found.set(ref, rows[index] ?? null);
      }
      return found;
    },
  });
}

interface RowsRequest {
  readonly refs: readonly string[];
  readonly signal: AbortSignal;
}

async function readRows(
  client: Client,
  { refs, signal }: RowsRequest,
): Promise<readonly (EntityRow | null)[]> {
  const body = { entityRefs: refs, fields: FIELDS };
  const answer = await client({ path: '/api/catalog/entities/by-refs', body, signal });
  const items = listIn(answer, 'items');
  // A list of another length says nothing of which entities exist.
  if (items.length !== refs.length) throw notAnswered('a list of these entities');
  return items.map(toRow);
}
