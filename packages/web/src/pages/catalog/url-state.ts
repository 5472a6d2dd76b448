/**
 * The state of the catalog page, as it is written in the address:
 * `?kind=component&show=mine&type=service&owner=group:default/x&q=text&sort=metadata.name&dir=asc&columns=type,owner&row=50`.
 * What is at its default is left out, and what cannot be read is at its default.
 */
import { parseColumns, SORT_FIELDS, type ColumnId, type SortField } from './columns.ts';

/** The choices that may be several at once; an entity matches when it has one of them. */
export type ChoiceId = 'type' | 'owner' | 'lifecycle' | 'tag' | 'namespace';

export const CHOICE_IDS: readonly ChoiceId[] = ['type', 'owner', 'lifecycle', 'tag', 'namespace'];

/** Whose entities are listed: everybody's, those that the person owns, or those that they starred. */
export type Show = 'all' | 'mine' | 'starred';

export const SHOWS: readonly Show[] = ['all', 'mine', 'starred'];
export const ALL_KINDS = 'all';

export interface CatalogState {
  /** Lower case; `all` for every kind; null when the address does not say, and the page picks one. */
  readonly kind: string | null;
  readonly show: Show;
  readonly choices: Readonly<Record<ChoiceId, readonly string[]>>;
  readonly text: string;
  readonly sort: SortField;
  readonly dir: 'asc' | 'desc';
  /** Null when the address does not say, and the person's own columns are shown. */
  readonly columns: readonly ColumnId[] | null;
  /** The row at the top of the list, from 0. */
  readonly row: number;
}

export const START: CatalogState = {
  kind: null,
  show: 'all',
  choices: { type: [], owner: [], lifecycle: [], tag: [], namespace: [] },
  text: '',
  sort: 'metadata.name',
  dir: 'asc',
  columns: null,
  row: 0,
};

/** Also reads `offset`, by which older addresses name the row. */
export function parseCatalogState(params: URLSearchParams): CatalogState {
  const kind = params.get('kind')?.trim().toLowerCase() ?? '';
  const columns = params.get('columns');
  return {
    kind: kind === '' ? null : kind,
    show: SHOWS.find((show) => show === params.get('show')) ?? START.show,
    choices: {
      type: several(params, 'type'),
      owner: several(params, 'owner'),
      lifecycle: several(params, 'lifecycle'),
      tag: several(params, 'tag'),
      namespace: several(params, 'namespace'),
    },
    text: params.get('q') ?? '',
    sort: SORT_FIELDS.find((field) => field === params.get('sort')) ?? START.sort,
    dir: params.get('dir') === 'desc' ? 'desc' : 'asc',
    columns: columns === null ? null : parseColumns(columns.split(',')),
    row: toRowNumber(params.get('row') ?? params.get('offset')),
  };
}

/** The parameters of an address, in a fixed order, so that equal states have equal addresses. */
export function toCatalogParams(state: CatalogState): URLSearchParams {
  const params = new URLSearchParams();
  if (state.kind !== null) params.set('kind', state.kind);
  if (state.show !== START.show) params.set('show', state.show);
  for (const id of CHOICE_IDS) {
    for (const value of state.choices[id]) params.append(id, value);
  }
  if (state.text !== '') params.set('q', state.text);
  if (state.sort !== START.sort) params.set('sort', state.sort);
  if (state.dir !== START.dir) params.set('dir', state.dir);
  if (state.columns !== null) params.set('columns', state.columns.join(','));
  if (state.row !== 0) params.set('row', String(state.row));
  return params;
}

/** Goes to the state that a change makes of the one that is there when it is called. */
export type Go = (change: (now: CatalogState) => CatalogState) => void;

/** A link to the catalog of every kind, narrowed to one value of a choice. */
export function catalogPath(id: ChoiceId, value: string): string {
  const choices = { ...START.choices, [id]: [value] };
  return `/catalog?${toCatalogParams({ ...START, kind: ALL_KINDS, choices }).toString()}`;
}

/** The state with other filters or another order, from its first row. */
export function narrowed(state: CatalogState, change: Partial<CatalogState>): CatalogState {
  return { ...state, ...change, row: 0 };
}

/** The state with a value of a choice added, or taken away when it was there. Case does not count. */
export function toggled(state: CatalogState, id: ChoiceId, value: string): CatalogState {
  const before = state.choices[id];
  const without = before.filter((other) => other.toLowerCase() !== value.toLowerCase());
  const after = without.length === before.length ? [...before, value] : without;
  return narrowed(state, { choices: { ...state.choices, [id]: after } });
}

/** The state sorted by a field: ascending first, and the other way round when it is sorted by it already. */
export function sortedBy(state: CatalogState, field: SortField): CatalogState {
  const dir = state.sort === field && state.dir === 'asc' ? 'desc' : 'asc';
  return narrowed(state, { sort: field, dir });
}

/** The state without text and choices; the kind, the order and the columns stay. */
export function cleared(state: CatalogState): CatalogState {
  return narrowed(state, { show: START.show, choices: START.choices, text: '' });
}

/** True when text, a choice or a person narrows the list. */
export function isNarrowed(state: CatalogState): boolean {
  return state.text !== '' || filterCount(state) > 0;
}

/** How many filters are set beside the kind and the text. */
export function filterCount(state: CatalogState): number {
  const chosen = CHOICE_IDS.reduce((sum, id) => sum + state.choices[id].length, 0);
  return state.show === 'all' ? chosen : chosen + 1;
}

/** The values of a parameter that are not empty, each once. */
function several(params: URLSearchParams, name: string): readonly string[] {
  return [...new Set(params.getAll(name).filter((value) => value !== ''))];
}

function toRowNumber(text: string | null): number {
  const row = Number(text ?? 0);
  return Number.isSafeInteger(row) && row > 0 ? row : 0;
}
