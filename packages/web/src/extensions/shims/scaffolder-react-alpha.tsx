/** `@backstage/plugin-scaffolder-react/alpha`, as far as fields of forms use it. */
import { useEffect, useState, type ReactElement, type ReactNode } from 'react';
import { isObject } from '@callboard/model';
import { Prose } from '../../parts/prose.tsx';
import { createApiRef, requireApi } from '../apis/api-ref.ts';
import { createScaffolderFieldExtension } from './field-extension.ts';
import {
  createFormField,
  createScaffolderFormDecorator,
  FormDecoratorBlueprint,
  FormFieldBlueprint,
} from './form-field.ts';
import { scaffolderReact } from './scaffolder-react.ts';

interface ScaffolderFieldProps {
  readonly children?: ReactNode;
  readonly rawDescription?: string;
  readonly errors?: ReactNode;
  readonly help?: ReactNode;
  readonly displayLabel?: boolean;
}

/** An input with its description and what is wrong with it. */
function ScaffolderField({
  children,
  rawDescription = '',
  errors,
  help,
  displayLabel,
}: ScaffolderFieldProps): ReactElement {
  return (
    <div className="ext-field">
      {children}
      {displayLabel === true && rawDescription !== '' && <Prose text={rawDescription} />}
      {errors}
      {help}
    </div>
  );
}

function createFieldValidation(): {
  readonly __errors: string[];
  readonly addError: (message: string) => void;
} {
  const errors: string[] = [];
  return { __errors: errors, addError: (message) => errors.push(message) };
}

interface Manifest {
  readonly manifest: unknown;
  readonly loading: boolean;
  readonly error: Error | undefined;
}

function useTemplateParameterSchema(templateRef: string): Manifest {
  const [state, setState] = useState<Manifest>({ manifest: undefined, loading: true, error: undefined });
  useEffect(() => {
    let isWanted = true;
    const take = (next: Partial<Manifest>): void => {
      if (isWanted) setState({ manifest: undefined, loading: false, error: undefined, ...next });
    };
    readManifest(templateRef).then(
      (manifest) => take({ manifest }),
      (thrown: unknown) => take({ error: thrown instanceof Error ? thrown : new Error(String(thrown)) }),
    );
    return () => {
      isWanted = false;
    };
  }, [templateRef]);
  return state;
}

async function readManifest(templateRef: string): Promise<unknown> {
  const api = requireApi(scaffolderReact.scaffolderApiRef);
  const read = isObject(api) ? api['getTemplateParameterSchema'] : undefined;
  return typeof read === 'function' ? read.call(api, templateRef) : undefined;
}

export const scaffolderReactAlpha = {
  FormDecoratorBlueprint,
  FormFieldBlueprint,
  ScaffolderField,
  createFieldValidation,
  createFormField,
  // Names of older versions.
  createLegacyScaffolderFieldExtension: createScaffolderFieldExtension,
  createNextScaffolderFieldExtension: createScaffolderFieldExtension,
  createScaffolderFormDecorator,
  formFieldsApiRef: createApiRef({ id: 'plugin.scaffolder.form-fields-loader' }),
  useScaffolderTheme: () => 'bui',
  useTemplateParameterSchema,
};
