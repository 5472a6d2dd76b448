/** Who answers for an entity, and what it is a part of, by the names for people. Marked when nobody does. */
import type { ReactElement } from 'react';
import { parseRef, type Entity } from '@callboard/model';
import { relationsOf } from '../../api/entity.ts';
import { kindName } from '../../parts/ref-text.ts';
import { messages } from './messages.ts';
import { useTargets } from './queries.ts';
import { Target } from './target.tsx';

/** Kinds that have an owner by their nature; the others show one only when they name it. */
const OWNED_KINDS = new Set(['component', 'api', 'resource', 'system', 'domain', 'template']);
/** Shown of each: more of them are in the relations. */
const MOST = 5;

/** Relation types that the header shows, so that the page below need not. */
export const PLACE_RELATIONS: ReadonlySet<string> = new Set(['ownedBy', 'partOf']);

/** Nothing for an entity that has neither. */
export function PlaceFacts({ entity }: { readonly entity: Entity }): ReactElement | null {
  const places = placesOf(entity);
  const shown = places.flatMap(({ targets }) => targets.slice(0, MOST));
  const rows = useTargets(shown);
  const lacksOwner =
    OWNED_KINDS.has(entity.kind.toLowerCase()) && !places.some(({ title }) => title === messages.owner);
  if (places.length === 0 && !lacksOwner) return null;
  return (
    <dl className="entity-places">
      {lacksOwner && (
        <div>
          <dt>{messages.owner}</dt>
          <dd className="entity-nobody">{messages.noOwner}</dd>
        </div>
      )}
      {places.map(({ title, targets }) => (
        <div key={title}>
          <dt>{title}</dt>
          {targets.slice(0, MOST).map((target) => (
            <dd key={target}>
              <Target reference={target} row={rows.data?.get(target)} withKind={false} />
            </dd>
          ))}
          {targets.length > MOST && (
            <dd className="entity-none">{messages.andMore(targets.length - MOST)}</dd>
          )}
        </div>
      ))}
    </dl>
  );
}

interface Place {
  readonly title: string;
  readonly targets: readonly string[];
}

/** The owners, and the wholes by their kind: "System", "Domain", "Component". */
function placesOf(entity: Entity): readonly Place[] {
  const byTitle = new Map<string, string[]>();
  for (const { type, targetRef } of relationsOf(entity)) {
    if (!PLACE_RELATIONS.has(type)) continue;
    const title = type === 'ownedBy' ? messages.owner : kindName(parseRef(targetRef)?.kind ?? '');
    byTitle.set(title, [...(byTitle.get(title) ?? []), targetRef]);
  }
  const places = [...byTitle].map(([title, targets]) => ({ title, targets }));
  return places.toSorted((a, b) => Number(b.title === messages.owner) - Number(a.title === messages.owner));
}
