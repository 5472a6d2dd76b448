/** What would go with an entity, and making it go. */
import { stringifyRef, type Entity, type EntityRef } from '@callboard/model';
import {
  useMutation,
  useQuery,
  useQueryClient,
  type UseMutationResult,
  type UseQueryResult,
} from '@tanstack/react-query';
import { deleteEntity, readRemoval, unregisterLocation, type Removal } from '../../../api/removal.ts';
import { useServices } from '../../../api/services.ts';

export function useRemoval(ref: EntityRef): UseQueryResult<Removal> {
  const { client } = useServices();
  return useQuery({
    queryKey: ['removal', stringifyRef(ref)],
    queryFn: ({ signal }) => readRemoval(client, ref, signal),
    // What goes must be what is so now.
    gcTime: 0,
    staleTime: 0,
  });
}

/** Unregisters the location at the root, or deletes the entity when nothing lists it. */
export function useRemove(entity: Entity): UseMutationResult<void, Error, Removal> {
  const { client } = useServices();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async ({ rootKind, location }: Removal) => {
      if (rootKind === 'registered' && location !== null) await unregisterLocation(client, location.id);
      else await deleteEntity(client, entity.metadata.uid ?? '');
    },
    onSuccess: async () => {
      queries.removeQueries({ queryKey: ['entity'] });
      await queries.invalidateQueries({ queryKey: ['rows'] });
    },
  });
}
