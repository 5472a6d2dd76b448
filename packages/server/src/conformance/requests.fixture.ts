/**
 * Requests made at random from what the entities hold, so that most of them find something. `anyRequests` is all that
 * a client can ask; `plainRequests` keeps to what Backstage's in-memory client answers as its server does.
 */
import {
  CATALOG_FILTER_EXISTS,
  type EntityFilterQuery,
  type QueryEntitiesInitialRequest,
} from '@backstage/catalog-client';
import type { Entity } from '@backstage/catalog-model';
import { isObject } from '@callboard/model';
import * as fc from 'fast-check';
import type { Arbitrary } from 'fast-check';

export type Predicate = NonNullable<QueryEntitiesInitialRequest['query']>;
export type OrderField = Exclude<NonNullable<QueryEntitiesInitialRequest['orderFields']>, readonly unknown[]>;
export type FullText = NonNullable<QueryEntitiesInitialRequest['fullTextFilter']>;

export interface Requests {
  readonly filter: Arbitrary<EntityFilterQuery>;
  readonly predicate: Arbitrary<Predicate>;
  readonly order: Arbitrary<OrderField>;
  readonly fullText: Arbitrary<FullText>;
  readonly facets: Arbitrary<string[]>;
  readonly fields: Arbitrary<string[]>;
}

type Scalar = string | number | boolean;
type Pair = readonly [path: string, value: Scalar];

/** The words that requests are made of. */
interface Vocabulary {
  readonly key: Arbitrary<string>;
  /** A key, and a value that some entity has there. */
  readonly pair: Arbitrary<Pair>;
  /** The same for lists of texts. */
  readonly item: Arbitrary<Pair>;
  /** Any value. */
  readonly text: Arbitrary<string>;
  readonly relation: Arbitrary<object>;
  /** How a key may be spelled in a predicate. */
  readonly spellKey: (key: string) => Arbitrary<string>;
  /** Whether a condition of several values may stand beside others. */
  readonly mixed: boolean;
}

/** A scalar in an entity. */
interface Leaf {
  readonly path: string;
  readonly value: Scalar | null;
  /** True when a list is on the way to it. */
  readonly inList: boolean;
}

/** Keys that no entity has, that are no scalar, that are not searched, or that exist because a list has the item. */
const STRANGE_KEYS = [
  'nothing',
  'spec',
  'metadata.annotations',
  'metadata.etag',
  'metadata.uid',
  'relations',
  'status',
  'constructor',
  'metadata.tags.java',
  'spec.languages.JAVA',
  'spec.matrix.d',
  'spec.endpoints.auth.scopes.read',
  'spec.ports.80',
];
const STRANGE_VALUES = [
  '',
  ' ',
  'true',
  'null',
  'undefined',
  '0',
  'group:default/team-0',
  'a=b',
  'a,b',
  '%',
  '_',
];
/** What differs between runs. */
const UNSTABLE = /^metadata\.(?:uid|etag)$|location$/;

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
  const pair = fc.oneof(
    { weight: 6, arbitrary: leaves.map(({ path, value }): Pair => [path, value ?? '']) },
    { weight: 2, arbitrary: relations.map(({ type, targetRef }): Pair => [`relations.${type}`, targetRef]) },
    { weight: 2, arbitrary: fc.tuple(key, text) },
  );
  const relation = relations.chain(({ type, targetRef }) =>
    fc.constantFrom<object>(
      { type },
      { Type: type.toUpperCase(), targetRef },
      { type, targetref: { $in: ['component:odd/plain', targetRef.toUpperCase()] } },
    ),
  );
  return requestsOf({ key, pair, item: pair, text, relation, spellKey: spellings, mixed: true });
}

/**
 * Only lower-case keys whose values all are ASCII texts of at most 200 characters, outside of lists, and tags. See the
 * deviations for what becomes of the others.
 */
