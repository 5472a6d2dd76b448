/** A fact with its name, in a `dl` of facts. */
import type { ReactElement, ReactNode } from 'react';

export interface LineProps {
  readonly title: string;
  readonly children: ReactNode;
}

export function Line({ title, children }: LineProps): ReactElement {
  return (
    <div className="patch-fact">
      <dt>{title}</dt>
      <dd>{children}</dd>
    </div>
  );
}
