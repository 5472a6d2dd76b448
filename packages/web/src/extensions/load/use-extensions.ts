/**
 * The custom fields of this portal, for a page with a form: they are loaded when the first such page is opened, and changed
 * files are followed while one is open. What they are goes into the store of the form's extensions.
 */
import { useEffect, useSyncExternalStore } from 'react';
import { pause } from '../../api/pause.ts';
import { createRawClient } from '../../api/raw-client.ts';
import { useServices, type Services } from '../../api/services.ts';
import { statusOf } from '../../api/error.ts';
import { extensionStore } from '../../pages/create/form/extensions.ts';
import { readFlags } from '../../pages/create/form/flags.ts';
import { provideApis } from '../apis/api-ref.ts';
import { pageConfigData } from '../apis/page-config.ts';
import { createPortalApis } from '../apis/portal-apis.ts';
import { createSlots } from '../field/slots.tsx';
import { createFieldMaker } from '../field/wrap-field.tsx';
import { loadHost } from '../host/load-host.ts';
import { collect } from './collect.ts';
import { followChanges } from './follow-changes.ts';
import { createExtensionLoader, type ExtensionLoader, type ExtensionsState } from './loader.ts';
import { createLocate } from './locate.ts';
import { parseList } from './parse-list.ts';
import { say } from './say.ts';
import { whileVisible } from './while-visible.ts';

const SOURCE = 'extensions';

/** One per page load: modules that were imported stay. */
const loaders = new WeakMap<object, ExtensionLoader>();
let followers = 0;
let end: (() => void) | null = null;

/** Starts loading with the first call. */
export function useExtensions(): ExtensionsState {
  const services = useServices();
  const loader = loaderOf(services);
  useEffect(() => follow(services, loader), [services, loader]);
  return useSyncExternalStore(loader.subscribe, loader.get);
}

function loaderOf(services: Services): ExtensionLoader {
  const known = loaders.get(services.client);
  if (known !== undefined) return known;
  const made = createPageLoader(services);
  loaders.set(services.client, made);
  void made.reload();
  return made;
}

function createPageLoader({ client, session }: Services): ExtensionLoader {
  const { origin } = window.location;
  provideApis(
    createPortalApis({
      client,
      session,
      fetch: (input, init) => fetch(input, init),
      storage: {
        getItem: (key) => localStorage.getItem(key),
        setItem: (key, value) => localStorage.setItem(key, value),
        removeItem: (key) => localStorage.removeItem(key),
      },
      origin,
      config: pageConfigData(
        document.querySelector('script[type="backstage.io/config"]')?.textContent ?? null,
      ),
      isFlagOn: (name) => readFlags({ getItem: (key) => localStorage.getItem(key) })(name),
      say,
    }),
  );
  const locate = createLocate(client);
  const inSlots = createSlots();
  return createExtensionLoader({
    async list() {
      try {
        return parseList(await client({ path: '/api/extensions/v1/list' }));
      } catch (thrown) {
        // A server without custom fields.
        if (statusOf(thrown) === 404) return [];
        throw thrown;
      }
    },
    loadHost,
    importModule: async (url) => {
      const module: unknown = await import(/* @vite-ignore */ url);
      return typeof module === 'object' && module !== null ? module : {};
    },
    collect,
    locate,
    fields: createFieldMaker({ locate }),
    publish: (parts) => extensionStore.set(SOURCE, inSlots(parts)),
  });
}

/** However many pages and parts of pages ask, one connection is open, while the page is seen. */
function follow({ session }: Services, loader: ExtensionLoader): () => void {
  followers += 1;
  end ??= whileVisible(document, (wasHidden) => {
    const stop = new AbortController();
    const raw = createRawClient({ session, fetch: (path, init) => fetch(path, init) });
    const onChange = (): void => void loader.reload();
    // What was saved meanwhile.
    if (wasHidden) onChange();
    void followChanges({ raw, pause, signal: stop.signal, onChange });
    return () => stop.abort();
  });
  return () => {
    followers -= 1;
    if (followers > 0) return;
    end?.();
    end = null;
  };
}
