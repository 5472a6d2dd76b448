/** The portal at a glance: entities by state, the queue, how long each stage takes, requests, the process. */
import type { ReactElement, ReactNode } from 'react';
import { parseRef } from '@callboard/model';
import { Link } from 'react-router-dom';
import type { FailedRequest, PortalInfo, RouteFigures } from '../../api/devtools.ts';
import type { CatalogStatus, EntityState, Stage } from '../../api/status.ts';
import { count } from '../../messages.ts';
import { EntityLink } from '../../parts/entity-link.tsx';
import { ErrorPanel } from '../../parts/error-panel.tsx';
import { kindName } from '../../parts/ref-text.ts';
import { Time } from '../../parts/time.tsx';
import { Waiting } from '../../parts/waiting.tsx';
import { Figure, FigureTable, Panel, type FigureColumn } from './figures.tsx';
import { bytes, duration, messages, percent } from './messages.ts';
import { useInfo, useStatus } from './queries.ts';

const STATES: readonly EntityState[] = ['ok', 'failing', 'stale', 'orphaned', 'pending'];

export function OverviewView(): ReactElement {
  const status = useStatus();
  const info = useInfo();
  return (
    <div className="health-panels">
      {status.isError && (
        <ErrorPanel
          title={messages.failedStatus}
          error={status.error}
          onRetry={() => void status.refetch()}
        />
      )}
      {status.data !== undefined && <CatalogPanels status={status.data} />}
      {info.isError && (
        <ErrorPanel title={messages.failedInfo} error={info.error} onRetry={() => void info.refetch()} />
      )}
      {info.data !== undefined && <PortalPanels info={info.data} />}
      {(status.isPending || info.isPending) && <Waiting height="12rem" />}
    </div>
  );
}

function CatalogPanels({ status }: { readonly status: CatalogStatus }): ReactElement {
  return (
    <>
      <Panel title={messages.entities} className="health-entities">
        <dl className="figure-row">
          <Figure title={messages.total} value={count(status.total)} />
          {STATES.map((state) => (
            <StateFigure key={state} state={state} value={status.byState[state]} />
          ))}
        </dl>
        <h3 className="health-sub">{messages.byKind}</h3>
        <ul className="kind-counts">
          {status.byKind.map(({ kind, count: total }) => (
            <li key={kind}>
              <Link className="cb-link" to={`/catalog?kind=${encodeURIComponent(kind.toLowerCase())}`}>
                {kindName(kind)}
              </Link>{' '}
              {count(total)}
            </li>
          ))}
        </ul>
      </Panel>
      <Panel title={messages.queue} className="health-queue">
        <dl className="figure-row">
          <Figure title={messages.waiting} value={count(status.waiting)} />
          <Figure title={messages.reading} value={count(status.reading.length)} />
        </dl>
        {status.reading.length > 0 && (
          <ul className="kind-counts">
            {status.reading.map((reference) => (
              <li key={reference}>
                <Reference text={reference} />
              </li>
            ))}
          </ul>
        )}
      </Panel>
      <Panel title={messages.stages}>
        <p className="health-note">{messages.sinceStart}</p>
        <FigureTable
          label={messages.stages}
          columns={STAGE_COLUMNS}
          rows={status.stages}
          keyOf={({ name }) => name}
        />
      </Panel>
    </>
  );
}

function StateFigure(props: { readonly state: EntityState; readonly value: number }): ReactElement {
  const { state, value } = props;
  const title = messages.states[state];
  if (state === 'ok') return <Figure title={title} value={count(value)} tone="good" />;
  if (value === 0) return <Figure title={title} value={count(value)} />;
  const link = (
    <Link className="cb-link" to={`/health/problems?state=${state}`}>
      {count(value)}
    </Link>
  );
  return <Figure title={title} value={link} tone="bad" />;
}

