/** The steps of a task: what became of each, and how long it took. Choosing one shows its part of the log. */
import type { ReactElement } from 'react';
import type { StepState, Task, TaskStatus } from '../../../api/scaffolder-tasks.ts';
import { absoluteTime } from '../../../parts/relative-time.ts';
import { LOCALE } from '../../../messages.ts';
import { Panel } from '../../health/figures.tsx';
import { span } from '../../images/span.ts';
import { DoneIcon, FailedIcon, OpenIcon, RunningIcon, SkippedIcon } from '../icons.tsx';
import { stepTitle } from '../state-words.ts';
import { useNow } from '../use-now.ts';
import { messages } from './messages.ts';

export interface StepsProps {
  readonly task: Task;
  /** Null: the log of all of them is shown. */
  readonly chosen: string | null;
  readonly onChoose: (stepId: string | null) => void;
}

export function Steps({ task, chosen, onChoose }: StepsProps): ReactElement {
  const { steps } = task;
  const now = useNow({ isRunning: steps.some(({ status }) => status === 'processing') });
  const done = steps.filter(({ status }) => status === 'completed').length;
  const skipped = steps.filter(({ status }) => status === 'skipped').length;
  if (steps.length === 0) {
    return (
      <Panel title={messages.steps}>
        <p className="health-note">{messages.noSteps}</p>
      </Panel>
    );
  }
  return (
    <Panel title={messages.steps} className="task-steps-panel">
      <p className="health-note" role="status">
        {messages.stepsDone(done, steps.length, skipped)}
      </p>
      <button
        type="button"
        className="task-step task-step-all"
        aria-pressed={chosen === null}
        onClick={() => onChoose(null)}
      >
        {messages.allSteps}
      </button>
      <ol className="task-steps">
        {steps.map((step) => (
          <li key={step.id}>
            <StepButton
              step={step}
              now={now}
              isChosen={step.id === chosen}
              onChoose={() => onChoose(step.id === chosen ? null : step.id)}
            />
          </li>
        ))}
      </ol>
    </Panel>
  );
}

interface StepButtonProps {
  readonly step: StepState;
  readonly now: number;
  readonly isChosen: boolean;
  readonly onChoose: () => void;
}

function StepButton({ step, now, isChosen, onChoose }: StepButtonProps): ReactElement {
  const { name, action, status, startedAt } = step;
  const taken = timeOf(step, now);
  return (
    <button
      type="button"
      className="task-step"
      aria-pressed={isChosen}
      data-status={status}
      title={startedAt === null ? undefined : absoluteTime(startedAt, LOCALE)}
      onClick={onChoose}
    >
      <span className="task-step-icon">
        <StepIcon status={status} />
        <span className="cb-hidden">{stepTitle(status)}: </span>
      </span>
      <span className="task-step-name">
        <bdi>{name}</bdi>
        {action !== '' && <code>{action}</code>}
      </span>
      <span className="task-step-took">{taken === null ? '' : span(taken)}</span>
    </button>
  );
}

/** Milliseconds; null for what has not run. */
function timeOf({ status, startedAt, endedAt }: StepState, now: number): number | null {
  if (startedAt === null || status === 'skipped') return null;
  if (endedAt !== null) return endedAt.getTime() - startedAt.getTime();
  return status === 'processing' ? now - startedAt.getTime() : null;
}

function StepIcon({ status }: { readonly status: TaskStatus }): ReactElement {
  switch (status) {
    case 'open':
      return <OpenIcon />;
    case 'processing':
      return <RunningIcon />;
    case 'completed':
      return <DoneIcon />;
    case 'failed':
      return <FailedIcon />;
    case 'cancelled':
    case 'skipped':
      return <SkippedIcon />;
    default:
      return status satisfies never;
  }
}
