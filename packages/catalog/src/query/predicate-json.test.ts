/**
 * The JSON form of filters: its rules, its bounds, and that it says what Backstage's own package says, which
 * is what its clients evaluate filters with.
 */
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { describe, it } from 'node:test';
import { CodedError } from '@callboard/kernel';
import * as fc from 'fast-check';
import {
  MAX_DEPTH,
  MAX_NODES,
  MAX_TERMS,
  parseLocationPredicate,
  parsePredicate,
  predicateToJson,
} from './predicate-json.ts';
import { EVERYTHING, type Predicate } from './predicate.ts';

const is = (key: string, ...values: string[]): Predicate => ({ kind: 'in', key, values });
const has = (key: string): Predicate => ({ kind: 'exists', key });
const not = (of: Predicate): Predicate => ({ kind: 'not', of });
const all = (...of: Predicate[]): Predicate => ({ kind: 'all', of });
const any = (...of: Predicate[]): Predicate => ({ kind: 'any', of });

interface Upstream {
  parseFilterPredicate(value: unknown): unknown;
  evaluateFilterPredicate(predicate: unknown, value: unknown): boolean;
}
/** The package that the published client depends on. */
const upstream: Upstream = createRequire(import.meta.resolve('@backstage/catalog-client'))(
  '@backstage/filter-predicates',
);

