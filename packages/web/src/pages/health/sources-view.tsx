/** Every source of the catalog: when it was read, when it will be, and what went wrong. */
import type { ReactElement } from 'react';
import { Button, Skeleton } from '@backstage/ui';
import { parseRef } from '@callboard/model';
import { useSearchParams } from 'react-router-dom';
import type { Source } from '../../api/status.ts';
import { count } from '../../messages.ts';
import { EntityLink } from '../../parts/entity-link.tsx';
import { ErrorPanel } from '../../parts/error-panel.tsx';
import { Time } from '../../parts/time.tsx';
import { FigureTable, type FigureColumn } from './figures.tsx';
import { duration, messages } from './messages.ts';
import { offsetOf, Pages } from './pages.tsx';
import { SOURCES_SHOWN, useReadAgain, useStatus } from './queries.ts';

export function SourcesView(): ReactElement {
  const [params] = useSearchParams();
  const offset = offsetOf(params);
  const status = useStatus(offset);
  const sources = status.data?.sources;
  return (
    <>
      {status.isError && (
        <ErrorPanel
          title={messages.failedStatus}
          error={status.error}
          onRetry={() => void status.refetch()}
        />
      )}
      {sources === undefined && !status.isError && <Skeleton width="100%" height="12rem" />}
      {sources !== undefined && (
        <>
          <p className="health-note" role="status">
            {sources.total === 0
              ? messages.sourcesNone
              : messages.sourcesCount(sources.total, sources.failing)}
          </p>
          {sources.items.length > 0 && (
            <FigureTable
              label={messages.sources}
              columns={COLUMNS}
              rows={sources.items}
              keyOf={({ ref, target }) => `${ref} ${target}`}
            />
          )}
          <Pages offset={offset} size={SOURCES_SHOWN} total={sources.total} />
        </>
      )}
    </>
  );
}

const COLUMNS: readonly FigureColumn<Source>[] = [
  { title: messages.target, cell: (source) => <Target source={source} /> },
  { title: messages.provider, cell: ({ provider }) => provider },
  { title: messages.items, kind: 'number', cell: ({ entities }) => count(entities) },
  { title: messages.lastRead, cell: ({ lastReadAt }) => <When at={lastReadAt} /> },
  { title: messages.lastChanged, cell: ({ lastChangedAt }) => <When at={lastChangedAt} /> },
  {
    title: messages.nextRead,
    cell: ({ nextReadAt }) => (nextReadAt === null ? messages.notScheduled : <Time at={nextReadAt} />),
  },
  { title: messages.last, kind: 'number', cell: ({ lastMs }) => duration(lastMs) },
  {
    title: messages.failedReadings,
    kind: 'number',
    cell: ({ failures, readings }) => (
      <span title={messages.rateTitle} data-tone={failures > 0 ? 'bad' : undefined}>
        {messages.rate(failures, readings)}
      </span>
    ),
  },
  { title: messages.readAgain, cell: (source) => <ReadAgainButton source={source} /> },
];

function Target({ source }: { readonly source: Source }): ReactElement {
  const { ref: reference, target, error } = source;
  const ref = parseRef(reference);
  const text = target ?? reference;
  return (
    <span className="source-target">
      {ref === null ? (
        <bdi>{text}</bdi>
      ) : (
        <EntityLink to={ref}>
          <bdi>{text}</bdi>
        </EntityLink>
      )}
      {error !== null && <bdi className="source-error">{error}</bdi>}
    </span>
  );
}

function When({ at }: { readonly at: Date | null }): ReactElement {
  return at === null ? <>{messages.never}</> : <Time at={at} />;
}

/** A provider says itself when it has something. */
function ReadAgainButton({ source }: { readonly source: Source }): ReactElement | null {
  const { state, ask } = useReadAgain(source.ref);
  if (parseRef(source.ref)?.kind !== 'location') return null;
  return (
    <>
      <Button variant="tertiary" aria-label={messages.readAgainOf(source.target ?? source.ref)} onPress={ask}>
        {state === 'asked' ? messages.readAsked : messages.readAgain}
      </Button>
      <span className="cb-hidden" role="status">
        {state === 'asked' && messages.readAsked}
        {state === 'failed' && messages.readFailed}
      </span>
      {state === 'failed' && <span className="source-error">{messages.readFailed}</span>}
    </>
  );
}
