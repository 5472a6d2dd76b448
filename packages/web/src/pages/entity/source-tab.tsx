/** Where an entity comes from, how fresh it is, what is wrong with it, and a way to have it read again. */
import type { ReactElement, ReactNode } from 'react';
import { Alert, Button, Card, CardBody, CardHeader } from '@backstage/ui';
import { stringifyRef, type EntityRef } from '@callboard/model';
import type { Provenance, ProvenanceConflict } from '../../api/provenance.ts';
import { ErrorPanel } from '../../parts/error-panel.tsx';
import { RefreshIcon } from '../../parts/icons.tsx';
import { Time } from '../../parts/time.tsx';
import { Waiting } from '../../parts/waiting.tsx';
import { LocationText } from './location-text.tsx';
import { Fact } from './fact.tsx';
import { messages } from './messages.ts';
import { ProblemList } from './problem-list.tsx';
import { useProvenance, useRefresh, type RefreshState } from './queries.ts';
import { shownState, type ShownState } from './shown-state.ts';
import { SourceChain } from './source-chain.tsx';
import { SourceName } from './source-name.tsx';

const ALERTS: Readonly<Record<ShownState, 'success' | 'danger' | 'warning' | 'info'>> = {
  ok: 'success',
  broken: 'warning',
  failing: 'danger',
  stale: 'warning',
  orphaned: 'warning',
  pending: 'info',
};

export function SourceTab({ entityRef }: { readonly entityRef: EntityRef }): ReactElement {
  const query = useProvenance(entityRef);
  if (query.data === undefined || query.data === null) {
    if (query.isPending) return <Waiting height="16rem" />;
    return (
      <ErrorPanel
        title={messages.sourceFailed}
        error={query.error ?? stringifyRef(entityRef)}
        onRetry={() => void query.refetch()}
      />
    );
  }
  return <SourceView entityRef={entityRef} provenance={query.data} />;
}

export interface SourceViewProps {
  readonly entityRef: EntityRef;
  readonly provenance: Provenance;
  /** `nothing` when no version of the entity was ever good. Default: `entity`. */
  readonly shown?: 'entity' | 'nothing';
}

export function SourceView({ entityRef, provenance, shown = 'entity' }: SourceViewProps): ReactElement {
  const [refresh, askRefresh] = useRefresh(entityRef);
  const state = shownState(provenance);
  const { title, why } = shown === 'entity' ? messages.states[state] : messages.neverShown;
  return (
    <div className="source">
      <Alert
        status={ALERTS[state]}
        icon
        title={title}
        description={why}
        customActions={
          <Button
            variant="secondary"
            iconStart={<RefreshIcon />}
            isPending={refresh.kind === 'asked'}
            onPress={() => void askRefresh()}
          >
            {messages.refresh}
          </Button>
        }
      />
      <RefreshNote state={refresh} onRetry={() => void askRefresh()} />
      {provenance.diagnostics.length > 0 && (
        <Section title={messages.problems}>
          <ProblemList problems={provenance.diagnostics} />
        </Section>
      )}
      {provenance.conflicts.length > 0 && (
        <Section title={messages.conflicts} note={messages.conflictsWhy}>
          <Conflicts conflicts={provenance.conflicts} />
        </Section>
      )}
      <Section title={messages.chain} {...(provenance.sources.length > 0 && { note: messages.chainNote })}>
        <SourceChain provenance={provenance} entityRef={entityRef} />
      </Section>
      <Section title={messages.facts}>
        <Facts provenance={provenance} />
      </Section>
    </div>
  );
}

interface SectionProps {
  readonly title: string;
  readonly note?: string;
  readonly children: ReactNode;
}

function Section({ title, note, children }: SectionProps): ReactElement {
  return (
    <Card className="entity-card">
      <CardHeader className="entity-card-head">
        <h2>{title}</h2>
      </CardHeader>
      <CardBody>
        {note !== undefined && <p className="entity-none">{note}</p>}
        {children}
      </CardBody>
    </Card>
  );
}

function RefreshNote(props: { readonly state: RefreshState; readonly onRetry: () => void }): ReactElement {
  const { state } = props;
  if (state.kind === 'failed') {
    return <ErrorPanel title={messages.refreshFailed} error={state.error} onRetry={props.onRetry} />;
  }
  const texts = {
    idle: '',
    asked: messages.refreshAsked,
    done: messages.refreshDone,
    slow: messages.refreshSlow,
  };
  return (
    <p className="source-refresh" role="status">
      {texts[state.kind]}
    </p>
  );
}

function Conflicts({ conflicts }: { readonly conflicts: readonly ProvenanceConflict[] }): ReactElement {
  return (
    <ul className="plain">
      {conflicts.map((conflict) => (
        <li key={`${conflict.location} ${conflict.source}`} className="conflict">
          <LocationText location={conflict.location} />
          <span className="source-times">
            <span>
              {messages.conflictNamedBy} <SourceName source={conflict.source} />
            </span>
            {conflict.seenAt !== null && (
              <span>
                {messages.conflictSeen} <Time at={conflict.seenAt} />
              </span>
            )}
          </span>
        </li>
      ))}
    </ul>
  );
}

function Facts({ provenance }: { readonly provenance: Provenance }): ReactElement {
  const { location, originLocation, locationKey, firstSeenAt, lastProcessedAt, readBy, processors } =
    provenance;
  return (
    <dl className="facts">
      {location !== null && (
        <Fact title={messages.location}>
          <LocationText location={location} />
        </Fact>
      )}
      {originLocation !== null && (
        <Fact title={messages.originLocation}>
          <LocationText location={originLocation} />
        </Fact>
      )}
      {locationKey !== null && (
        <Fact title={messages.locationKey}>
          <code title={messages.locationKeyNote}>{locationKey}</code>
        </Fact>
      )}
      <Fact title={messages.letInBy}>
        {provenance.rule === null ? messages.noRule : <code>{provenance.rule.text}</code>}
      </Fact>
      {readBy !== null && <Fact title={messages.readBy}>{messages.readers[readBy] ?? readBy}</Fact>}
      {processors.length > 0 && (
        <Fact title={messages.processedBy}>
          <code>{processors.join(' → ')}</code>
        </Fact>
      )}
      <Fact title={messages.firstSeen}>
        {firstSeenAt === null ? messages.never : <Time at={firstSeenAt} />}
      </Fact>
      <Fact title={messages.lastProcessed}>
        {lastProcessedAt === null ? messages.never : <Time at={lastProcessedAt} />}
      </Fact>
    </dl>
  );
}
