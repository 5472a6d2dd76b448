/** Where the portal starts in the browser: makes the services, hands them down, renders. It decides nothing. */
import { StrictMode } from 'react';
import { BUIProvider } from '@backstage/ui';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { createRoot } from 'react-dom/client';
import { BrowserRouter } from 'react-router-dom';
import { createCatalogApi } from './api/catalog.ts';
import { createClient } from './api/client.ts';
import { isTransient } from './api/error.ts';
import { ServicesProvider } from './api/services.ts';
import { createSession, type Fetch } from './api/session.ts';
import { createUserSettings } from './api/user-settings.ts';
import { createVisits } from './api/visits.ts';
import { App, loadEntityPage } from './app.tsx';
import { createTheme } from './shell/theme.ts';

const MOST_RETRIES = 2;
const FRESH_FOR_MS = 5_000;

const browserFetch: Fetch = (path, init) => fetch(path, init);
const session = createSession({ fetch: browserFetch, now: () => Date.now() });
// Ask for the token before anything is rendered; the outcome is in the state of the session.
session.token().catch(() => undefined);

const client = createClient({ session, fetch: browserFetch });
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
    <ServicesProvider value={services}>
      <QueryClientProvider client={queryClient}>
        <BrowserRouter future={{ v7_startTransition: true, v7_relativeSplatPath: true }}>
          <BUIProvider>
            <App theme={theme} />
          </BUIProvider>
        </BrowserRouter>
      </QueryClientProvider>
    </ServicesProvider>
  </StrictMode>,
);
