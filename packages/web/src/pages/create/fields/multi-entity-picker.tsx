/** Several entities of the catalog. */
import { useState, type ReactElement } from 'react';
import type { FieldProps } from '@rjsf/utils';
import { messages } from '../messages.ts';
import { describedBy } from '../theme/field-template.tsx';
import { Chips } from './chips.tsx';
import { Combobox } from './combobox.tsx';
import { predicateIn, toRefText } from './entity-filter.ts';
import { FieldShell, isFixed, isWrong, optionsOf } from './field-shell.tsx';
import { useEntityChoices, useTitles } from './use-entities.ts';

export function MultiEntityPicker(field: FieldProps): ReactElement {
  const { onChange, idSchema, schema, required } = field;
  const options = optionsOf(field);
  const values = textsOf(field.formData);
  const [text, setText] = useState('');
  const [isNear, setIsNear] = useState(false);
  const choices = useEntityChoices({ predicate: predicateIn(options), text, isEnabled: isNear });
  const titles = useTitles(values);
  const { maxItems } = schema;
  const isFull = maxItems !== undefined && values.length >= maxItems;
  const add = (ref: string): void => {
    if (ref !== '' && !values.includes(ref) && !isFull) onChange([...values, ref]);
  };
  return (
    <FieldShell field={field} title={messages.entities}>
      <Chips
        items={values.map((ref) => ({ value: ref, title: titles?.get(ref) ?? ref }))}
        isDisabled={isFixed(field)}
        onRemove={(ref) => onChange(values.filter((other) => other !== ref))}
      />
      <Combobox
        id={idSchema.$id}
        describedBy={describedBy(idSchema.$id)}
        shown=""
        options={choices.options.filter(({ value }) => !values.includes(value))}
        more={choices.more}
        isLoading={choices.isLoading}
        isFailed={choices.isFailed}
        isDisabled={isFixed(field) || isFull}
        isRequired={required === true}
        isInvalid={isWrong(field)}
        isFree={options['allowArbitraryValues'] !== false}
        autofocus={field.autofocus === true}
        onOpen={() => setIsNear(true)}
        onType={setText}
        onPick={add}
        onFree={(typed) => add(toRefText(typed, options))}
        onClear={() => setText('')}
      />
      {isFull && <p className="form-note">{messages.mostItems(maxItems)}</p>}
    </FieldShell>
  );
}

export function textsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}
