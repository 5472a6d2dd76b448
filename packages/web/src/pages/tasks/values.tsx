/** The values that a task was started with, as the server gives them: what is secret is masked there. */
import type { ReactElement } from 'react';
import type { FormValues } from '../../api/scaffolder.ts';
import { messages } from './messages.ts';

const LONGEST = 2_000;

export function Values({ values }: { readonly values: FormValues }): ReactElement {
  const entries = Object.entries(values);
  if (entries.length === 0) return <p className="health-note">{messages.noValues}</p>;
  return (
    <dl className="task-values">
      {entries.map(([name, value]) => (
        <div key={name} className="task-value">
          <dt>
            <bdi>{name}</bdi>
          </dt>
          <dd>
            <Value value={value} />
          </dd>
        </div>
      ))}
    </dl>
  );
}

function Value({ value }: { readonly value: unknown }): ReactElement {
  if (value === null || value === undefined) return <span className="task-quiet">{messages.nothing}</span>;
  if (value === '') return <span className="task-quiet">{messages.empty}</span>;
  if (typeof value === 'boolean') return <>{value ? messages.yes : messages.no}</>;
  if (typeof value === 'string') return <bdi className="task-text">{shortened(value)}</bdi>;
  if (Array.isArray(value) && value.every((item) => typeof item === 'string') && value.length > 0) {
    return <bdi className="task-text">{shortened(value.join(', '))}</bdi>;
  }
  const text = JSON.stringify(value, null, 2);
  return <pre className="task-json">{shortened(text)}</pre>;
}

function shortened(text: string): string {
  if (text.length <= LONGEST) return text;
  return `${text.slice(0, LONGEST)} ${messages.cutValue(text.length - LONGEST)}`;
}