const STAGE_COLUMNS: readonly FigureColumn<Stage>[] = [
  { title: messages.stage, cell: ({ name }) => messages.stageNames[name] ?? name },
  { title: messages.runs, kind: 'number', cell: ({ runs }) => count(runs) },
  { title: messages.items, kind: 'number', cell: ({ items }) => count(items) },
  { title: messages.failures, kind: 'number', cell: ({ failures }) => count(failures) },
  {
    title: messages.perRun,
    kind: 'number',
    cell: ({ totalMs, runs }) => duration(runs === 0 ? null : totalMs / runs),
  },
  { title: messages.last, kind: 'number', cell: ({ lastMs }) => duration(lastMs) },
  { title: messages.longest, kind: 'number', cell: ({ maxMs }) => duration(maxMs) },
  { title: messages.sum, kind: 'number', cell: ({ totalMs }) => duration(totalMs) },
];

function PortalPanels({ info }: { readonly info: PortalInfo }): ReactElement {
  const { requests, clientErrors, serverErrors } = info;
  return (
    <>
      <Panel title={messages.requests}>
        <dl className="figure-row">
          <Figure title={messages.requestsAll} value={count(requests)} />
          <Figure title={messages.requestsClient} value={count(clientErrors)} />
          <Figure
            title={messages.requestsServer}
            value={count(serverErrors)}
            {...(serverErrors > 0 && { tone: 'bad' as const })}
          />
          <Figure
            title={messages.errorRate}
            value={percent(requests === 0 ? 0 : serverErrors / requests)}
            tone={serverErrors > 0 ? 'bad' : 'good'}
          />
        </dl>
        <h3 className="health-sub">{messages.routes}</h3>
        <FigureTable
          label={messages.routes}
          columns={ROUTE_COLUMNS}
          rows={info.routes}
          keyOf={({ method, route }) => `${method} ${route}`}
        />
        <h3 className="health-sub">{messages.recentErrors}</h3>
        {info.recent.length === 0 ? (
          <p className="health-note">{messages.noErrors}</p>
        ) : (
          <FigureTable
            label={messages.recentErrors}
            columns={ERROR_COLUMNS}
            rows={info.recent}
            keyOf={({ at }, index) => `${String(at?.getTime())} ${index}`}
          />
        )}
      </Panel>
      <Panel title={messages.process}>
        <dl className="facts">
          <Line title={messages.version}>{info.version ?? '–'}</Line>
          {info.startedAt !== null && (
            <Line title={messages.started}>
              <Time at={info.startedAt} />
            </Line>
          )}
          <Line title={messages.memory}>
            {messages.memoryOf(bytes(info.rssBytes), bytes(info.heapUsedBytes))}
          </Line>
          <Line title={messages.database}>
            {[info.databaseClient, info.databaseBytes === null ? null : bytes(info.databaseBytes)]
              .filter((part) => part !== null)
              .join(', ')}
          </Line>
          <Line title={messages.node}>{info.nodeVersion ?? '–'}</Line>
          <Line title={messages.system}>{info.operatingSystem ?? '–'}</Line>
        </dl>
      </Panel>
    </>
  );
}

const ROUTE_COLUMNS: readonly FigureColumn<RouteFigures>[] = [
  {
    title: messages.route,
    cell: ({ method, route }) => (
      <code>
        {method} {route}
      </code>
    ),
  },
  { title: messages.calls, kind: 'number', cell: ({ count: calls }) => count(calls) },
  { title: messages.errors, kind: 'number', cell: ({ errors }) => count(errors) },
  { title: messages.mean, kind: 'number', cell: ({ meanMs }) => duration(meanMs) },
  { title: messages.longest, kind: 'number', cell: ({ maxMs }) => duration(maxMs) },
];

const ERROR_COLUMNS: readonly FigureColumn<FailedRequest>[] = [
  { title: messages.when, cell: ({ at }) => at !== null && <Time at={at} /> },
  {
    title: messages.route,
    cell: ({ method, route }) => (
      <code>
        {method} {route}
      </code>
    ),
  },
  { title: messages.status, kind: 'number', cell: ({ status }) => String(status) },
  {
    title: messages.said,
    cell: ({ code, message }) => (
      <>
        {message !== null && <bdi>{message}</bdi>} {code !== null && <code>{code}</code>}
      </>
    ),
  },
];

function Line({ title, children }: { readonly title: string; readonly children: ReactNode }): ReactElement {
  return (
    <div className="fact">
      <dt>{title}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Reference({ text }: { readonly text: string }): ReactElement {
  const ref = parseRef(text);
  return ref === null ? <code>{text}</code> : <EntityLink to={ref} />;
}
