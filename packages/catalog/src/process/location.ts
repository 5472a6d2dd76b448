/** Locations: where entities are read from, and the Location entities that stand for them. */
import { hash } from 'node:crypto';
import { dirname, isAbsolute, join, normalize } from 'node:path';
import {
  ANNOTATION,
  DEFAULT_NAMESPACE,
  locationEntityName,
  parseLocationRef,
  stringifyRef,
  type Entity,
  type EntityEnvelope,
  type LocationRef,
} from '@callboard/model';

/** Who may claim an entity: `type:target` of the document that it was read from. */
export function toLocationKey({ type, target }: LocationRef): string {
  return `${type}:${target}`;
}

/** The reference of the Location entity that stands for a location. */
export function locationEntityRef(location: LocationRef): string {
  return stringifyRef({ kind: 'location', name: nameOf(location) });
}

/** The Location entity that stands for a configured or registered location. */
export function toLocationEntity(location: LocationRef, { name }: { name?: string } = {}): Entity {
  const key = toLocationKey(location);
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Location',
    metadata: {
      name: name ?? nameOf(location),
      namespace: DEFAULT_NAMESPACE,
      annotations: { [ANNOTATION.managedByLocation]: key, [ANNOTATION.managedByOriginLocation]: key },
    },
    spec: { type: location.type, target: location.target },
  };
}

/**
 * The entity as it was read, with the annotations that say where; they overrule what the document says. Its
 * namespace is written out too, as normalizing would do later, so that most entities stay the same object.
 */
export function withLocations(
  entity: EntityEnvelope,
  at: { readonly location: string; readonly origin: string },
): EntityEnvelope {
  const { annotations, namespace = DEFAULT_NAMESPACE } = entity.metadata;
  return {
    ...entity,
    metadata: {
      ...entity.metadata,
      namespace,
      annotations: {
        ...(typeof annotations === 'object' && annotations),
        [ANNOTATION.managedByLocation]: at.location,
        [ANNOTATION.managedByOriginLocation]: at.origin,
      },
    },
  };
}

/** What a Location entity points to, as it is written there. */
export interface WrittenTargets {
  /** Where the Location entity itself was read: relative targets are relative to it. */
  readonly base: LocationRef;
  readonly type: string;
  readonly written: readonly string[];
  /** Targets that do not exist are no error. */
  readonly optional: boolean;
}

export function writtenTargets(location: Entity): WrittenTargets {
  const { spec = {} } = location;
  const base = annotatedLocation(location, ANNOTATION.managedByLocation);
  const targets: unknown[] = [spec['target'], spec['targets']].flat();
  return {
    base,
    type: typeof spec['type'] === 'string' ? spec['type'] : base.type,
    written: targets.filter((target) => typeof target === 'string'),
    optional: spec['presence'] === 'optional',
  };
}

/** The location in an annotation of an entity; both parts are `unknown` when there is none. */
export function annotatedLocation(entity: Entity, annotation: string): LocationRef {
  const text: unknown = entity.metadata.annotations?.[annotation];
  return (typeof text === 'string' ? parseLocationRef(text) : null) ?? UNKNOWN_LOCATION;
}

export const UNKNOWN_LOCATION: LocationRef = { type: 'unknown', target: 'unknown' };

/**
 * A target as written in a Location entity that was read at `base`, made absolute. Throws when the text and the
 * base do not make a URL.
 */
export function resolveTarget(
  written: LocationRef,
  base: LocationRef,
  resolveUrl: (url: string, base: string) => string,
): string {
  if (written.type === 'file') {
    const path = isAbsolute(written.target) ? written.target : join(dirname(base.target), written.target);
    return normalize(path);
  }
  if (written.type === 'url' && base.type === 'url') return resolveUrl(written.target, base.target);
  return written.target;
}

function nameOf(location: LocationRef): string {
  return locationEntityName(location, (text) => hash('sha1', text, 'hex'));
}
