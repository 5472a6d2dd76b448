import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { SOURCE_DEFAULTS, type SourceEndpoint, type SourceSettings } from './source-settings.ts';
import { targetOf } from './target-url.ts';

const ENDPOINT: SourceEndpoint = {
  target: 'https://inventory.harbourline.example/base',
  headers: {},
  methods: ['GET'],
  paths: ['/accounts', '/regions/'],
  allowedHeaders: null,
  rewrites: [],
  ...SOURCE_DEFAULTS,
};
const SETTINGS: SourceSettings = {
  endpoints: new Map([
    ['inventory', ENDPOINT],
    ['open', { ...ENDPOINT, paths: null }],
    [
      'proxied',
      { ...ENDPOINT, paths: null, rewrites: [{ pattern: /^\/api\/proxy\/proxied\/?/, replacement: '/v2/' }] },
    ],
  ]),
  allow: [
    { host: 'api.harbourline.example', paths: ['/v1'] },
    { host: 'api.harbourline.example:8443', paths: null },
  ],
};

function urlOf(url: string, endpoint: string | null = 'inventory'): string {
  return targetOf(SETTINGS, { endpoint, url, method: 'GET' }).url.href;
}

describe('targetOf', () => {
  it('puts a path below the target of an endpoint, with its query', () => {
    assert.equal(
      urlOf('/accounts?team=a%2Fb'),
      'https://inventory.harbourline.example/base/accounts?team=a%2Fb',
    );
    assert.equal(urlOf('accounts/1#part'), 'https://inventory.harbourline.example/base/accounts/1');
    assert.equal(urlOf('', 'open'), 'https://inventory.harbourline.example/base');
    assert.equal(
      urlOf('/projects/group%2Fname', 'open'),
      'https://inventory.harbourline.example/base/projects/group%2Fname',
    );
  });

  it('rewrites paths of the proxy as Backstage does', () => {
    assert.equal(urlOf('/things', 'proxied'), 'https://inventory.harbourline.example/base/v2/things');
    assert.equal(urlOf('things', '/proxied/'), 'https://inventory.harbourline.example/base/v2/things');
  });

  it('keeps to the paths that are allowed', () => {
    assert.ok(urlOf('/regions/eu'));
    for (const path of ['/accountsX', '/', '', '/admin', '/Accounts']) {
      assert.throws(() => urlOf(path), { code: 'scaffolder/source-failed' }, path);
    }
  });

  it('refuses what leads out of the endpoint, however it is written', () => {
    const ways = [
      '/accounts/../admin',
      '/accounts/..',
      '/accounts/%2e%2e/admin',
      '/accounts/%252e%252e/admin',
      '/accounts/..%2fadmin',
      '/accounts/..%252fadmin',
      '/accounts/..%25252fadmin',
      '/accounts/./x',
      '/accounts/..;x=1/admin',
      '/accounts//admin',
      '//elsewhere.example/accounts',
      String.raw`/accounts\..\admin`,
      '/accounts/%5c..%5cadmin',
      '/accounts/%00',
      '/accounts/%ff',
      '/accounts/a\nb',
    ];
    for (const way of ways) {
      assert.throws(() => urlOf(way), { code: 'scaffolder/source-refused', status: 400 }, way);
      assert.throws(() => urlOf(way, 'open'), { code: 'scaffolder/source-refused' }, way);
    }
  });

  it('never leaves the target, whatever is put into a path', () => {
    const part = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('..', '.', '/', '//', '\\', '%2e', '%2f', '%5c', '%25', '@', ':', '?', '#', 'a'),
    );
    fc.assert(
      fc.property(
        fc.array(part, { maxLength: 12 }),
        fc.constantFrom('open', 'inventory'),
        (parts, endpoint) => {
          let url: URL;
          try {
            url = targetOf(SETTINGS, { endpoint, url: `/accounts/${parts.join('')}`, method: 'GET' }).url;
          } catch (error) {
            assert.match(
              String(error instanceof Error && 'code' in error && error.code),
              /^scaffolder\/source-/,
            );
            return;
          }
          assert.equal(url.host, 'inventory.harbourline.example');
          assert.ok(url.pathname.startsWith('/base/accounts/'), url.href);
          assert.ok(!/(^|\/)\.\.(\/|$)/.test(decodeURIComponent(url.pathname)), url.href);
        },
      ),
      { numRuns: process.env['CALLBOARD_LONG'] === '1' ? 100_000 : 400 },
    );
  });

  it('takes only methods, endpoints and hosts of the configuration', () => {
    const ask = (endpoint: string | null, url: string, method = 'GET'): unknown =>
      targetOf(SETTINGS, { endpoint, url, method });
    const failed = { code: 'scaffolder/source-failed', status: 503 };
    assert.throws(() => ask('inventory', '/accounts', 'POST'), failed);
    assert.throws(() => ask('none', '/accounts'), failed);
    assert.throws(() => ask('__proto__', '/accounts'), failed);
    assert.throws(() => ask(null, '/accounts'), failed);
    assert.throws(() => ask(null, 'https://elsewhere.example/v1'), failed);
    assert.throws(() => ask(null, 'https://api.harbourline.example.elsewhere.example/v1'), failed);
    assert.throws(() => ask(null, 'https://api.harbourline.example/v2'), failed);
    assert.throws(() => ask(null, 'file:///etc/passwd'), failed);
    assert.throws(() => ask(null, 'https://anna@api.harbourline.example/v1'), {
      code: 'scaffolder/source-refused',
    });
    assert.throws(() => ask(null, 'https://api.harbourline.example/v1/../v2'), {
      code: 'scaffolder/source-refused',
    });
    assert.equal(
      urlOf('https://api.harbourline.example/v1/x?q=1', null),
      'https://api.harbourline.example/v1/x?q=1',
    );
    assert.equal(
      urlOf('https://API.harbourline.example:8443/x', null),
      'https://api.harbourline.example:8443/x',
    );
  });

  it('says of a redirect whether it stays inside', () => {
    const { isInside } = targetOf(SETTINGS, { endpoint: 'inventory', url: '/accounts', method: 'GET' });
    const base = 'https://inventory.harbourline.example';
    assert.ok(isInside(new URL(`${base}/base/accounts/2`)));
    for (const other of [
      `${base}/accounts`,
      `${base}/base/admin`,
      'http://inventory.harbourline.example/base/accounts',
    ]) {
      assert.ok(!isInside(new URL(other)), other);
    }
  });
});
