/** The parts of the page that are loaded apart: nobody needs them for the first view. */
import type * as bulkBar from './bulk-bar.tsx';
import type * as columnsMenu from './columns-menu.tsx';
import type * as exportDialog from './export-dialog.tsx';
import type * as viewsMenu from './views-menu.tsx';

export const loadBulkBar = (): Promise<typeof bulkBar> => import('./bulk-bar.tsx');
export const loadColumns = (): Promise<typeof columnsMenu> => import('./columns-menu.tsx');
export const loadExport = (): Promise<typeof exportDialog> => import('./export-dialog.tsx');
export const loadViews = (): Promise<typeof viewsMenu> => import('./views-menu.tsx');

/** Loads them ahead. What fails is tried again when it is opened. */
export function preloadParts(): void {
  for (const load of [loadBulkBar, loadColumns, loadExport, loadViews]) load().catch(() => undefined);
}
