/** What this portal's forms have: its own fields, and what others add while it is open, such as compiled custom fields. */
import { BUILTIN_FIELDS } from '../fields/builtin.ts';
import { createExtensionStore, type ExtensionStore } from './extension-store.ts';

/** Of this portal. */
export const extensionStore: ExtensionStore = createExtensionStore({
  fields: BUILTIN_FIELDS,
  layouts: [],
  decorators: [],
});
