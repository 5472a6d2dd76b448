/** How entities are called: by their title or display name, else by the shortest reference that says which one it is. */
import { isObject, parseRef, stringifyRef, type EntityRef } from '@callboard/model';

export interface EntityPresentation {
  readonly entityRef: string;
  readonly primaryTitle: string;
  readonly secondaryTitle: string | undefined;
  readonly Icon: undefined;
}

interface Context {
  readonly defaultKind?: string;
  readonly defaultNamespace?: string | false;
}

/** As `catalog/team`: without the kind and namespace that are taken for granted. */
export function humanizeEntityRef(entity: unknown, { defaultKind, defaultNamespace }: Context = {}): string {
  const { kind, namespace, name } = refFrom(entity);
  const usual = defaultNamespace ?? 'default';
  const place =
    defaultNamespace !== false && same(namespace, usual === false ? '' : usual) ? '' : `${namespace}/`;
  const sort = defaultKind !== undefined && same(kind, defaultKind) ? '' : `${kind.toLowerCase()}:`;
  return `${sort}${place}${name}`;
}

export function presentationOf(entity: unknown, context: Context = {}): EntityPresentation {
  const ref = refFrom(entity);
  const entityRef = stringifyRef(ref);
  const title = titleOf(entity);
  const short = humanizeEntityRef(ref, { defaultKind: ref.kind, ...context });
  return {
    entityRef,
    primaryTitle: title ?? short,
    secondaryTitle: title === null ? undefined : entityRef,
    Icon: undefined,
  };
}

/** Of Backstage's presentation API: what is known at once is all that is known. */
export function entityPresentation(
  entity: unknown,
  context: Context = {},
): {
  readonly snapshot: EntityPresentation;
  readonly promise: Promise<EntityPresentation>;
  readonly update$: undefined;
} {
  const snapshot = presentationOf(entity, context);
  return { snapshot, promise: Promise.resolve(snapshot), update$: undefined };
}

function titleOf(entity: unknown): string | null {
  if (!isObject(entity)) return null;
  const { metadata, spec } = entity;
  const profile = isObject(spec) ? spec['profile'] : undefined;
  const titles = [
    isObject(profile) ? profile['displayName'] : undefined,
    isObject(metadata) ? metadata['title'] : undefined,
  ];
  return titles.find((title): title is string => typeof title === 'string' && title !== '') ?? null;
}

/** Of an entity, a reference as an object, or a text. */
function refFrom(entity: unknown): EntityRef {
  if (typeof entity === 'string')
    return parseRef(entity) ?? { kind: 'unknown', namespace: 'default', name: entity };
  const whole = isObject(entity) ? entity : {};
  const place = isObject(whole['metadata']) ? whole['metadata'] : whole;
  return {
    kind: textOr(whole['kind'], 'unknown'),
    namespace: textOr(place['namespace'], 'default'),
    name: textOr(place['name'], ''),
  };
}

function textOr(value: unknown, otherwise: string): string {
  return typeof value === 'string' && value !== '' ? value : otherwise;
}

function same(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}
