/** The `catalogFilter` of a template's field as a predicate of the catalog API, and what is typed as a reference. */
import { isObject, parseRef, stringifyRef } from '@callboard/model';
import type { Predicate } from '../../../api/catalog.ts';
import { listIn, textIn } from '../../../api/entity.ts';

type Options = Readonly<Record<string, unknown>>;

/** `catalogFilter`, or else `allowedKinds`; undefined when the field takes any entity. */
export function predicateIn(options: Options): Predicate | undefined {
  const filter = options['catalogFilter'];
  if (isObject(filter) || Array.isArray(filter)) return toPredicate(filter);
  const kinds = listIn(options, 'allowedKinds').filter((kind) => typeof kind === 'string');
  return kinds.length === 0 ? undefined : { kind: anyOf(kinds) };
}

/**
 * An object says what all has to hold, a list what of it may hold. Values: one, several of which one has to be there, or
 * `{exists: true}`. An empty one takes everything.
 */
export function toPredicate(filter: unknown): Predicate | undefined {
  if (Array.isArray(filter)) {
    const all = filter.map(toPredicate);
    const some = all.filter((one) => one !== undefined);
    // One that takes everything takes everything beside others, too.
    if (some.length === 0 || some.length < all.length) return undefined;
    return some.length === 1 ? some[0] : { $any: some };
  }
  if (!isObject(filter)) return undefined;
  const conditions = Object.entries(filter).flatMap(([key, value]) => {
    const condition = toCondition(value);
    return condition === undefined ? [] : [{ [key]: condition }];
  });
  return conditions.length === 0 ? undefined : Object.assign({}, ...conditions);
}

function toCondition(value: unknown): unknown {
  if (Array.isArray(value)) return anyOf(value.map(String));
  if (isObject(value)) return 'exists' in value ? { $exists: value['exists'] !== false } : undefined;
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}

function anyOf(values: readonly unknown[]): unknown {
  return values.length === 1 ? values[0] : { $in: values };
}

/** Both have to hold. */
export function bothOf(a: Predicate | undefined, b: Predicate | undefined): Predicate | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return { $all: [a, b] };
}

/** What somebody typed as a full reference; as typed when it is none. */
export function toRefText(typed: string, options: Options): string {
  const kind = textIn(options, 'defaultKind');
  const namespace = textIn(options, 'defaultNamespace');
  const ref = parseRef(typed.trim(), {
    ...(kind !== null && { kind }),
    ...(namespace !== null && { namespace }),
  });
  return ref === null ? typed.trim() : stringifyRef(ref);
}
