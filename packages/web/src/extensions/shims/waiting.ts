/** What is shown while something is on the way. */
import { createElement, type ReactElement } from 'react';
import { messages } from '../messages.ts';

export function Waiting(): ReactElement {
  return createElement('span', { className: 'ext-waiting', role: 'status' }, messages.loading);
}
