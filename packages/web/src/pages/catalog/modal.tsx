/** A dialog over the page: the browser keeps the keyboard in it, and Escape closes it. */
import { useEffect, useRef, type ReactElement, type ReactNode } from 'react';
import { ButtonIcon } from '@backstage/ui';
import { CloseIcon } from '../../parts/icons.tsx';
import { messages } from './messages.ts';

export interface ModalProps {
  readonly title: string;
  readonly className?: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
  readonly footer: ReactNode;
}

/** Shown for as long as it is rendered. The keyboard goes back to where it was. */
export function Modal({ title, className, onClose, children, footer }: ModalProps): ReactElement {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const element = dialog.current;
    const before = document.activeElement;
    if (element?.open === false) element.showModal();
    // What is chosen rather than the button that closes, which comes first.
    element?.querySelector<HTMLElement>('.modal-body :is(input:checked, input, button)')?.focus();
    return () => {
      element?.close();
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  return (
    <dialog
      ref={dialog}
      className={className === undefined ? 'modal' : `modal ${className}`}
      aria-label={title}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClick={(event) => {
        // What is pressed outside of the content is the dialog's backdrop.
        if (event.target === event.currentTarget) onClose();
      }}
    >
      <div className="modal-content">
        <header className="modal-head">
          <h2>{title}</h2>
          <ButtonIcon variant="tertiary" aria-label={messages.close} icon={<CloseIcon />} onPress={onClose} />
        </header>
        <div className="modal-body">{children}</div>
        <footer className="modal-foot">{footer}</footer>
      </div>
    </dialog>
  );
}
