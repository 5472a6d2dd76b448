/** Fields that are typed into, or drawn: a line, several lines, a password, a range. */
import { useState, type ReactElement } from 'react';
import { examplesId, getInputProps, type BaseInputTemplateProps, type WidgetProps } from '@rjsf/utils';
import { messages } from '../messages.ts';
import { describedBy } from './field-template.tsx';

/** One line. Every widget that has no own drawing (date, time, colour, number, e-mail…) is this with another type. */
export function InputTemplate(props: BaseInputTemplateProps): ReactElement {
  const { id, value, type, schema, options, required, readonly, disabled, autofocus, placeholder } = props;
  const { onChange, onChangeOverride, onBlur, onFocus, rawErrors, label, hideLabel } = props;
  const { type: kind, ...limits } = getInputProps(schema, type, options);
  const given: unknown = value;
  const examples: readonly unknown[] = Array.isArray(schema.examples) ? schema.examples : [];
  return (
    <>
      <input
        id={id}
        name={id}
        className="form-input"
        dir="auto"
        type={kind}
        {...limits}
        value={shown(given)}
        readOnly={readonly}
        disabled={disabled}
        aria-required={required === true}
        aria-invalid={(rawErrors ?? []).length > 0}
        aria-describedby={describedBy(id)}
        aria-label={hideLabel === true ? label : undefined}
        autoFocus={autofocus}
        placeholder={placeholder}
        list={examples.length > 0 ? examplesId(id) : undefined}
        onChange={
          onChangeOverride ??
          (({ target }) => onChange(target.value === '' ? options.emptyValue : target.value))
        }
        onBlur={({ target }) => onBlur(id, target.value)}
        onFocus={({ target }) => onFocus(id, target.value)}
      />
      {examples.length > 0 && (
        <datalist id={examplesId(id)}>
          {examples.map((example) => (
            <option key={String(example)} value={String(example)} />
          ))}
        </datalist>
      )}
    </>
  );
}

function shown(value: unknown): string | number {
  if (typeof value === 'number' || typeof value === 'string') return value;
  return typeof value === 'boolean' ? String(value) : '';
}

export function TextareaWidget(props: WidgetProps): ReactElement {
  const { id, value, options, required, readonly, disabled, autofocus, placeholder, rawErrors } = props;
  const { onChange, onBlur, onFocus, label, hideLabel } = props;
  const given: unknown = value;
  const rows: unknown = options.rows;
  return (
    <textarea
      id={id}
      name={id}
      className="form-input form-textarea"
      dir="auto"
      rows={typeof rows === 'number' ? rows : 5}
      value={shown(given)}
      readOnly={readonly}
      disabled={disabled}
      aria-required={required === true}
      aria-invalid={(rawErrors ?? []).length > 0}
      aria-describedby={describedBy(id)}
      aria-label={hideLabel === true ? label : undefined}
      autoFocus={autofocus}
      placeholder={placeholder}
      onChange={({ target }) => onChange(target.value === '' ? options.emptyValue : target.value)}
      onBlur={({ target }) => onBlur(id, target.value)}
      onFocus={({ target }) => onFocus(id, target.value)}
    />
  );
}

export function PasswordWidget(props: WidgetProps): ReactElement {
  const { BaseInputTemplate } = props.registry.templates;
  const [isShown, setIsShown] = useState(false);
  return (
    <div className="form-with-button">
      <BaseInputTemplate {...props} type={isShown ? 'text' : 'password'} autoComplete="off" />
      <button
        type="button"
        className="form-add-button"
        aria-pressed={isShown}
        aria-label={messages.reveal}
        onClick={() => setIsShown(!isShown)}
      >
        {isShown ? messages.hide : messages.see}
      </button>
    </div>
  );
}

export function RangeWidget(props: WidgetProps): ReactElement {
  const { BaseInputTemplate } = props.registry.templates;
  const given: unknown = props.value;
  return (
    <div className="form-range">
      <BaseInputTemplate {...props} type="range" />
      <output htmlFor={props.id}>{shown(given)}</output>
    </div>
  );
}
