/** For an entity that is not there: names like it, or what keeps it from being shown. */
import type { ReactElement } from 'react';
import { ButtonLink } from '@backstage/ui';
import { stringifyRef, type EntityRef } from '@callboard/model';
import { EntityLink } from '../../parts/entity-link.tsx';
import { kindName, shortName } from '../../parts/ref-text.ts';
import { ALL_KINDS, START, toCatalogParams } from '../catalog/url-state.ts';
import { messages } from './messages.ts';
import { useNearNames, useProvenance } from './queries.ts';
import { SourceView } from './source-tab.tsx';

export function EntityNotFound({ asked }: { readonly asked: EntityRef }): ReactElement {
  const provenance = useProvenance(asked);
  const reference = stringifyRef(asked);
  if (provenance.data) {
    return (
      <div className="cb-page entity">
        <h1>{messages.notYet(reference)}</h1>
        <SourceView entityRef={asked} provenance={provenance.data} shown="nothing" />
      </div>
    );
  }
  const search = toCatalogParams({ ...START, kind: ALL_KINDS, text: asked.name });
  return (
    <section className="cb-notice">
      <h1>{messages.notFound(reference)}</h1>
      <p>{messages.notFoundWhy}</p>
      <NearNames asked={asked} />
      <ButtonLink className="cb-notice-action" variant="secondary" href={`/catalog?${search.toString()}`}>
        {messages.searchCatalog(asked.name)}
      </ButtonLink>
    </section>
  );
}

function NearNames({ asked }: { readonly asked: EntityRef }): ReactElement | null {
  const near = useNearNames(asked).data ?? [];
  if (near.length === 0) return null;
  return (
    <>
      <h2>{messages.similar}</h2>
      <ul className="targets">
        {near.map((row) => (
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
