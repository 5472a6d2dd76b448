/**
 * Entity references: `[kind:][namespace/]name`. Two references are the same entity when their lower-case
 * forms are equal, so everything that is stored or compared is lower-case.
 */
import { DEFAULT_NAMESPACE, type Entity } from './entity.ts';

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
 * neither written nor given in `defaults`.
 */
export function parseRef(text: string, defaults: RefDefaults = {}): EntityRef | null {
  const colon = text.indexOf(':');
  const afterKind = colon === -1 ? text : text.slice(colon + 1);
  const slash = afterKind.indexOf('/');
  const kind = colon === -1 ? defaults.kind : text.slice(0, colon);
  const namespace = slash === -1 ? (defaults.namespace ?? DEFAULT_NAMESPACE) : afterKind.slice(0, slash);
  const name = slash === -1 ? afterKind : afterKind.slice(slash + 1);
  if (kind === undefined || kind === '' || namespace === '' || name === '') return null;
  return { kind, namespace, name };
}

/** The full lower-case text of a reference, `kind:namespace/name`. */
export function stringifyRef(ref: {
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
}): string {
  return `${ref.kind}:${ref.namespace ?? DEFAULT_NAMESPACE}/${ref.name}`.toLowerCase();
}

/** The reference text of an entity. */
export function refOf(entity: Entity): string {
  return stringifyRef({
    kind: entity.kind,
    namespace: entity.metadata.namespace ?? DEFAULT_NAMESPACE,
    name: entity.metadata.name,
  });
}
