/** That approvals wait for whoever is signed in. Loaded late: most people are never asked. */
import type { ReactElement } from 'react';
import { Link } from 'react-router-dom';
import { useAwaitingCount } from '../tasks/queries.ts';
import { messages } from './messages.ts';

/** Nothing when nothing waits. */
export function AwaitingLine(): ReactElement | null {
  const awaiting = useAwaitingCount();
  if (awaiting === 0) return null;
  return (
    <p className="home-awaiting">
      <Link className="cb-link" to="/create/approvals">
        {messages.awaiting(awaiting)}
      </Link>
    </p>
  );
}
