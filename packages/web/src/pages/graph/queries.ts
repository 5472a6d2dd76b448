/** What the graph page asks the API for. */
import { useMemo } from 'react';
import { stringifyRef } from '@callboard/model';
import { keepPreviousData, useQuery, type UseQueryResult } from '@tanstack/react-query';
import type { EntityRow } from '../../api/entity.ts';
import { useServices } from '../../api/services.ts';
import { narrowGraph, parseGraph, type Graph } from './graph.ts';
import type { GraphState } from './url-state.ts';

const MOST_NODES = 2_000;
const FOUND = 12;
const SUGGESTED = 12;

export type GraphQuestion = Pick<GraphState, 'roots' | 'depth' | 'direction' | 'kinds' | 'relations'>;

export interface GraphResult {
  /** Without the filters, for their counts. */
  readonly whole: Graph | undefined;
  /** With the filters. */
  readonly shown: Graph | undefined;
  /** What is shown belongs to an earlier question. */
  readonly isOutdated: boolean;
  readonly isFetching: boolean;
  readonly error: unknown;
  readonly retry: () => void;
}

/**
 * The neighbourhood of some entities. A whole one is filtered here, at once; of one that is cut off the server is
 * asked again with the filters, because then it has room for what was cut off.
 */
export function useGraph(question: GraphQuestion): GraphResult {
  const { kinds, relations, direction } = question;
  const isFiltered = kinds.length > 0 || relations.length > 0;
  const whole = useGraphQuery({ ...question, kinds: [], relations: [] }, true);
  const isCut = whole.data?.truncated === true;
  const filtered = useGraphQuery(question, isFiltered && isCut);
  const asked = isFiltered && isCut ? filtered : whole;
  const shown = useMemo(() => {
    if (asked.data === undefined) return undefined;
    return narrowGraph(asked.data, { kinds, relations, direction });
  }, [asked.data, kinds, relations, direction]);
  return {
    whole: whole.data,
    shown,
    isOutdated: whole.isPlaceholderData || asked.isPlaceholderData,
    isFetching: asked.isFetching,
    error: asked.error ?? whole.error,
    retry: () => void asked.refetch(),
  };
}

function useGraphQuery(question: GraphQuestion, enabled: boolean): UseQueryResult<Graph> {
  const { client } = useServices();
  const path = graphRequest(question);
  return useQuery({
    queryKey: ['catalog-graph', path],
    queryFn: async ({ signal }) => parseGraph(await client({ path, signal })),
    placeholderData: keepPreviousData,
    enabled: enabled && question.roots.length > 0,
  });
}

/** Path and query of the request. */
function graphRequest({ roots, depth, direction, kinds, relations }: GraphQuestion): string {
  const params = new URLSearchParams();
  for (const root of roots) params.append('ref', root);
  params.set('depth', String(depth));
  params.set('direction', direction);
  for (const kind of kinds) params.append('kind', kind);
  for (const relation of relations) params.append('relation', relation);
  params.set('limit', String(MOST_NODES));
  return `/api/catalog/graph?${params.toString()}`;
}

/** Entities whose name, title or description have the text; undefined without a text. */
export function useFound(text: string): UseQueryResult<readonly EntityRow[]> {
  const { catalog } = useServices();
  const term = text.trim();
  return useQuery({
    queryKey: ['graph-search', term],
    queryFn: async ({ signal }) => {
      const fields = ['metadata.name', 'metadata.title', 'metadata.description', 'spec.profile.displayName'];
      const query = { fullTextFilter: { term, fields }, offset: 0, limit: FOUND };
      return (await catalog.rows(query, signal)).rows;
    },
    placeholderData: keepPreviousData,
    enabled: term !== '',
  });
}

/** Entities to begin with: all of a kind, as many as fit, by name. */
export function useOfKind(kind: string): UseQueryResult<readonly EntityRow[]> {
  const { catalog } = useServices();
  return useQuery({
    queryKey: ['graph-suggestions', kind],
    queryFn: async ({ signal }) => {
      const orderBy = [{ field: 'metadata.name', order: 'asc' as const }];
      return (await catalog.rows({ query: { kind }, orderBy, offset: 0, limit: SUGGESTED }, signal)).rows;
    },
  });
}

/** The entities that were looked at last, those that still exist. */
export function useRecent(): UseQueryResult<readonly EntityRow[]> {
  const { catalog, visits } = useServices();
  const refs = visits
    .list()
    .slice(0, SUGGESTED)
    .map((visit) => visit.ref);
  return useQuery({
    queryKey: ['graph-recent', ...refs],
    queryFn: async ({ signal }) => (await catalog.byRefs(refs, signal)).filter((row) => row !== null),
    enabled: refs.length > 0,
  });
}

/** For React's keys and for links. */
export function rowRef(row: EntityRow): string {
  return stringifyRef(row.ref);
}
