/** One entity in the query cache; shared by its page and by the links that load it ahead. */
import { stringifyRef, type Entity, type EntityRef } from '@callboard/model';
import { useQueryClient } from '@tanstack/react-query';
import type { CatalogApi } from './catalog.ts';
import { useServices } from './services.ts';

const FRESH_FOR_MS = 10_000;

export interface EntityQuery {
  readonly queryKey: readonly string[];
  readonly queryFn: (context: { readonly signal: AbortSignal }) => Promise<Entity>;
  readonly staleTime: number;
}

export function entityQuery(catalog: CatalogApi, ref: EntityRef): EntityQuery {
  return {
    queryKey: ['entity', stringifyRef(ref)],
    queryFn: ({ signal }) => catalog.entity(ref, signal),
    staleTime: FRESH_FOR_MS,
  };
}

/** A function that loads an entity and the code of its page, unless they are there already. */
export function usePrefetchEntity(): (ref: EntityRef) => void {
  const { catalog, preloadEntityPage } = useServices();
  const client = useQueryClient();
  return (ref) => {
    preloadEntityPage();
    void client.prefetchQuery(entityQuery(catalog, ref));
  };
}
