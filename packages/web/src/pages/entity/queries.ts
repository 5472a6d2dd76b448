/** The entity page's server state. */
import { useState } from 'react';
import { stringifyRef, type Entity, type EntityRef } from '@callboard/model';
import { keepPreviousData, useQuery, useQueryClient, type UseQueryResult } from '@tanstack/react-query';
import type { EntityRow } from '../../api/entity.ts';
import { entityQuery } from '../../api/entity-query.ts';
import { statusOf } from '../../api/error.ts';
import type { Provenance } from '../../api/provenance.ts';
import { useServices } from '../../api/services.ts';
import { distance, searchTerms } from './near-names.ts';

const TARGETS_FRESH_MS = 60_000;
const PROVENANCE_REREAD_MS = 10_000;
const NEAR_NAMES = 5;
/** Finds of one search term among which the nearest are chosen. */
const NEAR_CANDIDATES = 100;

/** A refresh is watched this long, in this rhythm, in milliseconds. */
const REFRESH_WATCH_MS = 10_000;
const REFRESH_LOOK_MS = 400;

export function useEntity(ref: EntityRef): UseQueryResult<Entity> {
  const { catalog } = useServices();
  return useQuery(entityQuery(catalog, ref));
}

/** The entities behind references; null for those that do not exist. */
export function useTargets(refs: readonly string[]): UseQueryResult<ReadonlyMap<string, EntityRow | null>> {
  const { catalog } = useServices();
  return useQuery({
    queryKey: ['targets', refs],
    queryFn: async ({ signal }) => {
      const rows = await catalog.byRefs(refs, signal);
      return new Map(refs.map((ref, index) => [ref, rows[index] ?? null]));
    },
    enabled: refs.length > 0,
    staleTime: TARGETS_FRESH_MS,
    placeholderData: keepPreviousData,
  });
}

/** Null when the server knows nothing of such an entity. */
export function useProvenance(ref: EntityRef): UseQueryResult<Provenance | null> {
  const { catalog } = useServices();
  return useQuery({
    queryKey: provenanceKey(ref),
    queryFn: async ({ signal }) => {
      try {
        return await catalog.provenance(ref, signal);
      } catch (thrown) {
        if (statusOf(thrown) === 404) return null;
        throw thrown;
      }
    },
    refetchInterval: PROVENANCE_REREAD_MS,
  });
}

export interface NearNames {
  /** The nearest first. */
  readonly rows: readonly EntityRow[];
  /** A text that finds something. */
  readonly term: string;
}

/** Entities whose name is like the one that was not found; null when there are none. */
export function useNearNames(ref: EntityRef): UseQueryResult<NearNames | null> {
  const { catalog } = useServices();
  return useQuery({
    queryKey: ['near', ref.name],
    queryFn: async ({ signal }) => {
      const terms = searchTerms(ref.name);
      const pages = await Promise.all(
        terms.map((term) => {
          const fullTextFilter = { term, fields: ['metadata.name', 'metadata.title'] };
          return catalog.rows({ fullTextFilter, offset: 0, limit: NEAR_CANDIDATES }, signal);
        }),
      );
      const term = terms.find((_, index) => pages[index]?.rows.length !== 0);
      if (term === undefined) return null;
      const found = new Map(pages.flatMap(({ rows }) => rows.map((row) => [stringifyRef(row.ref), row])));
      const rows = [...found.values()].toSorted((a, b) => unlike(ref, a.ref) - unlike(ref, b.ref));
      return { rows: rows.slice(0, NEAR_NAMES), term };
    },
  });
}

/** The same name in another kind or namespace comes before a name that is only like it. */
function unlike(asked: EntityRef, found: EntityRef): number {
  const elsewhere = asked.kind.toLowerCase() === found.kind.toLowerCase() ? 0 : 0.01;
  return distance(asked.name, found.name) + elsewhere;
}

export type RefreshState =
  | { readonly kind: 'idle' | 'asked' | 'done' | 'slow' }
  | { readonly kind: 'failed'; readonly error: unknown };

/** Asks the server to read the sources again, and watches until the entity was processed. */
export function useRefresh(ref: EntityRef): readonly [RefreshState, () => Promise<void>] {
  const { catalog } = useServices();
  const client = useQueryClient();
  const [state, setState] = useState<RefreshState>({ kind: 'idle' });

  async function untilProcessed(before: Provenance | null): Promise<boolean> {
    const deadline = Date.now() + REFRESH_WATCH_MS;
    while (Date.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, REFRESH_LOOK_MS));
      const now = await catalog.provenance(ref);
      client.setQueryData(provenanceKey(ref), now);
      if (newest(now) > (before === null ? 0 : newest(before))) return true;
    }
    return false;
  }

  async function refresh(): Promise<void> {
    setState({ kind: 'asked' });
    try {
      const before = client.getQueryData<Provenance | null>(provenanceKey(ref)) ?? null;
      await catalog.refresh(ref);
      const done = await untilProcessed(before);
      await client.invalidateQueries({ queryKey: entityQuery(catalog, ref).queryKey });
      setState({ kind: done ? 'done' : 'slow' });
    } catch (error) {
      setState({ kind: 'failed', error });
    }
  }

  return [state, refresh];
}

/** The last time anything on the way to the entity was read or processed. */
function newest(provenance: Provenance): number {
  const times = [provenance.lastProcessedAt, ...provenance.sources.map((source) => source.lastReadAt)];
  return Math.max(0, ...times.map((time) => time?.getTime() ?? 0));
}

function provenanceKey(ref: EntityRef): readonly string[] {
  return ['provenance', stringifyRef(ref)];
}
