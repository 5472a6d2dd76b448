/** How many approvals wait for whoever is signed in, as a small number beside the name of their page. */
import type { ReactElement } from 'react';
import { count } from '../../messages.ts';
import './awaiting-count.css';
import { messages } from './messages.ts';
import { useAwaitingCount } from './queries.ts';

/** Nothing when nothing waits. */
export function AwaitingCount(): ReactElement | null {
  const awaiting = useAwaitingCount();
  if (awaiting === 0) return null;
  return (
    <span className="awaiting-count">
      <span aria-hidden="true">{count(awaiting)}</span>
      <span className="cb-hidden">, {messages.awaiting(awaiting)}</span>
    </span>
  );
}
