/** The foot of the palette: the marks that narrow down, and the keys. */
import type { ReactElement } from 'react';
import { Keys } from '../keys.tsx';
import { messages } from './messages.ts';

const MARKS: readonly (readonly [string, string])[] = [
  ['>', messages.markActions],
  ['#', messages.markTag],
  ['@', messages.markOwner],
  ['kind:', messages.markKind],
];

const KEYS: readonly (readonly [string, string])[] = [
  ['Enter', messages.open],
  ['Mod+Enter', messages.openNew],
  ['Escape', messages.close],
];

export function Hints(): ReactElement {
  return (
    <div className="cb-palette-hints">
      {MARKS.map(([mark, meaning]) => (
        <span key={mark}>
          <code>{mark}</code> {meaning}
        </span>
      ))}
      <span className="cb-palette-keys">
        {KEYS.map(([keys, meaning]) => (
          <span key={keys}>
            <Keys keys={keys} /> {meaning}
          </span>
        ))}
      </span>
    </div>
  );
}
