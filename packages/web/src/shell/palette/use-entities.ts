/** The entities that the palette offers: those that are found, and those seen lately or starred. */
import { parseRef } from '@callboard/model';
import { keepPreviousData, useQuery, type UseQueryResult } from '@tanstack/react-query';
import type { EntityRow } from '../../api/entity.ts';
import { useServices } from '../../api/services.ts';
import type { PaletteInput } from './input.ts';
import { searchEntities } from './search.ts';

const FRESH_FOR_MS = 30_000;
const KEPT_FOR_MS = 60_000;

/** Each keystroke asks at once and takes back what was asked before. The rows of before stay until the answer is there. */
export function useFoundEntities(input: PaletteInput): UseQueryResult<readonly EntityRow[]> {
  const { catalog } = useServices();
  const { scope, words, kind, owner, tags } = input;
  return useQuery({
    queryKey: ['palette', { words, kind, owner, tags }],
    enabled: scope !== 'actions',
    queryFn: ({ signal }) => searchEntities(input, { catalog, signal }),
    placeholderData: keepPreviousData,
    staleTime: FRESH_FOR_MS,
    gcTime: KEPT_FOR_MS,
    retry: false,
  });
}

/** By reference, in that order; those that are not in the catalog are left out. */
export function useKnownEntities(refs: readonly string[]): readonly EntityRow[] {
  const { catalog } = useServices();
  const query = useQuery({
    queryKey: ['palette-known', refs],
    enabled: refs.length > 0,
    queryFn: ({ signal }) => catalog.byRefs(refs, signal),
    placeholderData: keepPreviousData,
    staleTime: FRESH_FOR_MS,
    retry: false,
  });
  if (refs.length === 0) return [];
  if (query.data === undefined) return refs.flatMap(unnamed);
  return query.data.filter((row) => row !== null);
}

/** What is known of an entity before the server answered. */
function unnamed(text: string): readonly EntityRow[] {
  const ref = parseRef(text);
  if (ref === null) return [];
  return [
    {
      ref,
      name: ref.name,
      title: null,
      description: null,
      type: null,
      lifecycle: null,
      owner: null,
      system: null,
      tags: [],
      hasErrors: false,
    },
  ];
}
