/** What a system or a domain is made of. */
import type { ReactElement } from 'react';
import type { Entity, EntityRef } from '@callboard/model';
import { Link } from 'react-router-dom';
import { relationsOf } from '../../../api/entity.ts';
import { ErrorPanel } from '../../../parts/error-panel.tsx';
import { entityPath } from '../../../parts/ref-text.ts';
import { messages } from '../messages.ts';
import { useRelatedRows } from '../related-rows.ts';
import { RelatedTable } from '../related-table.tsx';
import { EntityCard } from './card.tsx';

const SHOWN = 20;

export interface PartsCardProps {
  readonly entity: Entity;
  readonly entityRef: EntityRef;
}

/** Parts of one kind stand together. */
export function PartsCard({ entity, entityRef }: PartsCardProps): ReactElement {
  const parts = relationsOf(entity)
    .filter(({ type }) => type === 'hasPart')
    .map(({ targetRef }) => targetRef)
    .toSorted();
  const refs = parts.slice(0, SHOWN);
  const related = useRelatedRows({ entity, entityRef, refs });
  const missing = refs.filter((ref) => related.data?.get(ref) === null).length;
  return (
    <EntityCard
      title={messages.parts}
      beside={
        parts.length > SHOWN && (
          <Link className="cb-link" to={`${entityPath(entityRef)}/dependencies`}>
            {messages.allParts(parts.length)}
          </Link>
        )
      }
    >
      {parts.length === 0 && <p className="entity-none">{messages.noParts}</p>}
      {related.isError && (
        <ErrorPanel
          title={messages.targetsFailed}
          error={related.error}
          onRetry={() => void related.refetch()}
        />
      )}
      {missing > 0 && <p className="relations-note">{messages.missingNote(missing)}</p>}
      {parts.length > 0 && (
        <RelatedTable
          label={messages.parts}
          rows={refs.map((reference) => ({ reference, row: related.data?.get(reference) }))}
        />
      )}
    </EntityCard>
  );
}
