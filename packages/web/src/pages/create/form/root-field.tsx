/**
 * rjsf's field of a schema, tied to the session of the form: every change of the whole page is put into the newest values
 * instead of those last shown, and a field with rules is shown as they say.
 */
import { createContext, useCallback, useContext, useMemo, useRef, type ReactElement } from 'react';
import { getDefaultRegistry } from '@rjsf/core';
import type { FieldState } from '@callboard/form';
import { getUiOptions, type ErrorSchema, type FieldProps, type UiSchema } from '@rjsf/utils';
import { useFieldState, useOpenForm } from './session-context.ts';

/** The field that draws what is chosen from options. */
export const OPTIONS_FIELD = 'callboard:options';

interface RuledField {
  /** Of the element, as `root_account`. */
  readonly elementId: string;
  readonly state: FieldState;
}

const RuledContext = createContext<RuledField | null>(null);

/** The state of the field of an element; null when it has no rules. */
export function useRuled(elementId: string): FieldState | null {
  const ruled = useContext(RuledContext);
  return ruled?.elementId === elementId ? ruled.state : null;
}

const { SchemaField } = getDefaultRegistry().fields;

export function RootField(props: FieldProps): ReactElement | null {
  if (SchemaField === undefined) return null;
  return props.idSchema.$id === 'root' ? <WholePage {...props} /> : <OneField {...props} />;
}

function WholePage(props: FieldProps): ReactElement | null {
  const form = useOpenForm();
  const session = form?.session ?? null;
  const latest = useRef(props);
  latest.current = props;
  const onChange = useCallback(
    (next: unknown, errors?: ErrorSchema, id?: string): void => {
      const { formData, onChange: write } = latest.current;
      const shown: unknown = formData;
      write(session === null ? next : session.change(shown, next), errors, id);
    },
    [session],
  );
  return SchemaField === undefined ? null : <SchemaField {...props} onChange={onChange} />;
}

function OneField(props: FieldProps): ReactElement | null {
  const elementId = props.idSchema.$id;
  const state = useFieldState(elementId, props.name);
  const ruled = useMemo(() => (state === null ? null : { elementId, state }), [elementId, state]);
  const around = useContext(RuledContext);
  const { uiSchema } = props;
  const isDisabled = state?.isDisabled === true;
  const isChosen = state !== null && state.options !== null;
  const ui = useMemo(() => withState(uiSchema, { isDisabled, isChosen }), [uiSchema, isDisabled, isChosen]);
  if (SchemaField === undefined) return null;
  // Within a field with rules its own id comes again, as rjsf draws alternatives; the outer one has said it all.
  if (around?.elementId === elementId) return <SchemaField {...props} />;
  if (state !== null && !(state.isVisible && state.isPresent)) return null;
  const required = (state?.field.rules?.required ?? null) === null ? props.required : state?.isRequired;
  return (
    <RuledContext.Provider value={ruled ?? around}>
      <SchemaField
        {...props}
        {...(ui !== undefined && { uiSchema: ui })}
        {...(required !== undefined && { required })}
      />
    </RuledContext.Provider>
  );
}

function withState(
  ui: UiSchema | undefined,
  { isDisabled, isChosen }: { readonly isDisabled: boolean; readonly isChosen: boolean },
): UiSchema | undefined {
  const isDrawn = getUiOptions(ui).field !== undefined;
  if (!isDisabled && (!isChosen || isDrawn)) return ui;
  return {
    ...ui,
    ...(isDisabled && { 'ui:disabled': true }),
    ...(isChosen && !isDrawn && { 'ui:field': OPTIONS_FIELD }),
  };
}
