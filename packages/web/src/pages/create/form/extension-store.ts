/**
 * Fields, layouts and decorators from several sources, each of which hands in all of its parts and may do so again at any
 * time: open forms take over the new ones and keep what was entered.
 */
import type { FormExtensions } from './field-extension.ts';

export interface ExtensionStore {
  /** The same object until something changes. Of the fields of one name the last one counts. */
  readonly get: () => FormExtensions;
  readonly subscribe: (listener: () => void) => () => void;
  /**
   * Replaces what a source added before; nothing takes it away. A field that could not be loaded is handed in as a field
   * of its name whose component says so.
   */
  readonly set: (source: string, parts: Partial<FormExtensions>) => void;
}

export function createExtensionStore(own: FormExtensions): ExtensionStore {
  const listeners = new Set<() => void>();
  const added = new Map<string, Partial<FormExtensions>>();
  let all = own;
  return {
    get: () => all,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    set(source, parts) {
      added.set(source, parts);
      const given = [...added.values()];
      all = {
        fields: [...own.fields, ...given.flatMap(({ fields = [] }) => fields)],
        layouts: [...own.layouts, ...given.flatMap(({ layouts = [] }) => layouts)],
        decorators: [...own.decorators, ...given.flatMap(({ decorators = [] }) => decorators)],
      };
      for (const listener of listeners) listener();
    },
  };
}
