/** A few options, all of them seen: radio buttons for one, boxes for several. */
import { useRef, type ReactElement } from 'react';
import { optionId, type FieldProps } from '@rjsf/utils';
import type { FieldState, Option } from '@callboard/form';
import { isJsonValue } from '../../../api/json-value.ts';
import type { OpenForm } from '../form/session-context.ts';
import { describedBy } from '../theme/field-template.tsx';
import { FieldShell, isFixed } from './field-shell.tsx';
import { OptionsNote } from './options-note.tsx';
import { toKey } from './use-options.ts';

export interface FewOptionsProps {
  readonly field: FieldProps;
  readonly state: FieldState;
  readonly form: OpenForm;
  readonly isMany: boolean;
}

const NONE: readonly Option[] = [];

export function FewOptions({ field, state, form, isMany }: FewOptionsProps): ReactElement {
  const { onChange, idSchema, required } = field;
  const id = idSchema.$id;
  const status = state.options?.status;
  // While others are on the way those of before stay in their place.
  const last = useRef(NONE);
  if (state.options?.status === 'ready') last.current = state.options.options;
  const options = status === 'ready' || status === 'loading' ? last.current : NONE;
  const given: unknown = field.formData;
  const chosen = new Set((Array.isArray(given) ? given : [given]).filter(isJsonValue).map(toKey));
  const choose = (option: Option, isOn: boolean): void => {
    if (!isMany) {
      onChange(option.value);
      return;
    }
    // In the order of the list, whatever was pressed first.
    const kept = options.filter((one) => (one === option ? isOn : chosen.has(toKey(one.value))));
    onChange(kept.map(({ value }) => value));
  };
  return (
    <FieldShell field={field} title={state.field.title} kind="several">
      <div
        className="form-choices"
        id={id}
        role={isMany ? 'group' : 'radiogroup'}
        tabIndex={-1}
        aria-label={state.field.title}
        aria-busy={status === 'loading'}
        aria-required={isMany ? undefined : required === true}
        aria-describedby={`${describedBy(id)} ${id}__note`}
      >
        {options.map((option, at) => (
          <label key={toKey(option.value)} className="form-choice">
            <input
              type={isMany ? 'checkbox' : 'radio'}
              id={optionId(id, at)}
              name={id}
              checked={chosen.has(toKey(option.value))}
              disabled={isFixed(field) || status !== 'ready'}
              onChange={({ target }) => choose(option, target.checked)}
            />
            <span>
              <bdi>{option.label}</bdi>
              {option.description !== undefined && (
                <bdi className="form-choice-about">{option.description}</bdi>
              )}
            </span>
          </label>
        ))}
      </div>
      <OptionsNote id={`${id}__note`} state={state} form={form} />
    </FieldShell>
  );
}
