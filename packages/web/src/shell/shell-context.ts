/** What the shell and the settings share: theme, language, connection. Wired in main.tsx. */
import { createContext, useContext, useSyncExternalStore } from 'react';
import type { Connection } from './connection.ts';
import type { Locale } from './locale.ts';
import type { Theme } from './theme.ts';

export interface ShellServices {
  readonly theme: Theme;
  readonly locale: Locale;
  readonly connection: Connection;
  /** Throws when the browser blocks storage. */
  readonly storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;
}

const ShellContext = createContext<ShellServices | null>(null);

export const ShellProvider = ShellContext.Provider;

export function useShell(): ShellServices {
  const services = useContext(ShellContext);
  if (services === null) throw new Error('useShell is called outside of ShellProvider');
  return services;
}

/** False once the server did not answer; the component is rendered again when it changes. */
export function useIsThere(): boolean {
  const { connection } = useShell();
  return useSyncExternalStore(connection.subscribe, connection.isThere);
}
