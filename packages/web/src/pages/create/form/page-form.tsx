/** One page of the form. Its values are those of the store; what is wrong with them comes from outside. */
import { useMemo, useState, useSyncExternalStore, type ReactElement } from 'react';
import Form from '@rjsf/core';
import type { ErrorSchema, RegistryFieldsType, TemplatesType } from '@rjsf/utils';
import type { FormValues } from '../../../api/scaffolder.ts';
import { MissingField } from '../fields/missing-field.tsx';
import { templates as ownTemplates, widgets } from '../theme/theme.ts';
import { formValidator } from '../validator.ts';
import type { FormContext, FormExtensions } from './field-extension.ts';
import { DEFAULTS, valuesFor, type WizardPage } from './pages.ts';
import { RootField, ValuesStoreProvider } from './root-field.tsx';
import { MISSING_FIELD } from './split-schema.ts';
import type { ValuesStore } from './values-store.ts';

export interface PageFormProps {
  readonly page: WizardPage;
  readonly pages: readonly WizardPage[];
  readonly store: ValuesStore;
  readonly errors: ErrorSchema;
  readonly extensions: FormExtensions;
}

export function PageForm({ page, pages, store, errors, extensions }: PageFormProps): ReactElement {
  // Before anything is shown, so that fields find the defaults when they are rendered first.
  useState(() => store.addMissing(defaultsOf(page, valuesFor(page, pages, store.get()))));
  const values = useSyncExternalStore(store.subscribe, store.get);
  const formContext: FormContext = { formData: values };
  const { fields, templates } = useMemo(() => registryOf(extensions), [extensions]);
  return (
    <ValuesStoreProvider value={store}>
      <Form
        tagName="div"
        className="form-page"
        schema={page.schema}
        uiSchema={page.uiSchema}
        formData={valuesFor(page, pages, values)}
        formContext={formContext}
        validator={formValidator}
        fields={fields}
        templates={templates}
        widgets={widgets}
        extraErrors={errors}
        showErrorList={false}
        noValidate
        noHtml5Validate
        experimental_defaultFormStateBehavior={DEFAULTS}
        onChange={({ formData }: { readonly formData?: unknown }) => {
          // The change itself is in the store already; rjsf may have added defaults to it.
          const before = store.get();
          store.addMissing(formData);
          if (store.get() !== before) store.set({ ...store.get() });
        }}
      >
        {/* No button of rjsf's. */}
        <></>
      </Form>
    </ValuesStoreProvider>
  );
}

/** The values with the defaults of a page. */
function defaultsOf(page: WizardPage, values: FormValues): unknown {
  return page.utils.getDefaultFormState(page.schema, values);
}

function registryOf({ fields, layouts }: FormExtensions): {
  readonly fields: RegistryFieldsType;
  readonly templates: Partial<TemplatesType>;
} {
  return {
    fields: {
      ...Object.fromEntries(fields.map(({ name, component }) => [name, component])),
      [MISSING_FIELD]: MissingField,
      SchemaField: RootField,
    },
    // rjsf looks a layout that is given by name up among the templates.
    templates: Object.assign(
      Object.fromEntries(layouts.map(({ name, component }) => [name, component])),
      ownTemplates,
    ),
  };
}