export function plainRequests(entities: readonly Entity[]): Requests {
  const byKey = Map.groupBy(leavesOf(entities), ({ path }) => path.toLowerCase());
  const plain = [...byKey]
    .filter(([key, leaves]) => key !== 'metadata.name' && leaves.every((leaf) => isPlain(leaf)))
    .flatMap(([, leaves]) => leaves);
  const leaves = fc.constantFrom(...plain);
  const tags = fc.constantFrom(...(byKey.get('metadata.tags') ?? []));
  const toPair = ({ path, value }: Leaf): Pair => [path, value ?? ''];
  return requestsOf({
    key: leaves.map(({ path }) => path),
    pair: leaves.map(toPair),
    item: tags.map(toPair),
    text: leaves.map(({ value }) => String(value)),
    relation: fc
      .constantFrom(...entities.flatMap((entity) => entity.relations ?? []))
      .chain(({ type, targetRef }) => fc.constantFrom<object>({ type }, { type, targetRef })),
    spellKey: fc.constant,
    mixed: false,
  });
}

function requestsOf({ key, pair, item, text, relation, spellKey, mixed }: Vocabulary): Requests {
  const anyKey = key.chain(spellings);
  const anyPair = pair.chain(([path, value]) => fc.tuple(spellings(path), spellValue(value)));
  const texts = fc.array(text.map(oneLine), { maxLength: 3 });
  type Condition = readonly [string, string | symbol | string[]];
  const single: Arbitrary<Condition> = fc.oneof(
    { weight: 3, arbitrary: anyPair.map(([path, value]): Condition => [path, oneLine(value)]) },
    { weight: 1, arbitrary: item.map(([path, value]): Condition => [path, oneLine(value)]) },
    { weight: 1, arbitrary: anyKey.map((path): Condition => [path, CATALOG_FILTER_EXISTS]) },
  );
  const several: Arbitrary<Condition> = fc
    .tuple(anyPair, texts)
    .map(([[path, value], others]) => [path, [...others, oneLine(value)]]);
  const set = (condition: Arbitrary<Condition>, maxLength: number) =>
    fc.array(condition, { minLength: 1, maxLength }).map((entries) => Object.fromEntries(entries));
  const sets = mixed ? set(fc.oneof(single, several), 3) : fc.oneof(set(single, 3), set(several, 1));
  const piece = text.chain((value) =>
    fc.tuple(fc.nat(value.length), fc.nat(12)).map(([from, length]) => value.slice(from, from + length)),
  );
  return {
    filter: fc.oneof(sets, fc.array(sets, { minLength: 1, maxLength: 3 })),
    predicate: predicatesOf({ key, pair, item, text, relation, spellKey, mixed }),
    order: fc.record({ field: anyKey, order: fc.constantFrom('asc', 'desc') }),
    fullText: fc.record(
      { term: piece.map(oneLine), fields: fc.array(anyKey, { minLength: 1, maxLength: 3 }) },
      { requiredKeys: ['term'] },
    ),
    facets: fc.uniqueArray(anyKey, { minLength: 1, maxLength: 4 }),
    fields: fc.array(
      fc
        .oneof(
          key,
          key.map((path) => path.split('.').slice(0, 2).join('.')),
        )
        .filter(isObjectPath),
      { minLength: 1, maxLength: 4 },
    ),
  };
}

