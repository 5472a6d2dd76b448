/** Something that opens below a button. Escape closes it and goes back to the button; so does a press or the focus elsewhere. */
import { useEffect, useId, useRef, useState, type KeyboardEvent, type RefObject } from 'react';

export interface DropDownState {
  readonly isOpen: boolean;
  /** Of what opens, for `aria-controls`. */
  readonly id: string;
  /** Around the button and what opens. */
  readonly root: RefObject<HTMLDivElement>;
  readonly button: RefObject<HTMLButtonElement>;
  readonly toggle: () => void;
  /** The button gets the focus back. */
  readonly close: () => void;
  /** For the root. */
  readonly onKeyDown: (event: KeyboardEvent) => void;
}

export function useDropDown(): DropDownState {
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
  const close = (): void => {
    setOpen(false);
    button.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || !isOpen) return;
    event.preventDefault();
    event.stopPropagation();
    close();
  };
  return { isOpen, id, root, button, toggle: () => setOpen(!isOpen), close, onKeyDown };
}
