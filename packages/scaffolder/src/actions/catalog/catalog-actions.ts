/** The actions that work with the catalog. */
import type { Action } from '@callboard/plugin';
import { catalogFetch } from './catalog-fetch.ts';
import { catalogRegister, type RegisterDeps } from './catalog-register.ts';
import { catalogWrite } from './catalog-write.ts';

/** `catalog:register`, `catalog:fetch` and `catalog:write`. */
export function createCatalogActions(deps: RegisterDeps): readonly Action[] {
  return [catalogRegister(deps), catalogFetch(deps.catalog), catalogWrite];
}
