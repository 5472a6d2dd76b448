/** What the person and their groups own, by kind, each with the way to the whole list. */
import type { ReactElement } from 'react';
import { ButtonLink } from '@backstage/ui';
import { parseRef, stringifyRef } from '@callboard/model';
import { Link } from 'react-router-dom';
import type { EntityRow } from '../../api/entity.ts';
import { useOwnership } from '../../api/ownership.ts';
import { EntityLink } from '../../parts/entity-link.tsx';
import { ErrorPanel } from '../../parts/error-panel.tsx';
import { WarningIcon } from '../../parts/icons.tsx';
import { firstWords } from '../../parts/prose-text.ts';
import { kindName, shortName } from '../../parts/ref-text.ts';
import { Waiting } from '../../parts/waiting.tsx';
import { messages } from './messages.ts';
import { useOwned, type OwnedKind } from './queries.ts';
import { Section } from './section.tsx';

export function OwnedCard(): ReactElement {
  const owners = useOwnership();
  const owned = useOwned(owners);
  return (
    <Section title={messages.owned}>
      {owned.isError && (
        <ErrorPanel title={messages.ownedFailed} error={owned.error} onRetry={() => void owned.refetch()} />
      )}
      {owned.data === undefined && !owned.isError && <Waiting height="8rem" />}
      {owned.data?.length === 0 && <OwnsNothing owners={owners} />}
      {owned.data?.map((section) => (
        <Kind key={section.kind} section={section} owners={owners} />
      ))}
    </Section>
  );
}

interface KindProps {
  readonly section: OwnedKind;
  readonly owners: readonly string[];
}

function Kind({ section, owners }: KindProps): ReactElement {
  const { kind, total, rows } = section;
  const params = new URLSearchParams([['kind', kind], ...owners.map((owner) => ['owner', owner])]);
  return (
    <section className="owned-kind">
      <h3>
        {kindName(kind)}
        {total > rows.length && (
          <Link className="cb-link" to={`/catalog?${params.toString()}`}>
            {messages.ownedAll(total, kindName(kind))}
          </Link>
        )}
      </h3>
      <ul className="owned-rows">
        {rows.map((row) => (
          <OwnedRow key={stringifyRef(row.ref)} row={row} />
        ))}
      </ul>
    </section>
  );
}

function OwnedRow({ row }: { readonly row: EntityRow }): ReactElement {
  return (
    <li className="owned-row">
      <span className="owned-name">
        <EntityLink to={row.ref}>
          <bdi>{row.title ?? row.name}</bdi>
        </EntityLink>
        {row.hasErrors && <WarningIcon />}
        <span className="owned-facts">
          {[row.type, row.lifecycle].filter((fact) => fact !== null).join(' · ')}
        </span>
      </span>
      {row.description !== null && (
        <span className="owned-description" dir="auto">
          {firstWords(row.description)}
        </span>
      )}
    </li>
  );
}

function OwnsNothing({ owners }: { readonly owners: readonly string[] }): ReactElement {
  return (
    <div className="home-empty">
      <p>
        <strong>{messages.ownedNone}</strong> {messages.ownedNoneWhy}
      </p>
      <ul className="home-owners">
        {owners.map((owner) => {
          const ref = parseRef(owner);
          return (
            <li key={owner}>{ref === null ? owner : <EntityLink to={ref}>{shortName(ref)}</EntityLink>}</li>
          );
        })}
      </ul>
      <ButtonLink variant="secondary" href="/catalog?kind=all">
        {messages.browse}
      </ButtonLink>
    </div>
  );
}
