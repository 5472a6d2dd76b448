/** References as people read them, and as the address of their page. */
import { DEFAULT_NAMESPACE, type EntityRef } from '@callboard/model';

/** `/catalog/:namespace/:kind/:name`, as Backstage writes it. */
export function entityPath(ref: EntityRef): string {
  const parts = [ref.namespace, ref.kind.toLowerCase(), ref.name].map((part) => encodeURIComponent(part));
  return `/catalog/${parts.join('/')}`;
}

/** The name, with the kind before it unless it is the usual one, and the namespace unless it is the default. */
export function shortName(ref: EntityRef, usualKind?: string): string {
  const kind = ref.kind.toLowerCase() === usualKind?.toLowerCase() ? '' : `${ref.kind.toLowerCase()}:`;
  const namespace = ref.namespace === DEFAULT_NAMESPACE ? '' : `${ref.namespace}/`;
  return `${kind}${namespace}${ref.name}`;
}

const KIND_NAMES: Readonly<Record<string, string>> = { api: 'API', airesource: 'AI resource' };

/** A kind with its capital: `component` is "Component", `api` is "API". Kinds with capitals stay as written. */
export function kindName(kind: string): string {
  const known = KIND_NAMES[kind.toLowerCase()];
  return known ?? kind.charAt(0).toUpperCase() + kind.slice(1);
}
