/** One of the groups that the person is a member of. */
import { useEffect, useState, type ReactElement } from 'react';
import type { FieldProps } from '@rjsf/utils';
import { useSession } from '../../../api/services.ts';
import { messages } from '../messages.ts';
import { describedBy } from '../theme/field-template.tsx';
import { Combobox } from './combobox.tsx';
import { FieldShell, isFixed, isWrong } from './field-shell.tsx';
import { useEntityChoices, useTitles } from './use-entities.ts';

export function MyGroupsPicker(field: FieldProps): ReactElement {
  const { onChange, idSchema, required } = field;
  const given: unknown = field.formData;
  const value = typeof given === 'string' ? given : '';
  const session = useSession();
  const user = session.kind === 'signed-in' ? session.identity.userEntityRef : '';
  const [text, setText] = useState('');
  const choices = useEntityChoices({
    predicate: { kind: 'Group', 'relations.hasMember': user },
    text,
    isEnabled: user !== '',
  });
  const only =
    required === true && choices.total === 1 && text === '' ? choices.options[0]?.value : undefined;
  useEffect(() => {
    if (only !== undefined && value === '') onChange(only);
  }, [only, value, onChange]);
  const titles = useTitles(value === '' ? [] : [value]);
  return (
    <FieldShell field={field} title={messages.myGroups}>
      <Combobox
        id={idSchema.$id}
        describedBy={`${describedBy(idSchema.$id)} ${idSchema.$id}__note`}
        shown={titles?.get(value) ?? value}
        options={choices.options}
        more={choices.more}
        isLoading={choices.isLoading}
        isFailed={choices.isFailed}
        isDisabled={isFixed(field) || (only !== undefined && value === only)}
        isRequired={required === true}
        isInvalid={isWrong(field)}
        isFree={false}
        autofocus={field.autofocus === true}
        onType={setText}
        onPick={(ref) => onChange(ref)}
        onFree={() => undefined}
        onClear={() => onChange('')}
      />
      <p className="form-note" id={`${idSchema.$id}__note`}>
        {text === '' && choices.total === 0 ? messages.noGroups : ''}
        {only !== undefined && value === only ? messages.onlyOne : ''}
      </p>
    </FieldShell>
  );
}
