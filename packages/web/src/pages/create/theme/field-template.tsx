/** Around every field: its label, what it is for, and what is wrong with it. */
import type { ReactElement } from 'react';
import {
  ADDITIONAL_PROPERTY_FLAG,
  descriptionId,
  errorId,
  getSchemaType,
  helpId,
  type DescriptionFieldProps,
  type FieldErrorProps,
  type FieldHelpProps,
  type FieldTemplateProps,
  type TitleFieldProps,
  type UnsupportedFieldProps,
} from '@rjsf/utils';
import { Prose } from '../../../parts/prose.tsx';
import { messages } from '../messages.ts';
import { AdditionalEntry } from './additional-entry.tsx';
import { MISSING_FIELD } from '../form/split-schema.ts';
import { RuleNotes, WithNotes } from './rule-notes.tsx';

export function FieldTemplate(props: FieldTemplateProps): ReactElement {
  const { id, label, required, hidden, displayLabel, schema, uiSchema, children } = props;
  const { errors, help, description, rawDescription, rawErrors } = props;
  if (hidden === true) return <div hidden>{children}</div>;
  const isSimple = displayLabel === true && !drawsOwnLabel(props);
  const isBad = (rawErrors ?? []).length > 0;
  const content = (
    <div
      className="form-field"
      data-field={id}
      data-bad={isBad}
      {...(uiSchema?.['ui:style'] !== undefined && { style: props.style })}
    >
      {isSimple && label !== '' && (
        <label className="form-label" htmlFor={id}>
          <bdi>{label}</bdi>
          {required === true && !isItem(id) && <Required />}
        </label>
      )}
      {isSimple && rawDescription !== undefined && rawDescription !== '' && description}
      {uiSchema?.['ui:field'] === MISSING_FIELD ? (
        children
      ) : (
        <>
          <WithNotes value={id}>{children}</WithNotes>
          <RuleNotes elementId={id} />
        </>
      )}
      {help}
      {errors}
    </div>
  );
  return ADDITIONAL_PROPERTY_FLAG in schema ? (
    <AdditionalEntry {...props}>{content}</AdditionalEntry>
  ) : (
    content
  );
}

export function Required(): ReactElement {
  return <span className="form-required">{messages.required}</span>;
}

/** rjsf calls every item of a list required: it can be taken away instead. */
export function isItem(id: string): boolean {
  return /_\d+$/.test(id);
}

/** Objects, lists and single boxes have their label within; fields of their own decide themselves. */
function drawsOwnLabel({ schema, uiSchema }: FieldTemplateProps): boolean {
  if (uiSchema?.['ui:field'] !== undefined) return true;
  const type = getSchemaType(schema);
  return type === 'object' || (type === 'boolean' && uiSchema?.['ui:widget'] === undefined);
}

export function DescriptionTemplate({ id, description }: DescriptionFieldProps): ReactElement | null {
  if (description === undefined || description === '') return null;
  return (
    <div className="form-hint" id={id}>
      {typeof description === 'string' ? <Prose text={description} /> : description}
    </div>
  );
}

export function HelpTemplate({ help, idSchema }: FieldHelpProps): ReactElement | null {
  if (help === undefined || help === '') return null;
  return (
    <div className="form-hint" id={helpId(idSchema)}>
      {typeof help === 'string' ? <Prose text={help} /> : help}
    </div>
  );
}

export function ErrorTemplate({ errors = [], idSchema }: FieldErrorProps): ReactElement | null {
  if (errors.length === 0) return null;
  return (
    <ul className="form-errors" id={errorId(idSchema)}>
      {errors.map((error, index) => (
        <li key={index}>{error}</li>
      ))}
    </ul>
  );
}

export function TitleTemplate({ id, title, required }: TitleFieldProps): ReactElement {
  return (
    <h3 className="form-group-title" id={id}>
      <bdi>{title}</bdi>
      {required === true && <Required />}
    </h3>
  );
}

/** What stands where a schema says nothing that can be drawn. */
export function UnsupportedTemplate({ schema, reason, idSchema }: UnsupportedFieldProps): ReactElement {
  return (
    <div className="form-notice" role="note" id={idSchema?.$id}>
      <strong>{messages.unsupported}</strong>
      <span>{reason}</span>
      <pre className="form-schema" tabIndex={0}>
        {JSON.stringify(schema, null, 2)}
      </pre>
    </div>
  );
}

/** For `aria-describedby` of an input: what it is for, what helps, what its rules say, what is wrong. */
export function describedBy(id: string): string {
  return [descriptionId(id), helpId(id), `${id}__rules`, errorId(id)].join(' ');
}
