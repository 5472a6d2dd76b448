/**
 * Requests made at random from what the entities hold, so that most of them find something: filters, predicates,
 * orders, texts and fields. The full range goes to the model of Backstage's server; `plain` keeps to what Backstage's
 * in-memory client answers as its server does.
 */
import fc from 'fast-check';
import {
  CATALOG_FILTER_EXISTS,
  type EntityFilterQuery,
  type QueryEntitiesInitialRequest,
} from '@backstage/catalog-client';
import type { Entity } from '@backstage/catalog-model';
import { isObject } from '@callboard/model';

export type Predicate = NonNullable<QueryEntitiesInitialRequest['query']>;
export type OrderField = Exclude<NonNullable<QueryEntitiesInitialRequest['orderFields']>, readonly unknown[]>;
export type FullText = NonNullable<QueryEntitiesInitialRequest['fullTextFilter']>;

/** A path to a value in an entity. */
export interface Leaf {
  readonly path: string;
  readonly value: string | number | boolean | null;
  /** True when a list is on the way to it. */
  readonly inList: boolean;
}

/** Random identities: what they are differs between runs. */
const UNSTABLE = /^metadata\.(?:uid|etag)$|location$/;
/** Keys that no entity has, that are no leaf, and that are not searched. */
const STRANGE_KEYS = [
  'nothing',
  'spec',
  'metadata.etag',
  'metadata.annotations',
  'metadata.uid',
  'relations',
  'relations.ownedby',
  'relations.DependsOn',
  'status',
  'attachments',
  'constructor',
  '__proto__',
  'metadata.tags.java',
  'spec.languages.java',
  'spec.languages.JAVA',
  'spec.matrix.d',
  'spec.endpoints.auth.scopes.read',
  'spec.ports.80',
  'spec.rows.0',
  'spec.endpoints.0.name',
];
const STRANGE_VALUES = ['', ' ', 'true', 'false', 'null', 'undefined', '0', 'group:default/team-0', 'a=b', '%', '_'];

/** Every scalar of the entities, each path and value once. */
export function leavesOf(entities: readonly Entity[]): Leaf[] {
  const leaves = new Map<string, Leaf>();
  function visit(value: unknown, path: string, inList: boolean): void {
    if (Array.isArray(value)) for (const item of value) visit(item, path, true);
    else if (isObject(value)) {
      for (const [key, member] of Object.entries(value)) {
        visit(member, path === '' ? key : `${path}.${key}`, inList);
      }
    } else if (isScalar(value)) leaves.set(JSON.stringify([path, value, inList]), { path, value, inList });
  }
  for (const { relations: _relations, ...entity } of entities) visit(entity, '', false);
  return [...leaves.values()].filter(({ path }) => !UNSTABLE.test(path));
}

export interface Requests {
  readonly filter: fc.Arbitrary<EntityFilterQuery>;
  readonly predicate: fc.Arbitrary<Predicate>;
  readonly order: fc.Arbitrary<OrderField>;
  readonly fullText: fc.Arbitrary<FullText>;
  readonly facets: fc.Arbitrary<string[]>;
  readonly fields: fc.Arbitrary<string[]>;
}

