/** The first page's server state: what is mine, what needs somebody, and the entities behind stars and visits. */
import { keepPreviousData, useQuery, type UseQueryResult } from '@tanstack/react-query';
import type { EntityRow } from '../../api/entity.ts';
import { readProblems, type Problems } from '../../api/problems.ts';
import { useServices } from '../../api/services.ts';

/** Rows of one kind that are shown; the catalog has the others. */
const OWNED_SHOWN = 6;
const PROBLEMS_SHOWN = 6;
const TEMPLATES_SHOWN = 4;
/** How often an open page looks again, in milliseconds. */
const REREAD_MS = 60_000;

export interface OwnedKind {
  /** In lower case. */
  readonly kind: string;
  readonly total: number;
  readonly rows: readonly EntityRow[];
}

/** By kind, those that people work on first. */
export function useOwned(owners: readonly string[]): UseQueryResult<readonly OwnedKind[]> {
  const { catalog } = useServices();
  return useQuery({
    queryKey: ['home', 'owned', owners],
    enabled: owners.length > 0,
    refetchInterval: REREAD_MS,
    queryFn: async ({ signal }) => {
      const query = { 'relations.ownedBy': { $in: owners } };
      const { kind: kinds = [] } = await catalog.facets({ facets: ['kind'], query }, signal);
      const sections = kinds.map(async ({ value, count }) => {
        const page = await catalog.rows(
          {
            query: { $all: [query, { kind: value }] },
            orderBy: [{ field: 'metadata.name', order: 'asc' }],
            offset: 0,
            limit: OWNED_SHOWN,
          },
          signal,
        );
        return { kind: value.toLowerCase(), total: count, rows: page.rows };
      });
      return (await Promise.all(sections)).toSorted((a, b) => rank(a.kind) - rank(b.kind));
    },
  });
}

const KIND_ORDER = ['component', 'api', 'system', 'resource', 'template', 'domain'];

function rank(kind: string): number {
  const at = KIND_ORDER.indexOf(kind);
  return at === -1 ? KIND_ORDER.length : at;
}

/** `owners` null: of everybody. */
export function useProblems(owners: readonly string[] | null): UseQueryResult<Problems> {
  const { client } = useServices();
  return useQuery({
    queryKey: ['problems', 'home', owners],
    refetchInterval: REREAD_MS,
    queryFn: ({ signal }) =>
      readProblems(client, { ...(owners !== null && { owners }), limit: PROBLEMS_SHOWN }, signal),
  });
}

/** Null for a reference to nothing; in the order of `refs`. */
export function useRows(
  name: string,
  refs: readonly string[],
): UseQueryResult<readonly (readonly [string, EntityRow | null])[]> {
  const { catalog } = useServices();
  return useQuery({
    queryKey: ['home', name, refs],
    enabled: refs.length > 0,
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }) => {
      const rows = await catalog.byRefs(refs, signal);
      return refs.map((ref, index) => [ref, rows[index] ?? null] as const);
    },
  });
}

export function useTemplates(): UseQueryResult<{
  readonly rows: readonly EntityRow[];
  readonly total: number;
}> {
  const { catalog } = useServices();
  return useQuery({
    queryKey: ['home', 'templates'],
    queryFn: ({ signal }) =>
      catalog.rows(
        {
          query: { kind: 'template' },
          orderBy: [{ field: 'metadata.name', order: 'asc' }],
          offset: 0,
          limit: TEMPLATES_SHOWN,
        },
        signal,
      ),
  });
}
