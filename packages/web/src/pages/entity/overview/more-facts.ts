/** What an entity says that nothing else on its page shows, so that no fact is hidden. */
import { isObject, type Entity } from '@callboard/model';
import { objectIn, relationsOf } from '../../../api/entity.ts';

export interface MoreFact {
  /** As `spec.dataClassification`. */
  readonly path: string;
  readonly key: string;
  readonly value: unknown;
}

/** Fields that name other entities, with the relation that shows them. */
const RELATED: ReadonlyMap<string, string> = new Map([
  ['owner', 'ownedBy'],
  ['system', 'partOf'],
  ['domain', 'partOf'],
  ['subcomponentOf', 'partOf'],
  ['subdomainOf', 'partOf'],
  ['providesApis', 'providesApi'],
  ['consumesApis', 'consumesApi'],
  ['dependsOn', 'dependsOn'],
  ['dependencyOf', 'dependencyOf'],
  ['memberOf', 'memberOf'],
  ['members', 'hasMember'],
  ['parent', 'childOf'],
  ['children', 'parentOf'],
]);
/** Fields in the header, as long as they are text. */
const IN_HEADER: ReadonlySet<string> = new Set(['type', 'lifecycle']);
const IN_PROFILE: ReadonlySet<string> = new Set(['displayName', 'email', 'picture', 'role']);
/** Fields that a card of the kind shows, whatever is in them. */
const IN_CARDS: Readonly<Record<string, ReadonlySet<string>>> = {
  api: new Set(['definition']),
  location: new Set(['target', 'targets', 'presence']),
  template: new Set(['steps', 'parameters']),
};
const METADATA: ReadonlySet<string> = new Set([
  'name',
  'namespace',
  'uid',
  'etag',
  'title',
  'description',
  'labels',
  'annotations',
  'tags',
  'links',
  // The version of the entity in older catalogs.
  'generation',
]);

/** In the order of the document: the spec, then what the metadata has beyond the usual. */
export function moreFacts(entity: Entity): readonly MoreFact[] {
  const related = new Set(relationsOf(entity).map(({ type }) => type));
  const inCards = IN_CARDS[entity.kind.toLowerCase()];
  const spec = Object.entries(objectIn(entity, 'spec'))
    .filter(([key, value]) => inCards?.has(key) !== true && !isShown({ key, value, related }))
    .flatMap(([key, value]) => (key === 'profile' ? profileFacts(value) : [fact('spec', key, value)]));
  const metadata = Object.entries(entity.metadata)
    .filter(([key]) => !METADATA.has(key))
    .map(([key, value]) => fact('metadata', key, value));
  return [...spec, ...metadata];
}

/** The entries of `metadata.annotations`, whatever they hold. */
export function annotationFacts(entity: Entity): readonly MoreFact[] {
  return Object.entries(objectIn(entity.metadata, 'annotations')).map(([key, value]) =>
    fact('metadata.annotations', key, value),
  );
}

interface Field {
  readonly key: string;
  readonly value: unknown;
  readonly related: ReadonlySet<string>;
}

function isShown({ key, value, related }: Field): boolean {
  if (IN_HEADER.has(key)) return typeof value === 'string';
  const relation = RELATED.get(key);
  if (relation === undefined) return false;
  if (Array.isArray(value)) {
    return value.length === 0 || (related.has(relation) && value.every((item) => typeof item === 'string'));
  }
  return typeof value === 'string' && related.has(relation);
}

function profileFacts(profile: unknown): readonly MoreFact[] {
  if (!isObject(profile)) return [fact('spec', 'profile', profile)];
  return Object.entries(profile)
    .filter(([key, value]) => !IN_PROFILE.has(key) || typeof value !== 'string')
    .map(([key, value]) => fact('spec.profile', key, value));
}

function fact(holder: string, key: string, value: unknown): MoreFact {
  return { path: `${holder}.${key}`, key, value };
}
