/** The rules of the `filter` parameter, and that no text breaks them. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CodedError } from '@callboard/kernel';
import * as fc from 'fast-check';
import { parseFilter } from './filter.ts';
import { parsePredicate, predicateToJson } from './predicate-json.ts';
import type { Predicate } from './predicate.ts';

const is = (key: string, ...values: string[]): Predicate => ({ kind: 'in', key, values });
const has = (key: string): Predicate => ({ kind: 'exists', key });
const all = (...of: Predicate[]): Predicate => ({ kind: 'all', of });
const any = (...of: Predicate[]): Predicate => ({ kind: 'any', of });

describe('parseFilter', () => {
  const cases: readonly (readonly [string, readonly string[], Predicate | null])[] = [
    ['no parameter is no filter', [], null],
    ['a text of nothing is no filter', ['', ' , ,'], null],
    ['a key with a value', ['kind=component'], is('kind', 'component')],
    ['a key alone', ['metadata.tags.java'], has('metadata.tags.java')],
    ['an empty value', ['spec.type='], is('spec.type', '')],
    [
      'a comma is AND',
      ['kind=component,spec.type=service'],
      all(is('kind', 'component'), is('spec.type', 'service')),
    ],
    ['a repeated parameter is OR', ['kind=user', 'kind=group'], any(is('kind', 'user'), is('kind', 'group'))],
    ['a repeated key is IN', ['kind=api,kind=resource'], is('kind', 'api', 'resource')],
    ['a key alone adds nothing to its values', ['a,a=1', 'b=1,b'], any(is('a', '1'), is('b', '1'))],
    ['keys and values are lower-cased', ['Kind=COMPONENT'], is('kind', 'component')],
    ['keys of another case are keys of their own', ['a=1,A=2'], all(is('a', '1'), is('a', '2'))],
    ['spaces around keys and values are dropped', [' kind = a b , c '], all(is('kind', 'a b'), has('c'))],
    ['the first = separates', ['metadata.annotations.x=a=b'], is('metadata.annotations.x', 'a=b')],
    ['an empty text beside another adds nothing', ['', 'kind=user'], is('kind', 'user')],
    ['__proto__ is a key like any other', ['__proto__=1,__proto__=2'], is('__proto__', '1', '2')],
    ['AND inside, OR outside', ['a=1,a=2,b=3', 'c'], any(all(is('a', '1', '2'), is('b', '3')), has('c'))],
  ];
  for (const [name, texts, expected] of cases) {
    it(name, () => assert.deepEqual(parseFilter(texts), expected));
  }

  for (const text of ['=a', 'kind=user, =', '$all=x', 'a\nb=1']) {
    it(`refuses ${JSON.stringify(text)}`, () => {
      assert.throws(() => parseFilter([text]), { code: 'catalog/invalid-filter', status: 400 });
    });
  }

  it('takes 10,000 conditions and refuses one more', () => {
    const conditions = Array.from({ length: 10_000 }, (_, i) => `k=${i}`);
    const filter = parseFilter([conditions.join(',')]);
    assert.equal(filter?.kind === 'in' && filter.values.length, 10_000);
    assert.throws(() => parseFilter([conditions.join(','), 'kind']), { code: 'catalog/invalid-filter' });
    assert.throws(() => parseFilter([...conditions, 'kind']), { code: 'catalog/invalid-filter' });
  });

  it('gives a predicate that has a JSON form, or an error of status 400, for every text', () => {
    const piece = fc.oneof(
      fc.constantFrom(',', '=', ' ', 'kind', 'A', '$', '\n'),
      fc.string({ unit: 'binary' }),
    );
    const text = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(''));
    fc.assert(
      fc.property(fc.array(text, { maxLength: 4 }), (texts) => {
        let filter: Predicate | null;
        try {
          filter = parseFilter(texts);
        } catch (error) {
          assert.ok(error instanceof CodedError && error.status === 400);
          return;
        }
        if (filter !== null) assert.deepEqual(parsePredicate(predicateToJson(filter)), filter);
      }),
    );
  });
});
