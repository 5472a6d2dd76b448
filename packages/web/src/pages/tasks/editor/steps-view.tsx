/** The steps of a dry-run: what became of each, and which files it added, changed or took away. */
import type { ReactElement } from 'react';
import type { DryRun, FileChange } from '../../../api/scaffolder-authoring.ts';
import { TASK_STATUSES, type TaskStatus } from '../../../api/scaffolder-tasks.ts';
import { stripAnsi } from '../task/log/ansi.ts';
import { stepTitle } from '../state-words.ts';
import { DiffView } from './diff-view.tsx';
import { messages } from './messages.ts';

export interface NamedStep {
  readonly id: string;
  readonly name: string;
}

export interface StepsViewProps {
  readonly run: DryRun;
  /** Those of the template, in their order. */
  readonly steps: readonly NamedStep[];
}

export function StepsView({ run, steps }: StepsViewProps): ReactElement {
  return (
    <ol className="run-steps">
      {steps.map((step) => (
        <StepItem key={step.id} step={step} run={run} />
      ))}
    </ol>
  );
}

function StepItem({ step, run }: { readonly step: NamedStep; readonly run: DryRun }): ReactElement {
  const status = statusOf(step, run);
  const files = run.changes.find(({ stepId }) => stepId === step.id)?.files ?? [];
  const failure = status === 'failed' ? lastLine(step, run) : null;
  return (
    <li className="run-step" data-status={status ?? undefined}>
      <h3>
        <bdi>{step.name}</bdi>{' '}
        <span className="task-state" data-tone={toneOf(status)}>
          {status === null ? messages.stepUnknown : stepTitle(status)}
        </span>
      </h3>
      {failure !== null && (
        <pre className="task-error" tabIndex={0}>
          {failure}
        </pre>
      )}
      {files.length === 0 && status === 'completed' && <p className="health-note">{messages.stepNothing}</p>}
      {files.map((change) => (
        <Change key={change.path} change={change} />
      ))}
    </li>
  );
}

function Change({ change }: { readonly change: FileChange }): ReactElement {
  return (
    <details className="run-change-row">
      <summary>
        <span className="run-change" data-change={change.change}>
          {messages.fileChange[change.change]}
        </span>{' '}
        <bdi>{change.path}</bdi>
      </summary>
      <DiffView change={change} />
    </details>
  );
}

/** What the log says last of it; null when it says nothing. */
export function statusOf({ id }: NamedStep, run: DryRun): TaskStatus | null {
  const last = run.log.findLast(({ stepId, status }) => stepId === id && status !== null);
  return TASK_STATUSES.find((known) => known === last?.status) ?? null;
}

function lastLine({ id }: NamedStep, run: DryRun): string | null {
  const line = run.log.findLast(({ stepId, status }) => stepId === id && status === 'failed');
  return line === undefined ? null : stripAnsi(line.message);
}

function toneOf(status: TaskStatus | null): string {
  if (status === 'completed') return 'good';
  return status === 'failed' ? 'bad' : 'quiet';
}
