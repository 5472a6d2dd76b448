/** What the linter says of the template; choosing a problem goes to its line. */
import type { ReactElement } from 'react';
import type { Diagnostic } from '@callboard/model';
import { messages } from './messages.ts';

export interface ProblemsProps {
  readonly diagnostics: readonly Diagnostic[];
  /** Null while the linter answers; else what it could not do. */
  readonly failure: string | null;
  /** Whether the linter has not answered yet. */
  readonly isChecking: boolean;
  readonly onGoTo: (line: number) => void;
}

const MOST = 100;

export function Problems({ diagnostics, failure, isChecking, onGoTo }: ProblemsProps): ReactElement {
  const errors = diagnostics.filter(({ severity }) => severity === 'error').length;
  const none = isChecking ? messages.checking : messages.noProblems;
  const summary =
    diagnostics.length === 0 ? none : messages.problemsCount(errors, diagnostics.length - errors);
  return (
    <section className="editor-problems" aria-label={messages.problems}>
      <p className="health-note" role="status">
        {failure ?? summary}
      </p>
      {diagnostics.length > 0 && (
        <ul>
          {diagnostics.slice(0, MOST).map((diagnostic, index) => (
            <li key={index}>
              <button
                type="button"
                className="editor-problem"
                data-severity={diagnostic.severity}
                onClick={() => onGoTo(diagnostic.line ?? 1)}
              >
                <span className="editor-severity">{messages.severities[diagnostic.severity]}</span>
                <span className="editor-problem-text">
                  <bdi>{diagnostic.summary}</bdi>
                  {diagnostic.detail !== undefined && <bdi className="task-quiet">{diagnostic.detail}</bdi>}
                </span>
                {diagnostic.line !== undefined && (
                  <span className="task-quiet">{messages.line(diagnostic.line)}</span>
                )}
              </button>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
