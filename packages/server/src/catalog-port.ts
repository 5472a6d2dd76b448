/** The catalog as software templates need it. */
import { ownershipOf } from '@callboard/access';
import { dryRun, type Catalog } from '@callboard/catalog';
import { refOf, type Entity, type LocationRef } from '@callboard/model';
import type { CatalogPort } from '@callboard/scaffolder';
import { createCatalogQuery } from './catalog-query.ts';

/** Milliseconds that a registered location is waited for; it comes in later all the same. */
const REGISTER_WAIT = 10_000;

export function createCatalogPort(catalog: Catalog): CatalogPort {
  const find = (ref: string): Entity | null => {
    const ordinal = catalog.index.ordinalOf(ref.toLowerCase());
    return ordinal === undefined ? null : catalog.index.entityOf(ordinal);
  };
  const preview = async (location: LocationRef): Promise<readonly Entity[]> =>
    (await dryRun(catalog, location)).entities;
  return {
    entity: async (ref) => find(ref),
    ownershipOf: async (userRef) => {
      const user = find(userRef);
      return user === null ? [userRef.toLowerCase()] : ownershipOf(user);
    },
    query: createCatalogQuery(catalog),
    preview,
    register: async (location) => {
      const brought = (await preview(location)).map(refOf);
      await catalog.locations.create(location, 'refresh');
      await untilThere(catalog, brought);
      return brought.map(find).filter((entity) => entity !== null);
    },
  };
}

/** Resolves when the catalog has all of them, or has had time enough. */
async function untilThere(catalog: Catalog, refs: readonly string[]): Promise<void> {
  const isThere = (): boolean => refs.every((ref) => catalog.index.ordinalOf(ref) !== undefined);
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, REGISTER_WAIT);
  const stop = catalog.subscribe(() => {
    if (isThere()) resolve();
  });
  if (isThere()) resolve();
  await promise;
  stop();
  clearTimeout(timer);
}
