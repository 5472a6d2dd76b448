/** Every request that asks a question, read from what clients send, and from what nobody should. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CodedError } from '@callboard/kernel';
import * as fc from 'fast-check';
import { encodeAfter, encodeCursor, encodeLocationsCursor, type Cursor } from './cursor.ts';
import {
  parseByQueryBody,
  parseByQueryParameters,
  parseByRefsBody,
  parseEntitiesParameters,
  parseFacetsBody,
  parseFacetsParameters,
  parseLocationsQueryBody,
} from './parameters.ts';
import { EVERYTHING, type Predicate } from './predicate.ts';

const component: Predicate = { kind: 'in', key: 'kind', values: ['component'] };
const service: Predicate = { kind: 'in', key: 'spec.type', values: ['service'] };
const wrong = { code: 'catalog/invalid-parameter', status: 400 };

const cursor: Cursor = {
  predicate: component,
  order: { key: 'metadata.name', descending: true },
  fullText: { term: 'x', keys: null },
  orderFieldValues: ['b', 'u'],
  firstSortFieldValues: ['c', 'v'],
  isPrevious: false,
  totalItems: 7,
};

describe('parseEntitiesParameters', () => {
  it('asks for everything when nothing is given', () => {
    assert.deepEqual(parseEntitiesParameters(''), {
      predicate: EVERYTHING,
      fields: null,
      order: [],
      page: null,
    });
  });

  it('reads filter, fields and every order', () => {
    const request = parseEntitiesParameters(
      'filter=kind=Component&fields=kind,metadata.name&order=asc:metadata.Name&order=desc:kind',
    );
    assert.deepEqual(request.predicate, component);
    assert.deepEqual(request.fields?.fields, ['kind', 'metadata.name']);
    assert.deepEqual(request.order, [
      { key: 'metadata.name', descending: false },
      { key: 'kind', descending: true },
    ]);
  });

  const pages: readonly (readonly [string, { limit: number | null; offset: number }])[] = [
    ['limit=5', { limit: 5, offset: 0 }],
    ['offset=0', { limit: null, offset: 0 }],
    ['limit=5&offset=10', { limit: 5, offset: 10 }],
    [`after=${encodeAfter({ limit: 3, offset: 6 })}`, { limit: 3, offset: 6 }],
    [`limit=5&offset=1&after=${encodeAfter({ limit: 3, offset: 6 })}`, { limit: 3, offset: 6 }],
    ['limit=5&after=e30=', { limit: 5, offset: 0 }],
  ];
  for (const [rawQuery, page] of pages) {
    it(`pages ${rawQuery}`, () => assert.deepEqual(parseEntitiesParameters(rawQuery).page, page));
  }

  for (const rawQuery of [
    'limit=0',
    'limit=-1',
    'offset=-1',
    'order=name',
    'order=up:name',
    'order=asc:',
    'after=',
  ]) {
    it(`refuses ${rawQuery}`, () => assert.throws(() => parseEntitiesParameters(rawQuery), wrong));
  }

  it('refuses broken filters, fields and cursors by their own codes', () => {
    assert.throws(() => parseEntitiesParameters('filter==x'), { code: 'catalog/invalid-filter' });
    assert.throws(() => parseEntitiesParameters('fields=a[0]'), { code: 'catalog/invalid-fields' });
    assert.throws(() => parseEntitiesParameters('after=x'), { code: 'catalog/invalid-cursor' });
  });

  it('ignores parameters that are not of this route', () => {
    assert.deepEqual(parseEntitiesParameters('orderField=kind&cursor=x&v=1').order, []);
  });
});

describe('parseByQueryParameters', () => {
  it('has defaults for everything', () => {
    assert.deepEqual(parseByQueryParameters(''), {
      predicate: EVERYTHING,
      order: null,
      fullText: null,
      fields: null,
      limit: 200,
      offset: 0,
      totalItems: 'include',
      cursor: null,
    });
  });

  it('reads what the published client sends', () => {
    const request = parseByQueryParameters(
      'fields=kind,metadata.name&limit=20&offset=40&orderField=metadata.name%2Cdesc&orderField=kind%2Casc' +
        '&filter=kind%3Dcomponent%2Cspec.type%3Dservice&totalItems=exclude' +
        '&fullTextFilterTerm=Pet%20Store&fullTextFilterFields=metadata.Title,metadata.name',
    );
    assert.deepEqual(request.fields?.fields, ['kind', 'metadata.name']);
    assert.deepEqual(
      { ...request, fields: null },
      {
        predicate: { kind: 'all', of: [component, service] },
        order: { key: 'metadata.name', descending: true },
        fullText: { term: 'pet store', keys: ['metadata.title', 'metadata.name'] },
        fields: null,
        limit: 20,
        offset: 40,
        totalItems: 'exclude',
        cursor: null,
      },
    );
  });

  it('orders by a field alone, ascending', () => {
    assert.deepEqual(parseByQueryParameters('orderField=kind').order, { key: 'kind', descending: false });
  });

  it('has no full text filter without a term, and one of no keys when no field is named', () => {
    assert.equal(parseByQueryParameters('fullTextFilterFields=kind&fullTextFilterTerm=%20').fullText, null);
    const { fullText } = parseByQueryParameters('fullTextFilterFields=,&fullTextFilterTerm=a');
    assert.deepEqual(fullText, { term: 'a', keys: [] });
  });

  it('takes repeated fields of the full text filter', () => {
    const { fullText } = parseByQueryParameters(
      'fullTextFilterTerm=a&fullTextFilterFields=kind&fullTextFilterFields=b',
    );
    assert.deepEqual(fullText?.keys, ['kind', 'b']);
  });

  it('takes a limit of 0', () => assert.equal(parseByQueryParameters('limit=0').limit, 0));

  it('takes all from a cursor but fields and limit', () => {
    const text = encodeURIComponent(encodeCursor(cursor));
    const request = parseByQueryParameters(
      `cursor=${text}&limit=5&offset=9&filter==&orderField=a,up&totalItems=include&fields=kind`,
    );
    assert.deepEqual(request.fields?.fields, ['kind']);
    assert.deepEqual(
      { ...request, fields: null },
      {
        predicate: component,
        order: cursor.order,
        fullText: cursor.fullText,
        fields: null,
        limit: 5,
        offset: 0,
        totalItems: 'exclude',
        cursor,
      },
    );
  });

  const refused = [
    'limit=asdf',
    'limit=-1',
    'offset=1.5',
    'totalItems=maybe',
    'orderField=kind,up',
    'orderField=kind,asc&orderField=name,',
    'fullTextFilterTerm=a&fullTextFilterTerm=b',
    `fullTextFilterTerm=a&fullTextFilterFields=${Array.from({ length: 101 }, (_, i) => `k${i}`).join(',')}`,
    'cursor=',
    'filter=%',
  ];
  for (const rawQuery of refused) {
    it(`refuses ${rawQuery.slice(0, 60)}`, () =>
      assert.throws(() => parseByQueryParameters(rawQuery), wrong));
  }

  it('gives a request or an error of status 400 for every query string', () => {
    const name = fc.constantFrom(
      'filter',
      'fields',
      'limit',
      'offset',
      'orderField',
      'cursor',
      'totalItems',
      'x',
    );
    const pair = fc.tuple(name, fc.oneof(fc.constantFrom('1', 'kind,asc', 'include'), fc.string()));
    const pairs = fc.array(pair.map((parts) => parts.join('='))).map((list) => list.join('&'));
    fc.assert(
      fc.property(fc.oneof(pairs, fc.string({ unit: 'binary' }), fc.webQueryParameters()), (rawQuery) => {
        for (const parse of [parseByQueryParameters, parseEntitiesParameters, parseFacetsParameters]) {
          refusesOrReads(() => parse(rawQuery));
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe('parseByQueryBody', () => {
  it('has the defaults of the query string', () => {
    for (const body of [undefined, null, {}])
      assert.deepEqual(parseByQueryBody(body), parseByQueryParameters(''));
  });

  it('reads every property', () => {
    const request = parseByQueryBody({
      query: { kind: 'Component', 'spec.type': 'service' },
      fields: ['kind', 'metadata.name,spec'],
      limit: 20,
      offset: 40,
      orderBy: [
        { field: 'metadata.Name', order: 'desc' },
        { field: 'kind', order: 'asc' },
      ],
      fullTextFilter: { term: ' Pet ', fields: ['Kind'] },
      totalItems: 'exclude',
      unknown: 1,
    });
    assert.deepEqual(request.fields?.fields, ['kind', 'metadata.name', 'spec']);
    assert.deepEqual(
      { ...request, fields: null },
      {
        predicate: { kind: 'all', of: [component, service] },
        order: { key: 'metadata.name', descending: true },
        fullText: { term: 'pet', keys: ['kind'] },
        fields: null,
        limit: 20,
        offset: 40,
        totalItems: 'exclude',
        cursor: null,
      },
    );
  });

  it('takes all from a cursor but fields and limit', () => {
    const request = parseByQueryBody({ cursor: encodeCursor(cursor), query: 'x', limit: 3, offset: 1 });
    assert.deepEqual(request, parseByQueryParameters(`cursor=${encodeCursor(cursor)}&limit=3`));
  });

  const refused: readonly unknown[] = [
    [],
    'x',
    { limit: -1 },
    { limit: 1.5 },
    { limit: '5' },
    { limit: null },
    { offset: 1e300 },
    { cursor: '' },
    { cursor: null },
    { orderBy: {} },
    { orderBy: [{ field: 'a' }] },
    { orderBy: [{ field: 1, order: 'asc' }] },
    { fullTextFilter: 'x' },
    { fullTextFilter: { term: 1 } },
    { fullTextFilter: { term: 'a', fields: 'b' } },
    { fields: 'kind' },
    { fields: [1] },
    { totalItems: null },
  ];
  for (const body of refused) {
    it(`refuses ${JSON.stringify(body)}`, () => assert.throws(() => parseByQueryBody(body), wrong));
  }

  it('refuses a query that is no object', () => {
    for (const query of ['x', [], null]) {
      assert.throws(() => parseByQueryBody({ query }), { code: 'catalog/invalid-query', status: 400 });
    }
  });

  it('gives a request or an error of status 400 for every body', () => {
    const names = ['query', 'fields', 'limit', 'orderBy', 'cursor', 'facets', 'entityRefs', 'fullTextFilter'];
    const body = fc.oneof(fc.dictionary(fc.constantFrom(...names), fc.jsonValue()), fc.jsonValue());
    fc.assert(
      fc.property(body, (value) => {
        refusesOrReads(() => parseByQueryBody(value));
        refusesOrReads(() => parseFacetsBody(value));
        refusesOrReads(() => parseByRefsBody(value, ''));
        refusesOrReads(() => parseLocationsQueryBody(value));
      }),
      { numRuns: 300 },
    );
  });
});

describe('parseFacetsParameters', () => {
  it('reads every facet once, as given', () => {
    const request = parseFacetsParameters(
      'facet=Kind&facet=metadata.tags&facet=&facet=Kind&filter=kind=component',
    );
    assert.deepEqual(request, {
      facets: ['Kind', 'metadata.tags'],
      predicate: component,
      fullText: null,
    });
  });

  it('does not split a facet', () => {
    assert.deepEqual(parseFacetsParameters('facet=a,b').facets, ['a,b']);
  });

  for (const rawQuery of ['', 'facet=', 'facet=&facet=', 'filter=kind']) {
    it(`refuses ${rawQuery === '' ? 'nothing' : rawQuery}`, () => {
      assert.throws(() => parseFacetsParameters(rawQuery), wrong);
    });
  }
});

describe('parseFacetsBody', () => {
  it('reads facets and query', () => {
    const request = parseFacetsBody({ facets: ['kind', ''], query: { kind: 'component' } });
    assert.deepEqual(request, { facets: ['kind'], predicate: component, fullText: null });
  });

  it('reads a text that entities must match to be counted', () => {
    const request = parseFacetsBody({
      facets: ['kind'],
      fullTextFilter: { term: ' Pay ', fields: ['Metadata.Name'] },
    });
    assert.deepEqual(request.fullText, { term: 'pay', keys: ['metadata.name'] });
  });

  for (const body of [undefined, {}, { facets: [] }, { facets: [''] }, { facets: 'kind' }, { facets: [1] }]) {
    it(`refuses ${JSON.stringify(body)}`, () => assert.throws(() => parseFacetsBody(body), wrong));
  }
});

describe('parseByRefsBody', () => {
  it('keeps references as given, in order and repeated', () => {
    const entityRefs = ['component:default/b', 'Component:a', 'component:default/b'];
    assert.deepEqual(parseByRefsBody({ entityRefs }, ''), {
      entityRefs,
      predicate: EVERYTHING,
      fields: null,
    });
  });

  it('combines the filter of the query string with the query of the body', () => {
    const body = { entityRefs: [], query: { 'spec.type': 'service' }, fields: ['kind'] };
    assert.deepEqual(parseByRefsBody(body, '').predicate, service);
    const request = parseByRefsBody(body, 'filter=kind=component');
    assert.deepEqual(request.predicate, { kind: 'all', of: [component, service] });
    assert.deepEqual(request.fields?.fields, ['kind']);
    assert.deepEqual(parseByRefsBody({ entityRefs: [] }, 'filter=kind=component').predicate, component);
  });

  for (const body of [
    undefined,
    {},
    [],
    { unknown: 7 },
    { entityRefs: 7 },
    { entityRefs: [7] },
    { entityRefs: null },
  ]) {
    it(`refuses ${JSON.stringify(body)}`, () => assert.throws(() => parseByRefsBody(body, ''), wrong));
  }
});

describe('parseLocationsQueryBody', () => {
  it('has defaults', () => {
    const expected = { predicate: EVERYTHING, limit: 1000, afterId: null };
    for (const body of [undefined, {}]) assert.deepEqual(parseLocationsQueryBody(body), expected);
  });

  it('reads query and limit', () => {
    const predicate: Predicate = { kind: 'in', key: 'entityref', values: ['location:default/a'] };
    const body = { query: { entityRef: 'location:default/A' }, limit: 1 };
    assert.deepEqual(parseLocationsQueryBody(body), { predicate, limit: 1, afterId: null });
  });

  it('takes all from a cursor', () => {
    const page = { predicate: component, limit: 2, afterId: 'x' };
    const known = { ...page, predicate: { ...component, key: 'type' } };
    assert.deepEqual(parseLocationsQueryBody({ cursor: encodeLocationsCursor(known), limit: 9 }), known);
    const foreign = encodeLocationsCursor(page);
    assert.throws(() => parseLocationsQueryBody({ cursor: foreign }), { code: 'catalog/invalid-cursor' });
  });

  for (const body of [[], { limit: 0 }, { limit: 1.5 }, { limit: '1' }, { cursor: '' }, { cursor: 5 }]) {
    it(`refuses ${JSON.stringify(body)}`, () => assert.throws(() => parseLocationsQueryBody(body), wrong));
  }
});

describe('the work of parsing', () => {
  const inputs: readonly (readonly [string, (size: number) => () => unknown])[] = [
    ['parameters', (size) => parameters(Array.from({ length: size }, (_, i) => `p${i}=%41`).join('&'))],
    ['filters', (size) => parameters(Array.from({ length: size }, (_, i) => `filter=k${i}=a,b`).join('&'))],
    [
      'conditions',
      (size) => parameters(`filter=${Array.from({ length: size }, (_, i) => `k=${i}`).join(',')}`),
    ],
    ['empty conditions', (size) => parameters(`filter=${','.repeat(size)}`)],
    ['spaces', (size) => parameters(`filter=a${'+'.repeat(size)}b,${'+'.repeat(size)}`)],
    ['equals signs', (size) => parameters(`filter=a${'='.repeat(size)}`)],
    ['brackets', (size) => parameters(`filter[${'1'.repeat(size)}]=a`)],
    ['commas of an order', (size) => parameters(`orderField=a,asc${',a'.repeat(size)}`)],
    ['fields', (size) => parameters(`fields=${Array.from({ length: size }, (_, i) => `k.${i}`).join(',')}`)],
    ['a cursor', (size) => () => parseByQueryBody({ cursor: longCursor(size) })],
  ];
  for (const [name, prepare] of inputs) {
    it(`grows no faster than the number of ${name}`, () => {
      const small = countCharacters(prepare(200));
      const large = countCharacters(prepare(1600));
      // The digits that number the parts of the larger input are what may exceed 8.
      assert.ok(small > 0 && large / small < 10, `${large} characters after ${small}`);
    });
  }

  it('would be seen to grow if it did', () => {
    const cutting = (size: number) => () => {
      for (let rest = 'a,'.repeat(size); rest !== ''; rest = rest.slice(2)) rest.indexOf(',');
    };
    assert.ok(countCharacters(cutting(1600)) / countCharacters(cutting(200)) > 60);
  });
});

function parameters(rawQuery: string): () => unknown {
  return () => parseByQueryParameters(rawQuery);
}

function longCursor(size: number): string {
  const values = Array.from({ length: size }, (_, i) => `value${i}`);
  return encodeCursor({ ...cursor, predicate: { kind: 'in', key: 'a', values } });
}

/** How many characters the functions of strings and regular expressions go over during a call. */
function countCharacters(run: () => unknown): number {
  let characters = 0;
  const watched: readonly (readonly [object, readonly string[]])[] = [
    [
      String.prototype,
      ['split', 'trim', 'indexOf', 'includes', 'slice', 'toLowerCase', 'replaceAll', 'startsWith'],
    ],
    [RegExp.prototype, ['exec', 'test']],
  ];
  const originals: (() => void)[] = [];
  for (const [prototype, names] of watched) {
    for (const name of names) {
      const original: unknown = Reflect.get(prototype, name);
      assert.ok(typeof original === 'function');
      const replace = (value: unknown) => Object.defineProperty(prototype, name, { value, writable: true });
      originals.push(() => replace(original));
      replace(function count(this: unknown, ...given: unknown[]): unknown {
        const result: unknown = Reflect.apply(original, this, given);
        const seen = name === 'slice' ? result : [this, given[0]].find((text) => typeof text === 'string');
        characters += typeof seen === 'string' ? seen.length : 0;
        return result;
      });
    }
  }
  try {
    run();
  } finally {
    for (const restore of originals) restore();
  }
  return characters;
}

function refusesOrReads(parse: () => unknown): void {
  try {
    parse();
  } catch (error) {
    assert.ok(error instanceof CodedError && error.status === 400, String(error));
  }
}
