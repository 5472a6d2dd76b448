/** The links of an entity. An address that is not safe to open is shown as text. */
import type { ReactElement } from 'react';
import type { Entity, EntityLink } from '@callboard/model';
import { linksOf } from '../../../api/entity.ts';
import { ExternalIcon, MailIcon, WarningIcon } from '../../../parts/icons.tsx';
import { safeUrl } from '../../../parts/safe-url.ts';
import { messages } from '../messages.ts';
import { EntityCard } from './card.tsx';

export function LinksCard({ entity }: { readonly entity: Entity }): ReactElement {
  const links = linksOf(entity);
  return (
    <EntityCard title={messages.links}>
      {links.length === 0 && <p className="entity-none">{messages.noLinks}</p>}
      {links.length > 0 && (
        <ul className="plain">
          {links.map((link, index) => (
            <li key={`${index} ${link.url}`}>
              <OneLink link={link} />
            </li>
          ))}
        </ul>
      )}
    </EntityCard>
  );
}

function OneLink({ link }: { readonly link: EntityLink }): ReactElement {
  const href = safeUrl(link.url);
  if (href === null) {
    return (
      <span className="link-unsafe" title={messages.unsafeLink}>
        <WarningIcon /> <bdi>{link.title ?? link.url}</bdi> <code>{link.url}</code>
        <span className="cb-hidden">{messages.unsafeLink}</span>
      </span>
    );
  }
  const { protocol, host } = new URL(href);
  const isMail = protocol === 'mailto:';
  return (
    <a className="link-row" href={href} target="_blank" rel="noopener noreferrer">
      {isMail ? <MailIcon /> : <ExternalIcon />}
      <bdi className="link-title">{link.title ?? link.url}</bdi>
      {!isMail && link.title !== undefined && <span className="link-host">{host}</span>}
    </a>
  );
}
