/** The tabs of an entity as links in a strip that scrolls sideways where it does not fit. */
import { useEffect, useRef, type ReactElement } from 'react';
import { NavLink, useLocation } from 'react-router-dom';
import type { EntityTab } from './entity-tab.ts';
import { messages } from './messages.ts';
import { loadTab } from './tab-code.ts';
import { tabPath } from './tab-view.tsx';

export interface TabStripProps {
  readonly tabs: readonly EntityTab[];
  /** The address of the entity. */
  readonly path: string;
}

export function TabStrip({ tabs, path }: TabStripProps): ReactElement {
  const strip = useRef<HTMLElement>(null);
  const { pathname } = useLocation();
  useEffect(() => {
    const nav = strip.current;
    const current = nav?.querySelector<HTMLElement>('[aria-current]') ?? null;
    if (nav === null || current === null) return;
    // Only the strip moves: scrollIntoView would move the page as well.
    const room = nav.clientWidth - current.clientWidth;
    nav.scrollTo({ left: current.offsetLeft - nav.offsetLeft - room / 2 });
  }, [pathname]);
  return (
    <nav className="entity-tabs" aria-label={messages.views} ref={strip}>
      {tabs.map((tab) => (
        <NavLink
          key={tab.id}
          to={tabPath(path, tab.path)}
          end={tab.path === ''}
          onPointerEnter={() => loadTab(tab)}
          onFocus={() => loadTab(tab)}
        >
          {tab.title}
        </NavLink>
      ))}
    </nav>
  );
}
