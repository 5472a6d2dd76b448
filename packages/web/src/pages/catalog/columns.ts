/** The columns of the catalog's list: what they are called in the address, and what the API has to send for them. */

/** The name is always the first column and not in this list. */
export type ColumnId =
  | 'kind'
  | 'type'
  | 'lifecycle'
  | 'owner'
  | 'system'
  | 'domain'
  | 'tags'
  | 'namespace'
  | 'description'
  | 'location';

/** The fields that the list is sorted by. Every entity has a name, a namespace and a kind; the others may be absent. */
export type SortField =
  | 'metadata.name'
  | 'kind'
  | 'spec.type'
  | 'spec.lifecycle'
  | 'spec.owner'
  | 'spec.system'
  | 'spec.domain'
  | 'metadata.namespace';

export interface Column {
  readonly id: ColumnId;
  /** Null when the API cannot sort by it. */
  readonly sort: SortField | null;
  /** Width in rem, as in list.css; what is left of the page is shared out, most of it to the name. */
  readonly width: number;
}

/** Where an entity was read from; asked for only when its column is shown. */
export const LOCATION_ANNOTATION = 'backstage.io/managed-by-location';

/** In the order in which the columns stand, whatever the order in which they were chosen. */
const COLUMNS: readonly Column[] = [
  { id: 'kind', sort: 'kind', width: 6 },
  { id: 'type', sort: 'spec.type', width: 6 },
  { id: 'lifecycle', sort: 'spec.lifecycle', width: 6.5 },
  { id: 'owner', sort: 'spec.owner', width: 7.5 },
  { id: 'system', sort: 'spec.system', width: 7.5 },
  { id: 'domain', sort: 'spec.domain', width: 7.5 },
  { id: 'tags', sort: null, width: 9.5 },
  { id: 'namespace', sort: 'metadata.namespace', width: 6.5 },
  { id: 'description', sort: null, width: 18 },
  { id: 'location', sort: null, width: 14 },
];

export const COLUMN_IDS: readonly ColumnId[] = COLUMNS.map(({ id }) => id);
export const DEFAULT_COLUMNS: readonly ColumnId[] = ['kind', 'type', 'lifecycle', 'owner', 'system', 'tags'];

export const SORT_FIELDS: readonly SortField[] = [
  'metadata.name',
  ...COLUMNS.flatMap(({ sort }) => (sort === null ? [] : [sort])),
];

/** The ids that are known, each once, in the order of the columns. */
export function parseColumns(ids: readonly unknown[]): readonly ColumnId[] {
  return COLUMN_IDS.filter((id) => ids.includes(id));
}

export function sameColumns(a: readonly ColumnId[], b: readonly ColumnId[]): boolean {
  return a.length === b.length && a.every((id) => b.includes(id));
}

/** What is shown of the columns that were chosen: the kind only where the list may hold more than one. */
export function shownColumns(chosen: readonly ColumnId[], isOneKind: boolean): readonly Column[] {
  return COLUMNS.filter(({ id }) => chosen.includes(id) && !(id === 'kind' && isOneKind));
}
