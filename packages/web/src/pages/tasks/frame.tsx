/** What the pages about tasks have around them: the title, and the way to the other pages of templates. */
import type { ReactElement, ReactNode } from 'react';
import { useTitle } from '../../parts/use-title.ts';
import { SubNav } from '../create/sub-nav.tsx';
import '../health/health.css';
import { messages } from './messages.ts';
import './tasks.css';

export interface FrameProps {
  /** Of the page, for the tab of the browser. */
  readonly title: string;
  /** Default: that of every page. */
  readonly width?: 'wide';
  readonly children: ReactNode;
}

export function Frame({ title, width, children }: FrameProps): ReactElement {
  useTitle(title, messages.title);
  return (
    <div className="cb-page health tasks" data-width={width}>
      <header className="health-head">
        <h1>{messages.title}</h1>
        <SubNav />
      </header>
      <h2 className="cb-hidden">{title}</h2>
      {children}
    </div>
  );
}
