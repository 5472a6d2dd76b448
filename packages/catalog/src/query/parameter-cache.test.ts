/** The cache of parsed requests: what it keeps, forgets and shares. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createParameterCache } from './parameter-cache.ts';
import { parseByQueryParameters } from './parameters.ts';

function counted(options?: Parameters<typeof createParameterCache>[1]) {
  const parsed: string[] = [];
  const cache = createParameterCache((rawQuery) => {
    parsed.push(rawQuery);
    return { rawQuery };
  }, options);
  return { parsed, cache };
}

describe('createParameterCache', () => {
  it('parses a query string once', () => {
    const { parsed, cache } = counted();
    assert.equal(cache('a=1'), cache('a=1'));
    assert.deepEqual(cache(''), { rawQuery: '' });
    assert.deepEqual(parsed, ['a=1', '']);
  });

  it('keeps no more than it may, the latest of them', () => {
    const { parsed, cache } = counted({ max: 4 });
    for (const rawQuery of ['a', 'b', 'c', 'd', 'e', 'f', 'g']) cache(rawQuery);
    parsed.length = 0;
    for (const rawQuery of ['g', 'f']) cache(rawQuery);
    assert.deepEqual(parsed, []);
    for (const rawQuery of ['a', 'b', 'c']) cache(rawQuery);
    assert.deepEqual(parsed, ['a', 'b', 'c']);
  });

  it('keeps what is used again and again', () => {
    const { parsed, cache } = counted({ max: 4 });
    for (let i = 0; i < 100; i++) {
      cache('again');
      cache(String(i));
    }
    assert.equal(parsed.filter((rawQuery) => rawQuery === 'again').length, 1);
  });

  it('does not keep long query strings', () => {
    const { parsed, cache } = counted({ maxLength: 3 });
    for (const rawQuery of ['abc', 'abc', 'abcd', 'abcd']) cache(rawQuery);
    assert.deepEqual(parsed, ['abc', 'abcd', 'abcd']);
  });

  it('throws the error of the parser every time', () => {
    const cache = createParameterCache(parseByQueryParameters);
    for (let i = 0; i < 2; i++) assert.throws(() => cache('limit=x'), { code: 'catalog/invalid-parameter' });
  });

  it('freezes what it shares', () => {
    const cache = createParameterCache(parseByQueryParameters);
    const request = cache('filter=kind=a,spec.type=b&fields=kind&orderField=kind&fullTextFilterTerm=x');
    assert.ok(request.predicate.kind === 'all' && Object.isFrozen(request.predicate.of[1]));
    assert.ok(Object.isFrozen(request.fields) && Object.isFrozen(request.order));
    assert.throws(() => Object.assign(request, { limit: 1 }), TypeError);
    assert.deepEqual(request.fields?.project({ kind: 'A', spec: {} }), { kind: 'A' });
  });
});
