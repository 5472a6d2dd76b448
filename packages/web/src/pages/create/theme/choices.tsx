/** Fields that are chosen: one of a list, several of a list, yes or no. */
import type { ReactElement, ReactNode } from 'react';
import {
  enumOptionsIndexForValue,
  enumOptionsValueForIndex,
  optionId,
  type EnumOptionsType,
  type WidgetProps,
} from '@rjsf/utils';
import { Prose } from '../../../parts/prose.tsx';
import { messages } from '../messages.ts';
import { describedBy, Required } from './field-template.tsx';

export function SelectWidget(props: WidgetProps): ReactElement {
  if (props.multiple === true) return <CheckboxesWidget {...props} />;
  const { id, schema, options, value, required, disabled, readonly, autofocus, placeholder } = props;
  const { onChange, onBlur, onFocus, rawErrors, label, hideLabel } = props;
  const choices = options.enumOptions ?? [];
  const index = enumOptionsIndexForValue(value, choices, false);
  const chosen = typeof index === 'string' ? index : '';
  return (
    <select
      id={id}
      name={id}
      className="form-input form-select"
      value={chosen}
      disabled={disabled === true || readonly === true}
      aria-required={required === true}
      aria-invalid={(rawErrors ?? []).length > 0}
      aria-describedby={describedBy(id)}
      aria-label={hideLabel === true ? label : undefined}
      autoFocus={autofocus}
      onChange={({ target }) => onChange(enumOptionsValueForIndex(target.value, choices, options.emptyValue))}
      onBlur={({ target }) => onBlur(id, enumOptionsValueForIndex(target.value, choices))}
      onFocus={({ target }) => onFocus(id, enumOptionsValueForIndex(target.value, choices))}
    >
      {(schema.default === undefined || chosen === '') && (
        <option value="">
          {placeholder === undefined || placeholder === '' ? messages.chooseOne : placeholder}
        </option>
      )}
      {choices.map((choice, at) => (
        <option key={at} value={String(at)} disabled={isOff(props, choice)}>
          {choice.label}
        </option>
      ))}
    </select>
  );
}

export function CheckboxesWidget(props: WidgetProps): ReactElement {
  const { id, options, value, disabled, readonly, onChange, label } = props;
  const choices = options.enumOptions ?? [];
  const given: unknown = value;
  const chosen: readonly unknown[] = Array.isArray(given) ? given : [];
  const isChosen = (choice: EnumOptionsType): boolean => chosen.some((one) => isSame(one, choice.value));
  return (
    <div
      className="form-choices"
      data-inline={options.inline === true}
      id={id}
      role="group"
      tabIndex={-1}
      aria-label={label}
      aria-describedby={describedBy(id)}
    >
      {choices.map((choice, at) => (
        <Choice key={at} label={choice.label}>
          <input
            type="checkbox"
            id={optionId(id, at)}
            checked={isChosen(choice)}
            disabled={disabled === true || readonly === true || isOff(props, choice)}
            onChange={({ target }) =>
              // In the order of the list, whatever was pressed first.
              onChange(
                choices
                  .filter((one) => (one === choice ? target.checked : isChosen(one)))
                  .map((one): unknown => one.value),
              )
            }
          />
        </Choice>
      ))}
    </div>
  );
}

export function RadioWidget(props: WidgetProps): ReactElement {
  const { id, options, value, required, disabled, readonly, onChange, onBlur, onFocus, label } = props;
  const given: unknown = value;
  return (
    <div
      className="form-choices"
      data-inline={options.inline === true}
      id={id}
      role="radiogroup"
      tabIndex={-1}
      aria-label={label}
      aria-required={required === true}
      aria-describedby={describedBy(id)}
    >
      {(options.enumOptions ?? []).map((choice, at) => (
        <Choice key={at} label={choice.label}>
          <input
            type="radio"
            id={optionId(id, at)}
            name={id}
            checked={isSame(choice.value, given)}
            disabled={disabled === true || readonly === true || isOff(props, choice)}
            onChange={() => onChange(choice.value)}
            onBlur={() => onBlur(id, choice.value)}
            onFocus={() => onFocus(id, choice.value)}
          />
        </Choice>
      ))}
    </div>
  );
}

/** A single box; its label stands beside it. */
export function CheckboxWidget(props: WidgetProps): ReactElement {
  const { id, value, label, required, disabled, readonly, autofocus, schema, options } = props;
  const { onChange, onBlur, onFocus } = props;
  const given: unknown = value;
  const description = options.description ?? schema.description;
  return (
    <>
      <Choice label={label} mark={required === true && <Required />}>
        <input
          type="checkbox"
          id={id}
          checked={given === true}
          disabled={disabled === true || readonly === true}
          aria-describedby={describedBy(id)}
          autoFocus={autofocus}
          onChange={({ target }) => onChange(target.checked)}
          onBlur={({ target }) => onBlur(id, target.checked)}
          onFocus={({ target }) => onFocus(id, target.checked)}
        />
      </Choice>
      {description !== undefined && description !== '' && (
        <div className="form-hint form-hint-box" id={`${id}__description`}>
          <Prose text={description} />
        </div>
      )}
    </>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly mark?: ReactNode;
  readonly children: ReactNode;
}

function Choice({ label, mark, children }: ChoiceProps): ReactElement {
  return (
    <label className="form-choice">
      {children}
      <span>
        <bdi>{label}</bdi>
        {mark}
      </span>
    </label>
  );
}

function isOff({ options }: WidgetProps, choice: EnumOptionsType): boolean {
  return Array.isArray(options.enumDisabled) && options.enumDisabled.includes(choice.value);
}

/** Values of a list may be objects. */
function isSame(a: unknown, b: unknown): boolean {
  return Object.is(a, b) || (typeof a === 'object' && a !== null && JSON.stringify(a) === JSON.stringify(b));
}
