/** What the list of templates asks the catalog for. */
import { parseRef } from '@callboard/model';
import type { FacetQuery, Predicate, RowQuery } from '../../../api/catalog.ts';
import type { ListState } from './list-state.ts';

export interface Viewer {
  /** What the person owns things as; full references. */
  readonly ownsAs: readonly string[];
  readonly starred: readonly string[];
}

export type FacetName = 'type' | 'tag' | 'owner';

/** Where the value of a choice is in an entity. */
export const FACET_PATHS: Readonly<Record<FacetName, string>> = {
  type: 'spec.type',
  tag: 'metadata.tags',
  owner: 'relations.ownedBy',
};

const TEXT_FIELDS = ['metadata.name', 'metadata.title', 'metadata.description', 'metadata.tags'];
const KIND: Predicate = { kind: 'Template' };

export function templatesQuery(
  state: ListState,
  viewer: Viewer,
): Pick<RowQuery, 'query' | 'orderBy' | 'fullTextFilter'> {
  return {
    query: predicateOf(state, viewer),
    orderBy: [{ field: 'metadata.name', order: 'asc' }],
    ...textOf(state),
  };
}

/** Counts what each choice would give; one that is made is counted without itself. */
export function facetQuery(state: ListState, viewer: Viewer, facet: FacetName): FacetQuery {
  return {
    facets: [FACET_PATHS[facet]],
    query: predicateOf({ ...state, [facet]: '' }, viewer),
    ...textOf(state),
  };
}

function predicateOf(state: ListState, viewer: Viewer): Predicate {
  const all: Predicate[] = [KIND];
  for (const facet of ['type', 'tag', 'owner'] as const) {
    if (state[facet] !== '') all.push({ [FACET_PATHS[facet]]: state[facet] });
  }
  if (state.show === 'mine') all.push({ [FACET_PATHS.owner]: { $in: viewer.ownsAs } });
  if (state.show === 'starred') all.push(starredPredicate(viewer.starred));
  return all.length === 1 ? KIND : { $all: all };
}

/** By namespace, since the name alone is not enough. */
function starredPredicate(refs: readonly string[]): Predicate {
  const names = Map.groupBy(
    refs.flatMap((text) => {
      const ref = parseRef(text);
      return ref?.kind.toLowerCase() === 'template' ? [ref] : [];
    }),
    ({ namespace }) => namespace,
  );
  return {
    $any: [...names].map(([namespace, found]) => ({
      'metadata.namespace': namespace,
      'metadata.name': { $in: found.map(({ name }) => name) },
    })),
  };
}

function textOf({ text }: ListState): Pick<RowQuery, 'fullTextFilter'> {
  const term = text.trim();
  return term === '' ? {} : { fullTextFilter: { term, fields: TEXT_FIELDS } };
}
