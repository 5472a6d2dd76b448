/** Where a custom field would be that does not work: what is wrong, on which line, and the plain input instead. */
import type { ReactElement } from 'react';
import type { FieldProps, UiSchema } from '@rjsf/utils';
import { isObject } from '@callboard/model';
import { messages } from '../messages.ts';
import type { ExtensionProblem } from '../load/problem.ts';
import './extensions.css';

export interface BrokenPanelProps {
  readonly title: string;
  readonly problems: readonly ExtensionProblem[];
  /** Default: there is no button. */
  readonly onRetry?: () => void;
}

export function BrokenPanel({ title, problems, onRetry }: BrokenPanelProps): ReactElement {
  return (
    <div className="ext-panel" role="alert">
      <strong>{title}</strong>
      {problems.map(({ file, line, column, text, lineText }, index) => (
        <div key={index} className="ext-problem">
          <code className="ext-place">{messages.place(file, line, column)}</code>
          <span className="ext-text">{text}</span>
          {lineText !== null && lineText.trim() !== '' && (
            <pre className="ext-source" dir="ltr">
              {lineText}
              {column !== null && `\n${' '.repeat(Math.max(0, column - 1))}^`}
            </pre>
          )}
        </div>
      ))}
      <span className="ext-hint">
        {messages.plainInstead} {messages.savedIsEnough}
      </span>
      {onRetry !== undefined && (
        <button type="button" className="ext-retry" onClick={onRetry}>
          {messages.retry}
        </button>
      )}
    </div>
  );
}

/** The field as it would be without its `ui:field`. */
export function PlainField(field: FieldProps): ReactElement | null {
  const { SchemaField } = field.registry.fields;
  if (SchemaField === undefined) return null;
  return <SchemaField {...field} uiSchema={withoutField(field.uiSchema ?? {})} />;
}

function withoutField(uiSchema: UiSchema): UiSchema {
  const options: unknown = uiSchema['ui:options'];
  const { field: _field, ...left } = isObject(options) ? options : {};
  const others = Object.entries(uiSchema).filter(([key]) => key !== 'ui:field' && key !== 'ui:options');
  return Object.fromEntries([...others, ['ui:options', left]]);
}
