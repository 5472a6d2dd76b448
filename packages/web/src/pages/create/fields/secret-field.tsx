/** A secret: what is typed is kept apart from the values of the form, which only learn how long it is. */
import type { ReactElement } from 'react';
import type { FieldProps } from '@rjsf/utils';
import { messages } from '../messages.ts';
import { useSecrets } from '../form/secrets.ts';
import { describedBy } from '../theme/field-template.tsx';
import { FieldShell, isFixed, isWrong } from './field-shell.tsx';

export function SecretField(field: FieldProps): ReactElement {
  const { name, onChange, idSchema, schema, required } = field;
  const { secrets, setSecret } = useSecrets();
  return (
    <FieldShell field={field} title={messages.secret} hint={messages.secretHint}>
      <input
        id={idSchema.$id}
        className="form-input"
        type="password"
        autoComplete="new-password"
        autoFocus={field.autofocus === true}
        placeholder={field.placeholder}
        minLength={schema.minLength}
        maxLength={schema.maxLength}
        value={secrets[name] ?? ''}
        disabled={isFixed(field)}
        aria-required={required === true}
        aria-invalid={isWrong(field)}
        aria-describedby={describedBy(idSchema.$id)}
        onChange={({ target }) => {
          setSecret(name, target.value);
          onChange(target.value === '' ? undefined : '*'.repeat(target.value.length));
        }}
      />
    </FieldShell>
  );
}
