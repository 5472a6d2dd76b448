/** One run of a template: its steps as they run, their log, what came of it, and what can be done with it. */
import { useState, type ReactElement, type ReactNode } from 'react';
import { stringifyRef } from '@callboard/model';
import { Link, useParams, useSearchParams } from 'react-router-dom';
import { isTransient, statusOf } from '../../../api/error.ts';
import type { Task } from '../../../api/scaffolder-tasks.ts';
import { CopyButton } from '../../../parts/copy-button.tsx';
import { EntityLink } from '../../../parts/entity-link.tsx';
import { ErrorPanel } from '../../../parts/error-panel.tsx';
import { Time } from '../../../parts/time.tsx';
import { useTitle } from '../../../parts/use-title.ts';
import { Waiting } from '../../../parts/waiting.tsx';
import { Panel } from '../../health/figures.tsx';
import '../../health/health.css';
import { span } from '../../images/span.ts';
import { useTask } from '../queries.ts';
import { StateBadge } from '../state-badge.tsx';
import { isFinal, stateWords } from '../state-words.ts';
import { subjectOf } from '../subject.ts';
import '../tasks.css';
import './task.css';
import { useNow } from '../use-now.ts';
import { Values } from '../values.tsx';
import { Actions } from './actions.tsx';
import { TaskApprovals } from './approvals.tsx';
import { Failure } from './failure.tsx';
import { LogPanel } from './log/log-panel.tsx';
import { messages } from './messages.ts';
import { Output } from './output.tsx';
import { Steps } from './steps.tsx';

export function TaskPage(): ReactElement {
  const { taskId = '' } = useParams();
  const task = useTask(taskId);
  useTitle(task.data === undefined ? messages.task : titleOf(task.data));
  const status = statusOf(task.error);
  if (status === 404) return <Gone title={messages.notFound} why={messages.notFoundWhy} />;
  if (status === 403) return <Gone title={messages.forbidden} why={messages.forbiddenWhy} />;
  // While the server is away the bar of the shell says so, and the page keeps what it has.
  const isBroken = task.isError && (task.data === undefined || !isTransient(task.error));
  return (
    <div className="cb-page health tasks">
      <Link className="cb-link task-back" to="/create/tasks">
        {messages.back}
      </Link>
      {task.data === undefined && <h1>{messages.task}</h1>}
      {isBroken && (
        <ErrorPanel title={messages.failed} error={task.error} onRetry={() => void task.refetch()} />
      )}
      {task.isPending && <Waiting height="24rem" />}
      {task.data !== undefined && <Shown key={task.data.id} task={task.data} />}
    </div>
  );
}

function titleOf({ templateTitle, template, values }: Task): string {
  const name = templateTitle ?? template?.name ?? messages.task;
  const subject = subjectOf(values);
  return subject === null ? name : `${name}: ${subject}`;
}

function Shown({ task }: { readonly task: Task }): ReactElement {
  const [params, setParams] = useSearchParams();
  const step = task.steps.find(({ id }) => id === params.get('step')) ?? null;
  const choose = (stepId: string | null): void => {
    setParams(stepId === null ? {} : { step: stepId }, { replace: true, preventScrollReset: true });
  };
  const subject = subjectOf(task.values);
  const name = task.templateTitle ?? task.template?.name ?? messages.task;
  return (
    <>
      <header className="task-head">
        <h1>
          <bdi>{name}</bdi> {subject !== null && <bdi className="task-subject">{subject}</bdi>}
        </h1>
        <StateBadge task={task} />
        <Actions task={task} />
        <p className="task-meaning" role="status">
          {stateWords(task).meaning}
        </p>
      </header>
      <TaskApprovals task={task} />
      {task.error !== null && task.status === 'failed' && (
        <Failure task={task} error={task.error} onShowLog={choose} />
      )}
      {task.output !== null && <Output output={task.output} created={task.created} />}
      <div className="task-panels">
        <div className="task-side">
          <Steps task={task} chosen={step?.id ?? null} onChoose={choose} />
          <Facts task={task} />
        </div>
        <div className="task-main">
          <LogPanel task={task} step={step} />
        </div>
      </div>
    </>
  );
}

function Facts({ task }: { readonly task: Task }): ReactElement {
  const { id, template, templateTitle, templateVersion, createdBy, createdAt, endedAt, attempts, waiting } =
    task;
  const [isOpen, setIsOpen] = useState(false);
  return (
    <Panel title={messages.facts}>
      <dl className="task-facts task-facts-side">
        <Fact title={messages.startedBy}>
          {createdBy === null ? messages.byNobody : <EntityLink to={createdBy} usualKind="user" />}
        </Fact>
        {createdAt !== null && (
          <Fact title={messages.created}>
            <Time at={createdAt} />
          </Fact>
        )}
        {isFinal(task) && endedAt !== null && (
          <Fact title={messages.ended}>
            <Time at={endedAt} />
          </Fact>
        )}
        <Taken task={task} />
        {waiting?.kind === 'paused' && !isFinal(task) && waiting.by !== '' && (
          <Fact title={messages.pausedBy}>
            <bdi>{waiting.by.replace(/^user:(?:default\/)?/, '')}</bdi>
          </Fact>
        )}
        {attempts > 1 && <Fact title={messages.runs}>{messages.runsCount(attempts)}</Fact>}
        {template !== null && (
          <Fact title={messages.template}>
            <EntityLink to={template}>
              <bdi>{templateTitle ?? template.name}</bdi>
            </EntityLink>
            {templateVersion !== null && (
              <span className="task-quiet">
                {messages.version} <code title={stringifyRef(template)}>{templateVersion}</code>
              </span>
            )}
          </Fact>
        )}
        <Fact title={messages.id}>
          <span className="task-id">
            <code>{id}</code>
            <CopyButton text={id} label={messages.copyId} />
          </span>
        </Fact>
      </dl>
      <details className="task-more" onToggle={({ currentTarget }) => setIsOpen(currentTarget.open)}>
        <summary>{messages.values}</summary>
        {isOpen && <Values values={task.values} />}
      </details>
    </Panel>
  );
}

function Taken({ task }: { readonly task: Task }): ReactElement | null {
  const isOver = isFinal(task);
  const now = useNow({ isRunning: !isOver });
  const { startedAt, endedAt } = task;
  if (startedAt === null) return null;
  if (!isOver) {
    return <Fact title={messages.runningFor}>{span(now - startedAt.getTime())}</Fact>;
  }
  if (endedAt === null) return null;
  return <Fact title={messages.took}>{span(endedAt.getTime() - startedAt.getTime())}</Fact>;
}

function Fact(props: { readonly title: string; readonly children: ReactNode }): ReactElement {
  return (
    <div className="task-fact">
      <dt>{props.title}</dt>
      <dd>{props.children}</dd>
    </div>
  );
}

function Gone({ title, why }: { readonly title: string; readonly why: string }): ReactElement {
  return (
    <div className="cb-page">
      <section className="cb-notice">
        <h1>{title}</h1>
        <p>{why}</p>
        <Link className="cb-link" to="/create/tasks?by=all">
          {messages.toTasks}
        </Link>
      </section>
    </div>
  );
}
