import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CodedError } from '../error.ts';
import { createAllowList, type AllowEntry } from './allow.ts';

function allows(entry: AllowEntry, url: string): boolean {
  return createAllowList([entry], []).byEntry(new URL(url)) !== null;
}

describe('createAllowList', () => {
  const cases: readonly (readonly [AllowEntry, string, boolean])[] = [
    [{ host: 'example.com' }, 'https://example.com/a', true],
    [{ host: 'example.com' }, 'http://example.com/a', true],
    [{ host: 'Example.COM' }, 'https://example.com/a', true],
    [{ host: 'example.com' }, 'https://example.com:443/a', true],
    [{ host: 'example.com' }, 'https://example.com:8443/a', false],
    [{ host: 'example.com' }, 'https://www.example.com/a', false],
    [{ host: 'example.com' }, 'https://badexample.com/a', false],
    [{ host: 'example.com' }, 'https://example.com.evil.test/a', false],
    [{ host: 'example.com' }, 'https://example.com@evil.test/a', false],
    [{ host: '*.example.com' }, 'https://a.b.example.com/a', true],
    [{ host: '*.example.com' }, 'https://example.com/a', false],
    [{ host: '*.example.com' }, 'https://badexample.com/a', false],
    [{ host: 'example.com:8080' }, 'http://example.com:8080/', true],
    [{ host: 'example.com:8080' }, 'http://example.com/', false],
    [{ host: 'example.com:80' }, 'http://example.com/', true],
    [{ host: 'example.com:80' }, 'https://example.com/', false],
    [{ host: 'example.com:8000-8010' }, 'http://example.com:8010/', true],
    [{ host: 'example.com:8000-8010' }, 'http://example.com:8011/', false],
    [{ host: '[::1]:8080' }, 'http://[::1]:8080/', true],
    [{ host: 'example.com', paths: ['/docs'] }, 'https://example.com/docs', true],
    [{ host: 'example.com', paths: ['/docs'] }, 'https://example.com/docs/a', true],
    [{ host: 'example.com', paths: ['/docs'] }, 'https://example.com/docs2', false],
    [{ host: 'example.com', paths: ['/docs/'] }, 'https://example.com/docs', false],
    [{ host: 'example.com', paths: ['/docs/'] }, 'https://example.com/docs/a', true],
    [{ host: 'example.com', paths: ['/docs/'] }, 'https://example.com//docs/a', true],
    [{ host: 'example.com', paths: ['/docs/'] }, 'https://example.com/docs/../secret', false],
    [{ host: 'example.com', paths: ['/docs/'] }, 'https://example.com/docs/%2e%2e/secret', false],
    [{ host: 'example.com', paths: ['/docs/'] }, 'https://example.com/docs/..%2fsecret', false],
    [{ host: 'example.com', paths: ['/docs/'] }, 'https://example.com/docs/..%5csecret', false],
    [{ host: 'example.com', paths: ['/docs/'] }, 'https://example.com/docs/..%252fsecret', false],
    [{ host: 'example.com', paths: [] }, 'https://example.com/', false],
  ];
  for (const [entry, url, expected] of cases) {
    it(`${expected ? 'allows' : 'refuses'} ${url} by ${JSON.stringify(entry)}`, () => {
      assert.equal(allows(entry, url), expected);
    });
  }

  it('lets an entry have private addresses when it says so, or is an address or localhost', () => {
    const privately = (entry: AllowEntry, url: string): boolean | undefined =>
      createAllowList([entry], []).byEntry(new URL(url))?.allowPrivate;
    assert.equal(privately({ host: 'a.test' }, 'http://a.test/'), false);
    assert.equal(privately({ host: 'a.test', allowPrivate: true }, 'http://a.test/'), true);
    assert.equal(privately({ host: '*.a.test', allowPrivate: true }, 'http://b.a.test/'), true);
    assert.equal(privately({ host: 'localhost' }, 'http://localhost/'), true);
    assert.equal(privately({ host: '10.0.0.1' }, 'http://10.0.0.1/'), true);
    assert.equal(privately({ host: '[fd00::1]' }, 'http://[fd00::1]/'), true);
    assert.equal(privately({ host: '*.localhost' }, 'http://a.localhost/'), false);
  });

  for (const host of [
    '',
    'https://a.test',
    'a.test/docs',
    'a.*.test',
    '*',
    'a.test:0',
    'a.test:9-8',
    'a.test:99999',
    'a b',
  ]) {
    it(`does not understand the host '${host}'`, () => {
      assert.throws(
        () => createAllowList([{ host }], []),
        (error) => error instanceof CodedError && error.code === 'reading/config',
      );
    });
  }
});
