/** One part of a larger field: a list when only some values are allowed, otherwise a line with suggestions. */
import type { ReactElement } from 'react';
import { messages } from '../messages.ts';
import { Required } from '../theme/field-template.tsx';

export interface PartFieldProps {
  readonly id: string;
  readonly title: string;
  readonly hint: string;
  readonly value: string;
  /** Empty: anything. */
  readonly allowed: readonly string[];
  /** Where anything is allowed. Default: none. */
  readonly suggestions?: readonly string[];
  readonly isDisabled: boolean;
  readonly isRequired: boolean;
  readonly isInvalid: boolean;
  readonly onChange: (value: string) => void;
}

export function PartField(props: PartFieldProps): ReactElement {
  const { id, title, hint, value, allowed, isDisabled, isRequired, isInvalid, onChange } = props;
  const suggestions = props.suggestions ?? [];
  const shared = {
    id,
    value,
    'aria-required': isRequired,
    'aria-invalid': isInvalid,
    'aria-describedby': `${id}__hint`,
  };
  return (
    <div className="form-part">
      <label className="form-label" htmlFor={id}>
        <bdi>{title}</bdi>
        {isRequired && <Required />}
      </label>
      {allowed.length > 0 ? (
        <select
          {...shared}
          className="form-input form-select"
          disabled={isDisabled || (allowed.length === 1 && value === allowed[0])}
          onChange={({ target }) => onChange(target.value)}
        >
          {value === '' && <option value="">{messages.chooseOne}</option>}
          {value !== '' && !allowed.includes(value) && <option value={value}>{value}</option>}
          {allowed.map((one) => (
            <option key={one} value={one}>
              {one}
            </option>
          ))}
        </select>
      ) : (
        <>
          <input
            {...shared}
            className="form-input"
            dir="auto"
            autoComplete="off"
            spellCheck={false}
            disabled={isDisabled}
            list={suggestions.length > 0 ? `${id}__list` : undefined}
            onChange={({ target }) => onChange(target.value)}
          />
          {suggestions.length > 0 && (
            <datalist id={`${id}__list`}>
              {suggestions.map((one) => (
                <option key={one} value={one} />
              ))}
            </datalist>
          )}
        </>
      )}
      <p className="form-note" id={`${id}__hint`}>
        {hint}
      </p>
    </div>
  );
}
