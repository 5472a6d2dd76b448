/** Every source of the catalog: when it was read, when it will be, and what went wrong. */
import type { ReactElement } from 'react';
import { ButtonIcon } from '@backstage/ui';
import { parseRef, type EntityRef } from '@callboard/model';
import { useSearchParams } from 'react-router-dom';
import type { Source } from '../../api/status.ts';
import { count } from '../../messages.ts';
import { EntityLink } from '../../parts/entity-link.tsx';
import { ErrorPanel } from '../../parts/error-panel.tsx';
import { CheckIcon, RefreshIcon } from '../../parts/icons.tsx';
import { Time } from '../../parts/time.tsx';
import { Waiting } from '../../parts/waiting.tsx';
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
      {sources === undefined && !status.isError && <Waiting height="12rem" />}
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
  { title: messages.entities, kind: 'number', cell: ({ entities }) => count(entities) },
  { title: messages.lastRead, cell: ({ lastReadAt }) => <When at={lastReadAt} /> },
  { title: messages.lastChanged, cell: ({ lastChangedAt }) => <When at={lastChangedAt} /> },
  {
    title: messages.nextRead,
    cell: ({ nextReadAt }) =>
      nextReadAt === null ? (
        <span className="figure-short">{messages.notScheduled}</span>
      ) : (
        <Time at={nextReadAt} />
      ),
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
  const location = locationOf(source);
  return (
    <span className="source-target">
      {location === null ? (
        <bdi>{messages.providerOf(reference.replace(/^provider:/, ''))}</bdi>
      ) : (
        <EntityLink to={location}>
          <bdi>{target ?? reference}</bdi>
        </EntityLink>
      )}
      {error !== null && <bdi className="source-error">{error}</bdi>}
    </span>
  );
}

/** Null for a provider. */
function locationOf({ ref: reference }: Source): EntityRef | null {
  const ref = parseRef(reference);
  return ref?.kind === 'location' ? ref : null;
}

function When({ at }: { readonly at: Date | null }): ReactElement {
  return at === null ? <>{messages.never}</> : <Time at={at} />;
}

/** A provider says itself when it has something. */
function ReadAgainButton({ source }: { readonly source: Source }): ReactElement | null {
  const { state, ask } = useReadAgain(source.ref);
  if (locationOf(source) === null) return null;
  const label = messages.readAgainOf(source.target ?? source.ref);
  return (
    <>
      <ButtonIcon
        className="source-again"
        variant="tertiary"
        aria-label={label}
        icon={state === 'asked' ? <CheckIcon /> : <RefreshIcon />}
        onPress={ask}
      />
      <span className="cb-hidden" role="status">
        {state === 'asked' && messages.readAsked}
      </span>
      {state === 'failed' && (
        <span className="source-error" role="alert">
          {messages.readFailed}
        </span>
      )}
    </>
  );
}
