/** The editor of templates. What is open is kept while the portal is open; `template` in the address opens one of the catalog. */
import { lazy, Suspense, useCallback, type ReactElement } from 'react';
import { Alert, Button } from '@backstage/ui';
import { parseRef } from '@callboard/model';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useSearchParams } from 'react-router-dom';
import { useServices } from '../../../api/services.ts';
import { ErrorPanel } from '../../../parts/error-panel.tsx';
import { LoadingPart } from '../../../parts/loading-page.tsx';
import { Waiting } from '../../../parts/waiting.tsx';
import { Frame } from '../frame.tsx';
import './editor.css';
import { messages } from './messages.ts';
import type { Project } from './project.ts';
import { StartView } from './start-view.tsx';
import { toProject } from './to-project.ts';

const EditorView = lazy(async () => ({ default: (await import('./editor-view.tsx')).EditorView }));

const KEPT_KEY = ['scaffolder', 'editor', 'project'];

export function EditorPage(): ReactElement {
  const [project, setProject] = useKept();
  const [params, setParams] = useSearchParams();
  const asked = params.get('template');
  const hasChanges = project?.files.some(({ isChanged }) => isChanged) === true;
  if (project !== null && (asked === null || hasChanges)) {
    return (
      <Frame title={messages.title} width="wide">
        {asked !== null && (
          <Alert
            role="alert"
            status="warning"
            icon
            title={messages.otherOpen(project.name)}
            customActions={
              <div className="editor-acts">
                <Button variant="secondary" onPress={() => setParams({}, { replace: true })}>
                  {messages.closeNo}
                </Button>
                <Button variant="primary" destructive onPress={() => setProject(null)}>
                  {messages.closeYes}
                </Button>
              </div>
            }
          />
        )}
        <Suspense fallback={<LoadingPart />}>
          <EditorView project={project} onChange={setProject} onClose={() => setProject(null)} />
        </Suspense>
      </Frame>
    );
  }
  const opened = (next: Project): void => {
    setProject(next);
    if (asked !== null) setParams({}, { replace: true });
  };
  return (
    <Frame title={messages.title}>
      {asked === null ? (
        <StartView onOpen={opened} onTemplate={(ref) => setParams({ template: ref }, { replace: true })} />
      ) : (
        <FromCatalog template={asked} onOpen={opened} onLeave={() => setParams({}, { replace: true })} />
      )}
    </Frame>
  );
}

/** Kept in the cache of the queries: another page of the portal and back, and it is still there. */
function useKept(): readonly [Project | null, (project: Project | null) => void] {
  const cache = useQueryClient();
  const kept = useQuery<Project | null>({
    queryKey: KEPT_KEY,
    queryFn: () => null,
    initialData: null,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: Number.POSITIVE_INFINITY,
  });
  const keep = useCallback(
    (project: Project | null): void => {
      cache.setQueryData(KEPT_KEY, project);
    },
    [cache],
  );
  return [kept.data, keep];
}

interface FromCatalogProps {
  readonly template: string;
  readonly onOpen: (project: Project) => void;
  readonly onLeave: () => void;
}

function FromCatalog({ template, onOpen, onLeave }: FromCatalogProps): ReactElement {
  const { catalog } = useServices();
  const ref = parseRef(template, { kind: 'template' });
  const read = useQuery({
    queryKey: ['scaffolder', 'editor', 'template', template],
    gcTime: 0,
    retry: false,
    queryFn: async ({ signal }) => {
      if (ref === null) throw new Error(messages.failedTemplate);
      const project = await toProject(await catalog.entity(ref, signal));
      onOpen(project);
      return project.name;
    },
  });
  if (!read.isError) return <Waiting height="20rem" />;
  return (
    <>
      <ErrorPanel title={messages.failedTemplate} error={read.error} onRetry={() => void read.refetch()} />
      <div>
        <Button variant="secondary" onPress={onLeave}>
          {messages.another}
        </Button>
      </div>
    </>
  );
}