describe('parsePredicate', () => {
  const cases: readonly (readonly [string, unknown, Predicate])[] = [
    ['{} is everything', {}, EVERYTHING],
    ['an empty $all is everything', { $all: [] }, EVERYTHING],
    ['an empty $any is nothing', { $any: [] }, any()],
    ['a string', { Kind: 'Component' }, is('kind', 'component')],
    [
      'a number and a boolean',
      { 'spec.n': 1.5, 'spec.b': true },
      all(is('spec.n', '1.5'), is('spec.b', 'true')),
    ],
    ['$exists', { a: { $exists: true } }, has('a')],
    ['$exists: false', { a: { $exists: false } }, not(has('a'))],
    ['$in', { a: { $in: ['X', 1, false, 'x'] } }, is('a', 'x', '1', 'false')],
    ['an empty $in', { a: { $in: [] } }, is('a')],
    ['$hasPrefix', { a: { $hasPrefix: 'Ab' } }, { kind: 'prefix', key: 'a', prefix: 'ab' }],
    ['$contains of a value', { 'metadata.tags': { $contains: 'Java' } }, is('metadata.tags', 'java')],
    [
      '$contains of a relation type',
      { relations: { $contains: { type: 'ownedBy' } } },
      has('relations.ownedby'),
    ],
    [
      '$contains of a relation to one entity',
      { relations: { $contains: { Type: 'ownedBy', targetRef: 'Group:default/A' } } },
      is('relations.ownedby', 'group:default/a'),
    ],
    [
      '$contains of a relation to one of several',
      { relations: { $contains: { type: 'ownedBy', targetRef: { $in: ['A', 'b'] } } } },
      is('relations.ownedby', 'a', 'b'),
    ],
    [
      'operators inside operators',
      { $any: [{ $not: { a: 1 } }, { $all: [{ b: 'x' }, {}] }] },
      any(not(is('a', '1')), all(is('b', 'x'), EVERYTHING)),
    ],
    ['the first of several operators on one key', { a: { $in: ['x'], $exists: true } }, has('a')],
    ['an operator of the wrong type is passed over', { a: { $exists: 'x', $in: ['y'] } }, is('a', 'y')],
  ];
  for (const [name, value, expected] of cases) {
    it(`reads ${name}`, () => assert.deepEqual(parsePredicate(value), expected));
  }

  const refused: readonly (readonly [string, unknown])[] = [
    ['a string', 'component'],
    ['a number', 7],
    ['null', null],
    ['undefined', undefined],
    ['an array', []],
    ['null as a value', { a: null }],
    ['an array as a value', { a: ['x'] }],
    ['an object without operators as a value', { a: { b: 1 } }],
    ['a value inside $all', { $all: ['x'] }],
    ['a value inside $not', { $not: 'x' }],
    ['an $all that is no array', { $all: {} }],
    ['an operator beside a field', { $all: [], kind: 'x' }],
    ['two operators', { $all: [], $any: [] }],
    ['an unknown operator', { $or: [] }],
    ['an object inside $in', { a: { $in: [{}] } }],
    ['null inside $in', { a: { $in: [null] } }],
    ['a $hasPrefix that is no string', { a: { $hasPrefix: 1 } }],
    ['a key with a line break', { 'a\nb': 1 }],
    ['$contains of an object outside of relations', { 'metadata.links': { $contains: { url: 'x' } } }],
    ['$contains of null', { a: { $contains: null } }],
    ['a relation without a type', { relations: { $contains: { targetRef: 'x' } } }],
    ['a relation with an empty type', { relations: { $contains: { type: '' } } }],
    ['a relation with two types', { relations: { $contains: { type: 'a', Type: 'b' } } }],
    ['a relation with another key', { relations: { $contains: { type: 'a', x: 'b' } } }],
    ['a relation to no entity', { relations: { $contains: { type: 'a', targetRef: { $in: [] } } } }],
    ['a relation to a number', { relations: { $contains: { type: 'a', targetRef: { $in: [1] } } } }],
  ];
  for (const [name, value] of refused) {
    it(`refuses ${name}`, () => {
      assert.throws(() => parsePredicate(value), { code: 'catalog/invalid-query', status: 400 });
    });
  }

  it('treats __proto__ as a key without touching any prototype', () => {
    const predicate = parsePredicate(JSON.parse('{"__proto__": {"$in": ["x"]}}'));
    assert.deepEqual(predicate, is('__proto__', 'x'));
    assert.equal(JSON.stringify(predicateToJson(predicate)), '{"__proto__":"x"}');
  });

  it(`takes ${MAX_DEPTH} levels and refuses one more`, () => {
    const nested = (levels: number): unknown => (levels === 1 ? { a: 1 } : { $not: nested(levels - 1) });
    assert.equal(parsePredicate(nested(MAX_DEPTH)).kind, 'not');
    assert.throws(() => parsePredicate(nested(MAX_DEPTH + 1)), /more than 64 levels/);
    assert.throws(() => parsePredicate(nested(5000)), /more than 64 levels/);
  });

  it('counts the AND of several keys as a level, as it is written that way', () => {
    let query: unknown = { a: 1, b: 2 };
    for (let level = 2; level < MAX_DEPTH; level++) query = { $not: query };
    const predicate = parsePredicate(query);
    assert.deepEqual(parsePredicate(predicateToJson(predicate)), predicate);
    assert.throws(() => parsePredicate({ $not: query }), /more than 64 levels/);
  });

  it(`takes ${MAX_TERMS} comparisons and refuses one more, in every form`, () => {
    const terms = (count: number) => Array.from({ length: count }, (_, i) => String(i));
    const forms: ((count: number) => unknown)[] = [
      (count) => ({ a: { $in: terms(count) } }),
      (count) => ({ $any: terms(count).map((value) => ({ a: value })) }),
      (count) => Object.fromEntries(terms(count).map((key) => [key, { $exists: true }])),
      (count) => ({ relations: { $contains: { type: 'a', targetRef: { $in: terms(count) } } } }),
    ];
    for (const form of forms) {
      assert.ok(parsePredicate(form(MAX_TERMS)));
      assert.throws(() => parsePredicate(form(MAX_TERMS + 1)), /more than 10000 comparisons/);
    }
  });

  it('refuses more operators than it would evaluate', () => {
    const form = (count: number) => ({ $all: Array.from({ length: count }, () => ({ $any: [] })) });
    assert.ok(parsePredicate(form(MAX_NODES - 1)));
    assert.throws(() => parsePredicate(form(MAX_NODES)), /more than 10000 operators/);
  });

  it('looks at every part once', () => {
    const form = (count: number) => ({
      $any: Array.from({ length: count }, (_, i) => ({
        a: i,
        b: { $in: ['x', 'y'] },
        c: { $hasPrefix: 'z' },
      })),
    });
    const looks = (count: number) => countLooks(form(count), (value) => parsePredicate(value));
    assert.ok(looks(800) / looks(100) < 8.1, `${looks(800)} looks after ${looks(100)}`);
  });

  it('gives a predicate or an error of status 400 for every JSON value', () => {
    fc.assert(
      fc.property(fc.oneof(looseQuery, fc.jsonValue()), (value) => {
        const predicate = readOrNull(value);
        if (predicate !== null) assert.deepEqual(parsePredicate(predicateToJson(predicate)), predicate);
      }),
    );
  });

  it('accepts what the package of Backstage accepts and its catalog can evaluate', () => {
    fc.assert(
      fc.property(looseQuery, (value) => {
        const expected = upstreamAccepts(value) && isEvaluable(value);
        assert.equal(readOrNull(value) !== null, expected, JSON.stringify(value));
      }),
      { numRuns: 500 },
    );
  });

  it('is true of the entities that the package of Backstage says', () => {
    fc.assert(
      fc.property(agreedQuery, fc.array(entity, { minLength: 1, maxLength: 4 }), (query, entities) => {
        const predicate = parsePredicate(query);
        for (const each of entities) {
          const expected = upstream.evaluateFilterPredicate(query, each);
          assert.equal(matches(predicate, searchRows(each)), expected, JSON.stringify({ query, each }));
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('parseLocationPredicate', () => {
  it('takes the keys of a location in any case', () => {
    const query = { Type: 'url', entityRef: { $exists: true }, ID: 'a', target: { $hasPrefix: 'HTTPS://' } };
    const prefix: Predicate = { kind: 'prefix', key: 'target', prefix: 'https://' };
    assert.deepEqual(
      parseLocationPredicate(query),
      all(is('type', 'url'), has('entityref'), is('id', 'a'), prefix),
    );
  });

  it('refuses any other key', () => {
    assert.throws(() => parseLocationPredicate({ kind: 'x' }), {
      code: 'catalog/invalid-query',
      status: 400,
    });
  });

  it('takes an empty $all and every $contains for nothing, and {} for everything', () => {
    assert.deepEqual(parseLocationPredicate({ $all: [] }), any());
    assert.deepEqual(parseLocationPredicate({ target: { $contains: 'x' } }), any());
    assert.deepEqual(parseLocationPredicate({}), EVERYTHING);
  });

  it('counts $contains among what it would evaluate', () => {
    const items = Array.from({ length: MAX_NODES }, () => ({ id: { $contains: 'x' } }));
    assert.throws(() => parseLocationPredicate({ $any: items }), /more than 10000 operators/);
  });
});

describe('predicateToJson', () => {
  it('writes a predicate that is as deep as can be so that it can be read again', () => {
    let query: unknown = { a: { $exists: false } };
    for (let level = 1; level < MAX_DEPTH; level++) query = { $not: query };
    const predicate = parsePredicate(query);
    assert.deepEqual(parsePredicate(predicateToJson(predicate)), predicate);
  });
});

function readOrNull(value: unknown): Predicate | null {
  try {
    return parsePredicate(value);
  } catch (error) {
    assert.ok(error instanceof CodedError && error.status === 400 && error.code === 'catalog/invalid-query');
    return null;
  }
}

/** JSON that often is a filter, often nearly one. */
const looseQuery: fc.Arbitrary<unknown> = fc.letrec((tie) => {
  const primitive = fc.oneof(fc.constantFrom('x', 'ownedBy', ''), fc.integer(), fc.boolean());
  const scalar = fc.oneof({ weight: 6, arbitrary: primitive }, { weight: 1, arbitrary: fc.constant(null) });
  const list = fc.array(scalar, { maxLength: 3 });
  const operators = fc.oneof(
    fc.record({ $exists: fc.oneof(fc.boolean(), scalar) }),
    fc.record({ $in: fc.oneof(list, scalar) }),
    fc.record({ $hasPrefix: scalar }),
    fc.record({ $contains: fc.oneof({ maxDepth: 3 }, scalar, tie('relation'), tie('query')) }),
  );
  const value = fc.oneof(scalar, operators, list);
  const key = fc.constantFrom('kind', 'a.b', 'relations', '', 'type', 'targetRef', '$all', '$x', 'a\nb');
  return {
    relation: fc.record(
      { type: scalar, targetRef: fc.oneof(scalar, fc.record({ $in: list })), x: scalar },
      { requiredKeys: [] },
    ),
    expression: fc.dictionary(key, value, { maxKeys: 3 }),
    query: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      tie('expression'),
      scalar,
      fc.record({ $all: fc.array(tie('query'), { maxLength: 3 }) }),
      fc.record({ $any: fc.array(tie('query'), { maxLength: 3 }) }),
      fc.record({ $not: tie('query') }),
    ),
  };
}).query;

function upstreamAccepts(value: unknown): boolean {
  try {
    upstream.parseFilterPredicate(value);
    return true;
  } catch {
    return false;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Of a filter that is well-formed: what Backstage's catalog refuses only when it builds the SQL. */
function isEvaluable(value: unknown): boolean {
  if (!isRecord(value)) return false;
  if ('$not' in value) return isEvaluable(value['$not']);
  const list = value['$all'] ?? value['$any'];
  if (Array.isArray(list)) return list.every(isEvaluable);
  return Object.entries(value).every(([key, test]) => {
    const target = isRecord(test) && !('$exists' in test) && !('$in' in test) ? test['$contains'] : undefined;
    return !isRecord(target) || (key === 'relations' && isRelation(target));
  });
}

function isRelation(target: Record<string, unknown>): boolean {
  const { type, targetRef, ...others } = target;
  const refs = isRecord(targetRef) ? targetRef['$in'] : [targetRef ?? ''];
  const known = Array.isArray(refs) && refs.length > 0 && refs.every((ref) => typeof ref === 'string');
  return typeof type === 'string' && type !== '' && known && Object.keys(others).length === 0;
}

/**
 * Filters and entities where the search rows of the catalog and the values of the entity say the same: tests
 * of values on keys that have values, `$contains` on keys that have lists, no boolean for a string.
 */
const word = fc.constantFrom('a', 'A', 'b', 'ab', 'Ba', '1', '');
const TEXT_KEYS = ['kind', 'spec.type', 'metadata.annotations.x.io/y'] as const;
const textTest = fc.oneof(
  word,
  fc.record({ $in: fc.array(fc.oneof(word, fc.integer({ min: 0, max: 2 })), { maxLength: 3 }) }),
  fc.record({ $hasPrefix: word }),
  fc.record({ $exists: fc.boolean() }),
);
const numberTest = fc.oneof(
  fc.integer({ min: 0, max: 2 }),
  word,
  fc.record({ $in: fc.array(fc.integer({ min: 0, max: 2 }), { maxLength: 3 }) }),
);
const relationTest = fc.record(
  {
    type: fc.constantFrom('ownedBy', 'OWNEDBY', 'partOf'),
    targetRef: fc.oneof(word, fc.constant({ $in: ['a', 'B'] })),
  },
  { requiredKeys: ['type'] },
);
const agreedQuery: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
  query: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.dictionary(fc.constantFrom(...TEXT_KEYS), textTest, { maxKeys: 2 }),
    fc.record({ 'spec.count': numberTest }),
    fc.record({ 'spec.flag': fc.boolean() }),
    fc.record({ 'metadata.tags': fc.record({ $contains: word }) }),
    fc.record({ relations: fc.record({ $contains: relationTest }) }),
    fc.record({ $all: fc.array(tie('query'), { maxLength: 3 }) }),
    fc.record({ $any: fc.array(tie('query'), { maxLength: 3 }) }),
    fc.record({ $not: tie('query') }),
  ),
})).query;

const entity = fc.record({
  kind: word,
  metadata: fc.record(
    { tags: fc.array(word), annotations: fc.dictionary(fc.constant('x.io/y'), word) },
    { requiredKeys: [] },
  ),
  spec: fc.record(
    { type: word, count: fc.integer({ min: 0, max: 2 }), flag: fc.boolean() },
    { requiredKeys: [] },
  ),
  relations: fc.array(fc.record({ type: fc.constantFrom('ownedBy', 'partOf'), targetRef: word }), {
    maxLength: 3,
  }),
});

/** The lower-case values of each lower-case key, as the catalog would store them. */
function searchRows(
  value: typeof entity extends fc.Arbitrary<infer Entity> ? Entity : never,
): Map<string, Set<string>> {
  const rows = new Map<string, Set<string>>();
  const add = (key: string, text: unknown) => {
    const known = rows.get(key.toLowerCase()) ?? new Set();
    rows.set(key.toLowerCase(), known.add(String(text).toLowerCase()));
  };
  const visit = (path: string, part: unknown) => {
    if (Array.isArray(part)) for (const item of part) visit(path, item);
    else if (!isRecord(part)) add(path, part);
    else for (const [key, inner] of Object.entries(part)) visit(path === '' ? key : `${path}.${key}`, inner);
  };
  const { relations, ...others } = value;
  visit('', others);
  for (const relation of relations) add(`relations.${relation.type}`, relation.targetRef);
  return rows;
}

function matches(predicate: Predicate, rows: ReadonlyMap<string, ReadonlySet<string>>): boolean {
  switch (predicate.kind) {
    case 'all':
      return predicate.of.every((each) => matches(each, rows));
    case 'any':
      return predicate.of.some((each) => matches(each, rows));
    case 'not':
      return !matches(predicate.of, rows);
    case 'exists':
      return rows.has(predicate.key);
    case 'in':
      return predicate.values.some((value) => rows.get(predicate.key)?.has(value) ?? false);
    case 'prefix':
      return [...(rows.get(predicate.key) ?? [])].some((value) => value.startsWith(predicate.prefix));
    default:
      return predicate satisfies never;
  }
}

/** How often `read` asks any object inside the value for anything. */
function countLooks(value: unknown, read: (value: unknown) => unknown): number {
  let looks = 0;
  const watched = (part: unknown): unknown => {
    if (typeof part !== 'object' || part === null) return part;
    return new Proxy(part, {
      get(target, key, receiver) {
        looks += 1;
        return watched(Reflect.get(target, key, receiver));
      },
      ownKeys(target) {
        looks += 1;
        return Reflect.ownKeys(target);
      },
    });
  };
  read(watched(value));
  return looks;
}
