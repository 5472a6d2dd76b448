/** The routes, inside the shell; the sign-in page instead of them while nobody is signed in. */
import { lazy, Suspense, useCallback, useEffect, useSyncExternalStore, type ReactElement } from 'react';
import { Navigate, Route, Routes, useLocation } from 'react-router-dom';
import { useServices, useSession } from './api/services.ts';
import { CatalogPage } from './pages/catalog/page.tsx';
import type * as entityPage from './pages/entity/page.tsx';
import { LoadingPage } from './parts/loading-page.tsx';
import { CrashBoundary } from './shell/crash-boundary.tsx';
import { PageNotFound } from './shell/page-not-found.tsx';
import { useShell } from './shell/shell-context.ts';
import { Shell } from './shell/shell.tsx';
import { SignIn } from './shell/sign-in.tsx';

/** A server that does not answer yet is asked again this often, in milliseconds. */
const RETRY_MS = 3_000;

/** Loads the code of the entity page, once. */
export const loadEntityPage = (): Promise<typeof entityPage> => import('./pages/entity/page.tsx');

const HomePage = lazy(async () => ({ default: (await import('./pages/home/page.tsx')).HomePage }));
const EntityPage = lazy(async () => ({ default: (await loadEntityPage()).EntityPage }));
const GraphPage = lazy(async () => ({ default: (await import('./pages/graph/page.tsx')).GraphPage }));
const SettingsPage = lazy(async () => ({
  default: (await import('./pages/settings/page.tsx')).SettingsPage,
}));
const RegisterPage = lazy(async () => ({
  default: (await import('./pages/register/page.tsx')).RegisterPage,
}));
const ImagesPage = lazy(async () => ({ default: (await import('./pages/images/page.tsx')).ImagesPage }));
const CreatePage = lazy(async () => ({ default: (await import('./pages/create/page.tsx')).CreatePage }));
const TemplateFormPage = lazy(async () => ({
  default: (await import('./pages/create/form/page.tsx')).TemplateFormPage,
}));
const TaskListPage = lazy(async () => ({
  default: (await import('./pages/tasks/list-page.tsx')).TaskListPage,
}));
const TaskPage = lazy(async () => ({ default: (await import('./pages/tasks/task/page.tsx')).TaskPage }));
const ApprovalsPage = lazy(async () => ({
  default: (await import('./pages/tasks/approvals-page.tsx')).ApprovalsPage,
}));
const ActionsPage = lazy(async () => ({
  default: (await import('./pages/tasks/reference/actions-page.tsx')).ActionsPage,
}));
const ExtensionsPage = lazy(async () => ({
  default: (await import('./pages/tasks/reference/extensions-page.tsx')).ExtensionsPage,
}));
const FieldsPage = lazy(async () => ({
  default: (await import('./pages/tasks/reference/fields-page.tsx')).FieldsPage,
}));
const EditorPage = lazy(async () => ({
  default: (await import('./pages/tasks/editor/page.tsx')).EditorPage,
}));
const HealthPage = lazy(async () => ({ default: (await import('./pages/health/page.tsx')).HealthPage }));

export function App(): ReactElement {
  const { session } = useServices();
  const { locale } = useShell();
  // Everything is rendered again with the new language of dates and numbers, which messages.ts holds.
  useSyncExternalStore(locale.subscribe, locale.current);
  const state = useSession();
  const { pathname } = useLocation();
  const retry = useCallback((): void => {
    void session.signIn();
  }, [session]);
  useEffect(() => {
    if (state.kind !== 'unavailable') return undefined;
    const timer = setTimeout(retry, RETRY_MS);
    return () => clearTimeout(timer);
  }, [state, retry]);
  return (
    <Shell identity={state.kind === 'signed-in' ? state.identity : null}>
      {state.kind === 'refused' || state.kind === 'unavailable' || state.kind === 'signed-out' ? (
        <SignIn state={state} onRetry={retry} />
      ) : (
        <CrashBoundary resetBy={pathname}>
          <Suspense fallback={<LoadingPage />}>
            <Routes>
              <Route path="/" element={<HomePage />} />
              <Route path="/catalog" element={<CatalogPage />} />
              <Route path="/catalog/:namespace/:kind/:name/*" element={<EntityPage />} />
              <Route path="/catalog-import" element={<RegisterPage />} />
              <Route path="/catalog-graph" element={<GraphPage />} />
              <Route path="/create" element={<CreatePage />} />
              <Route path="/create/templates" element={<Navigate to="/create" replace />} />
              <Route path="/create/templates/:namespace/:templateName" element={<TemplateFormPage />} />
              <Route path="/create/tasks" element={<TaskListPage />} />
              <Route path="/create/tasks/:taskId" element={<TaskPage />} />
              <Route path="/create/approvals" element={<ApprovalsPage />} />
              <Route path="/create/actions" element={<ActionsPage />} />
              <Route path="/create/fields" element={<FieldsPage />} />
              <Route path="/create/templating-extensions" element={<ExtensionsPage />} />
              <Route path="/create/edit" element={<EditorPage />} />
              <Route path="/settings/*" element={<SettingsPage />} />
              <Route path="/images/*" element={<ImagesPage />} />
              <Route path="/health/*" element={<HealthPage />} />
              {/* Where Backstage has these pages. */}
              <Route path="/home" element={<Navigate to="/" replace />} />
              <Route path="/devtools/*" element={<Navigate to="/health" replace />} />
              <Route
                path="/catalog-unprocessed-entities"
                element={<Navigate to="/health/problems" replace />}
              />
              <Route path="*" element={<PageNotFound />} />
            </Routes>
          </Suspense>
        </CrashBoundary>
      )}
    </Shell>
  );
}
