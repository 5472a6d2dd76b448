/** A button with something that opens below it; closes with Escape, and when something else is pressed or focused. */
import { useEffect, useId, useRef, useState, type ReactElement, type ReactNode } from 'react';

export interface DropDownProps {
  readonly label: string;
  /** For screen readers, when the label alone is not enough. */
  readonly name?: string;
  readonly isMarked?: boolean;
  readonly children: ReactNode;
}

export function DropDown({ label, name, isMarked = false, children }: DropDownProps): ReactElement {
  const [isOpen, setOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const id = useId();
  useEffect(() => {
    if (!isOpen) return undefined;
    const leave = (event: Event): void => {
      if (event.target instanceof Node && root.current?.contains(event.target) === false) setOpen(false);
    };
    document.addEventListener('pointerdown', leave);
    document.addEventListener('focusin', leave);
    return () => {
      document.removeEventListener('pointerdown', leave);
      document.removeEventListener('focusin', leave);
    };
  }, [isOpen]);
  return (
    <div
      className="graph-drop"
      ref={root}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || !isOpen) return;
        event.stopPropagation();
        setOpen(false);
        button.current?.focus();
      }}
    >
      <button
        type="button"
        ref={button}
        className="graph-button"
        aria-label={name}
        aria-expanded={isOpen}
        aria-controls={id}
        data-marked={isMarked || undefined}
        onClick={() => setOpen(!isOpen)}
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
