/** An entity by its title, as a link; what is not in the catalog is said to be missing. */
import type { ReactElement } from 'react';
import { parseRef } from '@callboard/model';
import type { EntityRow } from '../../api/entity.ts';
import { EntityLink } from '../../parts/entity-link.tsx';
import { kindName } from '../../parts/ref-text.ts';

export interface KnownEntityProps {
  readonly entityRef: string;
  /** Null when it is not in the catalog; undefined while that is not known. */
  readonly row: EntityRow | null | undefined;
  /** What is said of one that is not there. */
  readonly missing: string;
}

export function KnownEntity({ entityRef, row, missing }: KnownEntityProps): ReactElement {
  const ref = parseRef(entityRef);
  if (ref === null || row === null) {
    return (
      <span className="settings-missing">
        <code>{entityRef}</code> {missing}
      </span>
    );
  }
  if (row === undefined) return <EntityLink to={ref} />;
  return (
    <span>
      <EntityLink to={row.ref}>
        <bdi>{row.title ?? row.name}</bdi>
      </EntityLink>{' '}
      <span className="settings-note">{kindName(row.ref.kind)}</span>
    </span>
  );
}
