/** Golden images: what they are, what scanners found in them, and the patches that fix it. */
import { lazy, Suspense, type ReactElement } from 'react';
import { Navigate, NavLink, Route, Routes } from 'react-router-dom';
import { useTitle } from '../../parts/use-title.ts';
import { LoadingPart } from '../../parts/loading-page.tsx';
import { PageNotFound } from '../../shell/page-not-found.tsx';
import '../health/health.css';
import { FindingsView } from './findings-view.tsx';
import './images.css';
import { ImagesView } from './images-view.tsx';
import { messages } from './messages.ts';

const PatchPage = lazy(async () => ({ default: (await import('./patch/page.tsx')).PatchPage }));

export function ImagesPage(): ReactElement {
  return (
    <div className="cb-page health images">
      <Suspense fallback={<LoadingPart />}>
        <Routes>
          <Route index element={<Titled view={<ImagesView />} />} />
          <Route path="findings" element={<Titled view={<FindingsView />} />} />
          <Route path="patches" element={<Navigate to="/images" replace />} />
          <Route path="patches/:id" element={<PatchPage />} />
          <Route path="*" element={<PageNotFound />} />
        </Routes>
      </Suspense>
    </div>
  );
}

function Titled({ view }: { readonly view: ReactElement }): ReactElement {
  useTitle(messages.title);
  return (
    <>
      <header className="health-head">
        <h1>{messages.title}</h1>
        <nav className="health-tabs" aria-label={messages.views}>
          <NavLink to="/images" end>
            {messages.overview}
          </NavLink>
          <NavLink to="/images/findings">{messages.findings}</NavLink>
        </nav>
      </header>
      {view}
    </>
  );
}
