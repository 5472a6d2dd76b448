/**
 * The state of the catalog page, as it is written in the address:
 * `?kind=component&type=service&owner=group:default/x&lifecycle=production&tag=java&q=text&sort=metadata.name&dir=asc&offset=50&pageSize=50`.
 * What is at its default is left out, and what cannot be read is at its default.
 */

/** The choices that may be several at once; an entity matches when it has one of them. */
export type ChoiceId = 'type' | 'owner' | 'lifecycle' | 'tag';

export const CHOICE_IDS: readonly ChoiceId[] = ['type', 'owner', 'lifecycle', 'tag'];

/** The fields that the table sorts by. Every entity has a name and a kind; the others may be absent. */
export type SortField =
  | 'metadata.name'
  | 'kind'
  | 'spec.type'
  | 'spec.lifecycle'
  | 'spec.owner'
  | 'spec.system';

export const SORT_FIELDS: readonly SortField[] = [
  'metadata.name',
  'kind',
  'spec.type',
  'spec.lifecycle',
  'spec.owner',
  'spec.system',
];

export const PAGE_SIZES: readonly number[] = [20, 50, 100];
export const ALL_KINDS = 'all';

export interface CatalogState {
  /** Lower case; `all` for every kind; null when the address does not say, and the page picks one. */
  readonly kind: string | null;
  readonly choices: Readonly<Record<ChoiceId, readonly string[]>>;
  readonly text: string;
  readonly sort: SortField;
  readonly dir: 'asc' | 'desc';
  readonly offset: number;
  readonly pageSize: number;
}

export const START: CatalogState = {
  kind: null,
  choices: { type: [], owner: [], lifecycle: [], tag: [] },
  text: '',
  sort: 'metadata.name',
  dir: 'asc',
  offset: 0,
  pageSize: 50,
};

export function parseCatalogState(params: URLSearchParams): CatalogState {
  const sort = SORT_FIELDS.find((field) => field === params.get('sort')) ?? START.sort;
  const size = Number(params.get('pageSize'));
  const offset = Number(params.get('offset') ?? 0);
  const kind = params.get('kind')?.trim().toLowerCase() ?? '';
  return {
    kind: kind === '' ? null : kind,
    choices: {
      type: several(params, 'type'),
      owner: several(params, 'owner'),
      lifecycle: several(params, 'lifecycle'),
      tag: several(params, 'tag'),
    },
    text: params.get('q') ?? '',
    sort,
    dir: params.get('dir') === 'desc' ? 'desc' : 'asc',
    offset: Number.isSafeInteger(offset) && offset > 0 ? offset : 0,
    pageSize: PAGE_SIZES.includes(size) ? size : START.pageSize,
  };
}

/** The parameters of an address, in a fixed order, so that equal states have equal addresses. */
export function toCatalogParams(state: CatalogState): URLSearchParams {
  const params = new URLSearchParams();
  if (state.kind !== null) params.set('kind', state.kind);
  for (const id of CHOICE_IDS) {
    for (const value of state.choices[id]) params.append(id, value);
  }
  if (state.text !== '') params.set('q', state.text);
  if (state.sort !== START.sort) params.set('sort', state.sort);
  if (state.dir !== START.dir) params.set('dir', state.dir);
  if (state.offset !== 0) params.set('offset', String(state.offset));
  if (state.pageSize !== START.pageSize) params.set('pageSize', String(state.pageSize));
  return params;
}

/** A link to the catalog of every kind, narrowed to one value of a choice. */
export function catalogPath(id: ChoiceId, value: string): string {
  const choices = { ...START.choices, [id]: [value] };
  return `/catalog?${toCatalogParams({ ...START, kind: ALL_KINDS, choices }).toString()}`;
}

/** The state with other filters, on its first page. */
export function narrowed(state: CatalogState, change: Partial<CatalogState>): CatalogState {
  return { ...state, ...change, offset: 0 };
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

/** The state without text and choices; the kind and the order stay. */
export function cleared(state: CatalogState): CatalogState {
  return narrowed(state, { choices: START.choices, text: '' });
}

/** True when text or a choice narrows the list. */
export function isNarrowed(state: CatalogState): boolean {
  return state.text !== '' || CHOICE_IDS.some((id) => state.choices[id].length > 0);
}

/** The values of a parameter that are not empty, each once. */
function several(params: URLSearchParams, name: string): readonly string[] {
  return [...new Set(params.getAll(name).filter((value) => value !== ''))];
}
