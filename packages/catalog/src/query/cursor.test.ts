/** Cursors go out and come back, and nothing that comes back is trusted. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CodedError } from '@callboard/kernel';
import * as fc from 'fast-check';
import {
  decodeAfter,
  decodeCursor,
  decodeLocationsCursor,
  encodeAfter,
  encodeCursor,
  encodeLocationsCursor,
  MAX_CURSOR_LENGTH,
  type Cursor,
} from './cursor.ts';
import { parseLocationPredicate, parsePredicate } from './predicate-json.ts';
import { EVERYTHING } from './predicate.ts';

const full: Cursor = {
  predicate: parsePredicate({
    $any: [{ kind: 'component' }, { $not: { 'spec.type': { $in: ['a', 'b'] } } }],
  }),
  order: { key: 'metadata.name', descending: true },
  fullText: { term: 'sérvice', keys: ['metadata.title', 'metadata.name'] },
  orderFieldValues: ['petstore', '7a2c'],
  firstSortFieldValues: ['abc', '11ff'],
  isPrevious: true,
  totalItems: 42,
};
const plain: Cursor = {
  predicate: EVERYTHING,
  order: null,
  fullText: null,
  orderFieldValues: [null, '7a2c'],
  firstSortFieldValues: null,
  isPrevious: false,
  totalItems: 0,
};
const malformed = { code: 'catalog/invalid-cursor', status: 400, message: /^Malformed cursor/ };

const toJson = (text: string): unknown => JSON.parse(Buffer.from(text, 'base64').toString('utf8'));
const toText = (json: unknown): string => Buffer.from(JSON.stringify(json)).toString('base64');

describe('encodeCursor', () => {
  it('writes what the published client can look into', () => {
    assert.deepEqual(toJson(encodeCursor(full)), {
      orderFields: [{ field: 'metadata.name', order: 'desc' }],
      fullTextFilter: { term: 'sérvice', fields: ['metadata.title', 'metadata.name'] },
      orderFieldValues: ['petstore', '7a2c'],
      query: { $any: [{ kind: 'component' }, { $not: { 'spec.type': { $in: ['a', 'b'] } } }] },
      isPrevious: true,
      firstSortFieldValues: ['abc', '11ff'],
      totalItems: 42,
    });
    assert.equal('query' in JSON.parse(atob(encodeCursor(full))), true);
    assert.equal('query' in JSON.parse(atob(encodeCursor(plain))), false);
  });

  it('refuses to write what would not be taken back', () => {
    const values = Array.from({ length: 10_000 }, (_, i) => `group:default/${String(i).padStart(60, '0')}`);
    const cursor = { ...plain, predicate: parsePredicate({ 'relations.ownedBy': { $in: values } }) };
    assert.deepEqual(decodeCursor(encodeCursor(cursor)), cursor);
    const longer = { kind: 'in', key: 'a', values: ['x'.repeat(MAX_CURSOR_LENGTH)] } as const;
    assert.throws(() => encodeCursor({ ...plain, predicate: longer }), {
      code: 'catalog/invalid-query',
      status: 400,
    });
  });
});

describe('decodeCursor', () => {
  it('gives back what was encoded', () => {
    assert.deepEqual(decodeCursor(encodeCursor(full)), full);
    assert.deepEqual(decodeCursor(encodeCursor(plain)), plain);
    assert.equal(decodeCursor(encodeCursor(plain)).predicate, EVERYTHING);
  });

  it('lower-cases keys and the term, and takes the first of several orders', () => {
    const cursor = decodeCursor(
      toText({
        orderFields: [
          { field: 'metadata.Name', order: 'asc' },
          { field: 'kind', order: 'desc' },
        ],
        fullTextFilter: { term: ' A ', fields: ['Kind'] },
        orderFieldValues: [null, 'u'],
        isPrevious: false,
      }),
    );
    assert.deepEqual(cursor.order, { key: 'metadata.name', descending: false });
    assert.deepEqual(cursor.fullText, { term: 'a', keys: ['kind'] });
    assert.equal(cursor.totalItems, 0);
  });

  const json = { orderFields: [], orderFieldValues: [null, 'u'], isPrevious: false };
  const refused: readonly (readonly [string, unknown])[] = [
    ['an array', []],
    ['null', null],
    ['an empty object', {}],
    ['no orderFields', { ...json, orderFields: undefined }],
    ['an order without a direction', { ...json, orderFields: [{ field: 'a' }] }],
    ['an unknown direction', { ...json, orderFields: [{ field: 'a', order: 'up' }] }],
    ['a field that is no string', { ...json, orderFields: [{ field: 1, order: 'asc' }] }],
    ['a place without a uid', { ...json, orderFieldValues: ['a'] }],
    ['a place of three parts', { ...json, orderFieldValues: ['a', 'u', 'x'] }],
    ['a place with a number', { ...json, orderFieldValues: [1, 'u'] }],
    ['a first place with a number', { ...json, firstSortFieldValues: ['a', 1] }],
    ['an isPrevious of 1', { ...json, isPrevious: 1 }],
    ['a negative count', { ...json, totalItems: -1 }],
    ['a full text filter without a term', { ...json, fullTextFilter: {} }],
    ['a full text filter of numbers', { ...json, fullTextFilter: { term: 'a', fields: [1] } }],
    [
      'a full text filter of many keys',
      { ...json, fullTextFilter: { term: 'a', fields: Array(101).fill('k') } },
    ],
    ['a broken query', { ...json, query: { $or: [] } }],
  ];
  for (const [name, value] of refused) {
    it(`refuses ${name}`, () => assert.throws(() => decodeCursor(toText(value)), malformed));
  }

  for (const text of ['', 'badcursor', '%%%', '{}', '[[['.repeat(20_000), toText('[['.repeat(50_000))]) {
    it(`refuses ${text.slice(0, 12)}`, () => assert.throws(() => decodeCursor(text), malformed));
  }

  it('refuses deep and long ones without reading them to the end', () => {
    assert.throws(() => decodeCursor(Buffer.from('[['.repeat(100_000)).toString('base64')), malformed);
    const deep = `${'{"$not":'.repeat(5000)}{}${'}'.repeat(5000)}`;
    const text = JSON.stringify({ ...json, query: 0 }).replace('"query":0', `"query":${deep}`);
    assert.throws(() => decodeCursor(Buffer.from(text).toString('base64')), malformed);
    assert.throws(() => decodeCursor('A'.repeat(MAX_CURSOR_LENGTH + 1)), /Malformed cursor: .*characters/);
  });

  it('gives a cursor that encodes again, or an error of status 400, for every edit', () => {
    const parts = fc.constantFrom<unknown>(
      null,
      1,
      -1,
      'x',
      [],
      {},
      true,
      [null, 'u'],
      [{ field: 'A', order: 'asc' }],
    );
    const names = fc.constantFrom(...Object.keys(Object(toJson(encodeCursor(full)))));
    const edited = fc
      .dictionary(names, fc.oneof(parts, fc.jsonValue()))
      .map((edit) => toText({ ...Object(toJson(encodeCursor(full))), ...edit }));
    const cut = fc.nat({ max: 400 }).map((length) => encodeCursor(full).slice(0, length));
    fc.assert(
      fc.property(
        fc.oneof(edited, cut, fc.jsonValue().map(toText), fc.string({ unit: 'binary' })),
        (text) => {
          const cursor = orRefused(() => decodeCursor(text));
          if (cursor !== null) assert.deepEqual(decodeCursor(encodeCursor(cursor)), cursor);
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('decodeAfter', () => {
  it('gives back what was encoded', () => {
    assert.deepEqual(decodeAfter(encodeAfter({ limit: 20, offset: 40 })), { limit: 20, offset: 40 });
  });

  it('leaves to the request what is not in it', () => {
    assert.deepEqual(decodeAfter(toText({})), { limit: null, offset: null });
  });

  for (const json of [
    null,
    5,
    [],
    { limit: 0 },
    { limit: 1.5 },
    { limit: '5' },
    { offset: -1 },
    { offset: 1e300 },
  ]) {
    it(`refuses ${JSON.stringify(json)}`, () => assert.throws(() => decodeAfter(toText(json)), malformed));
  }
});

describe('decodeLocationsCursor', () => {
  it('gives back what was encoded', () => {
    const cursor = { limit: 5, afterId: 'b', predicate: parseLocationPredicate({ type: 'url' }) };
    assert.deepEqual(decodeLocationsCursor(encodeLocationsCursor(cursor)), cursor);
    const first = { limit: 1, afterId: null, predicate: EVERYTHING };
    assert.deepEqual(decodeLocationsCursor(encodeLocationsCursor(first)), first);
  });

  for (const json of [{}, { limit: 0 }, { limit: 1, afterId: 1 }, { limit: 1, query: { kind: 'x' } }, 'x']) {
    it(`refuses ${JSON.stringify(json)}`, () => {
      assert.throws(() => decodeLocationsCursor(toText(json)), malformed);
    });
  }
});

function orRefused<T>(decode: () => T): T | null {
  try {
    return decode();
  } catch (error) {
    assert.ok(error instanceof CodedError && error.status === 400 && error.code === 'catalog/invalid-cursor');
    return null;
  }
}
