/**
 * What the catalog page asks the API for: the predicate of the list, and the facets that count what each choice
 * would give. A facet is counted without its own choice, so that the other values of it stay visible.
 */
import type { FacetQuery, FacetValue, FullTextFilter, Predicate, RowQuery } from '../../api/catalog.ts';
import { ALL_KINDS, CHOICE_IDS, type CatalogState, type ChoiceId, type SortField } from './url-state.ts';

export type FacetId = 'kind' | ChoiceId;

const FACET_IDS: readonly FacetId[] = ['kind', ...CHOICE_IDS];

/** Where the value of a facet lives in an entity. */
export const FACET_PATHS: Readonly<Record<FacetId, string>> = {
  kind: 'kind',
  type: 'spec.type',
  owner: 'relations.ownedBy',
  lifecycle: 'spec.lifecycle',
  tag: 'metadata.tags',
};

const TEXT_FIELDS = ['metadata.name', 'metadata.title', 'metadata.description', 'metadata.tags'];
const ALWAYS_PRESENT: readonly SortField[] = ['metadata.name', 'kind'];

/** The filters of a state, without those of one facet; undefined when nothing is filtered. */
export function predicateOf(state: CatalogState, kind: string, without?: FacetId): Predicate | undefined {
  const all: Predicate[] = [];
  if (without !== 'kind' && kind !== ALL_KINDS) all.push({ kind });
  for (const id of CHOICE_IDS) {
    const values = state.choices[id];
    if (id === without || values.length === 0) continue;
    all.push({ [FACET_PATHS[id]]: values.length === 1 ? values[0] : { $in: values } });
  }
  return all.length > 1 ? { $all: all } : all[0];
}

function fullTextOf(state: CatalogState): FullTextFilter | undefined {
  const term = state.text.trim();
  return term === '' ? undefined : { term, fields: TEXT_FIELDS };
}

/**
 * The requests that count all facets: one for the facets without a choice, which share the filters of the list,
 * and one for each facet with a choice.
 */
export function facetRequests(state: CatalogState, kind: string): readonly FacetQuery[] {
  const fullTextFilter = fullTextOf(state);
  const text = fullTextFilter === undefined ? {} : { fullTextFilter };
  const chosen = FACET_IDS.filter((id) =>
    id === 'kind' ? kind !== ALL_KINDS : state.choices[id].length > 0,
  );
  const free = FACET_IDS.filter((id) => !chosen.includes(id));
  const requests: FacetQuery[] = chosen.map((id) => ({
    facets: [FACET_PATHS[id]],
    ...withQuery(predicateOf(state, kind, id)),
    ...text,
  }));
  if (free.length === 0) return requests;
  return [
    ...requests,
    { facets: free.map((id) => FACET_PATHS[id]), ...withQuery(predicateOf(state, kind)), ...text },
  ];
}

/** The kinds there are, whatever is filtered. */
export const ALL_KINDS_REQUEST: FacetQuery = { facets: [FACET_PATHS.kind] };

/**
 * The requests for one page of the list. An order leaves out the entities that lack its field, so an order by an
 * optional field has a second request for those, and they come after the others.
 */
export function listRequests(
  state: CatalogState,
  kind: string,
): { readonly sorted: RowQuery; readonly rest: RowQuery | null } {
  const query = predicateOf(state, kind);
  const fullTextFilter = fullTextOf(state);
  const page = {
    ...(fullTextFilter !== undefined && { fullTextFilter }),
    offset: state.offset,
    limit: state.pageSize,
  };
  const sorted: RowQuery = {
    ...page,
    ...withQuery(query),
    orderBy: [{ field: state.sort, order: state.dir }],
  };
  if (ALWAYS_PRESENT.includes(state.sort)) return { sorted, rest: null };
  const absent: Predicate = { [state.sort]: { $exists: false } };
  const rest: RowQuery = {
    ...page,
    query: query === undefined ? absent : { $all: [query, absent] },
    orderBy: [{ field: 'metadata.name', order: 'asc' }],
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
  return choices.toSorted((a, b) => b.count - a.count || a.value.localeCompare(b.value));
}

/** The kind that is shown when the address names none: components when there are any. */
export function usualKind(kinds: readonly FacetValue[]): string {
  return kinds.some(({ value }) => value.toLowerCase() === 'component') ? 'component' : ALL_KINDS;
}

function withQuery(query: Predicate | undefined): { readonly query?: Predicate } {
  return query === undefined ? {} : { query };
}
