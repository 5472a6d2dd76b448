/** What the pages get from outside: the API, the session, and the page that links load ahead. Wired in main.tsx. */
import { createContext, useContext, useSyncExternalStore } from 'react';
import type { CatalogApi } from './catalog.ts';
import type { Client } from './client.ts';
import type { Session, SessionState } from './session.ts';
import type { UserSettings } from './user-settings.ts';
import type { Visits } from './visits.ts';

export interface Services {
  /** For the calls that one page alone makes. */
  readonly client: Client;
  readonly catalog: CatalogApi;
  readonly settings: UserSettings;
  readonly visits: Visits;
  readonly session: Session;
  /** Loads the code of the entity page before somebody opens it. What fails is tried again when it is opened. */
  readonly preloadEntityPage: () => void;
}

const ServicesContext = createContext<Services | null>(null);

export const ServicesProvider = ServicesContext.Provider;

export function useServices(): Services {
  const services = useContext(ServicesContext);
  if (services === null) throw new Error('useServices is called outside of ServicesProvider');
  return services;
}

/** The state of the session; the component is rendered again when it changes. */
export function useSession(): SessionState {
  const { session } = useServices();
  return useSyncExternalStore(session.subscribe, session.state);
}
