/** Entities in a table: name, kind, type, owner, lifecycle. On a phone the facts stand below the name. */
import type { ReactElement } from 'react';
import { stringifyRef } from '@callboard/model';
import type { EntityRow } from '../../api/entity.ts';
import { EntityLink } from '../../parts/entity-link.tsx';
import { WarningIcon } from '../../parts/icons.tsx';
import { kindName, shortName } from '../../parts/ref-text.ts';
import { messages } from './messages.ts';
import { useTargets } from './queries.ts';
import { Target } from './target.tsx';

export interface RelatedRow {
  /** Full, in lower case. */
  readonly reference: string;
  /** Null when it does not exist; undefined while nobody knows. */
  readonly row: EntityRow | null | undefined;
}

export interface RelatedTableProps {
  /** What the rows are, for screen readers. */
  readonly label: string;
  /** As many as are to be seen; a table does not cut. */
  readonly rows: readonly RelatedRow[];
  /** False when all are of one kind. Default: true. */
  readonly withKind?: boolean;
}

export function RelatedTable({ label, rows, withKind = true }: RelatedTableProps): ReactElement {
  const owners = rows.flatMap(({ row }) => (row?.owner == null ? [] : [stringifyRef(row.owner)]));
  const titles = useTargets([...new Set(owners)].toSorted());
  return (
    <table className="related" aria-label={label}>
      <thead>
        <tr>
          <th scope="col">{messages.name}</th>
          {withKind && <th scope="col">{messages.kind}</th>}
          <th scope="col">{messages.type}</th>
          <th scope="col">{messages.owner}</th>
          <th scope="col">{messages.lifecycle}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ reference, row }) => (
          <Row key={reference} reference={reference} row={row} titles={titles.data} withKind={withKind} />
        ))}
      </tbody>
    </table>
  );
}

interface RowProps extends RelatedRow {
  readonly titles: ReadonlyMap<string, EntityRow | null> | undefined;
  readonly withKind: boolean;
}

function Row({ reference, row, titles, withKind }: RowProps): ReactElement {
  const owner = row?.owner ?? null;
  const ownerRow = owner === null ? null : titles?.get(stringifyRef(owner));
  const kind = kindName(row?.ref.kind ?? reference.slice(0, reference.indexOf(':')));
  const ownerName = owner === null ? null : (ownerRow?.title ?? shortName(owner, 'group'));
  const facts = [withKind ? kind : null, row?.type, ownerName, row?.lifecycle];
  return (
    <tr>
      <td className="related-name">
        <Target reference={reference} row={row} withKind={false} />
        {row?.hasErrors === true && (
          <span className="related-problem" title={messages.hasProblems}>
            <WarningIcon />
            <span className="cb-hidden">{messages.hasProblems}</span>
          </span>
        )}
        <span className="related-facts">{facts.filter((fact) => fact != null).join(' · ')}</span>
      </td>
      {withKind && <td>{kind}</td>}
      <td>
        <bdi>{row?.type}</bdi>
      </td>
      <td>
        {owner !== null && (
          <EntityLink to={owner}>
            <bdi>{ownerName}</bdi>
          </EntityLink>
        )}
      </td>
      <td>
        <bdi>{row?.lifecycle}</bdi>
      </td>
    </tr>
  );
}
