/** Secrets that fields ask for. They live in memory only, apart from the values, and go nowhere but into the one request. */
import { createContext, useContext, useSyncExternalStore } from 'react';
import type { Secrets } from './field-extension.ts';

export interface SecretStore {
  readonly get: () => Secrets;
  readonly set: (name: string, value: string) => void;
  readonly clear: () => void;
  readonly subscribe: (listener: () => void) => () => void;
}

export function createSecretStore(): SecretStore {
  const listeners = new Set<() => void>();
  let secrets: Secrets = {};
  const enter = (next: Secrets): void => {
    secrets = next;
    for (const listener of listeners) listener();
  };
  return {
    get: () => secrets,
    set(name, value) {
      const { [name]: _before, ...others } = secrets;
      enter(value === '' ? others : { ...others, [name]: value });
    },
    clear: () => enter({}),
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

const SecretContext = createContext<SecretStore>(createSecretStore());

export const SecretProvider = SecretContext.Provider;

/** The secrets typed so far, and the way to set one. */
export function useSecrets(): { readonly secrets: Secrets; readonly setSecret: SecretStore['set'] } {
  const store = useContext(SecretContext);
  return { secrets: useSyncExternalStore(store.subscribe, store.get), setSecret: store.set };
}
