/**
 * Addresses of the catalog as Backstage writes them, so that links in wikis and bookmarks keep working:
 * `?filters[kind]=component&filters[owners]=group:default/x&filters[owners]=…&filters[user]=owned`.
 */
import { parseRef, stringifyRef } from '@callboard/model';
import { ALL_KINDS, START, type CatalogState, type Show } from './url-state.ts';

const SHOWS: Readonly<Record<string, Show>> = { owned: 'mine', starred: 'starred' };

/** Null when the address is not one of Backstage's. What it says beyond our filters is left out. */
export function parseBackstageState(params: URLSearchParams): CatalogState | null {
  const filters = filtersIn(params);
  if (filters.size === 0) return null;
  const of = (...names: readonly string[]): readonly string[] => [
    ...new Set(names.flatMap((name) => filters.get(name) ?? [])),
  ];
  const several = (...names: readonly string[]): readonly string[] =>
    of(...names).filter((value) => value.toLowerCase() !== ALL_KINDS);
  return {
    ...START,
    kind: of('kind')[0]?.toLowerCase() ?? null,
    show: SHOWS[of('user')[0] ?? ''] ?? START.show,
    choices: {
      type: several('type'),
      owner: several('owners').map(toOwner),
      lifecycle: several('lifecycles'),
      tag: several('tags'),
      namespace: several('namespace'),
    },
    text: of('text')[0] ?? '',
  };
}

/** `filters[tags]=a&filters[tags]=b` and `filters[tags][0]=a&filters[tags][1]=b` are the same. */
function filtersIn(params: URLSearchParams): ReadonlyMap<string, readonly string[]> {
  const filters = new Map<string, string[]>();
  for (const [key, value] of params) {
    const name = /^filters\[(\w+)\](?:\[\d*\])?$/.exec(key)?.[1];
    if (name === undefined || value === '') continue;
    filters.set(name, [...(filters.get(name) ?? []), value]);
  }
  return filters;
}

/** Older links name a group without its kind and namespace. */
function toOwner(value: string): string {
  const ref = parseRef(value, { kind: 'group' });
  return ref === null ? value : stringifyRef(ref);
}
