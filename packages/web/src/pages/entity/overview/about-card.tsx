/** What an entity says of itself: description, role and mail of people, tags, labels, and the way to its source. */
import type { ReactElement } from 'react';
import { ButtonLink } from '@backstage/ui';
import type { Entity } from '@callboard/model';
import { annotation, labelsOf, tagsOf } from '../../../api/entity.ts';
import { messages as shellMessages } from '../../../messages.ts';
import { EditIcon, ExternalIcon } from '../../../parts/icons.tsx';
import { Prose } from '../../../parts/prose.tsx';
import { safeUrl } from '../../../parts/safe-url.ts';
import { Tag } from '../../../parts/tag.tsx';
import { Fact } from '../fact.tsx';
import { messages } from '../messages.ts';
import { isOrganization, mailAddress, profileOf } from '../profile.ts';
import { EntityCard } from './card.tsx';

export function AboutCard({ entity }: { readonly entity: Entity }): ReactElement {
  const tags = tagsOf(entity);
  const labels = labelsOf(entity);
  return (
    <EntityCard title={messages.about} beside={<SourceLinks entity={entity} />}>
      <Description entity={entity} />
      <dl className="facts">
        {isOrganization(entity) && <PersonFacts entity={entity} />}
        {tags.length > 0 && (
          <Fact title={messages.tags}>
            <span className="chips">
              {[...new Set(tags)].map((tag) => (
                <Tag key={tag} to={`/catalog?${new URLSearchParams({ kind: 'all', tag }).toString()}`}>
                  {tag}
                </Tag>
              ))}
            </span>
          </Fact>
        )}
        {labels.length > 0 && (
          <Fact title={messages.labels}>
            <span className="chips">
              {labels.map(([key, value]) => (
                <Tag key={key}>{`${key}: ${value}`}</Tag>
              ))}
            </span>
          </Fact>
        )}
      </dl>
    </EntityCard>
  );
}

function Description({ entity }: { readonly entity: Entity }): ReactElement | null {
  const text: unknown = entity.metadata.description;
  if (typeof text === 'string' && text.trim() !== '') return <Prose text={text} />;
  // Nobody describes each person.
  if (entity.kind.toLowerCase() === 'user') return null;
  return <p className="entity-none">{messages.noDescription}</p>;
}

function PersonFacts({ entity }: { readonly entity: Entity }): ReactElement {
  const { role, email } = profileOf(entity);
  const mail = mailAddress(email);
  return (
    <>
      {role !== null && (
        <Fact title={messages.role}>
          <bdi>{role}</bdi>
        </Fact>
      )}
      {email !== null && (
        <Fact title={messages.email}>
          {mail === null ? (
            <bdi>{email}</bdi>
          ) : (
            <a className="cb-link" href={mail}>
              <bdi>{email}</bdi>
            </a>
          )}
        </Fact>
      )}
    </>
  );
}

function SourceLinks({ entity }: { readonly entity: Entity }): ReactElement | null {
  const view = safeUrl(annotation(entity, 'backstage.io/view-url'));
  const edit = safeUrl(annotation(entity, 'backstage.io/edit-url'));
  if (view === null && edit === null) return null;
  return (
    <span className="entity-actions">
      {view !== null && <Outside href={view} icon={<ExternalIcon />} text={messages.viewSource} />}
      {edit !== null && <Outside href={edit} icon={<EditIcon />} text={messages.editSource} />}
    </span>
  );
}

interface OutsideProps {
  readonly href: string;
  readonly icon: ReactElement;
  readonly text: string;
}

function Outside({ href, icon, text }: OutsideProps): ReactElement {
  return (
    <ButtonLink
      variant="tertiary"
      href={href}
      target="_blank"
      rel="noopener noreferrer"
      iconStart={icon}
      aria-label={`${text} ${shellMessages.opensElsewhere}`}
    >
      {text}
    </ButtonLink>
  );
}
