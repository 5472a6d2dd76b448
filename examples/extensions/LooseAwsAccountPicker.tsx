// A field as people write them for Backstage: the accounts are in the file, the sibling's value comes from the form's
// context, and an effect writes the field's own. Callboard compiles it on the server, without a rebuild; it runs in
// Backstage as it is.
import React, { useEffect } from 'react';
import { FieldProps } from '@rjsf/utils';
import { TextField, MenuItem } from '@material-ui/core';
import { createScaffolderFieldExtension } from '@backstage/plugin-scaffolder-react';

const accounts = [
  { id: '210987654301', name: 'booking-account' },
  { id: '210987654302', name: 'routing-account' },
  { id: '210987654303', name: 'gate-account' },
  { id: '210987654304', name: 'sandbox' },
];

function accountFor(service: string) {
  const wanted = `${service}-account`.toLowerCase();
  return accounts.find((account) => wanted.includes(account.name.toLowerCase()));
}

export const LooseAwsAccountPicker = (props: FieldProps) => {
  const { formData, idSchema, name, onChange, rawErrors, registry, required, schema, uiSchema } = props;
  const options = uiSchema?.['ui:options'] ?? {};
  const output = options.output === 'name' ? 'name' : 'id';
  const service = registry.formContext?.formData?.[String(options.autofillFrom)];

  useEffect(() => {
    const account = typeof service === 'string' && service !== '' ? accountFor(service) : undefined;
    if (account) onChange(account[output]);
    // When the service changes, and when the page is opened: what somebody chooses after that stays.
  }, [service, output]);

  return (
    <TextField
      select
      fullWidth
      id={idSchema?.$id}
      label={schema.title ?? name}
      helperText={schema.description}
      required={required}
      error={(rawErrors ?? []).length > 0}
      value={formData ?? ''}
      onChange={(event) => onChange(event.target.value)}
    >
      {accounts.map((account) => (
        <MenuItem key={account.id} value={account[output]}>
          {account.name} ({account.id})
        </MenuItem>
      ))}
    </TextField>
  );
};

export const LooseAwsAccountPickerExtension = createScaffolderFieldExtension({
  name: 'LooseAwsAccountPicker',
  component: LooseAwsAccountPicker,
});
