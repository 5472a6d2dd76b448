/** What somebody has to know before trusting the page of an entity: problems, a conflict, or that it is an orphan. */
import type { ReactElement, ReactNode } from 'react';
import { Alert, ButtonLink } from '@backstage/ui';
import type { Diagnostic, Entity, EntityRef } from '@callboard/model';
import { annotation, statusItems } from '../../api/entity.ts';
import type { Provenance } from '../../api/provenance.ts';
import { entityPath } from '../../parts/ref-text.ts';
import { messages } from './messages.ts';
import { placeOf } from './place.ts';
import { useProvenance } from './queries.ts';
import { shownState } from './shown-state.ts';

export interface NoticeProps {
  readonly entity: Entity;
  readonly entityRef: EntityRef;
}

/** Nothing at all when everything is as it should be. */
export function Notice({ entity, entityRef }: NoticeProps): ReactElement | null {
  const provenance = useProvenance(entityRef).data ?? null;
  const notice = (provenance === null ? null : noticeOfSource(provenance)) ?? noticeOfEntity(entity);
  if (notice === null) return null;
  return (
    <Alert
      role="status"
      status="warning"
      icon
      title={notice.title}
      description={notice.why}
      customActions={
        <ButtonLink variant="secondary" href={`${entityPath(entityRef)}/source`}>
          {messages.seeSource}
        </ButtonLink>
      }
    />
  );
}

interface NoticeText {
  readonly title: string;
  readonly why?: ReactNode;
}

function noticeOfSource(provenance: Provenance): NoticeText | null {
  const errors = provenance.diagnostics.filter(({ severity }) => severity === 'error');
  const [first] = errors;
  switch (shownState(provenance)) {
    case 'failing':
      return { title: messages.hasErrors(errors.length), why: problem(messages.lastGood, first) };
    case 'broken':
      return { title: messages.sourceHasErrors(errors.length), why: problem(messages.lastReadable, first) };
    case 'stale':
      return { title: messages.states.stale.title, why: problem(messages.staleWhy, first) };
    default: {
      const [conflict] = provenance.conflicts;
      if (conflict === undefined) return null;
      return { title: messages.hasConflict, why: messages.conflictNotUsed(conflict.location) };
    }
  }
}

/** What the entity itself says, which is known before its source is. */
function noticeOfEntity(entity: Entity): NoticeText | null {
  const errors = statusItems(entity).filter((item) => item.level === 'error');
  if (errors.length > 0) return { title: messages.hasErrors(errors.length), why: errors[0]?.message };
  return annotation(entity, 'backstage.io/orphan') === 'true' ? { title: messages.isOrphan } : null;
}

function problem(shown: string, first: Diagnostic | undefined): ReactNode {
  if (first === undefined) return shown;
  const place = placeOf(first);
  return (
    <>
      {shown}
      <bdi className="cb-said">{first.summary}</bdi>
      {place !== null && <code className="cb-said">{place}</code>}
    </>
  );
}
