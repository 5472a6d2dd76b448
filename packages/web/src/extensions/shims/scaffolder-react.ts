/** `@backstage/plugin-scaffolder-react`, as far as fields of forms use it. */
import { createElement, useCallback, useState, type ReactElement, type ReactNode } from 'react';
import { createSecretStore, SecretProvider, useSecrets } from '../../pages/create/form/secrets.ts';
import type { Secrets } from '../../pages/create/form/field-extension.ts';
import { createApiRef } from '../apis/api-ref.ts';
import {
  createScaffolderFieldExtension,
  createScaffolderLayout,
  ScaffolderFieldExtensions,
  ScaffolderLayouts,
} from './field-extension.ts';
import { makeFieldSchema } from './field-schema.ts';

/** The secrets of the form that is open. `setSecrets` adds; an empty text takes one away. */
function useTemplateSecrets(): { readonly secrets: Secrets; readonly setSecrets: (more: Secrets) => void } {
  const { secrets, setSecret } = useSecrets();
  const setSecrets = useCallback(
    (more: Secrets) => {
      for (const [name, value] of Object.entries(more)) setSecret(name, value);
    },
    [setSecret],
  );
  return { secrets, setSecrets };
}

interface SecretsContextProps {
  readonly initialSecrets?: Secrets;
  readonly children?: ReactNode;
}

function SecretsContextProvider({ initialSecrets = {}, children }: SecretsContextProps): ReactElement {
  const [store] = useState(() => {
    const made = createSecretStore();
    for (const [name, value] of Object.entries(initialSecrets)) made.set(name, value);
    return made;
  });
  return createElement(SecretProvider, { value: store }, children);
}

export const scaffolderReact = {
  ScaffolderFieldExtensions,
  ScaffolderLayouts,
  SecretsContextProvider,
  createScaffolderFieldExtension,
  createScaffolderLayout,
  makeFieldSchema,
  scaffolderApiRef: createApiRef({ id: 'plugin.scaffolder.service' }),
  useTemplateSecrets,
};
