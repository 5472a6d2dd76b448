/** Views that a person saved: a name for an address of the catalog. */
import { isObject } from '@callboard/model';
import { listIn, textIn } from '../../api/entity.ts';
import { parseCatalogState, START, toCatalogParams, type CatalogState } from './url-state.ts';

export interface SavedView {
  readonly name: string;
  /** The parameters of the address, without `?` and without the row. */
  readonly search: string;
}

export const VIEWS_SETTING = { bucket: 'catalog', key: 'views' } as const;
export const LONGEST_NAME = 80;

/** Reads what the server has: what is no view is left out, the first of a name counts. */
export function parseViews(value: unknown): readonly SavedView[] {
  const views = new Map<string, SavedView>();
  for (const item of listIn({ value }, 'value')) {
    const name = textIn(item, 'name')?.trim() ?? '';
    const search = parsedSearch(item);
    if (name !== '' && search !== null && !views.has(keyOf(name))) views.set(keyOf(name), { name, search });
  }
  return [...views.values()];
}

/** How a state is saved: everything but the place in the list. */
export function viewSearch(state: CatalogState): string {
  return toCatalogParams({ ...state, row: START.row }).toString();
}

/** The views with one more, or with another address for a name that there is. */
export function withView(views: readonly SavedView[], view: SavedView): readonly SavedView[] {
  const known = findView(views, view.name);
  return known === undefined ? [...views, view] : views.map((each) => (each === known ? view : each));
}

/** Unchanged when the view is gone or another one has the new name. */
export function renamedView(views: readonly SavedView[], name: string, next: string): readonly SavedView[] {
  const view = findView(views, name);
  const other = findView(views, next);
  if (view === undefined || (other !== undefined && other !== view)) return views;
  return views.map((each) => (each === view ? { ...each, name: next } : each));
}

export function withoutView(views: readonly SavedView[], name: string): readonly SavedView[] {
  return views.filter((view) => keyOf(view.name) !== keyOf(name));
}

/** Case does not count. */
export function findView(views: readonly SavedView[], name: string): SavedView | undefined {
  return views.find((view) => keyOf(view.name) === keyOf(name));
}

function keyOf(name: string): string {
  return name.trim().toLowerCase();
}

/** Null when it is not text. An address without parameters is one. */
function parsedSearch(item: unknown): string | null {
  const text = isObject(item) ? item['search'] : undefined;
  return typeof text === 'string' ? viewSearch(parseCatalogState(new URLSearchParams(text))) : null;
}
