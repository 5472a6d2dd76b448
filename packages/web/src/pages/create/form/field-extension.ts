/**
 * What a form may be extended with: fields, layouts of objects, and decorators that change the values just before they are
 * sent. The shapes are Backstage's; components get the props of rjsf 5.
 */
import type { ComponentType } from 'react';
import type { FieldProps, ObjectFieldTemplateProps, RJSFSchema, UiSchema } from '@rjsf/utils';
import type { FormValues } from '../../../api/scaffolder.ts';

/** Where a validation says what is wrong. */
export interface FieldErrors {
  readonly addError: (message: string) => void;
}

export interface FieldContext {
  /** The services of Backstage's plugins; there are none here, and `get` answers undefined. */
  readonly apiHolder: { readonly get: (ref: unknown) => undefined };
  /** The values of all pages. */
  readonly formData: FormValues;
  readonly schema: RJSFSchema;
  readonly uiSchema: UiSchema;
}

export interface FieldExtension {
  /** What templates call it, as `ui:field: EntityPicker`. */
  readonly name: string;
  readonly component: ComponentType<FieldProps>;
  /** Runs in the browser when somebody wants to leave the page. What it throws is shown at the field. */
  readonly validation?: (value: unknown, errors: FieldErrors, context: FieldContext) => void | Promise<void>;
  /** JSON Schemas of the value and of the `ui:options`, for the list of fields. */
  readonly schema?: { readonly returnValue: unknown; readonly uiOptions?: unknown };
}

export interface LayoutExtension {
  /** What templates call it, as `ui:ObjectFieldTemplate: TwoColumns`. */
  readonly name: string;
  readonly component: ComponentType<ObjectFieldTemplateProps>;
}

export type Secrets = Readonly<Record<string, string>>;

export interface DecoratorContext {
  readonly input: Readonly<Record<string, unknown>>;
  readonly formState: FormValues;
  readonly setFormState: (change: (now: FormValues) => FormValues) => void;
  readonly setSecrets: (change: (now: Secrets) => Secrets) => void;
}

export interface FormDecorator {
  readonly id: string;
  readonly decorate: (context: DecoratorContext) => void | Promise<void>;
}

export interface FormExtensions {
  readonly fields: readonly FieldExtension[];
  readonly layouts: readonly LayoutExtension[];
  readonly decorators: readonly FormDecorator[];
}

/** What every field finds in `registry.formContext`. */
export interface FormContext {
  /** The newest values of all pages. */
  readonly formData: FormValues;
}
