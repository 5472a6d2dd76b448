/** How a query string becomes values, in the forms that Backstage's routers take. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readInteger, readQueryString, readText, readTexts } from './query-string.ts';

const NAMES = new Set(['filter', 'limit', 'cursor']);
const read = (rawQuery: string) => readQueryString(rawQuery, NAMES);
const refused = { code: 'catalog/invalid-parameter', status: 400 };

describe('readQueryString', () => {
  const cases: readonly (readonly [string, readonly string[]])[] = [
    ['', []],
    ['filter=a', ['a']],
    ['filter=a&filter=b', ['a', 'b']],
    ['filter=a,b', ['a,b']],
    ['filter[]=a', ['a']],
    ['filter%5B%5D=a&filter%5B%5D=b', ['a', 'b']],
    ['filter[0]=a&filter[1]=b', ['a', 'b']],
    ['filter=&filter=a', ['', 'a']],
    ['f%69lter=a', ['a']],
    ['filter=a=b', ['a=b']],
    ['filter=%C3%A9+x%2B', ['é x+']],
    ['filter=%F0%9F%9A%80', ['🚀']],
    ['filter=a%ED%A0%BD%ED%BA%80+%ed%a0%bd%ed%ba%80', ['a🚀 🚀']],
    ['&&=x&&filter=a&', ['a']],
    ['Filter=x&unknown=%41&__proto__=1&constructor[a]=1', []],
  ];
  for (const [rawQuery, expected] of cases) {
    it(`reads ${rawQuery === '' ? 'nothing' : rawQuery}`, () => {
      assert.deepEqual(readTexts(read(rawQuery), 'filter'), expected);
    });
  }

  for (const rawQuery of [
    'filter=',
    'filter',
    'limit=&filter=a',
    'filter[kind]=a',
    'filter=100%',
    'filter=%ff',
    'filter=%ED%A0%BD',
    'filter=%ED%BA%80%ED%A0%BD',
    'filter=%ED%A0%BD%ED%BA%80%ff',
    'filter=%A',
    '%=a',
  ]) {
    it(`refuses ${rawQuery}`, () => assert.throws(() => read(rawQuery), refused));
  }
});

describe('readText', () => {
  it('is null without the parameter and its value with it', () => {
    assert.equal(readText(read(''), 'cursor'), null);
    assert.equal(readText(read('cursor=a%20b'), 'cursor'), 'a b');
  });

  it('refuses a parameter that was given twice', () => {
    assert.throws(() => readText(read('cursor=a&cursor=b'), 'cursor'), refused);
  });
});

describe('readInteger', () => {
  const cases: readonly (readonly [string, number])[] = [
    ['limit=0', 0],
    ['limit=-0', 0],
    ['limit=007', 7],
    ['limit=1e2', 100],
    ['limit=0x10', 16],
    ['limit=1.0', 1],
    ['limit=+5', 5],
    ['limit=9007199254740991', Number.MAX_SAFE_INTEGER],
  ];
  for (const [rawQuery, expected] of cases) {
    it(`reads ${rawQuery}`, () => assert.equal(readInteger(read(rawQuery), 'limit'), expected));
  }

  it('is null without the parameter', () => assert.equal(readInteger(read('filter=a'), 'limit'), null));

  const wrong: readonly (readonly [string, RegExp])[] = [
    ['limit=asdf', /^request\/query\/limit must be integer$/],
    ['limit=1.5', /must be integer/],
    ['limit=+', /must be integer/],
    ['limit=NaN', /must be integer/],
    ['limit=Infinity', /must be integer/],
    ['limit=1&limit=2', /must be integer/],
    ['limit=-1', /^request\/query\/limit must be >= 0$/],
    ['limit=9007199254740993', /too large/],
  ];
  for (const [rawQuery, message] of wrong) {
    it(`refuses ${rawQuery}`, () => {
      assert.throws(() => readInteger(read(rawQuery), 'limit'), { ...refused, message });
    });
  }
});
