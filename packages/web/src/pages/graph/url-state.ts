/**
 * The state of the graph page, as it is written in the address:
 * `?ref=system:default/x&depth=3&direction=in&orientation=TB&kind=component&relation=dependsOn&selected=api:default/y&view=list`.
 * What is at its default is left out. Addresses of Backstage's page are understood, see `isForeign`.
 */
import { parseRef, RELATION_PAIRS, stringifyRef } from '@callboard/model';
import type { Orientation } from './layout/layout.ts';

/** Which edges are followed away from the roots: all, those that lead out, those that lead in. */
export type FlowDirection = 'both' | 'out' | 'in';

export interface GraphState {
  /** Full references in lower case. */
  readonly roots: readonly string[];
  /** Steps from the nearest root, 1 to 10. */
  readonly depth: number;
  readonly direction: FlowDirection;
  readonly orientation: Orientation;
  /** In lower case; none means all. */
  readonly kinds: readonly string[];
  /** Forward relation types; none means all. */
  readonly relations: readonly string[];
  readonly selected: string | null;
  readonly view: 'graph' | 'list';
}

export const MOST_DEPTH = 10;

export const START: GraphState = {
  roots: [],
  depth: 2,
  direction: 'both',
  orientation: 'LR',
  kinds: [],
  relations: [],
  selected: null,
  view: 'graph',
};

export const DIRECTIONS: readonly FlowDirection[] = ['both', 'in', 'out'];

/** Both spellings of lists: `rootEntityRefs[]=…` and `rootEntityRefs[0]=…`. */
const FOREIGN =
  /^(rootEntityRefs|selectedKinds|selectedRelations)(\[\d*\])?$|^(maxDepth|unidirectional|mergeRelations|curve|showFilters)$/;
const FORWARD_TYPES: readonly string[] = [
  'ownedBy',
  'consumesApi',
  'providesApi',
  'dependsOn',
  'childOf',
  'memberOf',
  'partOf',
];

/** True when the address is one of Backstage's page, and is to be replaced by `toGraphParams`. */
export function isForeign(params: URLSearchParams): boolean {
  return [...params.keys()].some((key) => FOREIGN.test(key)) || isOrientation(params.get('direction'));
}

export function parseGraphState(params: URLSearchParams): GraphState {
  const direction = params.get('direction');
  const orientation = params.get('orientation') ?? (isOrientation(direction) ? direction : null);
  const selected = toFullRef(params.get('selected') ?? '');
  return {
    roots: unique([...params.getAll('ref'), ...listed(params, 'rootEntityRefs')].flatMap(fullRefs)),
    depth: parseDepth(params.get('depth') ?? params.get('maxDepth')),
    direction: DIRECTIONS.find((known) => known === direction) ?? START.direction,
    orientation: orientation === 'TB' || orientation === 'BT' ? 'TB' : 'LR',
    kinds: unique(
      [...params.getAll('kind'), ...listed(params, 'selectedKinds')].map((kind) => kind.toLowerCase()),
    ),
    relations: unique(
      [...params.getAll('relation'), ...listed(params, 'selectedRelations')].map(forwardType),
    ),
    selected,
    view: params.get('view') === 'list' ? 'list' : 'graph',
  };
}

/** The parameters of an address, in a fixed order, so that equal states have equal addresses. */
export function toGraphParams(state: GraphState): URLSearchParams {
  const params = new URLSearchParams();
  for (const root of state.roots) params.append('ref', root);
  if (state.depth !== START.depth) params.set('depth', String(state.depth));
  if (state.direction !== START.direction) params.set('direction', state.direction);
  if (state.orientation !== START.orientation) params.set('orientation', state.orientation);
  for (const kind of state.kinds) params.append('kind', kind);
  for (const relation of state.relations) params.append('relation', relation);
  if (state.selected !== null) params.set('selected', state.selected);
  if (state.view !== START.view) params.set('view', state.view);
  return params;
}

/** A link to the page with one entity in the middle. */
export function graphPath(state: Pick<GraphState, 'roots'> & Partial<GraphState>): string {
  // References stay readable: neither sign has a meaning in a query.
  const query = toGraphParams({ ...START, ...state }).toString();
  return `/catalog-graph?${query.replaceAll('%3A', ':').replaceAll('%2F', '/')}`;
}

/** The list with the value added, or taken away when it was there. */
export function toggled(values: readonly string[], value: string): readonly string[] {
  return values.includes(value) ? values.filter((other) => other !== value) : [...values, value];
}

function isOrientation(value: string | null): boolean {
  return value !== null && ['LR', 'RL', 'TB', 'BT'].includes(value);
}

function parseDepth(text: string | null): number {
  if (text === null || text === '') return START.depth;
  if (text === '∞' || text.toLowerCase() === 'infinity') return MOST_DEPTH;
  const depth = Math.trunc(Number(text));
  return Number.isNaN(depth) ? START.depth : Math.min(MOST_DEPTH, Math.max(1, depth));
}

function listed(params: URLSearchParams, name: string): readonly string[] {
  return [...params].flatMap(([key, value]) => (key.replace(/\[\d*\]$/, '') === name ? [value] : []));
}

function fullRefs(text: string): readonly string[] {
  const ref = toFullRef(text);
  return ref === null ? [] : [ref];
}

function toFullRef(text: string): string | null {
  const ref = parseRef(text);
  return ref === null ? null : stringifyRef(ref);
}

/** `ownerOf` is the same edge as `ownedBy`. */
function forwardType(type: string): string {
  const pair = Object.values(RELATION_PAIRS).find((one) => one.type === type);
  return pair !== undefined && FORWARD_TYPES.includes(pair.reverse) ? pair.reverse : type;
}

function unique(values: readonly string[]): readonly string[] {
  return [...new Set(values.filter((value) => value !== ''))];
}
