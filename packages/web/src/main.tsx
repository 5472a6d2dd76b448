/** Where the portal starts in the browser: makes the services, hands them down, renders. It decides nothing. */
import { StrictMode } from 'react';
import { BUIProvider } from '@backstage/ui';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { createRoot } from 'react-dom/client';
import { BrowserRouter } from 'react-router-dom';
import { AppConfigProvider, parseAppConfig } from './api/app-config.ts';
import { createCatalogApi } from './api/catalog.ts';
import { createClient } from './api/client.ts';
import { isTransient } from './api/error.ts';
import { ServicesProvider } from './api/services.ts';
import { createSession, type Fetch } from './api/session.ts';
import { createUserSettings } from './api/user-settings.ts';
import { createVisits } from './api/visits.ts';
import { App, loadEntityPage } from './app.tsx';
import { setLocale } from './messages.ts';
import { createConnection } from './shell/connection.ts';
import { createLocale } from './shell/locale.ts';
import { ShellProvider } from './shell/shell-context.ts';
import { createTheme } from './shell/theme.ts';

const MOST_RETRIES = 2;
const FRESH_FOR_MS = 5_000;

const browserFetch: Fetch = (path, init) => fetch(path, init);
const connection = createConnection({
  fetch: browserFetch,
  later: (run, ms) => {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
});
const session = createSession({ fetch: connection.fetch, now: () => Date.now() });
// Ask for the token before anything is rendered; the outcome is in the state of the session.
session.token().catch(() => undefined);

const client = createClient({ session, fetch: connection.fetch });
const storage = {
  getItem: (key: string) => localStorage.getItem(key),
  setItem: (key: string, value: string) => localStorage.setItem(key, value),
  removeItem: (key: string) => localStorage.removeItem(key),
};

const services = {
  session,
  client,
  catalog: createCatalogApi(client),
  settings: createUserSettings(client),
  visits: createVisits({ storage, now: () => Date.now() }),
  preloadEntityPage: () => {
    loadEntityPage().catch(() => undefined);
  },
};

const theme = createTheme({
  storage,
  systemIsDark: matchMedia('(prefers-color-scheme: dark)'),
  root: document.documentElement,
});

const locale = createLocale({ storage, languages: () => navigator.languages });
setLocale(locale.current());
// Before the pages hear of it and are rendered again.
locale.subscribe(() => setLocale(locale.current()));

const configText = document.querySelector('script[type="backstage.io/config"]')?.textContent ?? null;
const appConfig = parseAppConfig(configText, window.location.origin);

const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: FRESH_FOR_MS,
      retry: (failures, error) => failures < MOST_RETRIES && isTransient(error),
      retryDelay: (attempt) => 400 * 3 ** attempt,
      networkMode: 'always',
    },
  },
});

const root = document.querySelector('#root');
if (root === null) throw new Error('index.html has no #root');

createRoot(root).render(
  <StrictMode>
    <AppConfigProvider value={appConfig}>
      <ShellProvider value={{ theme, locale, connection, storage }}>
        <ServicesProvider value={services}>
          <QueryClientProvider client={queryClient}>
            <BrowserRouter future={{ v7_startTransition: true, v7_relativeSplatPath: true }}>
              <BUIProvider>
                <App />
              </BUIProvider>
            </BrowserRouter>
          </QueryClientProvider>
        </ServicesProvider>
      </ShellProvider>
    </AppConfigProvider>
  </StrictMode>,
);
