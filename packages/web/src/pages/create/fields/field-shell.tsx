/** What stands around a field that draws itself: its label and what it is for. What is wrong stands below by itself. */
import type { ReactElement, ReactNode } from 'react';
import { descriptionId, getUiOptions, type FieldProps } from '@rjsf/utils';
import { Prose } from '../../../parts/prose.tsx';
import { Required } from '../theme/field-template.tsx';

export interface FieldShellProps {
  readonly field: FieldProps;
  /** Where the template gives none. */
  readonly title: string;
  /** Where the template gives none; empty for none. */
  readonly hint?: string;
  /** Several inputs have a heading instead of a label. Default: one input. */
  readonly kind?: 'one' | 'several';
  readonly children: ReactNode;
}

export function FieldShell({
  field,
  title,
  hint = '',
  kind = 'one',
  children,
}: FieldShellProps): ReactElement {
  const { id, label, description } = wordsOf(field, { title, hint });
  const words = (
    <>
      <bdi>{label}</bdi>
      {field.required === true && <Required />}
    </>
  );
  const hintPart = description !== '' && (
    <div className="form-hint" id={descriptionId(id)}>
      <Prose text={description} />
    </div>
  );
  if (kind === 'several') {
    return (
      <fieldset className="form-several">
        <legend className="form-label">{words}</legend>
        {hintPart}
        {children}
      </fieldset>
    );
  }
  return (
    <>
      <label className="form-label" htmlFor={id}>
        {words}
      </label>
      {hintPart}
      {children}
    </>
  );
}

interface FieldWords {
  readonly id: string;
  readonly label: string;
  readonly description: string;
}

function wordsOf(field: FieldProps, usual: { readonly title: string; readonly hint: string }): FieldWords {
  const options = getUiOptions(field.uiSchema);
  return {
    id: field.idSchema.$id,
    label: options.title ?? field.schema.title ?? usual.title,
    description: options.description ?? field.schema.description ?? usual.hint,
  };
}

/** The options of a field, whatever the template wrote there. */
export function optionsOf(field: FieldProps): Readonly<Record<string, unknown>> {
  return getUiOptions(field.uiSchema);
}

export function isFixed(field: FieldProps): boolean {
  return field.disabled === true || field.readonly === true;
}

export function isWrong(field: FieldProps): boolean {
  return (field.rawErrors ?? []).length > 0;
}
