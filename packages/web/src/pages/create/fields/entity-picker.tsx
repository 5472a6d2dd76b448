/** One entity of the catalog: any, an owner, or one that the person owns. */
import { useEffect, useState, type ReactElement } from 'react';
import type { FieldProps } from '@rjsf/utils';
import type { Predicate } from '../../../api/catalog.ts';
import { listIn } from '../../../api/entity.ts';
import { useOwnership } from '../../../api/ownership.ts';
import { messages } from '../messages.ts';
import { describedBy } from '../theme/field-template.tsx';
import { Combobox } from './combobox.tsx';
import { bothOf, predicateIn, toPredicate, toRefText } from './entity-filter.ts';
import { FieldShell, isFixed, isWrong, optionsOf } from './field-shell.tsx';
import { useEntityChoices, useTitles } from './use-entities.ts';

export function EntityPicker(field: FieldProps): ReactElement {
  const options = optionsOf(field);
  return (
    <PickEntity field={field} title={messages.entity} options={options} predicate={predicateIn(options)} />
  );
}

export function OwnerPicker(field: FieldProps): ReactElement {
  const given = optionsOf(field);
  const kinds = listIn(given, 'allowedKinds').length > 0 ? given['allowedKinds'] : ['Group', 'User'];
  const options = { ...given, defaultKind: 'Group' };
  return (
    <PickEntity
      field={field}
      title={messages.owner}
      hint={messages.ownerHint}
      options={options}
      predicate={toPredicate(given['catalogFilter'] ?? { kind: kinds })}
    />
  );
}

export function OwnedEntityPicker(field: FieldProps): ReactElement {
  const options = optionsOf(field);
  const ownsAs = useOwnership();
  const { allowedKinds, catalogFilter } = options;
  const kinds = allowedKinds === undefined ? undefined : toPredicate({ kind: allowedKinds });
  const owned: Predicate = { 'relations.ownedBy': { $in: ownsAs } };
  return (
    <PickEntity
      field={field}
      title={messages.owned}
      options={options}
      predicate={bothOf(bothOf(toPredicate(catalogFilter), kinds), owned)}
    />
  );
}

interface PickEntityProps {
  readonly field: FieldProps;
  readonly title: string;
  readonly hint?: string;
  readonly options: Readonly<Record<string, unknown>>;
  readonly predicate: Predicate | undefined;
}

function PickEntity({ field, title, hint = '', options, predicate }: PickEntityProps): ReactElement {
  const { onChange, required, idSchema } = field;
  const given: unknown = field.formData;
  const value = typeof given === 'string' ? given : '';
  const isFree = options['allowArbitraryValues'] !== false;
  const [text, setText] = useState('');
  const [isNear, setIsNear] = useState(false);
  const mayBeOnly = required === true && !isFree;
  const choices = useEntityChoices({ predicate, text, isEnabled: isNear || mayBeOnly });
  const only = mayBeOnly && choices.total === 1 && text === '' ? choices.options[0] : undefined;
  const onlyValue = only?.value;
  useEffect(() => {
    if (onlyValue !== undefined && value === '') onChange(onlyValue);
  }, [onlyValue, value, onChange]);
  const titles = useTitles(value === '' ? [] : [value]);
  const name = titles?.get(value);
  return (
    <FieldShell field={field} title={title} hint={hint}>
      <Combobox
        id={idSchema.$id}
        describedBy={`${describedBy(idSchema.$id)} ${idSchema.$id}__note`}
        shown={value === '' ? '' : (name ?? value)}
        options={choices.options}
        more={choices.more}
        isLoading={choices.isLoading}
        isFailed={choices.isFailed}
        isDisabled={isFixed(field) || (onlyValue !== undefined && value === onlyValue)}
        isRequired={required === true}
        isInvalid={isWrong(field)}
        isFree={isFree}
        autoSelect={options['autoSelect'] !== false}
        autofocus={field.autofocus === true}
        {...(field.placeholder !== undefined && { placeholder: field.placeholder })}
        onOpen={() => setIsNear(true)}
        onType={setText}
        onPick={(ref) => onChange(ref)}
        onFree={(typed) => onChange(toRefText(typed, options))}
        onClear={() => onChange(undefined)}
      />
      <p className="form-note" id={`${idSchema.$id}__note`}>
        {value !== '' && (name === null || (name !== undefined && name !== value)) && (
          <>
            <code>{value}</code>
            {name === null && ` · ${messages.notFoundRef}`}
          </>
        )}
        {onlyValue !== undefined && value === onlyValue && ` · ${messages.onlyOne}`}
      </p>
    </FieldShell>
  );
}
