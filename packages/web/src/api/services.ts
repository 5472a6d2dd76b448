/** What the pages get from outside: the API, the session, and the page that links load ahead. Wired in main.tsx. */
import { createContext, useContext, useSyncExternalStore } from 'react';
import type { CatalogApi } from './catalog.ts';
import type { Session, SessionState } from './session.ts';

export interface Services {
  readonly catalog: CatalogApi;
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
