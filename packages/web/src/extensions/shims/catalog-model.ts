/** `@backstage/catalog-model`: references, relations, and which kind an entity is. */
import { ANNOTATION, isObject, parseRef, RELATION, stringifyRef, type EntityRef } from '@callboard/model';

interface Context {
  readonly defaultKind?: string;
  readonly defaultNamespace?: string;
}

/** Throws when the text is no reference. */
function parseEntityRef(ref: unknown, { defaultKind, defaultNamespace }: Context = {}): EntityRef {
  const kind = defaultKind === undefined ? {} : { kind: defaultKind };
  const namespace = defaultNamespace === undefined ? {} : { namespace: defaultNamespace };
  if (typeof ref === 'string') {
    const parsed = parseRef(ref, { ...kind, ...namespace });
    if (parsed === null)
      throw new TypeError(`“${ref}” is no reference to an entity, as component:default/booking.`);
    return parsed;
  }
  const whole: EntityRef = {
    kind: '',
    namespace: 'default',
    name: '',
    ...kind,
    ...namespace,
    ...compound(ref),
  };
  if (whole.kind === '' || whole.name === '')
    throw new TypeError('An entity reference needs a kind and a name.');
  return whole;
}

function compound(ref: unknown): Partial<EntityRef> {
  const texts = Object.entries(isObject(ref) ? ref : {}).filter(
    ([, value]) => typeof value === 'string' && value !== '',
  );
  return Object.fromEntries(texts);
}

function getCompoundEntityRef(entity: unknown): EntityRef {
  const metadata = isObject(entity) && isObject(entity['metadata']) ? entity['metadata'] : {};
  const kind = isObject(entity) ? entity['kind'] : undefined;
  const { namespace, name } = metadata;
  return {
    kind: typeof kind === 'string' ? kind : '',
    namespace: typeof namespace === 'string' && namespace !== '' ? namespace : 'default',
    name: typeof name === 'string' ? name : '',
  };
}

/** Of an entity, or of the parts of a reference. */
function stringifyEntityRef(ref: unknown): string {
  const isEntity = isObject(ref) && 'metadata' in ref;
  return stringifyRef(isEntity ? getCompoundEntityRef(ref) : parseEntityRef(ref));
}

function parseLocationRef(ref: string): { readonly type: string; readonly target: string } {
  const colon = ref.indexOf(':');
  if (colon < 1 || colon === ref.length - 1)
    throw new TypeError(`“${ref}” is no location, as url:https://host/file.yaml.`);
  return { type: ref.slice(0, colon), target: ref.slice(colon + 1) };
}

function getEntitySourceLocation(entity: unknown): { readonly type: string; readonly target: string } {
  const annotations =
    isObject(entity) && isObject(entity['metadata']) ? entity['metadata']['annotations'] : undefined;
  const found = [ANNOTATION.sourceLocation, ANNOTATION.managedByLocation]
    .map((name) => (isObject(annotations) ? annotations[name] : undefined))
    .find((value) => typeof value === 'string');
  if (found === undefined) throw new TypeError('The entity has no annotation that says where it comes from.');
  return parseLocationRef(found);
}

const isKind = (kind: string) => (entity: unknown) =>
  isObject(entity) && typeof entity['kind'] === 'string' && entity['kind'].toLowerCase() === kind;

/** `dependsOn` is RELATION_DEPENDS_ON, and so on. */
const relations = Object.fromEntries(
  Object.values(RELATION).map((type) => [`RELATION_${type.replaceAll(/[A-Z]/g, '_$&').toUpperCase()}`, type]),
);

export const catalogModel = {
  ...relations,
  ANNOTATION_EDIT_URL: ANNOTATION.editUrl,
  ANNOTATION_LOCATION: ANNOTATION.managedByLocation,
  ANNOTATION_ORIGIN_LOCATION: ANNOTATION.managedByOriginLocation,
  ANNOTATION_SOURCE_LOCATION: ANNOTATION.sourceLocation,
  ANNOTATION_VIEW_URL: ANNOTATION.viewUrl,
  DEFAULT_NAMESPACE: 'default',
  getCompoundEntityRef,
  getEntitySourceLocation,
  isApiEntity: isKind('api'),
  isComponentEntity: isKind('component'),
  isDomainEntity: isKind('domain'),
  isGroupEntity: isKind('group'),
  isLocationEntity: isKind('location'),
  isResourceEntity: isKind('resource'),
  isSystemEntity: isKind('system'),
  isUserEntity: isKind('user'),
  parseEntityRef,
  parseLocationRef,
  stringifyEntityRef,
  stringifyLocationRef: ({ type, target }: { readonly type: string; readonly target: string }) =>
    `${type}:${target}`,
};
