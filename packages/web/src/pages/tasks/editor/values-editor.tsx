/** The values of a dry-run as YAML, for what no form can give, and for who types faster than they click. */
import { useEffect, useRef, useState, type ReactElement } from 'react';
import { isObject } from '@callboard/model';
import { parse, stringify } from 'yaml';
import type { FormValues } from '../../../api/scaffolder.ts';
import { messages } from './messages.ts';

export interface ValuesEditorProps {
  readonly values: FormValues;
  readonly onChange: (values: FormValues) => void;
}

export function ValuesEditor({ values, onChange }: ValuesEditorProps): ReactElement {
  const [text, setText] = useState(() => toText(values));
  const [problem, setProblem] = useState<string | null>(null);
  const own = useRef(values);
  // What was typed here stays as it was typed; what comes from the form is written anew.
  useEffect(() => {
    if (own.current === values) return;
    own.current = values;
    setText(toText(values));
    setProblem(null);
  }, [values]);
  const change = (next: string): void => {
    setText(next);
    const read = readValues(next);
    setProblem(typeof read === 'string' ? read : null);
    if (typeof read === 'string') return;
    own.current = read;
    onChange(read);
  };
  return (
    <label className="values-editor">
      <span>{messages.valuesYaml}</span>
      <span className="health-note">{messages.valuesHint}</span>
      <textarea
        rows={8}
        spellCheck={false}
        autoComplete="off"
        aria-invalid={problem !== null}
        value={text}
        onChange={({ target: { value } }) => change(value)}
      />
      <span className="task-bad" role="alert">
        {problem ?? ''}
      </span>
    </label>
  );
}

function toText(values: FormValues): string {
  return Object.keys(values).length === 0 ? '' : stringify(values, { lineWidth: 0 });
}

/** The values, or what is wrong with the text. */
function readValues(text: string): FormValues | string {
  try {
    const value: unknown = parse(text, { prettyErrors: false }) ?? {};
    return isObject(value) ? value : messages.valuesNoObject;
  } catch (thrown) {
    return messages.valuesBroken(thrown instanceof Error ? thrown.message : String(thrown));
  }
}
