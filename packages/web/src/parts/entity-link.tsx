/** A link to the page of an entity; pointing at it or focusing it loads the page ahead of the click. */
import type { ReactElement, ReactNode } from 'react';
import type { EntityRef } from '@callboard/model';
import { Link } from 'react-router-dom';
import { usePrefetchEntity } from '../api/entity-query.ts';
import { entityPath, shortName } from './ref-text.ts';

export interface EntityLinkProps {
  readonly to: EntityRef;
  /** Default: the shortest name that is clear, see `shortName`. */
  readonly children?: ReactNode;
  /** The kind that goes without saying. Default: none. */
  readonly usualKind?: string;
}

export function EntityLink({ to, children, usualKind }: EntityLinkProps): ReactElement {
  const prefetch = usePrefetchEntity();
  const ahead = (): void => prefetch(to);
  return (
    <Link className="cb-link" to={entityPath(to)} onPointerEnter={ahead} onFocus={ahead}>
      {children ?? <bdi>{shortName(to, usualKind)}</bdi>}
    </Link>
  );
}
