/** One page of the form. Its values are those of the session; what is wrong with them comes from outside. */
import { useMemo, useReducer, useState, useSyncExternalStore, type ReactElement } from 'react';
import Form from '@rjsf/core';
import type { ErrorSchema, RegistryFieldsType, TemplatesType } from '@rjsf/utils';
import type { FormValues } from '../../../api/scaffolder.ts';
import { MissingField } from '../fields/missing-field.tsx';
import { OptionsField } from '../fields/options-field.tsx';
import { templates as ownTemplates, widgets } from '../theme/theme.ts';
import { formValidator } from '../validator.ts';
import { Announcements } from './announcements.tsx';
import type { FormContext, FormExtensions } from './field-extension.ts';
import { DEFAULTS, valuesFor, type WizardPage } from './pages.ts';
import { OPTIONS_FIELD, RootField } from './root-field.tsx';
import { OpenFormProvider, type OpenForm } from './session-context.ts';
import { MISSING_FIELD } from './split-schema.ts';

export interface PageFormProps {
  readonly page: WizardPage;
  readonly pages: readonly WizardPage[];
  readonly open: OpenForm;
  readonly errors: ErrorSchema;
  readonly extensions: FormExtensions;
}

export function PageForm({ page, pages, open, errors, extensions }: PageFormProps): ReactElement {
  const { session } = open;
  // Before anything is shown, so that fields find the defaults when they are rendered first.
  useState(() => session.addMissing(defaultsOf(page, valuesFor(page, pages, session.get()))));
  const values = useSyncExternalStore(session.subscribe, session.get);
  const [, showAgain] = useReducer((round: number) => round + 1, 0);
  const formContext = useMemo<FormContext>(() => ({ formData: values }), [values]);
  const shown = useMemo(() => valuesFor(page, pages, values), [page, pages, values]);
  const { fields, templates } = useMemo(() => registryOf(extensions), [extensions]);
  return (
    <OpenFormProvider value={open}>
      <Form
        tagName="div"
        className="form-page"
        schema={page.schema}
        uiSchema={page.uiSchema}
        formData={shown}
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
          // The change itself is in the session already; rjsf may have added defaults to it.
          const before = session.get();
          session.addMissing(formData);
          if (session.get() !== before) showAgain();
        }}
      >
        {/* No button of rjsf's. */}
        <></>
      </Form>
      {open.isDynamic && <Announcements open={open} page={pages.indexOf(page)} />}
    </OpenFormProvider>
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
      [OPTIONS_FIELD]: OptionsField,
      SchemaField: RootField,
    },
    // rjsf looks a layout that is given by name up among the templates.
    templates: Object.assign(
      Object.fromEntries(layouts.map(({ name, component }) => [name, component])),
      ownTemplates,
    ),
  };
}
