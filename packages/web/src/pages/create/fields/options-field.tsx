/**
 * A field whose values are chosen from what its source gives: one, by typing or from a few that are all seen, or several.
 * Drawn for every property with options unless the template names another field that there is.
 */
import { useState, type ReactElement } from 'react';
import { getSchemaType, type FieldProps } from '@rjsf/utils';
import type { FieldState } from '@callboard/form';
import type { JsonValue } from '@callboard/model';
import { isJsonValue } from '../../../api/json-value.ts';
import { labelOfValue } from '../form/option-words.ts';
import { useRuled } from '../form/root-field.tsx';
import { useOpenForm, type OpenForm } from '../form/session-context.ts';
import { messages } from '../messages.ts';
import { describedBy } from '../theme/field-template.tsx';
import { Chips } from './chips.tsx';
import { Combobox } from './combobox.tsx';
import { FieldShell, isFixed, isWrong, optionsOf } from './field-shell.tsx';
import { FewOptions } from './few-options.tsx';
import { OptionsNote } from './options-note.tsx';
import { toKey, useOptions } from './use-options.ts';

/** More are not looked through one by one. */
const MOST_SEEN = 12;

export function OptionsField(field: FieldProps): ReactElement | null {
  const form = useOpenForm();
  const state = useRuled(field.idSchema.$id);
  if (form === null || state === null) return null;
  const isMany = getSchemaType(field.schema) === 'array';
  const parts = { field, state, form };
  const areMany = state.options?.status === 'ready' && state.options.total > MOST_SEEN;
  const widget: unknown = optionsOf(field)['widget'];
  const areSeen = isMany ? widget === 'checkboxes' : widget === 'radio';
  if (areSeen && !areMany) return <FewOptions {...parts} isMany={isMany} />;
  return isMany ? <Several {...parts} /> : <One {...parts} />;
}

interface PickProps {
  readonly field: FieldProps;
  readonly state: FieldState;
  readonly form: OpenForm;
}

function One({ field, state, form }: PickProps): ReactElement {
  const { onChange, idSchema, required } = field;
  const [text, setText] = useState('');
  const found = useOptions(form.session, state, text);
  const given: unknown = field.formData;
  const value = isJsonValue(given) && given !== '' ? given : undefined;
  const [picked, setPicked] = useState<{ readonly key: string; readonly label: string } | null>(null);
  const label = picked !== null && picked.key === toKey(value) ? picked.label : null;
  return (
    <FieldShell field={field} title={state.field.title}>
      <Combobox
        {...shared({ field, state, found })}
        shown={value === undefined ? '' : (label ?? labelOfValue(state, value))}
        options={found.options}
        isRequired={required === true}
        onType={setText}
        onPick={(key) => {
          const option = found.valueOf(key);
          if (option === undefined) return;
          // The server may have more options than were sent; what this one is called is known from the search.
          setPicked({ key, label: option.label });
          onChange(option.value);
        }}
        onFree={() => undefined}
        onClear={() => onChange(undefined)}
      />
      <OptionsNote id={`${idSchema.$id}__note`} state={state} form={form} />
    </FieldShell>
  );
}

function Several({ field, state, form }: PickProps): ReactElement {
  const { onChange, idSchema, schema, required } = field;
  const [text, setText] = useState('');
  const found = useOptions(form.session, state, text);
  const values = valuesOf(field.formData);
  const keys = new Set(values.map(toKey));
  const { maxItems } = schema;
  const isFull = maxItems !== undefined && values.length >= maxItems;
  const parts = shared({ field, state, found });
  return (
    <FieldShell field={field} title={state.field.title}>
      <Chips
        items={values.map((value) => ({ value: toKey(value), title: labelOfValue(state, value) }))}
        isDisabled={isFixed(field)}
        onRemove={(key) => onChange(values.filter((value) => toKey(value) !== key))}
      />
      <Combobox
        {...parts}
        shown=""
        options={found.options.filter(({ value }) => !keys.has(value))}
        isDisabled={parts.isDisabled || isFull}
        isRequired={required === true}
        onType={setText}
        onPick={(key) => {
          const option = found.valueOf(key);
          if (option !== undefined && !keys.has(key)) onChange([...values, option.value]);
        }}
        onFree={() => undefined}
        onClear={() => undefined}
      />
      {isFull && <p className="form-note">{messages.mostItems(maxItems)}</p>}
      <OptionsNote id={`${idSchema.$id}__note`} state={state} form={form} />
    </FieldShell>
  );
}

function shared({
  field,
  state,
  found,
}: {
  readonly field: FieldProps;
  readonly state: FieldState;
  readonly found: ReturnType<typeof useOptions>;
}) {
  const { $id: id } = field.idSchema;
  const status = state.options?.status;
  return {
    id,
    describedBy: `${describedBy(id)} ${id}__note`,
    more: found.more,
    isLoading: status === 'loading' || found.isLoading,
    isFailed: found.failure !== null,
    ...(found.failure !== null && { failedText: found.failure }),
    isDisabled: isFixed(field) || status === 'waiting',
    isInvalid: isWrong(field),
    isFree: false,
    autofocus: field.autofocus === true,
    placeholder: status === 'loading' ? messages.loadingChoices : (field.placeholder ?? ''),
  } as const;
}

function valuesOf(given: unknown): readonly JsonValue[] {
  return Array.isArray(given) ? given.filter(isJsonValue) : [];
}
