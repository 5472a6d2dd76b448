/** The page of one entity: its header and three views, each with its own address. */
import type { ReactElement } from 'react';
import { stringifyRef, type Entity, type EntityRef } from '@callboard/model';
import { Link, NavLink, Route, Routes, useParams } from 'react-router-dom';
import { specText, titleOf, toRef } from '../../api/entity.ts';
import { statusOf } from '../../api/error.ts';
import { messages as shellMessages } from '../../messages.ts';
import { CopyButton } from '../../parts/copy-button.tsx';
import { ErrorPanel } from '../../parts/error-panel.tsx';
import { LoadingPage } from '../../parts/loading-page.tsx';
import { entityPath, kindName } from '../../parts/ref-text.ts';
import { Tag } from '../../parts/tag.tsx';
import { useTitle } from '../../parts/use-title.ts';
import { PageNotFound } from '../../shell/page-not-found.tsx';
import { AboutCard } from './about-card.tsx';
import { LinksCard } from './links-card.tsx';
import { messages } from './messages.ts';
import { EntityNotFound } from './not-found.tsx';
import { Notice } from './notice.tsx';
import { useEntity } from './queries.ts';
import { RelationsCard } from './relations-card.tsx';
import { SourceTab } from './source-tab.tsx';
import { YamlTab } from './yaml-tab.tsx';

export function EntityPage(): ReactElement {
  const { namespace = '', kind = '', name = '' } = useParams();
  const asked: EntityRef = { namespace, kind, name };
  const query = useEntity(asked);
  const reference = stringifyRef(asked);
  const title = titleOf(query.data) ?? name;
  useTitle(title, kindName(kind));

  if (query.data === undefined) {
    if (!query.isError) return <LoadingPage />;
    if (statusOf(query.error) === 404) return <EntityNotFound key={reference} asked={asked} />;
    return (
      <div className="cb-page entity">
        <h1>{name}</h1>
        <ErrorPanel
          title={messages.failed(reference)}
          error={query.error}
          onRetry={() => void query.refetch()}
        />
      </div>
    );
  }
  const entity = query.data;
  const ref = toRef(entity) ?? asked;
  return (
    <div className="cb-page entity">
      {/* The old entity stays on the page when reading it again fails. */}
      {query.isError && (
        <ErrorPanel
          title={messages.failed(reference)}
          error={query.error}
          onRetry={() => void query.refetch()}
        />
      )}
      <Header entity={entity} entityRef={ref} />
      <Routes>
        <Route index element={<Overview entity={entity} entityRef={ref} />} />
        <Route path="yaml" element={<YamlTab entity={entity} />} />
        <Route path="source" element={<SourceTab entityRef={ref} />} />
        <Route path="*" element={<PageNotFound />} />
      </Routes>
    </div>
  );
}

interface ViewProps {
  readonly entity: Entity;
  readonly entityRef: EntityRef;
}

function Header({ entity, entityRef }: ViewProps): ReactElement {
  const reference = stringifyRef(entityRef);
  const path = entityPath(entityRef);
  const type = specText(entity, 'type');
  const lifecycle = specText(entity, 'lifecycle');
  const kind = entity.kind.toLowerCase();
  return (
    <header className="entity-head">
      <nav aria-label={messages.breadcrumbs}>
        <ol className="crumbs">
          <li>
            <Link className="cb-link" to="/catalog">
              {messages.catalog}
            </Link>
          </li>
          <li>
            <Link className="cb-link" to={`/catalog?kind=${encodeURIComponent(kind)}`}>
              {kindName(entity.kind)}
            </Link>
          </li>
        </ol>
      </nav>
      <h1>
        <bdi>{titleOf(entity) ?? entity.metadata.name}</bdi>
      </h1>
      <div className="entity-facts">
        <span className="entity-ref">
          <code>{reference}</code>
          <CopyButton text={reference} label={shellMessages.copyReference} />
        </span>
        <Fact title={messages.kind}>{kindName(entity.kind)}</Fact>
        {type !== null && <Fact title={messages.type}>{type}</Fact>}
        {lifecycle !== null && <Fact title={messages.lifecycle}>{lifecycle}</Fact>}
      </div>
      <nav className="entity-tabs" aria-label={messages.views}>
        <NavLink to={path} end>
          {messages.overview}
        </NavLink>
        <NavLink to={`${path}/yaml`}>{messages.yaml}</NavLink>
        <NavLink to={`${path}/source`}>{messages.source}</NavLink>
      </nav>
    </header>
  );
}

function Fact({ title, children }: { readonly title: string; readonly children: string }): ReactElement {
  return (
    <span title={title}>
      <span className="cb-hidden">{`${title}: `}</span>
      <Tag>{children}</Tag>
    </span>
  );
}

function Overview({ entity, entityRef }: ViewProps): ReactElement {
  return (
    <>
      <Notice entity={entity} entityRef={entityRef} />
      <div className="entity-columns">
        <AboutCard entity={entity} entityRef={entityRef} />
        <LinksCard entity={entity} />
        <RelationsCard entity={entity} key={stringifyRef(entityRef)} />
      </div>
    </>
  );
}
