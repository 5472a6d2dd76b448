/** What an address below the entity shows: a tab, once its code is there, or that the entity has no such view. */
import type { ReactElement } from 'react';
import { Alert, Button, ButtonLink, Skeleton } from '@backstage/ui';
import { Navigate, useLocation, useParams } from 'react-router-dom';
import { messages as shellMessages } from '../../messages.ts';
import { entityPath } from '../../parts/ref-text.ts';
import { CrashBoundary } from '../../shell/crash-boundary.tsx';
import { routeOf, type EntityTab, type EntityTabProps, type TabRoute } from './entity-tab.ts';
import { messages } from './messages.ts';
import { useTabCode } from './tab-code.ts';

/** Where the address leads among the given tabs. */
export function useTabRoute(tabs: readonly EntityTab[]): TabRoute {
  const { '*': path = '' } = useParams();
  const { search } = useLocation();
  return routeOf(tabs, { path, inspect: new URLSearchParams(search).get('inspect') });
}

export interface TabViewProps extends EntityTabProps {
  readonly route: TabRoute;
}

export function TabView({ route, entity, entityRef }: TabViewProps): ReactElement {
  const { pathname } = useLocation();
  switch (route.kind) {
    case 'tab':
      return (
        <CrashBoundary resetBy={pathname}>
          <TabContent key={route.tab.id} tab={route.tab} entity={entity} entityRef={entityRef} />
        </CrashBoundary>
      );
    case 'redirect':
      return <Navigate to={tabPath(entityPath(entityRef), route.path)} replace />;
    case 'nothing':
      return <NoSuchView path={entityPath(entityRef)} />;
    default:
      return route satisfies never;
  }
}

/** The address of a tab. */
export function tabPath(path: string, tab: string): string {
  return tab === '' ? path : `${path}/${tab}`;
}

function TabContent({ tab, entity, entityRef }: EntityTabProps & { readonly tab: EntityTab }): ReactElement {
  const state = useTabCode(tab);
  switch (state.kind) {
    case 'ready':
      return <state.code.Content entity={entity} entityRef={entityRef} />;
    case 'loading':
      return (
        <div aria-busy="true">
          <Skeleton width="100%" height="16rem" />
        </div>
      );
    case 'failed':
      // Browsers keep the failure of a module, so asking for it again on the same page does not help.
      return (
        <Alert
          role="alert"
          status="danger"
          icon
          title={messages.tabFailed(tab.title)}
          description={shellMessages.crashedWhy}
          customActions={
            <Button variant="secondary" onPress={() => window.location.reload()}>
              {shellMessages.reload}
            </Button>
          }
        />
      );
    default:
      return state satisfies never;
  }
}

function NoSuchView({ path }: { readonly path: string }): ReactElement {
  return (
    <section className="entity-nothing">
      <h2>{messages.noSuchView}</h2>
      <p>{messages.noSuchViewWhy}</p>
      <ButtonLink className="cb-notice-action" variant="secondary" href={path}>
        {messages.toOverview}
      </ButtonLink>
    </section>
  );
}
