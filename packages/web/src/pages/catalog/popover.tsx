/** A button that opens a panel below it. */
import type { ReactElement, ReactNode } from 'react';
import { useDropDown } from '../../parts/use-drop-down.ts';

export interface PopoverProps {
  readonly label: string;
  readonly icon: ReactNode;
  /** Default: the label. */
  readonly shownLabel?: ReactNode;
  readonly children: (close: () => void) => ReactNode;
}

export function Popover({ label, icon, shownLabel, children }: PopoverProps): ReactElement {
  const { isOpen, id, root, button, toggle, close, onKeyDown } = useDropDown();
  return (
    <div className="popover" ref={root} onKeyDown={onKeyDown}>
      <button
        type="button"
        className="catalog-button"
        ref={button}
        aria-label={label}
        title={label}
        aria-expanded={isOpen}
        aria-controls={id}
        onClick={toggle}
      >
        {icon}
        <span className="catalog-button-text">{shownLabel ?? label}</span>
      </button>
      <div id={id} className="popover-panel" role="group" aria-label={label} hidden={!isOpen}>
        {isOpen && children(close)}
      </div>
    </div>
  );
}
