/** Copies a text to the clipboard, and says that it did. */
import { useEffect, useState, type ReactElement } from 'react';
import { Button, ButtonIcon } from '@backstage/ui';
import { messages } from '../messages.ts';
import { writeClipboard } from './clipboard.ts';
import { CheckIcon, CopyIcon } from './icons.tsx';

const SAID_FOR_MS = 2000;

export interface CopyButtonProps {
  readonly text: string;
  /** What is copied, for screen readers: "Copy the reference". */
  readonly label: string;
  /** Shows the word "Copy" beside the icon. Default: the icon alone. */
  readonly variant?: 'icon' | 'labelled';
}

export function CopyButton({ text, label, variant = 'icon' }: CopyButtonProps): ReactElement {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return undefined;
    const timer = setTimeout(() => setCopied(false), SAID_FOR_MS);
    return () => clearTimeout(timer);
  }, [copied]);

  async function copy(): Promise<void> {
    setCopied(await writeClipboard(text));
  }

  const icon = copied ? <CheckIcon /> : <CopyIcon />;
  return (
    <>
      {variant === 'icon' ? (
        <ButtonIcon
          className="cb-copy"
          variant="tertiary"
          aria-label={label}
          icon={icon}
          onPress={() => void copy()}
        />
      ) : (
        <Button variant="secondary" aria-label={label} iconStart={icon} onPress={() => void copy()}>
          {copied ? messages.copied : messages.copy}
        </Button>
      )}
      <span className="cb-hidden" role="status">
        {copied ? messages.copied : ''}
      </span>
    </>
  );
}