function predicatesOf({ key, pair, item, text, relation, spellKey }: Vocabulary): Arbitrary<Predicate> {
  const asked = pair.chain(([path, value]) => fc.tuple(spellKey(path), spellValue(value)));
  const expression: Arbitrary<object> = fc.oneof(
    { weight: 5, arbitrary: asked.map(([path, value]) => ({ [path]: value })) },
    {
      weight: 2,
      arbitrary: fc
        .tuple(key.chain(spellKey), fc.boolean())
        .map(([path, $exists]) => ({ [path]: { $exists } })),
    },
    {
      weight: 2,
      arbitrary: fc
        .tuple(asked, fc.array(text, { maxLength: 3 }))
        .map(([[path, value], others]) => ({ [path]: { $in: [value, ...others] } })),
    },
    { weight: 2, arbitrary: item.map(([path, $contains]) => ({ [path]: { $contains } })) },
    {
      weight: 2,
      arbitrary: fc
        .tuple(asked, fc.nat(6))
        .map(([[path, value], length]) => ({ [path]: { $hasPrefix: String(value).slice(0, length) } })),
    },
    { weight: 1, arbitrary: relation.map(($contains) => ({ relations: { $contains } })) },
    { weight: 1, arbitrary: fc.array(asked, { maxLength: 3 }).map((entries) => Object.fromEntries(entries)) },
  );
  const { predicate } = fc.letrec<{ predicate: object }>((tie) => {
    const parts = fc.array(tie('predicate'), { maxLength: 3 });
    return {
      predicate: fc.oneof(
        { depthSize: 'small', withCrossShrink: true },
        { weight: 4, arbitrary: expression },
        { weight: 1, arbitrary: parts.map(($all) => ({ $all })) },
        { weight: 1, arbitrary: parts.map(($any) => ({ $any })) },
        { weight: 1, arbitrary: tie('predicate').map(($not) => ({ $not })) },
      ),
    };
  });
  return predicate.map(toQuery);
}

/** The types of Backstage's client cannot say that an object made of paths is a predicate. */
export function toQuery(value: object): Predicate {
  assertPredicate(value);
  return value;
}

function assertPredicate(value: unknown): asserts value is Predicate {
  if (!isObject(value)) throw new TypeError('A predicate is an object.');
}

/** Every scalar of the entities, each path and value once. */
function leavesOf(entities: readonly Entity[]): Leaf[] {
  const leaves = new Map<string, Leaf>();
  function visit(value: unknown, { path, inList }: Pick<Leaf, 'path' | 'inList'>): void {
    if (Array.isArray(value)) for (const item of value) visit(item, { path, inList: true });
    else if (isObject(value)) {
      for (const [key, member] of Object.entries(value)) {
        visit(member, { path: path === '' ? key : `${path}.${key}`, inList });
      }
    } else if (isScalar(value)) leaves.set(JSON.stringify([path, value, inList]), { path, value, inList });
  }
  for (const { relations: _, ...entity } of entities) visit(entity, { path: '', inList: false });
  return [...leaves.values()].filter(({ path }) => !UNSTABLE.test(path));
}

/** A short key in small letters, and a text that a filter keeps: commas separate, and blanks at the ends go. */
function isPlain({ path, value, inList }: Leaf): boolean {
  if (inList || path.length > 200 || path !== path.toLowerCase() || typeof value !== 'string') return false;
  return value.length <= 200 && value.trim() === value && /^[^,]+$/.test(value) && isAscii(value);
}

function isAscii(text: string): boolean {
  return /^[\x20-\x7e]*$/.test(text);
}

/** Numbers as keys, and what every object inherits, are followed in other ways; see the deviations. */
function isObjectPath(path: string): boolean {
  return path.split('.').every((part) => !/^\d+$/.test(part) && !(part in {}));
}

function isScalar(value: unknown): value is Scalar | null {
  return value === null || ['string', 'number', 'boolean'].includes(typeof value);
}

/** As it is, in capitals and in small letters. */
function spellings(text: string): Arbitrary<string> {
  return fc.constantFrom(text, text.toUpperCase(), text.toLowerCase());
}

function spellValue(value: Scalar): Arbitrary<Scalar> {
  return typeof value === 'string' ? spellings(value) : fc.constant(value);
}

/** Control characters and half characters do not survive the client's encoding of a query string. */
function oneLine(value: unknown): string {
  return String(value)
    .replaceAll(/\p{Cc}/gu, ' ')
    .toWellFormed();
}
