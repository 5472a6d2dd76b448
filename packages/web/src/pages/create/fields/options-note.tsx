/** Why there is nothing to choose from yet, or not all of it. */
import type { ReactElement } from 'react';
import type { FieldState } from '@callboard/form';
import type { OpenForm } from '../form/session-context.ts';
import { messages } from '../messages.ts';
import { FieldLinks } from './field-links.tsx';

export interface OptionsNoteProps {
  readonly id: string;
  readonly state: FieldState;
  readonly form: OpenForm;
}

export function OptionsNote({ id, state, form }: OptionsNoteProps): ReactElement | null {
  const { options } = state;
  if (options === null) return null;
  switch (options.status) {
    case 'waiting':
      return (
        <p className="form-note" id={id}>
          {messages.first} <FieldLinks ids={options.for} form={form} />
        </p>
      );
    case 'loading':
      return (
        // The field itself shows it; a line that comes and goes would move what is below.
        <p className="cb-hidden" id={id}>
          {messages.loadingChoices}
        </p>
      );
    case 'failed':
      return (
        <p className="form-bad rules-failed" id={id}>
          <span>
            {messages.failedChoices} {options.message}
          </span>
          <button
            type="button"
            className="form-link"
            onClick={() => {
              form.session.retry(state.id);
              // The button goes away; the keyboard goes on in the field.
              form.openField(state.id);
            }}
          >
            {messages.retry}
          </button>
        </p>
      );
    case 'ready': {
      const text = options.total === 0 ? messages.noChoices : '';
      const most = options.isTruncated ? messages.manyChoices(options.total) : text;
      return (
        <p className="form-note" id={id}>
          {most}
        </p>
      );
    }
    default:
      return options satisfies never;
  }
}
