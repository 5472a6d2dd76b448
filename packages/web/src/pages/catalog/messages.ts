/** The texts of the catalog page. */
import { count, plural } from '../../messages.ts';
import { kindName } from '../../parts/ref-text.ts';
import type { ColumnId, SortField } from './columns.ts';
import type { ExportFormat } from './export-format.ts';
import type { ChoiceId, Show } from './url-state.ts';

const choiceTitles: Readonly<Record<ChoiceId, string>> = {
  type: 'Type',
  owner: 'Owner',
  lifecycle: 'Lifecycle',
  tag: 'Tag',
  namespace: 'Namespace',
};

const columnNames: Readonly<Record<ColumnId, string>> = {
  kind: 'Kind',
  type: 'Type',
  lifecycle: 'Lifecycle',
  owner: 'Owner',
  system: 'System',
  domain: 'Domain',
  tags: 'Tags',
  namespace: 'Namespace',
  description: 'Description',
  location: 'Defined in',
};

const showNames: Readonly<Record<Show, string>> = { all: 'All', mine: 'Mine', starred: 'Starred' };

const columnTitles: Readonly<Record<SortField, string>> = {
  'metadata.name': 'Name',
  kind: 'Kind',
  'spec.type': 'Type',
  'spec.lifecycle': 'Lifecycle',
  'spec.owner': 'Owner',
  'spec.system': 'System',
  'spec.domain': 'Domain',
  'metadata.namespace': 'Namespace',
};

const formatNames: Readonly<Record<ExportFormat, string>> = { csv: 'CSV', json: 'JSON', yaml: 'YAML' };
const formatHints: Readonly<Record<ExportFormat, string>> = {
  csv: 'The columns that are shown, for a spreadsheet',
  json: 'Whole entities, as the API answers them',
  yaml: 'Without what the catalog adds, to be registered again',
};

