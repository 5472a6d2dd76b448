/** Says what changed by itself to those who do not see it: politely, and what comes together at once. */
import { useEffect, useState, type ReactElement } from 'react';
import { changesIn } from './changes.ts';
import type { OpenForm } from './session-context.ts';

/** What changes within this time is said together. */
const PAUSE_MS = 700;

export interface AnnouncementsProps {
  readonly open: OpenForm;
  /** The one that is shown, from 0. */
  readonly page: number;
}

export function Announcements({ open: { session }, page }: AnnouncementsProps): ReactElement {
  const [said, setSaid] = useState('');
  useEffect(() => {
    let before = session.resolution();
    let timer: ReturnType<typeof setTimeout> | null = null;
    const say = (): void => {
      timer = null;
      const after = session.resolution();
      const changes = changesIn({ before, after, page });
      before = after;
      setSaid(changes.join(' '));
    };
    const stop = session.subscribe(() => {
      // Somebody who goes on typing is not interrupted.
      if (timer !== null) clearTimeout(timer);
      timer = setTimeout(say, PAUSE_MS);
    });
    return () => {
      stop();
      if (timer !== null) clearTimeout(timer);
    };
  }, [session, page]);
  return (
    <p className="cb-hidden" role="status">
      {said}
    </p>
  );
}
