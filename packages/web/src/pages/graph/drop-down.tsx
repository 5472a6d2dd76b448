/** A button with something that opens below it. */
import type { ReactElement, ReactNode } from 'react';
import { useDropDown } from '../../parts/use-drop-down.ts';

export interface DropDownProps {
  readonly label: string;
  /** For screen readers, when the label alone is not enough. */
  readonly name?: string;
  readonly isMarked?: boolean;
  readonly children: ReactNode;
}

export function DropDown({ label, name, isMarked = false, children }: DropDownProps): ReactElement {
  const { isOpen, id, root, button, toggle, onKeyDown } = useDropDown();
  return (
    <div className="graph-drop" ref={root} onKeyDown={onKeyDown}>
      <button
        type="button"
        ref={button}
        className="graph-button"
        aria-label={name}
        aria-expanded={isOpen}
        aria-controls={id}
        data-marked={isMarked || undefined}
        onClick={toggle}
      >
        {label}
        <svg className="graph-shape" viewBox="0 0 16 16" aria-hidden="true">
          <path d="m4.5 6.5 3.5 3.5 3.5-3.5" />
        </svg>
      </button>
      <div id={id} className="graph-drop-content" hidden={!isOpen}>
        {children}
      </div>
    </div>
  );
}
