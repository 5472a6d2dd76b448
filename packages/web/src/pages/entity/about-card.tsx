/** What an entity says of itself: description, owner, place in the landscape, tags, labels, and its source. */
import type { ReactElement } from 'react';
import { ButtonLink, Card, CardBody, CardHeader } from '@backstage/ui';
import { parseRef, type Entity, type EntityRef } from '@callboard/model';
import { annotation, labelsOf, relationsOf, specText, tagsOf, textIn } from '../../api/entity.ts';
import { messages as shellMessages } from '../../messages.ts';
import { EntityLink } from '../../parts/entity-link.tsx';
import { EditIcon, ExternalIcon } from '../../parts/icons.tsx';
import { Prose } from '../../parts/prose.tsx';
import { safeUrl } from '../../parts/safe-url.ts';
import { Tag } from '../../parts/tag.tsx';
import { catalogPath } from '../catalog/url-state.ts';
import { Fact } from './fact.tsx';
import { messages } from './messages.ts';

/** Kinds that have an owner by their nature; the others show one only when they name it. */
const OWNED_KINDS = new Set(['component', 'api', 'resource', 'system', 'domain', 'template']);

export interface AboutCardProps {
  readonly entity: Entity;
  readonly entityRef: EntityRef;
}

export function AboutCard({ entity, entityRef }: AboutCardProps): ReactElement {
  const owners = targetsOf(entity, 'ownedBy');
  const tags = tagsOf(entity);
  const labels = labelsOf(entity);
  const system = parseRef(specText(entity, 'system') ?? '', { ...entityRef, kind: 'system' });
  const domain = parseRef(specText(entity, 'domain') ?? '', { ...entityRef, kind: 'domain' });
  const email = textIn(entity.spec?.['profile'], 'email');
  const mail = email === null ? null : safeUrl(`mailto:${email}`);
  const isOwned = owners.length > 0 || OWNED_KINDS.has(entity.kind.toLowerCase());
  return (
    <Card className="entity-card entity-about">
      <CardHeader className="entity-card-head">
        <h2>{messages.about}</h2>
        <SourceLinks entity={entity} />
      </CardHeader>
      <CardBody>
        <Description text={entity.metadata.description} />
        <dl className="facts">
          {isOwned && (
            <Fact title={messages.owner}>
              {owners.length === 0 ? messages.noOwner : <Targets refs={owners} usualKind="group" />}
            </Fact>
          )}
          {mail !== null && (
            <Fact title={messages.email}>
              <a className="cb-link" href={mail}>
                <bdi>{email}</bdi>
              </a>
            </Fact>
          )}
          {system !== null && (
            <Fact title={messages.system}>
              <EntityLink to={system} usualKind="system" />
            </Fact>
          )}
          {domain !== null && (
            <Fact title={messages.domain}>
              <EntityLink to={domain} usualKind="domain" />
            </Fact>
          )}
          {tags.length > 0 && (
            <Fact title={messages.tags}>
              <span className="chips">
                {tags.map((tag) => (
                  <Tag key={tag} to={catalogPath('tag', tag)}>
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
      </CardBody>
    </Card>
  );
}

function Description({ text }: { readonly text: unknown }): ReactElement {
  if (typeof text !== 'string' || text.trim() === '') {
    return <p className="entity-none">{messages.noDescription}</p>;
  }
  return <Prose text={text} />;
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

function Outside(props: {
  readonly href: string;
  readonly icon: ReactElement;
  readonly text: string;
}): ReactElement {
  return (
    <ButtonLink
      variant="tertiary"
      href={props.href}
      target="_blank"
      rel="noopener noreferrer"
      iconStart={props.icon}
      aria-label={`${props.text} ${shellMessages.opensElsewhere}`}
    >
      {props.text}
    </ButtonLink>
  );
}

function Targets(props: { readonly refs: readonly EntityRef[]; readonly usualKind: string }): ReactElement {
  return (
    <span className="chips">
      {props.refs.map((ref) => (
        <EntityLink key={`${ref.kind}:${ref.namespace}/${ref.name}`} to={ref} usualKind={props.usualKind} />
      ))}
    </span>
  );
}

function targetsOf(entity: Entity, type: string): readonly EntityRef[] {
  return relationsOf(entity)
    .filter((relation) => relation.type === type)
    .map((relation) => parseRef(relation.targetRef))
    .filter((ref) => ref !== null);
}
