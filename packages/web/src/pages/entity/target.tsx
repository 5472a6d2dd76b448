/** The other end of a relation: a link with the name for people, or marked when nothing has that reference. */
import type { ReactElement } from 'react';
import { parseRef } from '@callboard/model';
import { Link } from 'react-router-dom';
import type { EntityRow } from '../../api/entity.ts';
import { EntityLink } from '../../parts/entity-link.tsx';
import { entityPath, kindName, shortName } from '../../parts/ref-text.ts';
import { messages } from './messages.ts';

export interface TargetProps {
  readonly reference: string;
  /** Null when it does not exist; undefined while nobody knows. */
  readonly row: EntityRow | null | undefined;
  /** Also says the kind and the type. Default: true. */
  readonly withKind?: boolean;
}

export function Target({ reference, row, withKind = true }: TargetProps): ReactElement {
  const ref = row?.ref ?? parseRef(reference);
  if (ref === null) return <bdi>{reference}</bdi>;
  if (row === null) {
    return (
      <span className="target target-missing" title={messages.missingWhy}>
        {/* Not an EntityLink: there is nothing to load ahead. */}
        <Link className="cb-link" to={entityPath(ref)}>
          <bdi>{shortName(ref, ref.kind)}</bdi>
        </Link>
        {withKind && <span className="target-kind">{kindName(ref.kind)}</span>}
        <span className="target-mark">{messages.missing}</span>
      </span>
    );
  }
  return (
    <span className="target">
      <EntityLink to={ref}>
        <bdi>{row?.title ?? shortName(ref, ref.kind)}</bdi>
      </EntityLink>
      {withKind && (
        <span className="target-kind">
          {row?.type == null ? kindName(ref.kind) : `${kindName(ref.kind)} · ${row.type}`}
        </span>
      )}
    </span>
  );
}
