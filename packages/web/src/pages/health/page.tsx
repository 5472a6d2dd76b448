/** How the portal itself is: its sources, its problems, its work and its configuration. */
import type { ReactElement } from 'react';
import { NavLink, Route, Routes } from 'react-router-dom';
import { useTitle } from '../../parts/use-title.ts';
import { PageNotFound } from '../../shell/page-not-found.tsx';
import { ConfigurationView } from './configuration-view.tsx';
import './health.css';
import { messages } from './messages.ts';
import { OverviewView } from './overview-view.tsx';
import { ProblemsView } from './problems-view.tsx';
import { SourcesView } from './sources-view.tsx';

export function HealthPage(): ReactElement {
  useTitle(messages.title);
  return (
    <div className="cb-page health">
      <header className="health-head">
        <h1>{messages.title}</h1>
        <nav className="health-tabs" aria-label={messages.views}>
          <NavLink to="/health" end>
            {messages.overview}
          </NavLink>
          <NavLink to="/health/sources">{messages.sources}</NavLink>
          <NavLink to="/health/problems">{messages.problems}</NavLink>
          <NavLink to="/health/configuration">{messages.configuration}</NavLink>
        </nav>
      </header>
      <Routes>
        <Route index element={<OverviewView />} />
        <Route path="sources" element={<SourcesView />} />
        <Route path="problems" element={<ProblemsView />} />
        <Route path="configuration" element={<ConfigurationView />} />
        <Route path="*" element={<PageNotFound />} />
      </Routes>
    </div>
  );
}
