/** The services that extensions find by reference: who is signed in, the API of the portal, the catalog, and a few more. */
import { isObject } from '@callboard/model';
import type { Client } from '../../api/client.ts';
import type { Identity, Session } from '../../api/session.ts';
import { createCatalogService } from './catalog-service.ts';
import { createPageConfig } from './page-config.ts';
import { createPortalFetch } from './portal-fetch.ts';
import { createScaffolderService } from './scaffolder-service.ts';
import { createStorage } from './storage.ts';
import { entityPresentation } from './presentation.ts';

export interface PortalApisDeps {
  readonly client: Client;
  readonly session: Session;
  readonly fetch: typeof globalThis.fetch;
  readonly storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;
  /** Of the page, as `https://portal.example`. */
  readonly origin: string;
  /** The configuration in the page. */
  readonly config: Readonly<Record<string, unknown>>;
  readonly isFlagOn: (name: string) => boolean;
  /** Says something to the person. */
  readonly say: (message: { readonly text: string; readonly severity: string }) => void;
}

/** By the id of their reference. */
export function createPortalApis(deps: PortalApisDeps): Readonly<Record<string, unknown>> {
  const { client, session, origin, say } = deps;
  const fetchOf = createPortalFetch({ session, fetch: deps.fetch, origin });
  const alert = {
    post: ({ message, severity = 'success' }: { readonly message: string; readonly severity?: string }) =>
      say({ text: message, severity }),
    alert$: nothing,
  };
  return {
    'core.identity': {
      async getBackstageIdentity() {
        const { userEntityRef, ownershipEntityRefs } = await identityOf(session);
        return { type: 'user', userEntityRef, ownershipEntityRefs: [...ownershipEntityRefs] };
      },
      async getProfileInfo() {
        const { displayName, email, picture } = await identityOf(session);
        return {
          displayName: displayName ?? undefined,
          email: email ?? undefined,
          picture: picture ?? undefined,
        };
      },
      getCredentials: async () => ({ token: await session.token() }),
      signOut: () => session.signOut(),
    },
    'core.discovery': { getBaseUrl: async (plugin: string) => `${origin}/api/${encodeURIComponent(plugin)}` },
    'core.fetch': { fetch: fetchOf },
    'core.config': createPageConfig(deps.config),
    'core.alert': alert,
    'core.toast': {
      post({ title, description }: Readonly<Record<string, unknown>>) {
        say({
          text: [title, description].filter((part) => typeof part === 'string').join(': '),
          severity: 'info',
        });
        return { close: () => undefined };
      },
      toast$: nothing,
    },
    'core.error': {
      post: (error: unknown) =>
        say({ text: error instanceof Error ? error.message : textOf(error), severity: 'error' }),
      error$: nothing,
    },
    'core.storage': createStorage(deps.storage),
    'core.featureflags': {
      isActive: deps.isFlagOn,
      registerFlag: () => undefined,
      getRegisteredFlags: () => [],
      save: () => undefined,
    },
    'core.analytics': { captureEvent: () => undefined },
    'core.apptheme': {
      getInstalledThemes: () => [],
      getActiveThemeId: () => undefined,
      setActiveThemeId: () => undefined,
      activeThemeId$: nothing,
    },
    'plugin.catalog.service': createCatalogService(client),
    'plugin.catalog.entity-presentation': { forEntity: entityPresentation },
    'plugin.scaffolder.service': createScaffolderService(client),
  };
}

async function identityOf(session: Session): Promise<Identity> {
  await session.token();
  const state = session.state();
  if (state.kind !== 'signed-in') throw new Error('Nobody is signed in.');
  return state.identity;
}

function textOf(error: unknown): string {
  return isObject(error) && typeof error['message'] === 'string' ? error['message'] : String(error);
}

/** A stream in which nothing ever comes. */
function nothing(): {
  readonly subscribe: () => { readonly unsubscribe: () => void; readonly closed: boolean };
} {
  return { subscribe: () => ({ unsubscribe: () => undefined, closed: false }) };
}
