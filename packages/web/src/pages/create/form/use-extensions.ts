/** The extensions of the portal's forms as they are now. */
import { useSyncExternalStore } from 'react';
import { extensionStore } from './extensions.ts';
import type { FormExtensions } from './field-extension.ts';

export function useFormExtensions(): FormExtensions {
  return useSyncExternalStore(extensionStore.subscribe, extensionStore.get);
}
