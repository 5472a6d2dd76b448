/** A small button with an icon, for the lists of a form: rjsf's handlers want the events of the browser. */
import type { MouseEventHandler, ReactElement, ReactNode } from 'react';

export interface IconButtonProps {
  /** What it does, for screen readers and as its title. */
  readonly label: string;
  readonly isDisabled?: boolean;
  readonly onClick: MouseEventHandler<HTMLButtonElement>;
  readonly children: ReactNode;
}

export function IconButton({ label, isDisabled = false, onClick, children }: IconButtonProps): ReactElement {
  return (
    <button
      type="button"
      className="form-icon-button"
      aria-label={label}
      title={label}
      disabled={isDisabled}
      onClick={onClick}
    >
      {children}
    </button>
  );
}
