/** Why a task failed, at which step, and what to do about it. */
import type { ReactElement } from 'react';
import { Alert, Button } from '@backstage/ui';
import type { Task, TaskError } from '../../../api/scaffolder-tasks.ts';
import { messages } from './messages.ts';

export interface FailureProps {
  readonly task: Task;
  readonly error: TaskError;
  readonly onShowLog: (stepId: string) => void;
}

export function Failure({ task, error, onShowLog }: FailureProps): ReactElement {
  const { message, stepId } = error;
  const step = task.steps.find(({ id }) => id === stepId) ?? null;
  return (
    <Alert
      role="alert"
      status="danger"
      icon
      title={step === null ? messages.errorWhole : messages.errorAt(step.name)}
      description={
        <>
          <pre className="task-error" tabIndex={0}>
            {message}
          </pre>
          <p>{task.isRetryable ? messages.errorRetry : messages.errorOver}</p>
        </>
      }
      customActions={
        step === null ? undefined : (
          <Button variant="secondary" onPress={() => onShowLog(step.id)}>
            {messages.showLog}
          </Button>
        )
      }
    />
  );
}
