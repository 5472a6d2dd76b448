/** The code of the tabs: loaded once, before or when a tab is opened, and at hand without a wait from then on. */
import { useCallback, useSyncExternalStore } from 'react';
import type { EntityTab, EntityTabCode } from './entity-tab.ts';

export type TabCodeState =
  | { readonly kind: 'ready'; readonly code: EntityTabCode }
  | { readonly kind: 'loading' }
  | { readonly kind: 'failed'; readonly error: unknown };

const LOADING: TabCodeState = { kind: 'loading' };
const states = new WeakMap<EntityTab, TabCodeState>();
const listeners = new Set<() => void>();

/** Loads the code of a tab unless it is there or on the way. What failed before is tried again. */
export function loadTab(tab: EntityTab): void {
  const before = states.get(tab);
  if (before !== undefined && before.kind !== 'failed') return;
  start(tab);
  for (const listener of listeners) listener();
}

/** The state of a tab's code; the component is rendered again when it changes. Code of the page itself is ready at once. */
export function useTabCode(tab: EntityTab): TabCodeState {
  const state = useCallback(() => states.get(tab) ?? start(tab), [tab]);
  return useSyncExternalStore(subscribe, state);
}

function start(tab: EntityTab): TabCodeState {
  const given = called(tab);
  if (!(given instanceof Promise)) {
    states.set(tab, given);
    return given;
  }
  states.set(tab, LOADING);
  void given.then((state) => {
    states.set(tab, state);
    for (const listener of listeners) listener();
    return state;
  });
  return LOADING;
}

/** Never throws, and never rejects: a tab that cannot be loaded is a state of that tab. */
function called(tab: EntityTab): TabCodeState | Promise<TabCodeState> {
  try {
    const given = tab.load();
    return given instanceof Promise ? given.then(ready, failed) : ready(given);
  } catch (error) {
    return failed(error);
  }
}

function ready(code: EntityTabCode): TabCodeState {
  return { kind: 'ready', code };
}

function failed(error: unknown): TabCodeState {
  return { kind: 'failed', error };
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
