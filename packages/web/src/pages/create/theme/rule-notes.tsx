/**
 * Below a field with rules: that its value is suggested, or may be again; that what was entered is not possible; why it
 * cannot be changed; and what its rules themselves do wrong.
 */
import { createContext, useContext, type ReactElement } from 'react';
import type { FieldState } from '@callboard/form';
import { FieldLinks } from '../fields/field-links.tsx';
import { fieldsRead, marksOf } from '../form/rule-marks.ts';
import { labelOfValue } from '../form/option-words.ts';
import { replacedText } from '../form/changes.ts';
import { useRuled } from '../form/root-field.tsx';
import { useOpenForm, type OpenForm } from '../form/session-context.ts';
import { messages } from '../messages.ts';

const NotesContext = createContext('');

/** Around what stands in a field that has its notes: rjsf may draw another one of the same id in it. */
export const WithNotes = NotesContext.Provider;

export function RuleNotes({ elementId }: { readonly elementId: string }): ReactElement | null {
  const state = useRuled(elementId);
  const form = useOpenForm();
  const isTold = useContext(NotesContext) === elementId;
  return state === null || form === null || isTold ? null : (
    <Notes id={elementId} state={state} form={form} />
  );
}

interface NotesProps {
  readonly id: string;
  readonly state: FieldState;
  readonly form: OpenForm;
}

function Notes({ id, state, form }: NotesProps): ReactElement | null {
  const { session } = form;
  // The button that was pressed goes away; the keyboard goes on in the field.
  const then = (act: (id: string) => void) => (): void => {
    act(state.id);
    form.openField(state.id);
  };
  const marks = marksOf(state);
  if (!marks.isAny) return null;
  return (
    <div className="rules" id={`${id}__rules`}>
      {marks.isReplaced && (
        <p className="rules-replaced">
          <span>{replacedText(state, session.resolution())}</span>
          <button type="button" className="form-link" onClick={then(session.accept)}>
            {messages.accept}
          </button>
        </p>
      )}
      {marks.isSuggested && !marks.isReplaced && <span className="rules-mark">{messages.suggested}</span>}
      {marks.canRestore && (
        <button type="button" className="form-link rules-restore" onClick={then(session.restore)}>
          {messages.restore(labelOfValue(state, state.suggested))}
        </button>
      )}
      {/* A field with options says itself what it waits for. */}
      {state.isDisabled && state.options?.status !== 'waiting' && <WhyDisabled state={state} form={form} />}
      {marks.failures.map((message) => (
        <p key={message} className="form-bad">
          {messages.ruleFailed} {message}
        </p>
      ))}
    </div>
  );
}

/** A short sentence: what it waits for, or what it follows from. */
function WhyDisabled({ state, form }: { readonly state: FieldState; readonly form: OpenForm }): ReactElement {
  const { missing, given } = fieldsRead(state, 'disabled');
  const ids = missing.length > 0 ? missing : given;
  return (
    <p className="form-note">
      {ids.length === 0 ? (
        messages.isFixed
      ) : (
        <>
          {missing.length > 0 ? messages.fixedUntil : messages.fixedBy} <FieldLinks ids={ids} form={form} />
        </>
      )}
    </p>
  );
}
