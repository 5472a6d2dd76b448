/**
 * Entity references: `[kind:][namespace/]name`. Two references are the same entity when their lower-case
 * forms are equal, so everything that is stored or compared is lower-case.
 */
import { DEFAULT_NAMESPACE, type EntityEnvelope } from './entity.ts';

export interface EntityRef {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

export interface RefDefaults {
  readonly kind?: string;
  /** Default: `default`. */
  readonly namespace?: string;
}

/**
 * Reads a reference. Returns null when the text is not a reference: a part is empty, or the kind is
 * neither written nor given in `defaults`. A colon after the first slash belongs to the name.
 */
export function parseRef(text: string, defaults: RefDefaults = {}): EntityRef | null {
  const slash = text.indexOf('/');
  const firstColon = text.indexOf(':');
  const colon = slash !== -1 && slash < firstColon ? -1 : firstColon;
  const kind = colon === -1 ? defaults.kind : text.slice(0, colon);
  const namespace = slash === -1 ? namespaceOr(defaults.namespace) : text.slice(colon + 1, slash);
  const name = text.slice(Math.max(colon, slash) + 1);
  if (kind === undefined || kind === '' || namespace === '' || name === '') return null;
  return { kind, namespace, name };
}

/** The full lower-case text of a reference, `kind:namespace/name`. */
export function stringifyRef(ref: {
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
}): string {
  // Each part by itself: the lower-case form of some Greek letters depends on their neighbours.
  const namespace = (ref.namespace ?? DEFAULT_NAMESPACE).toLowerCase();
  return `${ref.kind.toLowerCase()}:${namespace}/${ref.name.toLowerCase()}`;
}

/** The reference text of an entity. */
export function refOf(entity: EntityEnvelope): string {
  return stringifyRef({
    kind: entity.kind,
    namespace: entity.metadata.namespace ?? DEFAULT_NAMESPACE,
    name: entity.metadata.name,
  });
}

/** The namespace, or the default one when it is absent or empty. */
export function namespaceOr(namespace: string | undefined): string {
  return namespace === undefined || namespace === '' ? DEFAULT_NAMESPACE : namespace;
}
