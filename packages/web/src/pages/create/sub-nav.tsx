/** The way between the pages about templates: the templates, their runs, and what authors need. */
import { useEffect, useRef, type ReactElement } from 'react';
import { NavLink } from 'react-router-dom';
import { AwaitingCount } from '../tasks/awaiting-count.tsx';
import { messages } from './messages.ts';

const APPROVALS = '/create/approvals';

const PAGES: readonly { readonly to: string; readonly title: string; readonly end: boolean }[] = [
  { to: '/create', title: messages.templates, end: true },
  { to: '/create/tasks', title: messages.tasks, end: false },
  { to: APPROVALS, title: messages.approvals, end: false },
  { to: '/create/edit', title: messages.editor, end: false },
  { to: '/create/actions', title: messages.actions, end: false },
  { to: '/create/fields', title: messages.fields, end: false },
  { to: '/create/templating-extensions', title: messages.extensions, end: false },
];

/** Looks as the tabs of the health pages, whose styles the page has to load. */
export function SubNav(): ReactElement {
  const tabs = useRef<HTMLElement>(null);
  useEffect(() => {
    // On a phone the strip is wider than the screen.
    const current = tabs.current?.querySelector('[aria-current=page]');
    current?.scrollIntoView({ block: 'nearest', inline: 'center' });
  }, []);
  return (
    <nav className="health-tabs" ref={tabs} aria-label={messages.pages}>
      {PAGES.map(({ to, title, end }) => (
        <NavLink key={to} to={to} end={end}>
          {title}
          {to === APPROVALS && <AwaitingCount />}
        </NavLink>
      ))}
    </nav>
  );
}
