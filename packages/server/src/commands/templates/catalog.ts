/** The catalog for the commands on templates: that of a running portal, or of the database. Nothing is registered in either. */
import { CodedError } from '@callboard/kernel';
import { checkEnvelope, type Entity } from '@callboard/model';
import type { CatalogPort } from '@callboard/scaffolder/authoring';
import type { PortalClient } from './portal.ts';

/** What a catalog is asked for by commands. */
type ReadCatalog = Pick<CatalogPort, 'entity' | 'ownershipOf'>;

const refuse = async (): Promise<never> => {
  throw new CodedError(
    501,
    'server/no-catalog',
    'The command line registers nothing in a catalog: this step needs a running portal.',
  );
};

/** Asks at each call. Every one can throw what the client throws, but for an entity that is not there. */
export function createPortalCatalog(portal: Pick<PortalClient, 'entity'>): CatalogPort {
  const entity: CatalogPort['entity'] = async (ref) => {
    try {
      const found: unknown = await portal.entity(ref);
      return isEntity(found) ? found : null;
    } catch (error) {
      if (error instanceof CodedError && error.code === 'server/no-such-entity') return null;
      throw error;
    }
  };
  return {
    entity,
    ownershipOf: async (ref) => {
      const user = await entity(ref);
      if (user === null) return [ref.toLowerCase()];
      const { ownershipOf } = await import('@callboard/access');
      return ownershipOf(user);
    },
    register: refuse,
    preview: refuse,
  };
}

function isEntity(value: unknown): value is Entity {
  return checkEnvelope(value).ok;
}

export interface LazyCatalog extends AsyncDisposable {
  readonly catalog: CatalogPort;
}

/** Opens when an entity is first asked for; what fails then, fails again at each call. Closes what was opened. */
export function createLazyCatalog(
  open: () => Promise<AsyncDisposable & { readonly catalog: ReadCatalog }>,
): LazyCatalog {
  let opening: ReturnType<typeof open> | null = null;
  const opened = async (): Promise<ReadCatalog> => {
    opening ??= open();
    return (await opening).catalog;
  };
  return {
    catalog: {
      entity: async (ref) => (await opened()).entity(ref),
      ownershipOf: async (ref) => (await opened()).ownershipOf(ref),
      register: refuse,
      preview: refuse,
    },
    [Symbol.asyncDispose]: async () => {
      // Who asked was told when it could not be opened.
      const done = await opening?.catch(() => null);
      await done?.[Symbol.asyncDispose]();
    },
  };
}
