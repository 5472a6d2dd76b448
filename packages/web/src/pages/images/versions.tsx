/** From one version to another, in one line or in two. */
import type { ReactElement } from 'react';

export interface VersionsProps {
  readonly from: string;
  readonly to: string;
}

export function Versions({ from, to }: VersionsProps): ReactElement {
  return (
    <code className="images-versions" dir="ltr">
      <span>{from} →</span> <span>{to}</span>
    </code>
  );
}
