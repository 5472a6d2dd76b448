/** The buttons that a task has in its state. What cannot be taken back asks first. */
import { lazy, Suspense, useState, type ReactElement } from 'react';
import { Alert, Button } from '@backstage/ui';
import { useNavigate } from 'react-router-dom';
import { ErrorPanel } from '../../../parts/error-panel.tsx';
import type { Task } from '../../../api/scaffolder-tasks.ts';
import { refusal } from '../../images/refusal.ts';
import { templatePath, useActOnTask } from '../queries.ts';
import { isFinal } from '../state-words.ts';
import { messages } from './messages.ts';
import { useStartOver } from './use-start-over.ts';

const ActDialog = lazy(async () => ({ default: (await import('./act-dialog.tsx')).ActDialog }));

export function Actions({ task }: { readonly task: Task }): ReactElement {
  const [asked, setAsked] = useState<'cancel' | 'retry' | null>(null);
  const act = useActOnTask(task.id);
  const isOver = isFinal(task);
  const isPaused = !isOver && task.waiting?.kind === 'paused';
  const isRunning = !isOver && task.waiting === null;
  return (
    <>
      <div className="task-actions" role="group" aria-label={messages.acts}>
        {task.isRetryable && (
          <Button variant="primary" onPress={() => setAsked('retry')}>
            {messages.act.retry.button}
          </Button>
        )}
        {isPaused && (
          <Button
            variant="primary"
            isPending={act.isPending}
            onPress={() => act.mutate({ action: 'resume' })}
          >
            {messages.resume}
          </Button>
        )}
        {isRunning && (
          <Button
            variant="secondary"
            isPending={act.isPending}
            aria-description={messages.pauseWhy}
            onPress={() => act.mutate({ action: 'pause' })}
          >
            {messages.pause}
          </Button>
        )}
        {!isOver && (
          <Button variant="secondary" onPress={() => setAsked('cancel')}>
            {messages.act.cancel.button}
          </Button>
        )}
        {task.template !== null && <StartOver task={task} />}
      </div>
      {act.isError && <ActFailed error={act.error} onRetry={() => act.reset()} />}
      {asked !== null && (
        <Suspense fallback={null}>
          <ActDialog task={task} action={asked} onClose={() => setAsked(null)} />
        </Suspense>
      )}
    </>
  );
}

/** What the server said when it knows better; otherwise that something is broken. */
export function ActFailed({
  error,
  onRetry,
}: {
  readonly error: unknown;
  readonly onRetry: () => void;
}): ReactElement {
  const refused = refusal(error);
  if (refused === null) return <ErrorPanel title={messages.actFailed} error={error} onRetry={onRetry} />;
  return (
    <Alert
      className="task-refused"
      role="alert"
      status="danger"
      icon
      title={messages.actFailed}
      description={refused}
    />
  );
}

function StartOver({ task }: { readonly task: Task }): ReactElement {
  const navigate = useNavigate();
  const start = useStartOver();
  const { template } = task;
  if (template === null) return <></>;
  return (
    <>
      <Button
        variant={task.isRetryable || task.status !== 'failed' ? 'secondary' : 'primary'}
        isPending={start.isPending}
        onPress={() => start.mutate({ template, values: task.values })}
      >
        {messages.startOver}
      </Button>
      {start.isError && (
        <Alert
          className="task-refused"
          role="alert"
          status="warning"
          icon
          title={messages.startOverFailed}
          customActions={
            <Button variant="secondary" onPress={() => navigate(templatePath(template))}>
              {messages.startEmpty}
            </Button>
          }
        />
      )}
    </>
  );
}
