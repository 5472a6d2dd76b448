/** The page of one entity: its header, and the tab that the address names. */
import { lazy, Suspense, useEffect, useMemo, type ReactElement } from 'react';
import { parseRef, stringifyRef, type Entity, type EntityRef } from '@callboard/model';
import type { UseQueryResult } from '@tanstack/react-query';
import { useParams } from 'react-router-dom';
import { titleOf, toRef } from '../../api/entity.ts';
import { statusOf } from '../../api/error.ts';
import { useServices } from '../../api/services.ts';
import { ErrorPanel } from '../../parts/error-panel.tsx';
import { kindName } from '../../parts/ref-text.ts';
import { useTitle } from '../../parts/use-title.ts';
import { tabsOf, type EntityTab } from './entity-tab.ts';
import { EntityHeader } from './header.tsx';
import { EntityLoading } from './loading.tsx';
import { messages } from './messages.ts';
import { useEntity } from './queries.ts';
import { RemovedNotice } from './removed-notice.tsx';
import { loadTab } from './tab-code.ts';
import { TabView, useTabRoute } from './tab-view.tsx';
import { builtinTabs } from './tabs.ts';
import { usePresence, type Presence } from './watch.ts';
import './overview/overview.css';
import './org/org.css';

const EntityNotFound = lazy(async () => ({ default: (await import('./not-found.tsx')).EntityNotFound }));
const NO_TABS: readonly EntityTab[] = [];

export interface EntityPageProps {
  /** Tabs beside the built-in ones. */
  readonly moreTabs?: readonly EntityTab[];
}

export function EntityPage({ moreTabs = NO_TABS }: EntityPageProps): ReactElement {
  const { namespace = '', kind = '', name = '' } = useParams();
  const asked: EntityRef = { namespace, kind, name };
  const query = useEntity(asked);
  const presence = usePresence(asked, query.data !== undefined);
  const reference = stringifyRef(asked);
  const tabs = useMemo(() => [...builtinTabs, ...moreTabs], [moreTabs]);
  const ahead = useTabRoute(tabs);
  useEffect(() => {
    // The code of the tab comes while the entity does.
    if (ahead.kind === 'tab') loadTab(ahead.tab);
  }, [ahead]);
  useTitle(titleOf(query.data) ?? name, kindName(kind));

  if (query.data === undefined) {
    if (!query.isError) return <EntityLoading key={reference} asked={asked} />;
    if (statusOf(query.error) === 404) {
      return (
        <Suspense fallback={<EntityLoading asked={asked} />}>
          <EntityNotFound key={reference} asked={asked} />
        </Suspense>
      );
    }
    return (
      <div className="cb-page entity">
        <h1>{name}</h1>
        <ErrorPanel
          title={messages.failed(reference)}
          error={query.error}
          onRetry={() => void query.refetch()}
        />
      </div>
    );
  }
  return <Loaded key={reference} asked={asked} entity={query.data} tabs={tabs} reads={{ query, presence }} />;
}

interface Reads {
  readonly query: UseQueryResult<Entity>;
  readonly presence: UseQueryResult<Presence>;
}

interface LoadedProps {
  readonly asked: EntityRef;
  readonly entity: Entity;
  readonly tabs: readonly EntityTab[];
  readonly reads: Reads;
}

function Loaded({ asked, entity, tabs, reads }: LoadedProps): ReactElement {
  const ref = toRef(entity) ?? asked;
  const own = tabsOf(entity, tabs);
  const route = useTabRoute(own);
  useRecordedVisit(ref);
  return (
    <div className="cb-page entity">
      <ReadState reads={reads} entityRef={ref} />
      <EntityHeader entity={entity} entityRef={ref} tabs={own} />
      <TabView route={route} entity={entity} entityRef={ref} />
    </div>
  );
}

/** What is shown stays when reading it again fails or finds nothing; this says so. */
function ReadState({
  reads,
  entityRef,
}: {
  readonly reads: Reads;
  readonly entityRef: EntityRef;
}): ReactElement | null {
  const { query, presence } = reads;
  if (isRemoved(reads)) return <RemovedNotice entityRef={entityRef} />;
  const error = query.error ?? presence.error;
  if (error === null) return null;
  const retry = (): void => {
    void query.refetch();
    void presence.refetch();
  };
  return <ErrorPanel title={messages.notReread(stringifyRef(entityRef))} error={error} onRetry={retry} />;
}

function isRemoved({ query, presence }: Reads): boolean {
  if (query.isError && statusOf(query.error) === 404) return true;
  return presence.data === 'removed' && presence.dataUpdatedAt > query.dataUpdatedAt;
}

function useRecordedVisit(ref: EntityRef): void {
  const { visits } = useServices();
  const reference = stringifyRef(ref);
  useEffect(() => {
    const visited = parseRef(reference);
    if (visited !== null) visits.record(visited);
  }, [visits, reference]);
}
