/** The texts of the catalog page. */
import { count, plural } from '../../messages.ts';
import { kindName } from '../../parts/ref-text.ts';
import type { ChoiceId, SortField } from './url-state.ts';

const choiceTitles: Readonly<Record<ChoiceId, string>> = {
  type: 'Type',
  owner: 'Owner',
  lifecycle: 'Lifecycle',
  tag: 'Tag',
};

const columnTitles: Readonly<Record<SortField, string>> = {
  'metadata.name': 'Name',
  kind: 'Kind',
  'spec.type': 'Type',
  'spec.lifecycle': 'Lifecycle',
  'spec.owner': 'Owner',
  'spec.system': 'System',
};

export const messages = {
  title: 'Catalog',

  filters: 'Filters',
  filtersActive: (active: number) => `Filters (${count(active)})`,
  search: 'Search the catalog',
  searchHint: 'Name, description or tag',
  kind: 'Kind',
  allKinds: 'All kinds',
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

  columnTitles,
  tags: 'Tags',
  sortBy: (column: string) => `Sort by ${column.toLowerCase()}`,
  sortLabel: 'Sort by',
  ascending: 'Ascending; turn around',
  descending: 'Descending; turn around',
  moreTags: (more: number) => `+${count(more)}`,
  moreTagsTitle: (tags: readonly string[]) => tags.join(', '),
  hasErrors: 'Has errors',

  pages: 'Pages',
  range: (from: number, to: number, total: number) => `${count(from)}–${count(to)} of ${count(total)}`,
  previousPage: 'Previous page',
  nextPage: 'Next page',
  pageSize: 'Rows per page',

  failed: 'The catalog could not be read',
  countsFailed: 'The counts could not be read.',

  noMatch: 'Nothing matches',
  noMatchWhy: 'No entity has all of this. Clear the filters, or look at every kind.',
  noMatchKind: (kind: string) => `There is no entity of kind ${kindName(kind)}.`,
  showAllKinds: 'Show all kinds',
  pastTheEnd: 'This page is past the end of the list',
  pastTheEndWhy: (total: number) => `The list has become shorter: ${plural(total, 'entity', 'entities')}.`,
  firstPage: 'Go to the first page',

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