export const messages = {
  title: 'Catalog',

  filters: 'Filters',
  filtersActive: (active: number) => `Filters (${count(active)})`,
  search: 'Search the catalog',
  searchHint: 'Name, description or tag',
  searchKeys: 'Press / to search, and the down arrow to go to the rows',
  kind: 'Kind',
  allKinds: 'All kinds',
  show: 'Show',
  showNames,
  choiceTitles,
  showAll: (total: number) => `All ${count(total)}`,
  showAllOf: (title: string, total: number) => `All ${count(total)}: ${title.toLowerCase()}`,
  showFewer: 'Fewer',
  showFewerOf: (title: string) => `Fewer: ${title.toLowerCase()}`,
  narrowChoices: (title: string) => `Find in ${title.toLowerCase()}`,
  noSuchChoice: 'Nothing of that name',
  moreChoices: (more: number) => `${plural(more, 'more value', 'more values')}; type to find one`,
  countOf: (total: number) => `, ${count(total)}`,

  activeFilters: 'Active filters',
  activeChoice: (title: string, value: string) => `${title}: ${value}`,
  activeText: (text: string) => `“${text}”`,
  removeFilter: (filter: string) => `Remove the filter ${filter}`,
  clearFilters: 'Clear filters',

  results: (total: number, kind: string | null) =>
    kind === null
      ? plural(total, 'entity', 'entities')
      : plural(total, `entity of kind ${kindName(kind)}`, `entities of kind ${kindName(kind)}`),
  tableCaption: 'Entities of the catalog',
  tableKeys: 'j and k or the arrows move, Enter opens, x selects, s stars, Escape clears the selection',
  keySearch: 'Search the catalog',
  keyNext: 'Next row',
  keyPrevious: 'Previous row',
  keySelect: 'Select the row',
  keySelectRange: 'Select up to the row',
  keyStar: 'Star the entity of the row',
  name: 'Name',
  starColumn: 'Star',
  stillLoading: 'Still loading…',
  loadingRow: 'Loading…',
  tooMany: (shown: number) => `Only the first ${count(shown)} can be scrolled to. Filters find the others.`,

  columnTitles,
  columnNames,
  columns: 'Columns',
  columnsOfKind: 'The kind is shown where the list holds more than one.',
  columnsReset: 'Back to the usual ones',
  columnsUnsaved: 'The choice holds for this address; it could not be saved.',
  sortBy: (column: string) => `Sort by ${column.toLowerCase()}`,
  sortLabel: 'Sort by',
  ascending: 'Ascending; turn around',
  descending: 'Descending; turn around',
  moreTags: (more: number) => `+${count(more)}`,
  moreTagsTitle: (tags: readonly string[]) => tags.join(', '),
  hasErrors: 'Has errors',
  starKey: 'Star or unstar (s)',

  select: (name: string) => `Select ${name}`,
  selectAll: (total: number) => `Select all ${count(total)}`,
  selectNone: 'Clear the selection',
  selected: (total: number) => `${count(total)} selected`,
  selection: 'Selection',
  starThem: 'Star',
  unstarThem: 'Unstar',
  starred: (total: number) => `${plural(total, 'entity', 'entities')} starred`,
  unstarred: (total: number) => `${plural(total, 'entity', 'entities')} no longer starred`,
  refreshThem: 'Refresh',
  refreshing: (done: number, total: number) => `Asking to refresh: ${count(done)} of ${count(total)}`,
  refreshed: (total: number) => `${plural(total, 'entity', 'entities')} will be read again`,
  refreshFailed: (failed: number) => `${plural(failed, 'entity was', 'entities were')} refused:`,
  andMore: (more: number) => `and ${count(more)} more`,
  collecting: 'Reading the selection…',
  copyRefs: 'Copy references',
  copiedRefs: (total: number) => `${plural(total, 'reference', 'references')} copied`,
  copyRefused: 'The browser does not let this page copy. Export the selection instead.',
  collectFailed: (why: string) => `The selection could not be read: ${why}`,
  tooManyAtOnce: (most: number) => `At most ${count(most)} at once. Select fewer.`,
  stop: 'Stop',

  exportTitle: 'Export',
  exportWhat: 'What',
  exportAll: (total: number) => `Everything that matches (${count(total)})`,
  exportSelected: (total: number) => `The selection (${count(total)})`,
  exportFormat: 'Format',
  formatNames,
  formatHints,
  exportStart: 'Export',
  exporting: (done: number, total: number) => `${count(done)} of ${plural(total, 'entity', 'entities')}`,
  exported: (total: number, file: string) => `${plural(total, 'entity', 'entities')} written to ${file}`,
  exportFailed: 'The export could not be finished. Nothing was written.',
  csvReference: 'Reference',
  cancel: 'Cancel',
  close: 'Close',

  views: 'Views',
  viewsTitle: 'Saved views',
  builtInViews: 'To begin with',
  viewAllComponents: 'All components',
  viewOwned: 'What I own',
  viewStarred: 'Starred',
  viewName: 'Name',
  viewNameHint: 'My services in production',
  saveView: 'Save this view',
  saveViewButton: 'Save',
  replaceView: 'Replace',
  replacesView: (name: string) => `Replaces the view ${name}.`,
  viewNameTaken: (name: string) => `There is a view ${name} already.`,
  viewNameMissing: 'A view needs a name.',
  viewUnsaved: (why: string) => `It could not be saved: ${why}`,
  viewsUnread: 'The saved views could not be read.',
  renameView: (name: string) => `Rename the view ${name}`,
  deleteView: (name: string) => `Delete the view ${name}`,
  copyViewLink: (name: string) => `Copy the link of the view ${name}`,
  rename: 'Rename',

  codeFailed: 'This part of the page could not be loaded.',

  failed: 'The catalog could not be read',
  countsFailed: 'The counts could not be read.',

  noMatch: 'Nothing matches',
  noMatchWhy: 'No entity has all of this. Clear the filters, or look at every kind.',
  noMatchKind: (kind: string) => `There is no entity of kind ${kindName(kind)}.`,
  showAllKinds: 'Show all kinds',
  noneStarred: 'Nothing is starred yet',
  noneStarredWhy: 'The star at the end of a row keeps an entity here.',
  starsUnread: 'Your stars could not be read',
  starsUnreadWhy: 'The server did not say what you starred.',
  noneOwned: 'You own nothing that matches',
  noneOwnedWhy: (refs: readonly string[]) =>
    refs.length === 0 ? 'You are signed in without groups.' : `You own things as ${refs.join(', ')}.`,
  showEverybodys: 'Show everybody’s',
  showResults: (total: number) => `Show ${plural(total, 'entity', 'entities')}`,

  empty: 'The catalog is empty',
  emptyWhy:
    'Callboard reads descriptions of software from YAML files, most often a catalog-info.yaml in each repository. Name the places to read in app-config.yaml:',
  emptyConfig: `catalog:
  rules:
    - allow: [Component, API, Resource, System, Domain, Group, User, Location]
  locations:
    # A file in a repository
    - type: url
      target: https://github.com/acme/shop/blob/main/catalog-info.yaml
    # Files on the server's disk
    - type: file
      target: ./catalog/*.yaml`,
  emptyEntity: 'A description can be as short as this:',
  emptyEntityYaml: `apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: shop
  description: Where customers buy things
spec:
  type: service
  lifecycle: production
  owner: team-shop`,
  emptyThen: 'What was read appears here by itself. If it does not, the log of the server says why.',
} as const;
