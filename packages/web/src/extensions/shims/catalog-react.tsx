/** `@backstage/plugin-catalog-react`: the catalog's service, and how entities are named and linked. */
import type { ReactElement, ReactNode } from 'react';
import { isObject, parseRef, type EntityRef } from '@callboard/model';
import { Link } from 'react-router-dom';
import { entityPath } from '../../parts/ref-text.ts';
import { createApiRef } from '../apis/api-ref.ts';
import { humanizeEntityRef, presentationOf, type EntityPresentation } from '../apis/presentation.ts';
import { catalogModel } from './catalog-model.ts';

interface NameProps {
  readonly entityRef: unknown;
  readonly defaultKind?: string;
  readonly defaultNamespace?: string;
  readonly title?: string;
  readonly children?: ReactNode;
}

function EntityDisplayName({ entityRef, defaultKind, defaultNamespace }: NameProps): ReactElement {
  const { primaryTitle, secondaryTitle } = presentationOf(
    entityRef,
    contextOf({ defaultKind, defaultNamespace }),
  );
  return <bdi title={secondaryTitle}>{primaryTitle}</bdi>;
}

function EntityRefLink(props: NameProps): ReactElement {
  const { entityRef, title, children } = props;
  const name = children ?? title ?? <EntityDisplayName {...props} />;
  const ref = refOf(entityRef);
  if (ref === null) return <>{name}</>;
  return (
    <Link className="cb-link" to={entityPath(ref)}>
      {name}
    </Link>
  );
}

function EntityRefLinks({
  entityRefs,
  ...others
}: Omit<NameProps, 'entityRef'> & { readonly entityRefs: readonly unknown[] }): ReactElement {
  return (
    <>
      {entityRefs.map((entityRef, index) => (
        <span key={index}>
          {index > 0 && ', '}
          <EntityRefLink {...others} entityRef={entityRef} />
        </span>
      ))}
    </>
  );
}

function useEntityPresentation(
  entity: unknown,
  context: Readonly<Record<string, string>> = {},
): EntityPresentation {
  return presentationOf(entity, context);
}

/** The other ends of an entity's relations, of a kind where one is given. */
function getEntityRelations(
  entity: unknown,
  type: string,
  filter: { readonly kind?: string } = {},
): readonly EntityRef[] {
  const relations = isObject(entity) && Array.isArray(entity['relations']) ? entity['relations'] : [];
  return relations
    .filter(isObject)
    .filter((relation) => relation['type'] === type)
    .flatMap(({ targetRef }) => (typeof targetRef === 'string' ? (parseRef(targetRef) ?? []) : []))
    .filter(({ kind }) => filter.kind === undefined || kind.toLowerCase() === filter.kind.toLowerCase());
}

function refOf(entity: unknown): EntityRef | null {
  if (typeof entity === 'string') return parseRef(entity);
  const ref = catalogModel.getCompoundEntityRef(
    isObject(entity) && 'metadata' in entity ? entity : { metadata: entity, ...entityOf(entity) },
  );
  return ref.kind === '' || ref.name === '' ? null : ref;
}

const entityOf = (value: unknown): object => (isObject(value) ? value : {});

function contextOf(given: Readonly<Record<string, string | undefined>>): Readonly<Record<string, string>> {
  const known = Object.entries(given).flatMap(([key, value]) =>
    value === undefined ? [] : [[key, value] as const],
  );
  return Object.fromEntries(known);
}

export const catalogReact = {
  EntityDisplayName,
  EntityRefLink,
  EntityRefLinks,
  catalogApiRef: createApiRef({ id: 'plugin.catalog.service' }),
  defaultEntityPresentation: presentationOf,
  entityPresentationApiRef: createApiRef({ id: 'plugin.catalog.entity-presentation' }),
  entityPresentationSnapshot: presentationOf,
  getEntityRelations,
  getEntitySourceLocation: catalogModel.getEntitySourceLocation,
  humanizeEntityRef,
  starredEntitiesApiRef: createApiRef({ id: 'catalog-react.starred-entities' }),
  useEntityPresentation,
};
