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
  /** Where it stands, for people. Says nothing about what it allows. */
  readonly place?: RulePlace;
}

export interface RulePlace {
  /** Such as `catalog.rules[0]`. */
  readonly name: string;
  /** Its position in `catalog.rules`; null for rules that stand elsewhere. */
  readonly index: number | null;
}

type RuledEntity = Pick<EntityEnvelope, 'kind' | 'spec'>;

/** True when any rule lets the entity in from this origin. */
export function createRules(
  rules: readonly CatalogRule[],
): (entity: RuledEntity, origin: LocationRef) => boolean {
  const find = createRuleFinder(rules);
  return (entity, origin) => find(entity, origin) !== null;
}

/** The first rule that lets the entity in from this origin; null when there is none. */
export function createRuleFinder(
  rules: readonly CatalogRule[],
): (entity: RuledEntity, origin: LocationRef) => CatalogRule | null {
  const compiled = rules.map((rule) => ({
    rule,
    kinds: rule.allow.map(({ kind, type }) => ({ kind: kind.toLowerCase(), type: type?.toLowerCase() })),
    matches: locationMatcher(rule.locations),
  }));
  return (entity, origin) => {
    const kind = entity.kind.toLowerCase();
    const type = isObject(entity.spec) ? entity.spec['type'] : undefined;
    const typeText = typeof type === 'string' ? type.toLowerCase() : undefined;
    const found = compiled.find(
      ({ kinds, matches }) =>
        kinds.some(
          (allowed) => allowed.kind === kind && (allowed.type === undefined || allowed.type === typeText),
        ) && matches(origin),
    );
    return found?.rule ?? null;
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
