/** What was chosen so far, each with a button that takes it away. */
import type { ReactElement } from 'react';
import { CloseIcon } from '../../../parts/icons.tsx';
import { messages } from '../messages.ts';
import { IconButton } from '../theme/icon-button.tsx';

export interface ChipsProps {
  readonly items: readonly { readonly value: string; readonly title: string }[];
  readonly isDisabled: boolean;
  readonly onRemove: (value: string) => void;
}

export function Chips({ items, isDisabled, onRemove }: ChipsProps): ReactElement | null {
  if (items.length === 0) return null;
  return (
    <ul className="form-chips" aria-label={messages.values}>
      {items.map(({ value, title }) => (
        <li key={value} className="form-chip">
          <bdi title={value}>{title}</bdi>
          <IconButton
            label={messages.removeValue(title)}
            isDisabled={isDisabled}
            onClick={() => onRemove(value)}
          >
            <CloseIcon />
          </IconButton>
        </li>
      ))}
    </ul>
  );
}
