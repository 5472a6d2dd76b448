/**
 * What the catalog page asks the API for: the predicate of the list, and the facets that count what each choice
 * would give. A facet is counted without its own choice, so that the other values of it stay visible.
 */
import { parseRef } from '@callboard/model';
import type { FacetQuery, FacetValue, FullTextFilter, Predicate, RowQuery } from '../../api/catalog.ts';
import { compareText } from '../../messages.ts';
import { LOCATION_ANNOTATION, type ColumnId, type SortField } from './columns.ts';
import { ALL_KINDS, CHOICE_IDS, type CatalogState, type ChoiceId, type Show } from './url-state.ts';

export type FacetId = 'kind' | ChoiceId;

const FACET_IDS: readonly FacetId[] = ['kind', ...CHOICE_IDS];

/** Where the value of a facet lives in an entity. */
export const FACET_PATHS: Readonly<Record<FacetId, string>> = {
  kind: 'kind',
  type: 'spec.type',
  owner: 'relations.ownedBy',
  lifecycle: 'spec.lifecycle',
  tag: 'metadata.tags',
  namespace: 'metadata.namespace',
};

const TEXT_FIELDS = ['metadata.name', 'metadata.title', 'metadata.description', 'metadata.tags'];
const ALWAYS_PRESENT: readonly SortField[] = ['metadata.name', 'metadata.namespace', 'kind'];

/** Who is looking: what they own things as, and what they starred, as full references in lower case. */
export interface Person {
  readonly ownsAs: readonly string[];
  readonly starred: readonly string[];
}

/** The filters of a state with what the address leaves open. */
export interface Filter {
  readonly state: Pick<CatalogState, 'show' | 'choices' | 'text'>;
  readonly kind: string;
  readonly person: Person;
}

/** The filters, without those of one facet; undefined when nothing is filtered. */
export function predicateOf({ state, kind, person }: Filter, without?: FacetId): Predicate | undefined {
  const all: Predicate[] = [];
  if (without !== 'kind' && kind !== ALL_KINDS) all.push({ kind });
  for (const id of CHOICE_IDS) {
    const values = state.choices[id];
    if (id === without || values.length === 0) continue;
    all.push({ [FACET_PATHS[id]]: values.length === 1 ? values[0] : { $in: values } });
  }
  all.push(...personPredicate(state.show, person));
  return all.length > 1 ? { $all: all } : all[0];
}

function personPredicate(show: Show, { ownsAs, starred }: Person): readonly Predicate[] {
  switch (show) {
    case 'all':
      return [];
    case 'mine':
      return [{ [FACET_PATHS.owner]: { $in: ownsAs } }];
    case 'starred':
      return [refsPredicate(starred)];
    default:
      return show satisfies never;
  }
}

/** Matches the entities of these references; one condition for each kind and namespace. */
function refsPredicate(refs: readonly string[]): Predicate {
  const names = new Map<string, { kind: string; namespace: string; names: string[] }>();
  for (const text of refs) {
    const ref = parseRef(text);
    if (ref === null) continue;
    const key = `${ref.kind}:${ref.namespace}`;
    const group = names.get(key) ?? { kind: ref.kind, namespace: ref.namespace, names: [] };
    group.names.push(ref.name);
    names.set(key, group);
  }
  return {
    $any: [...names.values()].map((group) => ({
      kind: group.kind,
      'metadata.namespace': group.namespace,
      'metadata.name': { $in: group.names },
    })),
  };
}

function fullTextOf(state: Filter['state']): FullTextFilter | undefined {
  const term = state.text.trim();
  return term === '' ? undefined : { term, fields: TEXT_FIELDS };
}

/**
 * The requests that count all facets: one for the facets without a choice, which share the filters of the list,
 * and one for each facet with a choice.
 */
export function facetRequests(filter: Filter): readonly FacetQuery[] {
  const { state, kind } = filter;
  const fullTextFilter = fullTextOf(state);
  const text = fullTextFilter === undefined ? {} : { fullTextFilter };
  const chosen = FACET_IDS.filter((id) =>
    id === 'kind' ? kind !== ALL_KINDS : state.choices[id].length > 0,
  );
  const free = FACET_IDS.filter((id) => !chosen.includes(id));
  const requests: FacetQuery[] = chosen.map((id) => ({
    facets: [FACET_PATHS[id]],
    ...withQuery(predicateOf(filter, id)),
    ...text,
  }));
  if (free.length === 0) return requests;
  return [
    ...requests,
    { facets: free.map((id) => FACET_PATHS[id]), ...withQuery(predicateOf(filter)), ...text },
  ];
}

/** The kinds there are, whatever is filtered. */
export const ALL_KINDS_REQUEST: FacetQuery = { facets: [FACET_PATHS.kind] };

/** A request for entities, without the part of the list that is wanted. */
export type ListQuery = Omit<RowQuery, 'offset' | 'limit'>;

/**
 * The list as the API is asked for it. An order leaves out the entities that lack its field, so an order by an
 * optional field has a second part with those, and they come after the others.
 */
export interface ListRequest {
  readonly sorted: ListQuery;
  readonly rest: ListQuery | null;
}

export function listRequest(filter: Filter, { sort, dir }: Pick<CatalogState, 'sort' | 'dir'>): ListRequest {
  const query = predicateOf(filter);
  const fullTextFilter = fullTextOf(filter.state);
  const text = fullTextFilter === undefined ? {} : { fullTextFilter };
  const sorted: ListQuery = { ...withQuery(query), orderBy: [{ field: sort, order: dir }], ...text };
  if (ALWAYS_PRESENT.includes(sort)) return { sorted, rest: null };
  const absent: Predicate = { [sort]: { $exists: false } };
  const rest: ListQuery = {
    query: query === undefined ? absent : { $all: [query, absent] },
    orderBy: [{ field: 'metadata.name', order: 'asc' }],
    ...text,
  };
  return { sorted, rest };
}

/** Where a page that has `found` of `wanted` rows from the sorted part goes on in the part that lacks the field. */
export function restPage(options: {
  readonly offset: number;
  readonly wanted: number;
  readonly found: number;
  readonly sortedTotal: number;
}): { readonly offset: number; readonly limit: number } {
  const { offset, wanted, found, sortedTotal } = options;
  return { offset: Math.max(0, offset - sortedTotal), limit: wanted - found };
}

/** What has to be asked for beyond the fields of every row. */
export function columnFields(columns: readonly ColumnId[]): readonly string[] {
  return columns.includes('location') ? [`metadata.annotations.${LOCATION_ANNOTATION}`] : [];
}

export interface Choice {
  readonly value: string;
  readonly count: number;
  readonly selected: boolean;
}

/** Most frequent first. What is selected stays in the list when nothing has it any more. Case does not count. */
export function toChoices(values: readonly FacetValue[], selected: readonly string[]): readonly Choice[] {
  const wanted = new Set(selected.map((value) => value.toLowerCase()));
  const choices = values.map(({ value, count }) => ({
    value,
    count,
    selected: wanted.delete(value.toLowerCase()),
  }));
  for (const value of selected) {
    if (wanted.has(value.toLowerCase())) choices.push({ value, count: 0, selected: true });
  }
  return choices.toSorted((a, b) => b.count - a.count || compareText(a.value, b.value));
}

/** The kind that is shown when the address names none: components when there are any. */
export function usualKind(kinds: readonly FacetValue[]): string {
  return kinds.some(({ value }) => value.toLowerCase() === 'component') ? 'component' : ALL_KINDS;
}

function withQuery(query: Predicate | undefined): { readonly query?: Predicate } {
  return query === undefined ? {} : { query };
}
