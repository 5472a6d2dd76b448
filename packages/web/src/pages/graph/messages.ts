/** The texts of the relations graph. */
import { count, plural } from '../../messages.ts';
import type { FlowDirection } from './url-state.ts';

/** How a relation reads along its edge: booking-service "owned by" booking. */
const RELATIONS: ReadonlyMap<string, string> = new Map([
  ['ownedBy', 'owned by'],
  ['consumesApi', 'consumes API'],
  ['providesApi', 'provides API'],
  ['dependsOn', 'depends on'],
  ['childOf', 'child of'],
  ['memberOf', 'member of'],
  ['partOf', 'part of'],
]);

/** How it reads against its edge: booking "owner of" booking-service. */
const ANSWERS: ReadonlyMap<string, string> = new Map([
  ['ownedBy', 'owner of'],
  ['consumesApi', 'API consumed by'],
  ['providesApi', 'API provided by'],
  ['dependsOn', 'dependency of'],
  ['childOf', 'parent of'],
  ['memberOf', 'has member'],
  ['partOf', 'has part'],
]);

const directions: Readonly<Record<FlowDirection, string>> = {
  both: 'Both ways',
  in: 'What leads here',
  out: 'Where it leads',
};

export const messages = {
  title: 'Relations graph',
  titleOf: (name: string) => `Relations of ${name}`,
  pick: 'What should be in the middle?',
  pickWhy: 'Pick an entity to see what it depends on, what depends on it, and who owns it all.',
  search: 'Search entities',
  searchPlaceholder: 'Name, title or description',
  searchNone: (text: string) => `Nothing matches “${text}”.`,
  searchFailed: 'The search failed',
  recent: 'Looked at recently',
  systems: 'Systems',
  domains: 'Domains',
  suggestionsFailed: 'The suggestions could not be read',
  change: 'Another entity',
  removeRoot: (name: string) => `Take ${name} out of the middle`,
  roots: 'In the middle',

  view: 'Show as',
  viewGraph: 'Graph',
  viewList: 'List',
  depth: 'Depth',
  depthLess: 'One step less',
  depthMore: 'One step more',
  depthSteps: (depth: number) => plural(depth, 'step', 'steps'),
  direction: 'Direction',
  directions,
  orientation: 'Layout',
  orientations: { LR: 'Left to right', TB: 'Top to bottom' },
  kinds: 'Kinds',
  relations: 'Relations',
  clearFilters: 'Clear the filters',
  filters: 'Filters',
  filtersSet: (set: number) => `Filters, ${set} set`,

  export: 'Export',
  exportSvg: 'SVG drawing',
  exportPng: 'PNG picture',
  exported: (file: string) => `${file} was saved.`,
  exportSmaller: (file: string, percent: number) =>
    `${file} was saved at ${percent} % of its size, because browsers cannot draw a larger picture. The SVG drawing has every detail.`,
  exportFailed: 'The picture could not be made. The SVG drawing is another way.',

  relation: (type: string) => RELATIONS.get(type) ?? type,
  answer: (type: string) => ANSWERS.get(type) ?? `${type} (from)`,
  missing: 'missing',
  missingWhy: 'Nothing in the catalog has this reference, or you are not allowed to see it.',
  unknownRelations: 'none',

  summary: (nodes: number, edges: number) =>
    `${plural(nodes, 'entity', 'entities')}, ${plural(edges, 'relation', 'relations')}`,
  drawing: (name: string, nodes: number, edges: number) =>
    `Relations of ${name}: ${plural(nodes, 'entity', 'entities')}, ${plural(edges, 'relation', 'relations')}`,
  canvasHelp:
    'Arrow keys go to related entities. Enter opens one. Plus, minus and zero change the size. Escape ends the selection. The list shows the same as a table.',
  keyboardHint: 'Arrow keys move, Enter opens, + − 0 zoom',
  wheelHint: 'Ctrl or ⌘ with the wheel zooms',
  zoomIn: 'Zoom in',
  zoomOut: 'Zoom out',
  zoomFit: 'Show everything',

  selected: 'Selected entity',
  open: 'Open',
  expand: 'Expand from here',
  makeRoot: 'Put in the middle',
  close: 'Close',
  noDescription: 'No description.',
  steps: (depth: number) => (depth === 0 ? 'in the middle' : `${plural(depth, 'step', 'steps')} away`),
  more: (more: number) => `${count(more)} more`,

  tableCaption: 'Entities of the graph, by their distance',
  columns: { entity: 'Entity', kind: 'Kind', relations: 'Relations' },
  level: (depth: number, nodes: number) =>
    depth === 0
      ? 'In the middle'
      : `${plural(depth, 'step', 'steps')} away · ${plural(nodes, 'entity', 'entities')}`,
  showAll: (more: number) => `Show ${count(more)} more`,
  noRelationsShown: 'No relation within the graph',

  openFull: 'Open in full',
  working: 'Drawing…',
  slow: 'The server is still collecting the relations…',
  failed: 'The relations could not be read',
  layoutFailed: 'The graph could not be drawn',
  layoutFailedWhy: 'The list shows the same entities.',
  notFound: (ref: string) => `${ref} is not in the catalog`,
  notFoundWhy: 'It may have been renamed or removed, or you may not be allowed to see it.',
  alone: 'Nothing is related to it',
  aloneWhy: 'It refers to nothing, and nothing refers to it.',
  aloneFiltered: 'With these filters nothing is related to it.',
  truncated: (shown: number, total: number) =>
    `${count(shown)} of ${count(total)} entities or more are shown. Filter, or lower the depth, to see a whole neighbourhood.`,
} as const;
