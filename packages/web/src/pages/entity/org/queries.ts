/** The server state of the views about groups and users: what they own, and who they are. */
import { stringifyRef, type Entity, type EntityRef } from '@callboard/model';
import { keepPreviousData, useQuery, type UseQueryResult } from '@tanstack/react-query';
import type { Predicate, RowPage } from '../../../api/catalog.ts';
import { relationsOf } from '../../../api/entity.ts';
import { useServices } from '../../../api/services.ts';
import { readPeople, readPeopleByRefs, type PeoplePage, type Person } from './people.ts';
import { readSubGroups } from './sub-groups.ts';

const FRESH_FOR_MS = 30_000;
const KIND_ORDER = ['component', 'api', 'system', 'resource', 'template', 'domain'];

export interface OwnedKind {
  /** In lower case. */
  readonly kind: string;
  readonly total: number;
}

/** Who counts as the owner: `direct`, the group or user alone; `wide`, with sub-groups, or with the user's groups. */
export type Reach = 'direct' | 'wide';

/** References of those who count. */
export function useOwners(
  entity: Entity,
  { ref, reach }: { readonly ref: EntityRef; readonly reach: Reach },
): UseQueryResult<readonly string[]> {
  const { client } = useServices();
  const reference = stringifyRef(ref);
  const groups = targetsOf(entity, 'memberOf');
  return useQuery({
    queryKey: ['owners', reference, reach, groups],
    staleTime: FRESH_FOR_MS,
    queryFn: async ({ signal }) => {
      if (reach === 'direct') return [reference];
      if (entity.kind.toLowerCase() === 'user') return [reference, ...groups];
      return readSubGroups(client, { refs: [reference], signal });
    },
    ...(reach === 'direct' && { initialData: [reference] }),
  });
}

/** By kind, those that people work on first. `owners` undefined: not known yet. */
export function useOwnedKinds(owners: readonly string[] | undefined): UseQueryResult<readonly OwnedKind[]> {
  const { catalog } = useServices();
  return useQuery({
    queryKey: ['owned-kinds', ...keyOf(owners)],
    enabled: owners !== undefined,
    staleTime: FRESH_FOR_MS,
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }) => {
      const query = ownedBy(owners ?? []);
      const { kind = [] } = await catalog.facets({ facets: ['kind'], query }, signal);
      const kinds = kind.map(({ value, count }) => ({ kind: value.toLowerCase(), total: count }));
      return kinds.toSorted((a, b) => rank(a.kind) - rank(b.kind) || b.total - a.total);
    },
  });
}

export interface OwnedRowsQuery {
  readonly owners: readonly string[];
  readonly kind: string;
  readonly limit: number;
}

export function useOwnedRows({ owners, kind, limit }: OwnedRowsQuery): UseQueryResult<RowPage> {
  const { catalog } = useServices();
  return useQuery({
    queryKey: ['owned-rows', ...keyOf(owners), kind, limit],
    staleTime: FRESH_FOR_MS,
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) =>
      catalog.rows(
        {
          query: { $all: [{ kind }, ownedBy(owners)] },
          orderBy: [{ field: 'metadata.name', order: 'asc' }],
          offset: 0,
          limit,
        },
        signal,
      ),
  });
}

export interface MembersQuery {
  /** References of groups; undefined: not known yet. */
  readonly groups: readonly string[] | undefined;
  readonly text: string;
  readonly limit: number;
}

export function useMembers({ groups, text, limit }: MembersQuery): UseQueryResult<PeoplePage> {
  const { client } = useServices();
  return useQuery({
    queryKey: ['members', ...keyOf(groups), text, limit],
    enabled: groups !== undefined,
    staleTime: FRESH_FOR_MS,
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) =>
      readPeople(client, {
        query: { kind: 'user', 'relations.memberOf': { $in: groups ?? [] } },
        text,
        limit,
        signal,
      }),
  });
}

/** Null for a reference to nobody. */
export function usePeople(refs: readonly string[]): UseQueryResult<readonly (Person | null)[]> {
  const { client } = useServices();
  return useQuery({
    queryKey: ['people', refs],
    enabled: refs.length > 0,
    staleTime: FRESH_FOR_MS,
    queryFn: ({ signal }) => readPeopleByRefs(client, { refs, signal }),
  });
}

/** The targets of one type of relation, sorted. */
export function targetsOf(entity: Entity, type: string): readonly string[] {
  const relations = relationsOf(entity).filter((relation) => relation.type === type);
  return relations.map(({ targetRef }) => targetRef).toSorted();
}

/** The list of the catalog with what the owners have of a kind; null when an address cannot hold them. */
export function ownedPath(owners: readonly string[], kind: string): string | null {
  if (owners.length > MOST_IN_ADDRESS) return null;
  const params = new URLSearchParams([['kind', kind], ...owners.map((owner) => ['owner', owner])]);
  return `/catalog?${params.toString()}`;
}

const MOST_IN_ADDRESS = 40;

function ownedBy(owners: readonly string[]): Predicate {
  return { 'relations.ownedBy': { $in: owners } };
}

/** Names a list of references without writing out thousands of them. */
function keyOf(refs: readonly string[] | undefined): readonly unknown[] {
  return [refs?.[0], refs?.at(-1), refs?.length];
}

function rank(kind: string): number {
  const at = KIND_ORDER.indexOf(kind);
  return at === -1 ? KIND_ORDER.length : at;
}