/** The full range of what a client can ask. */
export function anyRequests(entities: readonly Entity[]): Requests {
  const leaves = fc.constantFrom(...leavesOf(entities));
  const relations = fc.constantFrom(...entities.flatMap((entity) => entity.relations ?? []));
  const key = fc.oneof(
    { weight: 8, arbitrary: leaves.map(({ path }) => path) },
    { weight: 2, arbitrary: relations.map(({ type }) => `relations.${type}`) },
    { weight: 2, arbitrary: fc.constantFrom(...STRANGE_KEYS) },
  );
  const text = fc.oneof(
    { weight: 8, arbitrary: leaves.map(({ value }) => String(value)) },
    { weight: 2, arbitrary: fc.constantFrom(...STRANGE_VALUES) },
    { weight: 1, arbitrary: fc.string({ maxLength: 12, unit: 'grapheme' }) },
  );
  /** Keys with values that they have somewhere. */
  const pair = fc.oneof(
    { weight: 6, arbitrary: leaves.map(({ path, value }) => [path, value ?? ''] as const) },
    { weight: 2, arbitrary: relations.map(({ type, targetRef }) => [`relations.${type}`, targetRef] as const) },
    { weight: 2, arbitrary: fc.tuple(key, text) },
  );
  const spelled = <T>(value: T): fc.Arbitrary<T | string> => fc.constantFrom(...spellings(value));
  const spelledKey = key.chain(spelled);
  const spelledPair = pair.chain(([path, value]) => fc.tuple(spelled(path), spelled(value)));
  const piece = text.chain((value) =>
    fc.tuple(fc.nat(value.length), fc.nat(12)).map(([from, length]) => oneLine(value.slice(from, from + length).toWellFormed())),
  );

  const condition: fc.Arbitrary<readonly [string, string | symbol | (string | symbol)[]]> = fc.oneof(
    { weight: 6, arbitrary: spelledPair.map(([path, value]) => [path, oneLine(value)] as const) },
    { weight: 2, arbitrary: spelledKey.map((path) => [path, CATALOG_FILTER_EXISTS] as const) },
    {
      weight: 2,
      arbitrary: fc
        .tuple(spelledPair, fc.array(text, { maxLength: 3 }))
        .map(([[path, value], others]) => [path, [...others, value].map(oneLine)] as const),
    },
  );
  const set = fc.array(condition, { minLength: 1, maxLength: 3 }).map((entries) => Object.fromEntries(entries));
  const filter = fc.oneof(set, fc.array(set, { minLength: 1, maxLength: 3 }));

  const relation = relations.chain(({ type, targetRef }) =>
    fc.constantFrom<Predicate>(
      { relations: { $contains: { type } } },
      { relations: { $contains: { Type: type.toUpperCase(), targetRef } } },
      { relations: { $contains: { type, targetref: { $in: ['component:odd/plain', targetRef.toUpperCase()] } } } },
    ),
  );
  const expression: fc.Arbitrary<Predicate> = fc.oneof(
    { weight: 5, arbitrary: spelledPair.map(([path, value]) => ({ [path]: value })) },
    { weight: 2, arbitrary: spelledKey.chain((path) => fc.boolean().map(($exists) => ({ [path]: { $exists } }))) },
    {
      weight: 2,
      arbitrary: fc
        .tuple(spelledPair, fc.array(text, { maxLength: 3 }))
        .map(([[path, value], others]) => ({ [path]: { $in: [value, ...others] } })),
    },
    { weight: 2, arbitrary: spelledPair.map(([path, value]) => ({ [path]: { $contains: value } })) },
    {
      weight: 2,
      arbitrary: fc
        .tuple(spelledPair, fc.nat(6))
        .map(([[path, value], length]) => ({ [path]: { $hasPrefix: String(value).slice(0, length) } })),
    },
    { weight: 1, arbitrary: relation },
    {
      weight: 1,
      arbitrary: fc.array(spelledPair, { maxLength: 3 }).map((entries) => Object.fromEntries(entries)),
    },
  );
  const { predicate } = fc.letrec<{ predicate: Predicate }>((tie) => ({
    predicate: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      { weight: 4, arbitrary: expression },
      { weight: 1, arbitrary: fc.array(tie('predicate'), { maxLength: 3 }).map(($all) => ({ $all })) },
      { weight: 1, arbitrary: fc.array(tie('predicate'), { maxLength: 3 }).map(($any) => ({ $any })) },
      { weight: 1, arbitrary: tie('predicate').map(($not) => ({ $not })) },
    ),
  }));

  return {
    filter,
    predicate,
    order: fc.record({ field: spelledKey, order: fc.constantFrom('asc', 'desc') }),
    fullText: fc.record(
      { term: piece, fields: fc.array(spelledKey, { minLength: 1, maxLength: 3 }) },
      { requiredKeys: ['term'] },
    ),
    facets: fc.uniqueArray(spelledKey, { minLength: 1, maxLength: 4 }),
    fields: fc.array(
      fc.oneof(
        key,
        key.map((path) => path.split('.').slice(0, 2).join('.')),
      ),
      { minLength: 1, maxLength: 4 },
    ),
  };
}

/** A control character does not survive the client's encoding of a query string. */
function oneLine(value: unknown): string {
  return String(value).replaceAll(/[\0-\x1f]/g, ' ');
}

/** A text as it is, in capitals and in small letters; other values only as they are. */
function spellings<T>(value: T): (T | string)[] {
  return typeof value === 'string' ? [value, value.toUpperCase(), value.toLowerCase()] : [value];
}

function isScalar(value: unknown): value is string | number | boolean | null {
  return value === null || ['string', 'number', 'boolean'].includes(typeof value);
}
