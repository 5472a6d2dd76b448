/** The settings of a person: some are kept by the server, some on this device. Each view has its address. */
import type { ReactElement } from 'react';
import { Navigate, NavLink, Route, Routes } from 'react-router-dom';
import { useTitle } from '../../parts/use-title.ts';
import { DeviceView } from './device-view.tsx';
import { GeneralView } from './general-view.tsx';
import { messages } from './messages.ts';
import { ProfileView } from './profile-view.tsx';
import './settings.css';
import { StarredView } from './starred-view.tsx';
import { TokensView } from './tokens-view.tsx';

const VIEWS = [
  { path: '', title: messages.general, view: <GeneralView /> },
  { path: 'profile', title: messages.profile, view: <ProfileView /> },
  { path: 'tokens', title: messages.tokens, view: <TokensView /> },
  { path: 'starred', title: messages.starred, view: <StarredView /> },
  { path: 'device', title: messages.device, view: <DeviceView /> },
] as const;

export function SettingsPage(): ReactElement {
  return (
    <div className="cb-page settings">
      <h1>{messages.title}</h1>
      <nav className="settings-nav" aria-label={messages.navigation}>
        {VIEWS.map(({ path, title }) => (
          <NavLink key={path} to={`/settings${path === '' ? '' : `/${path}`}`} end>
            {title}
          </NavLink>
        ))}
      </nav>
      <Routes>
        {VIEWS.map(({ path, title, view }) => (
          <Route key={path} path={path} element={<Titled title={title}>{view}</Titled>} />
        ))}
        {/* Where Backstage has other views. */}
        <Route path="*" element={<Navigate to="/settings" replace />} />
      </Routes>
    </div>
  );
}

function Titled({
  title,
  children,
}: {
  readonly title: string;
  readonly children: ReactElement;
}): ReactElement {
  useTitle(title, messages.title);
  return (
    <section className="settings-view" aria-labelledby="settings-view">
      <h2 id="settings-view">{title}</h2>
      {children}
    </section>
  );
}
