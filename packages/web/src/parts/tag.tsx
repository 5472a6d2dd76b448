/** A small label: a tag, or a short fact such as a lifecycle. */
import type { ReactElement, ReactNode } from 'react';
import { Link } from 'react-router-dom';

export interface TagProps {
  readonly children: ReactNode;
  /** Makes the tag a link within the portal. */
  readonly to?: string;
}

export function Tag({ children, to }: TagProps): ReactElement {
  const text = <bdi>{children}</bdi>;
  if (to === undefined) return <span className="cb-tag">{text}</span>;
  return (
    <Link className="cb-tag" to={to}>
      {text}
    </Link>
  );
}
