/** The frame of every page: skip link, header with navigation, theme and user, and the main landmark. */
import { useEffect, useRef, type ReactElement, type ReactNode } from 'react';
import { parseRef } from '@callboard/model';
import { Link, NavLink, useLocation, useNavigationType, NavigationType } from 'react-router-dom';
import type { Identity } from '../api/session.ts';
import { messages } from '../messages.ts';
import { shortName } from '../parts/ref-text.ts';
import type { Theme } from './theme.ts';
import { ThemeSwitch } from './theme-switch.tsx';

export interface ShellProps {
  readonly theme: Theme;
  /** Null until somebody is signed in. */
  readonly identity: Identity | null;
  readonly children: ReactNode;
}

export function Shell({ theme, identity, children }: ShellProps): ReactElement {
  const main = useRef<HTMLElement>(null);
  useFocusOnNavigation(main);
  return (
    <div className="cb-shell">
      <a
        className="cb-skip"
        href="#content"
        onClick={(event) => {
          event.preventDefault();
          main.current?.focus();
        }}
      >
        {messages.skipToContent}
      </a>
      <header className="cb-header">
        <Link className="cb-brand" to="/" aria-label={messages.home}>
          <img src="/favicon.svg" alt="" width="20" height="20" />
          {messages.product}
        </Link>
        <nav className="cb-nav" aria-label={messages.mainNavigation}>
          <NavLink to="/" end>
            {messages.homePage}
          </NavLink>
          <NavLink to="/catalog">{messages.catalog}</NavLink>
          <NavLink to="/catalog-graph">{messages.graph}</NavLink>
          <NavLink to="/health">{messages.health}</NavLink>
        </nav>
        <div className="cb-header-end">
          <ThemeSwitch theme={theme} />
          {identity !== null && <User identity={identity} />}
        </div>
      </header>
      <main className="cb-main" id="content" ref={main} tabIndex={-1}>
        {children}
      </main>
    </div>
  );
}

function User({ identity }: { readonly identity: Identity }): ReactElement {
  const ref = parseRef(identity.userEntityRef);
  const name = identity.displayName ?? (ref === null ? identity.userEntityRef : shortName(ref, 'user'));
  return (
    <span className="cb-user" title={messages.signedInAs(identity.userEntityRef)}>
      <span className="cb-avatar" aria-hidden="true">
        {name.charAt(0).toUpperCase()}
      </span>
      <span className="cb-hidden">{messages.signedInAs(name)}</span>
      <bdi className="cb-user-name" aria-hidden="true">
        {name}
      </bdi>
    </span>
  );
}

/** A new page starts at its top, with the keyboard in it; going back keeps the scroll position, a redirect the keyboard. */
function useFocusOnNavigation(main: { readonly current: HTMLElement | null }): void {
  const { pathname } = useLocation();
  const how = useNavigationType();
  const shown = useRef(pathname);
  useEffect(() => {
    if (shown.current === pathname) return;
    shown.current = pathname;
    if (how !== NavigationType.Push) return;
    window.scrollTo(0, 0);
    main.current?.focus({ preventScroll: true });
  }, [pathname, how, main]);
}
