/** The head of an arrow, for the lines of a drawing to refer to. */
import type { ReactElement } from 'react';

export interface ArrowHeadProps {
  readonly id: string;
  /** Says its colour. */
  readonly className: string;
}

/** A `marker`, to stand in the `defs` of a drawing. It fits the start and the end of a line. */
export function ArrowHead({ id, className }: ArrowHeadProps): ReactElement {
  return (
    <marker
      id={id}
      className={className}
      viewBox="0 0 8 8"
      refX="7.5"
      refY="4"
      markerWidth="8"
      markerHeight="8"
      markerUnits="userSpaceOnUse"
      orient="auto-start-reverse"
    >
      <path d="M0.5 0.75 7.5 4 0.5 7.25Z" />
    </marker>
  );
}
