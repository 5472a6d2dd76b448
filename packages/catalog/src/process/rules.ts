/** Which kinds may come from which location: `catalog.rules` and the `rules` of `catalog.locations`. */
import { isObject, type EntityEnvelope, type LocationRef } from '@callboard/model';
import picomatch from 'picomatch';

export interface CatalogRule {
  readonly allow: readonly { readonly kind: string; readonly type?: string }[];
  /** Absent: every location. */
  readonly locations?: readonly {
    readonly type: string;
    readonly exact?: string;
    readonly pattern?: string;
  }[];
}

/** True when any rule lets the entity in from this origin. */
export function createRules(
  rules: readonly CatalogRule[],
): (entity: Pick<EntityEnvelope, 'kind' | 'spec'>, origin: LocationRef) => boolean {
  const compiled = rules.map((rule) => ({
    kinds: rule.allow.map(({ kind, type }) => ({ kind: kind.toLowerCase(), type: type?.toLowerCase() })),
    matches: locationMatcher(rule.locations),
  }));
  return (entity, origin) => {
    const kind = entity.kind.toLowerCase();
    const type = isObject(entity.spec) ? entity.spec['type'] : undefined;
    const typeText = typeof type === 'string' ? type.toLowerCase() : undefined;
    return compiled.some(
      (rule) =>
        rule.kinds.some(
          (allowed) => allowed.kind === kind && (allowed.type === undefined || allowed.type === typeText),
        ) && rule.matches(origin),
    );
  };
}

function locationMatcher(locations: CatalogRule['locations']): (origin: LocationRef) => boolean {
  if (locations === undefined) return () => true;
  const matchers = locations.map(({ type, exact, pattern }) => {
    const glob = pattern === undefined ? null : picomatch(pattern, { nocase: true, dot: true });
    return (origin: LocationRef) =>
      origin.type === type &&
      (exact === undefined || exact === origin.target) &&
      (glob === null || glob(origin.target));
  });
  return (origin) => matchers.some((matches) => matches(origin));
}
