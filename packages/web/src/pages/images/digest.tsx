/** A digest as people compare them, its whole text as title and to be copied. */
import type { ReactElement } from 'react';
import { CopyButton } from '../../parts/copy-button.tsx';
import { shortDigest } from './messages.ts';

export interface DigestProps {
  readonly digest: string;
  /** Of the button: "Copy the digest of linux/amd64". */
  readonly label: string;
}

export function Digest({ digest, label }: DigestProps): ReactElement {
  return (
    <span className="images-digest">
      <code title={digest}>{shortDigest(digest)}</code>
      <CopyButton text={digest} label={label} />
    </span>
  );
}
