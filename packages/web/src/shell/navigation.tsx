/** The main navigation. What does not fit beside the rest of the header goes into a menu; on a phone that is all of it. */
import { useEffect, useRef, useState, type ReactElement } from 'react';
import { NavLink } from 'react-router-dom';
import { messages } from '../messages.ts';
import { MenuIcon } from '../parts/icons.tsx';
import { LazyMenu } from './lazy-menu.tsx';
import type { NavEntry } from './nav-entries.ts';

export function Navigation({ entries }: { readonly entries: readonly NavEntry[] }): ReactElement {
  const row = useRef<HTMLDivElement>(null);
  const hidden = useHidden(row);
  const left = entries.filter(({ to }) => hidden.includes(to));
  return (
    <nav className="cb-nav" aria-label={messages.mainNavigation}>
      <div className="cb-nav-row" ref={row}>
        {entries.map(({ to, title, end }) => (
          <NavLink
            key={to}
            to={to}
            end={end}
            data-to={to}
            className={hidden.includes(to) ? 'cb-nav-over' : ''}
          >
            {title}
          </NavLink>
        ))}
      </div>
      {left.length > 0 && (
        <LazyMenu
          label={messages.morePages}
          className="cb-nav-more"
          groups={[
            {
              title: null,
              entries: left.map(({ to, title, keys }) => ({ id: to, title, href: to, keys })),
            },
          ]}
        >
          <MenuIcon />
        </LazyMenu>
      )}
    </nav>
  );
}

const NONE: readonly string[] = [];

/** The entries that have no room: the row breaks into lines, of which one is seen. */
function useHidden(row: { readonly current: HTMLElement | null }): readonly string[] {
  const [hidden, setHidden] = useState(NONE);
  useEffect(() => {
    const element = row.current;
    if (element === null) return undefined;
    const measure = (): void => {
      const links = [...element.querySelectorAll<HTMLElement>('[data-to]')];
      const over = links.filter((link) => link.offsetParent === null || link.offsetTop > 0);
      const names = over.flatMap((link) => link.dataset['to'] ?? []);
      setHidden((before) => (before.join() === names.join() ? before : names));
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [row]);
  return hidden;
}
