/** The runs of templates, the newest first. Which ones are shown is in the address: `by`, `status`, `template`, `offset`. */
import type { ReactElement } from 'react';
import { ButtonLink } from '@backstage/ui';
import { parseRef, stringifyRef } from '@callboard/model';
import { Link, useSearchParams } from 'react-router-dom';
import type { Task } from '../../api/scaffolder-tasks.ts';
import { EntityLink } from '../../parts/entity-link.tsx';
import { ErrorPanel } from '../../parts/error-panel.tsx';
import { Time } from '../../parts/time.tsx';
import { Waiting } from '../../parts/waiting.tsx';
import { offsetOf, Pages } from '../health/pages.tsx';
import { span } from '../images/span.ts';
import { Frame } from './frame.tsx';
import { messages } from './messages.ts';
import { rowRef, TASKS_A_PAGE, useMyRef, useTasks, useTemplateRows } from './queries.ts';
import { StateBadge } from './state-badge.tsx';
import { isFinal, isShownStatus, SHOWN_STATUSES, SHOWN_STATUS_NAMES } from './state-words.ts';
import { subjectOf } from './subject.ts';
import { useNow } from './use-now.ts';

export function TaskListPage(): ReactElement {
  return (
    <Frame title={messages.tasks}>
      <TaskList />
    </Frame>
  );
}

function TaskList(): ReactElement {
  const [params] = useSearchParams();
  const me = useMyRef();
  const isAll = params.get('by') === 'all';
  const status = params.get('status') ?? '';
  const template = params.get('template');
  const offset = offsetOf(params);
  const tasks = useTasks(
    {
      statuses: isShownStatus(status) ? SHOWN_STATUSES[status] : [],
      createdBy: isAll || me === null ? [] : [me],
      template: template === '' ? null : template,
    },
    { offset, enabled: isAll || me !== null },
  );
  const page = tasks.data;
  return (
    <>
      <Filters />
      {tasks.isError && page === undefined && (
        <ErrorPanel title={messages.failedTasks} error={tasks.error} onRetry={() => void tasks.refetch()} />
      )}
      {tasks.isPending && <Waiting height="14rem" />}
      {page !== undefined && page.tasks.length === 0 && <NoTasks />}
      {page !== undefined && page.tasks.length > 0 && (
        <ul className="task-rows" aria-busy={tasks.isPlaceholderData}>
          {page.tasks.map((task) => (
            <TaskRow key={task.id} task={task} showsWho={isAll} />
          ))}
        </ul>
      )}
      {page !== undefined && <Pages offset={offset} size={TASKS_A_PAGE} total={page.total} />}
      <p className="cb-hidden" role="status">
        {page !== undefined && !tasks.isPlaceholderData ? messages.tasksFound(page.total) : ''}
      </p>
    </>
  );
}

function Filters(): ReactElement {
  const [params, setParams] = useSearchParams();
  const templates = useTemplateRows();
  const isAll = params.get('by') === 'all';
  const template = params.get('template') ?? '';
  const choose = (name: string, value: string): void => {
    const next = new URLSearchParams(params);
    next.delete('offset');
    if (value === '') next.delete(name);
    else next.set(name, value);
    setParams(next, { replace: true, preventScrollReset: true });
  };
  const known = (templates.data ?? []).map((row) => ({ ref: rowRef(row), title: row.title ?? row.name }));
  const isKnown = template === '' || known.some(({ ref }) => ref === template);
  return (
    <div className="health-choices" role="group" aria-label={messages.filters}>
      <div className="health-choice">
        <button type="button" aria-pressed={!isAll} onClick={() => choose('by', '')}>
          {messages.mine}
        </button>
        <button type="button" aria-pressed={isAll} onClick={() => choose('by', 'all')}>
          {messages.everybody}
        </button>
      </div>
      <div className="task-selects">
        <select
          className="cb-select"
          aria-label={messages.statusFilter}
          value={params.get('status') ?? 'any'}
          onChange={({ target: { value } }) => choose('status', value === 'any' ? '' : value)}
        >
          {SHOWN_STATUS_NAMES.map((name) => (
            <option key={name} value={name}>
              {messages.statuses[name]}
            </option>
          ))}
        </select>
        <select
          className="cb-select"
          aria-label={messages.templateFilter}
          value={template}
          onChange={({ target: { value } }) => choose('template', value)}
        >
          <option value="">{messages.anyTemplate}</option>
          {!isKnown && <option value={template}>{parseRef(template)?.name ?? template}</option>}
          {known.map(({ ref, title }) => (
            <option key={ref} value={ref}>
              {title}
            </option>
          ))}
        </select>
      </div>
    </div>
  );
}

function NoTasks(): ReactElement {
  const [params] = useSearchParams();
  const isNarrowed = ['status', 'template', 'offset'].some((name) => params.has(name));
  if (isNarrowed) {
    return (
      <p className="task-empty" role="status">
        {messages.noTaskFits}{' '}
        <Link className="cb-link" to="?by=all">
          {messages.showAllTasks}
        </Link>
      </p>
    );
  }
  return (
    <section className="task-empty task-empty-all" role="status">
      <h2>{params.get('by') === 'all' ? messages.noTasksAtAll : messages.noTasks}</h2>
      <p className="health-note">{messages.noTasksWhy}</p>
      <ButtonLink variant="primary" href="/create">
        {messages.toTemplates}
      </ButtonLink>
    </section>
  );
}

interface TaskRowProps {
  readonly task: Task;
  /** Of my own tasks I know who started them. */
  readonly showsWho: boolean;
}

function TaskRow({ task, showsWho }: TaskRowProps): ReactElement {
  const { id, template, templateTitle, values, createdAt, createdBy } = task;
  const subject = subjectOf(values);
  const name = templateTitle ?? template?.name ?? messages.nameless;
  return (
    <li className="task-row" title={template === null ? undefined : stringifyRef(template)}>
      <StateBadge task={task} />
      <span className="task-what">
        <Link className="cb-link" to={`/create/tasks/${encodeURIComponent(id)}`}>
          <bdi>{name}</bdi>
        </Link>
        {subject !== null && <bdi className="task-subject">{subject}</bdi>}
      </span>
      <span className="task-who">
        {showsWho && createdBy !== null && (
          <>
            {messages.by} <EntityLink to={createdBy} usualKind="user" />
          </>
        )}
      </span>
      <span className="task-took">
        <Took task={task} />
      </span>
      <span className="task-when">{createdAt !== null && <Time at={createdAt} />}</span>
    </li>
  );
}

function Took({ task }: { readonly task: Task }): ReactElement | null {
  const now = useNow({ isRunning: !isFinal(task) });
  const from = task.startedAt ?? task.createdAt;
  if (from === null) return null;
  if (!isFinal(task)) return <>{messages.since(span(now - from.getTime()))}</>;
  if (task.startedAt === null || task.endedAt === null) return null;
  return <>{messages.took(span(task.endedAt.getTime() - task.startedAt.getTime()))}</>;
}
