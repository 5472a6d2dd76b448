/** For an entity that is not there: names like it, or what keeps it from being shown. */
import type { ReactElement } from 'react';
import { ButtonLink } from '@backstage/ui';
import { stringifyRef, type EntityRef } from '@callboard/model';
import type { EntityRow } from '../../api/entity.ts';
import { messages as shellMessages } from '../../messages.ts';
import { EntityLink } from '../../parts/entity-link.tsx';
import { kindName, shortName } from '../../parts/ref-text.ts';
import { RemovedHistory } from './history/removed.tsx';
import { messages } from './messages.ts';
import { useNearNames, useProvenance } from './queries.ts';
import { SourceView } from './source-tab.tsx';

export function EntityNotFound({ asked }: { readonly asked: EntityRef }): ReactElement {
  const provenance = useProvenance(asked);
  const nearNames = useNearNames(asked);
  const reference = stringifyRef(asked);
  if (provenance.data) {
    return (
      <div className="cb-page entity">
        <h1>{messages.notYet(reference)}</h1>
        <SourceView entityRef={asked} provenance={provenance.data} shown="nothing" />
      </div>
    );
  }
  const near = nearNames.data ?? null;
  const search = new URLSearchParams({ kind: 'all', ...(near !== null && { q: near.term }) });
  return (
    <section className="cb-notice">
      <h1>{messages.notFound(reference)}</h1>
      <p>{messages.notFoundWhy}</p>
      {near !== null && <NearNames rows={near.rows} />}
      <ButtonLink className="cb-notice-action" variant="secondary" href={`/catalog?${search.toString()}`}>
        {near === null ? shellMessages.toCatalog : messages.searchCatalog(near.term)}
      </ButtonLink>
      <RemovedHistory entityRef={asked} />
    </section>
  );
}

function NearNames({ rows }: { readonly rows: readonly EntityRow[] }): ReactElement {
  return (
    <>
      <h2>{messages.similar}</h2>
      <ul className="targets">
        {rows.map((row) => (
          <li key={stringifyRef(row.ref)} className="target">
            <EntityLink to={row.ref}>
              <bdi>{row.title ?? shortName(row.ref, row.ref.kind)}</bdi>
            </EntityLink>
            <span className="target-kind">
              {kindName(row.ref.kind)} <code>{stringifyRef(row.ref)}</code>
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}
