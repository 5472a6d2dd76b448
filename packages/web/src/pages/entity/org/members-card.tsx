/** Some members of a group with their pictures, on the first view. */
import type { ReactElement } from 'react';
import { Skeleton } from '@backstage/ui';
import { parseRef, type Entity, type EntityRef } from '@callboard/model';
import { Link } from 'react-router-dom';
import { ErrorPanel } from '../../../parts/error-panel.tsx';
import { entityPath } from '../../../parts/ref-text.ts';
import { Avatar } from '../avatar.tsx';
import { messages as entityMessages } from '../messages.ts';
import { EntityCard } from '../overview/card.tsx';
import { Target } from '../target.tsx';
import { EntityLink } from '../../../parts/entity-link.tsx';
import { messages } from './messages.ts';
import type { Person } from './people.ts';
import { targetsOf, usePeople } from './queries.ts';

const SHOWN = 12;

export interface MembersCardProps {
  readonly entity: Entity;
  readonly entityRef: EntityRef;
}

export function MembersCard({ entity, entityRef }: MembersCardProps): ReactElement {
  const members = targetsOf(entity, 'hasMember');
  const shown = members.slice(0, SHOWN);
  const people = usePeople(shown);
  const missing = people.data?.filter((person) => person === null).length ?? 0;
  return (
    <EntityCard
      title={entityMessages.members}
      beside={
        members.length > 0 && (
          <Link className="cb-link" to={`${entityPath(entityRef)}/members`}>
            {messages.allMembers(members.length)}
          </Link>
        )
      }
    >
      {members.length === 0 && <p className="entity-none">{messages.noMembers}</p>}
      {people.isError && (
        <ErrorPanel
          title={messages.membersFailed}
          error={people.error}
          onRetry={() => void people.refetch()}
        />
      )}
      {missing > 0 && <p className="relations-note">{entityMessages.missingNote(missing)}</p>}
      {members.length > 0 && people.isPending && <Skeleton width="100%" height="3rem" />}
      {people.data !== undefined && (
        <ul className="members">
          {people.data.map((person, index) => (
            <li key={shown[index]}>
              <Member reference={shown[index] ?? ''} person={person} />
            </li>
          ))}
        </ul>
      )}
    </EntityCard>
  );
}

function Member(props: { readonly reference: string; readonly person: Person | null }): ReactElement {
  const { reference, person } = props;
  if (person === null) {
    const name = parseRef(reference)?.name ?? reference;
    return (
      <span className="person">
        <Avatar name={name} picture={null} />
        <Target reference={reference} row={null} withKind={false} />
      </span>
    );
  }
  return (
    <span className="person">
      <Avatar name={person.name} picture={person.picture} />
      <span>
        <EntityLink to={person.ref}>
          <bdi>{person.name}</bdi>
        </EntityLink>
        {person.role !== null && (
          <span className="person-name" dir="auto">
            {person.role}
          </span>
        )}
      </span>
    </span>
  );
}
