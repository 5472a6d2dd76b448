/** Which entity it is: names, kind, owner and place at a glance, what can be done with it, and its tabs. */
import type { ReactElement } from 'react';
import { ButtonIcon } from '@backstage/ui';
import { stringifyRef, type Entity, type EntityRef } from '@callboard/model';
import { Link } from 'react-router-dom';
import { specText, titleOf } from '../../api/entity.ts';
import { messages as shellMessages } from '../../messages.ts';
import { CopyButton } from '../../parts/copy-button.tsx';
import { ErrorPanel } from '../../parts/error-panel.tsx';
import { RefreshIcon } from '../../parts/icons.tsx';
import { entityPath, kindName } from '../../parts/ref-text.ts';
import { StarButton } from '../../parts/star-button.tsx';
import { Tag } from '../../parts/tag.tsx';
import { Avatar } from './avatar.tsx';
import type { EntityTab } from './entity-tab.ts';
import { messages } from './messages.ts';
import { MoreMenu } from './more-menu.tsx';
import { PlaceFacts } from './place-facts.tsx';
import { isOrganization, profileOf } from './profile.ts';
import { useRefresh } from './queries.ts';
import { TabStrip } from './tab-strip.tsx';

export interface EntityHeaderProps {
  readonly entity: Entity;
  readonly entityRef: EntityRef;
  readonly tabs: readonly EntityTab[];
}

export function EntityHeader({ entity, entityRef, tabs }: EntityHeaderProps): ReactElement {
  const reference = stringifyRef(entityRef);
  const name = titleOf(entity) ?? entity.metadata.name;
  const type = specText(entity, 'type');
  const lifecycle = specText(entity, 'lifecycle');
  const [refresh, askRefresh] = useRefresh(entityRef);
  return (
    <header className="entity-head">
      <Breadcrumbs kind={entity.kind} />
      <div className="entity-title">
        {isOrganization(entity) && <Avatar name={name} picture={profileOf(entity).picture} size="large" />}
        <h1>
          <bdi>{name}</bdi>
        </h1>
        <span className="entity-tools">
          <StarButton entityRef={entityRef} name={name} />
          <ButtonIcon
            variant="secondary"
            aria-label={messages.refreshEntity}
            icon={<RefreshIcon />}
            isPending={refresh.kind === 'asked'}
            onPress={() => void askRefresh()}
          />
          <MoreMenu entity={entity} entityRef={entityRef} />
        </span>
      </div>
      <div className="entity-facts">
        <span className="entity-ref">
          <code>{reference}</code>
          <CopyButton text={reference} label={shellMessages.copyReference} />
        </span>
        <TagFact title={messages.kind}>{kindName(entity.kind)}</TagFact>
        {type !== null && <TagFact title={messages.type}>{type}</TagFact>}
        {lifecycle !== null && <TagFact title={messages.lifecycle}>{lifecycle}</TagFact>}
      </div>
      <PlaceFacts entity={entity} />
      {refresh.kind === 'failed' ? (
        <ErrorPanel title={messages.refreshFailed} error={refresh.error} onRetry={() => void askRefresh()} />
      ) : (
        <p className="entity-refresh" role="status">
          {refreshText(refresh.kind)}
        </p>
      )}
      <TabStrip tabs={tabs} path={entityPath(entityRef)} />
    </header>
  );
}

function refreshText(kind: 'idle' | 'asked' | 'done' | 'slow'): string {
  const texts = {
    idle: '',
    asked: messages.refreshAsked,
    done: messages.refreshDone,
    slow: messages.refreshSlow,
  };
  return texts[kind];
}

function Breadcrumbs({ kind }: { readonly kind: string }): ReactElement {
  return (
    <nav aria-label={messages.breadcrumbs}>
      <ol className="crumbs">
        <li>
          <Link className="cb-link" to="/catalog">
            {messages.catalog}
          </Link>
        </li>
        <li>
          <Link className="cb-link" to={`/catalog?kind=${encodeURIComponent(kind.toLowerCase())}`}>
            {kindName(kind)}
          </Link>
        </li>
      </ol>
    </nav>
  );
}

function TagFact({ title, children }: { readonly title: string; readonly children: string }): ReactElement {
  return (
    <span title={title}>
      <span className="cb-hidden">{`${title}: `}</span>
      <Tag>{children}</Tag>
    </span>
  );
}
