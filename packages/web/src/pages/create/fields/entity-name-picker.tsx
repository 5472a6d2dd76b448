/** The name of an entity: a line of text that has to be one. */
import type { ReactElement } from 'react';
import type { FieldProps } from '@rjsf/utils';
import { isEntityName } from '@callboard/model';
import { messages } from '../messages.ts';
import type { FieldErrors } from '../form/field-extension.ts';
import { describedBy } from '../theme/field-template.tsx';
import { FieldShell, isFixed, isWrong } from './field-shell.tsx';

export function EntityNamePicker(field: FieldProps): ReactElement {
  const { onChange, idSchema, schema, required } = field;
  const given: unknown = field.formData;
  return (
    <FieldShell field={field} title={messages.entityName} hint={messages.entityNameHint}>
      <input
        id={idSchema.$id}
        className="form-input"
        dir="auto"
        autoComplete="off"
        spellCheck={false}
        autoFocus={field.autofocus === true}
        placeholder={field.placeholder}
        maxLength={schema.maxLength}
        value={typeof given === 'string' ? given : ''}
        disabled={isFixed(field)}
        aria-required={required === true}
        aria-invalid={isWrong(field)}
        aria-describedby={describedBy(idSchema.$id)}
        onChange={({ target }) => onChange(target.value === '' ? undefined : target.value)}
      />
    </FieldShell>
  );
}

export function checkEntityName(value: unknown, errors: FieldErrors): void {
  if (typeof value === 'string' && value !== '' && !isEntityName(value)) {
    errors.addError(messages.entityNameWrong);
  }
}
