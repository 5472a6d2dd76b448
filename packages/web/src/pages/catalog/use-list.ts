/**
 * The rows of the list, of any length: only the windows around the screen are read. Rows of the list before stay until
 * the first ones of the next are there; what is scrolled past before it was read is taken back.
 */
import { useEffect, useRef } from 'react';
import { useQueries, useQueryClient, type QueryClient } from '@tanstack/react-query';
import type { Client } from '../../api/client.ts';
import { useServices } from '../../api/services.ts';
import { readWindow, type RowWindow } from './read-rows.ts';
import type { ListRequest } from './requests.ts';
import type { ListedRow } from './row.ts';
import { WINDOW_ROWS, windowOf, windowsAhead, windowsOf, type RowRange } from './windows.ts';

/** Windows that nobody looks at are kept this long, in milliseconds. */
const KEPT_MS = 120_000;

export interface EntityList {
  /** The `viewKey` that the rows belong to. */
  readonly key: string;
  readonly request: ListRequest;
  readonly total: number;
  /** Null for a row that was not read yet. */
  readonly rowAt: (index: number) => ListedRow | null;
}

export interface ListState {
  /** The rows to show: those of `wanted`, or those of before while its first ones are on the way. Null before any. */
  readonly list: EntityList | null;
  /** The rows that are shown are not those that are wanted. */
  readonly isStale: boolean;
  /** Rows that belong on the screen are on the way. */
  readonly isLoading: boolean;
  /** Why rows that belong on the screen could not be read; null when nothing failed. */
  readonly error: unknown;
  readonly retry: () => void;
}

export interface ListOptions {
  /**
   * Equal as long as the place in the list means the same: filters and order. The request may change without it: what
   * is starred, the columns.
   */
  readonly viewKey: string;
  readonly request: ListRequest;
  /** Fields beyond those of every row. */
  readonly fields: readonly string[];
  /** False while it is not known yet what to ask for. */
  readonly isEnabled: boolean;
  /** The row that a new list begins with. */
  readonly startRow: number;
  /** What is on the screen, and of which view; null before that. */
  readonly shown: { readonly key: string; readonly range: RowRange } | null;
  /** Reads the windows beside the screen as well. */
  readonly ahead: 'read' | 'wait';
  /** Milliseconds after which rows on the screen are read again. */
  readonly rereadEvery: number;
}

interface Known {
  readonly key: string;
  readonly request: ListRequest;
  readonly fields: readonly string[];
  readonly total: number;
}

export function useList(options: ListOptions): ListState {
  const { viewKey: key, request, fields, isEnabled, startRow, shown, ahead, rereadEvery } = options;
  const { client } = useServices();
  const cache = useQueryClient();
  const last = useRef<Known | null>(null);

  const range = shown !== null && shown.key === key ? shown.range : null;
  const needed = range === null ? [windowOf(startRow)] : windowsOf(range);
  const lastTotal = last.current?.key === key ? last.current.total : 0;
  const next = range === null || ahead === 'wait' ? [] : windowsAhead(range, lastTotal);
  const results = useQueries({
    queries: [...needed, ...next].map((window) => ({
      ...windowQuery(client, { request, fields, window }),
      enabled: isEnabled,
      refetchInterval: rereadEvery,
    })),
  });
  const onScreen = results.slice(0, needed.length);

  const latest = results.reduce<{ at: number; total: number } | null>((best, { data, dataUpdatedAt }) => {
    if (data === undefined || (best !== null && best.at >= dataUpdatedAt)) return best;
    return { at: dataUpdatedAt, total: data.total };
  }, null);
  const current: Known | null = latest === null ? null : { key, request, fields, total: latest.total };
  const before = last.current;
  // A list that is scrolled to where nothing was read yet is still the same list.
  const known = current ?? before;
  useEffect(() => {
    last.current = known;
  });

  return {
    list: known === null ? null : toList(cache, known),
    isStale: known !== null && known.key !== key,
    isLoading: isEnabled && onScreen.some(({ isFetching, data }) => isFetching && data === undefined),
    error: onScreen.find(({ isError }) => isError)?.error ?? null,
    retry: () => {
      for (const result of results) if (result.isError) void result.refetch();
    },
  };
}

/** Asks for the first rows of a list at once: what is typed does not wait until it is rendered. */
export function askAhead(
  cache: QueryClient,
  client: Client,
  { request, fields }: { readonly request: ListRequest; readonly fields: readonly string[] },
): void {
  void cache.prefetchQuery(windowQuery(client, { request, fields, window: 0 }));
}

/** The rows between two, both included, read where they are not there yet. */
export async function readRange(
  cache: QueryClient,
  client: Client,
  { list, fields, range }: { list: EntityList; fields: readonly string[]; range: RowRange },
): Promise<readonly ListedRow[]> {
  const rows: ListedRow[] = [];
  for (const window of windowsOf(range)) {
    const query = windowQuery(client, { request: list.request, fields, window });
    const read = await cache.fetchQuery({ ...query, staleTime: KEPT_MS });
    const start = window * WINDOW_ROWS;
    for (const [index, row] of read.rows.entries()) {
      const at = start + index;
      if (row !== null && at >= range.first && at <= range.last) rows.push(row);
    }
  }
  return rows;
}

interface WindowOf {
  readonly request: ListRequest;
  readonly fields: readonly string[];
  readonly window: number;
}

interface WindowQueryOptions {
  readonly queryKey: readonly unknown[];
  readonly queryFn: (context: { readonly signal: AbortSignal }) => Promise<RowWindow>;
  readonly gcTime: number;
}

function windowQuery(client: Client, { request, fields, window }: WindowOf): WindowQueryOptions {
  return {
    queryKey: windowKey({ request, fields, window }),
    queryFn: ({ signal }) => readWindow(client, { request, window, fields }, signal),
    gcTime: KEPT_MS,
  };
}

function windowKey({ request, fields, window }: WindowOf): readonly unknown[] {
  return ['rows', request, fields, window];
}

function toList(cache: QueryClient, known: Known): EntityList {
  const { key, request, fields, total } = known;
  const windows = new Map<number, RowWindow | undefined>();
  return {
    key,
    request,
    total,
    rowAt(index) {
      const window = windowOf(index);
      if (!windows.has(window)) {
        windows.set(window, cache.getQueryData<RowWindow>(windowKey({ request, fields, window })));
      }
      return windows.get(window)?.rows[index - window * WINDOW_ROWS] ?? null;
    },
  };
}
