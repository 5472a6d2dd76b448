/** People in a table: picture, name, role, mail. On a phone the facts stand below the name. */
import type { ReactElement } from 'react';
import { EntityLink } from '../../../parts/entity-link.tsx';
import { Avatar } from '../avatar.tsx';
import { messages as entityMessages } from '../messages.ts';
import { mailAddress } from '../profile.ts';
import type { Person } from './people.ts';

export interface PeopleTableProps {
  readonly label: string;
  readonly people: readonly Person[];
}

export function PeopleTable({ label, people }: PeopleTableProps): ReactElement {
  const withRole = people.some(({ role }) => role !== null);
  return (
    <table className="related people" aria-label={label}>
      <thead>
        <tr>
          <th scope="col">{entityMessages.name}</th>
          {withRole && <th scope="col">{entityMessages.role}</th>}
          <th scope="col">{entityMessages.email}</th>
        </tr>
      </thead>
      <tbody>
        {people.map((person) => (
          <Row key={person.reference} person={person} withRole={withRole} />
        ))}
      </tbody>
    </table>
  );
}

interface RowProps {
  readonly person: Person;
  readonly withRole: boolean;
}

function Row({ person, withRole }: RowProps): ReactElement {
  const { ref, name, role, email, picture } = person;
  const mail = mailAddress(email);
  return (
    <tr>
      <td className="related-name">
        <span className="person">
          <Avatar name={name} picture={picture} />
          <span>
            <EntityLink to={ref}>
              <bdi>{name}</bdi>
            </EntityLink>
            {name !== ref.name && <span className="person-name">{ref.name}</span>}
            <span className="related-facts">{[role, email].filter((fact) => fact !== null).join(' · ')}</span>
          </span>
        </span>
      </td>
      {withRole && (
        <td>
          <bdi>{role}</bdi>
        </td>
      )}
      <td>
        {mail === null ? (
          <bdi>{email}</bdi>
        ) : (
          <a className="cb-link" href={mail}>
            <bdi>{email}</bdi>
          </a>
        )}
      </td>
    </tr>
  );
}
