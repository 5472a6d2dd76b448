/** What the org chart reads: the way up from a group or a user to the roots, and what is right below a group. */
import { stringifyRef, type Entity, type EntityRef } from '@callboard/model';
import { useQueries, useQuery, type UseQueryResult } from '@tanstack/react-query';
import type { CatalogApi } from '../../../api/catalog.ts';
import type { Client } from '../../../api/client.ts';
import { useServices } from '../../../api/services.ts';
import { readPeople, readPeopleByRefs, type Person } from './people.ts';
import { targetsOf } from './queries.ts';
import type { Branch, TreeEntry } from './tree.ts';

const FRESH_FOR_MS = 60_000;
/** A way up that is longer is a circle. */
const HIGHEST = 50;
/** Groups of one user whose ways up are shown. */
const MOST_WAYS = 10;

/** Groups, and people, that are read at once. */
const PAGE = 100;

export interface Reading {
  readonly catalog: CatalogApi;
  readonly client: Client;
  readonly signal: AbortSignal;
}

export interface Chart {
  readonly roots: readonly TreeEntry[];
  /** References from a root to the entity, one way for each group of a user. */
  readonly ways: readonly (readonly string[])[];
}

export function useChart(entity: Entity, ref: EntityRef): UseQueryResult<Chart> {
  const { catalog, client } = useServices();
  const reference = stringifyRef(ref);
  const groups = entity.kind.toLowerCase() === 'user' ? targetsOf(entity, 'memberOf') : null;
  return useQuery({
    queryKey: ['org-chart', reference, groups],
    staleTime: FRESH_FOR_MS,
    queryFn: async ({ signal }) => {
      const reading = { catalog, client, signal };
      const starts = groups === null ? [reference] : groups.slice(0, MOST_WAYS);
      const ups = await Promise.all(starts.map((start) => readWay(reading, start)));
      const ways = groups === null ? ups : ups.map((way) => [...way, reference]);
      const shown = ways.length === 0 ? [[reference]] : ways;
      const roots = [...new Set(shown.map(([root = reference]) => root))];
      const people = await readPeopleByRefs(client, { refs: roots, signal });
      const known = people.filter((person) => person !== null);
      return { roots: await withCounts(reading, known), ways: shown };
    },
  });
}

/** From the root down to the group. Of several parents the first by name is gone up to. */
async function readWay({ client, signal }: Reading, start: string): Promise<readonly string[]> {
  const way = [start];
  while (way.length < HIGHEST) {
    const query = { kind: 'group', 'relations.parentOf': way[0] };
    const { people } = await readPeople(client, { query, limit: 1, signal });
    const parent = people[0]?.reference;
    if (parent === undefined || way.includes(parent)) break;
    way.unshift(parent);
  }
  return way;
}

/**
 * What is below each of the groups, as far as it is known; `failed` where nothing could be read. `pages`: how many of a
 * group are wanted, when more than one.
 */
export function useBranches(
  refs: readonly string[],
  pages: ReadonlyMap<string, number>,
): ReadonlyMap<string, Branch | 'failed'> {
  const { catalog, client } = useServices();
  const wanted = refs.flatMap((ref) =>
    Array.from({ length: pages.get(ref) ?? 1 }, (_, page) => ({ ref, page })),
  );
  const results = useQueries({
    queries: wanted.map(({ ref, page }) => ({
      queryKey: ['org-branch', ref, page],
      staleTime: FRESH_FOR_MS,
      queryFn: ({ signal }: { readonly signal: AbortSignal }) =>
        readBranchPage({ catalog, client, signal }, { ref, page }),
    })),
  });
  const branches = new Map<string, Branch | 'failed'>();
  for (const ref of refs) {
    const own = results.filter((_, index) => wanted[index]?.ref === ref);
    const known = own.flatMap(({ data }) => (data === undefined ? [] : [data]));
    if (known.length > 0) branches.set(ref, joined(known));
    else if (own.some(({ isError }) => isError)) branches.set(ref, 'failed');
  }
  return branches;
}

interface BranchPage {
  readonly groups: readonly TreeEntry[];
  readonly members: readonly TreeEntry[];
  /** Of groups and members, on all pages. */
  readonly total: number;
}

/** Groups first, then people. */
function joined(pages: readonly BranchPage[]): Branch {
  const people = [...pages.flatMap(({ groups }) => groups), ...pages.flatMap(({ members }) => members)];
  return { people, more: Math.max(0, (pages[0]?.total ?? 0) - people.length) };
}

async function readBranchPage(
  reading: Reading,
  { ref, page }: { readonly ref: string; readonly page: number },
): Promise<BranchPage> {
  const { client, signal } = reading;
  const part = { offset: page * PAGE, limit: PAGE, signal };
  const [groups, members] = await Promise.all([
    readPeople(client, { query: { kind: 'group', 'relations.childOf': ref }, ...part }),
    readPeople(client, { query: { kind: 'user', 'relations.memberOf': ref }, ...part }),
  ]);
  return {
    groups: await withCounts(reading, groups.people),
    members: members.people.map((person) => ({ person, groups: 0, members: 0 })),
    total: groups.total + members.total,
  };
}

/** How many groups and people are right below each group: two requests for all of them. */
async function withCounts(
  { catalog, signal }: Reading,
  people: readonly Person[],
): Promise<readonly TreeEntry[]> {
  const refs = people
    .filter(({ ref }) => ref.kind.toLowerCase() === 'group')
    .map(({ reference }) => reference);
  const below = async (kind: string, relation: string): Promise<ReadonlyMap<string, number>> => {
    if (refs.length === 0) return new Map();
    const query = { kind, [relation]: { $in: refs } };
    const facets = await catalog.facets({ facets: [relation], query }, signal);
    return new Map((facets[relation] ?? []).map(({ value, count }) => [value.toLowerCase(), count]));
  };
  const [groups, members] = await Promise.all([
    below('group', 'relations.childOf'),
    below('user', 'relations.memberOf'),
  ]);
  return people.map((person) => ({
    person,
    groups: groups.get(person.reference) ?? 0,
    members: members.get(person.reference) ?? 0,
  }));
}
