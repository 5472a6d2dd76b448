/** The first view of an entity: what it is, what it has to do with others, and what its kind is asked for first. */
import { lazy, Suspense, type ReactElement } from 'react';
import { stringifyRef } from '@callboard/model';
import { linksOf, relationsOf } from '../../../api/entity.ts';
import type { EntityTabProps } from '../entity-tab.ts';
import { Notice } from '../notice.tsx';
import { MembersCard } from '../org/members-card.tsx';
import { OwnsCard } from '../org/owns-card.tsx';
import { PLACE_RELATIONS } from '../place-facts.tsx';
import { AboutCard } from './about-card.tsx';
import { DefinitionCard } from './definition-card.tsx';
import { LinksCard } from './links-card.tsx';
import { mayBeMade } from './may-be-made.ts';
import { MoreCard } from './more-card.tsx';
import { PartsCard } from './parts-card.tsx';
import { RelationsCard } from './relations-card.tsx';
import { TargetsCard } from './targets-card.tsx';
import { TemplateCard } from './template-card.tsx';

/** Few entities have it, and nobody waits for it. */
const MadeCard = lazy(async () => ({ default: (await import('./made-card.tsx')).MadeCard }));

/** Relations that the cards of a kind show, besides those of the header. */
const SHOWN_IN_CARDS: ReadonlyMap<string, readonly string[]> = new Map([
  ['system', ['hasPart']],
  ['domain', ['hasPart']],
  ['group', ['hasMember', 'ownerOf']],
  ['user', ['ownerOf']],
]);

/** Kinds of which nobody expects links. */
const WITHOUT_LINKS = new Set(['user', 'group', 'location']);

export function Overview({ entity, entityRef }: EntityTabProps): ReactElement {
  const kind = entity.kind.toLowerCase();
  const hasLinks = linksOf(entity).length > 0 || !WITHOUT_LINKS.has(kind);
  const except = new Set([...PLACE_RELATIONS, ...(SHOWN_IN_CARDS.get(kind) ?? [])]);
  return (
    <>
      <Notice entity={entity} entityRef={entityRef} />
      <div className="entity-columns">
        <div className="entity-main">
          <AboutCard entity={entity} />
          <KindCards kind={kind} entity={entity} entityRef={entityRef} />
          {(kind !== 'location' || relationsOf(entity).length > 0) && (
            <RelationsCard entity={entity} except={except} key={stringifyRef(entityRef)} />
          )}
        </div>
        <div className="entity-aside">
          {hasLinks && <LinksCard entity={entity} />}
          {mayBeMade(entity) && (
            <Suspense fallback={null}>
              <MadeCard key={stringifyRef(entityRef)} entityRef={entityRef} />
            </Suspense>
          )}
          <MoreCard entity={entity} />
        </div>
      </div>
    </>
  );
}

function KindCards({
  kind,
  entity,
  entityRef,
}: EntityTabProps & { readonly kind: string }): ReactElement | null {
  switch (kind) {
    case 'api':
      return <DefinitionCard entity={entity} entityRef={entityRef} />;
    case 'system':
    case 'domain':
      return <PartsCard entity={entity} entityRef={entityRef} />;
    case 'group':
      return (
        <>
          <MembersCard entity={entity} entityRef={entityRef} />
          <OwnsCard entityRef={entityRef} />
        </>
      );
    case 'user':
      return <OwnsCard entityRef={entityRef} />;
    case 'location':
      return <TargetsCard entity={entity} />;
    case 'template':
      return <TemplateCard entity={entity} />;
    default:
      return null;
  }
}
