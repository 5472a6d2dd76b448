import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CodedError } from '../error.ts';
import { parseReadingConfig } from './config.ts';

function parse(config: Readonly<Record<string, unknown>>) {
  return parseReadingConfig({ getOptional: (key) => config[key] });
}

describe('parseReadingConfig', () => {
  it('is empty when nothing is configured', () => {
    assert.deepEqual(parse({}), { allow: [], integrations: [], diagnostics: [] });
  });

  it('reads the allow-list', () => {
    const { allow } = parse({
      'backend.reading.allow': [
        { host: 'a.test' },
        { host: '*.b.test:8080', paths: ['/docs/'], allowPrivate: 'true' },
      ],
    });
    assert.deepEqual(allow, [
      { host: 'a.test', allowPrivate: false },
      { host: '*.b.test:8080', paths: ['/docs/'], allowPrivate: true },
    ]);
  });

  it('knows where the API of a forge is when it is not told', () => {
    const { integrations } = parse({
      'integrations.github': [{}, { host: 'ghe.test', apiBaseUrl: 'https://ghe.test/api/' }],
      'integrations.gitlab': [{ host: 'gl.test' }],
      'integrations.gitea': [{ host: 'gitea.test:3000', baseUrl: 'http://gitea.test:3000/git/' }],
    });
    const bases = integrations.map(({ host, baseUrl, apiBaseUrl }) => [host, baseUrl, apiBaseUrl]);
    assert.deepEqual(bases, [
      ['github.com', 'https://github.com', 'https://api.github.com'],
      ['ghe.test', 'https://ghe.test', 'https://ghe.test/api'],
      ['gl.test', 'https://gl.test', 'https://gl.test/api/v4'],
      ['gitea.test:3000', 'http://gitea.test:3000/git', 'http://gitea.test:3000/git/api/v1'],
    ]);
  });

  it('warns of credentials that it cannot use', () => {
    const { diagnostics } = parse({
      'integrations.github': [{ token: 'a', apps: [{ appId: 1 }] }],
      'integrations.azure': [{ credentials: [{ clientId: 'a', clientSecret: 'b' }] }],
    });
    assert.deepEqual(
      diagnostics.map(({ severity, path }) => [severity, path]),
      [
        ['warning', 'integrations.github[0].apps'],
        ['warning', 'integrations.azure[0].credentials[0].clientId'],
        ['warning', 'integrations.azure[0].credentials[0].clientSecret'],
      ],
    );
  });

  const mistakes: readonly (readonly [string, unknown, RegExp])[] = [
    ['backend.reading.allow', { host: 'a.test' }, /backend\.reading\.allow has to be a list/],
    ['backend.reading.allow', ['a.test'], /backend\.reading\.allow\[0\] has to be an object/],
    ['backend.reading.allow', [{}], /backend\.reading\.allow\[0\]\.host is missing/],
    ['backend.reading.allow', [{ host: 'a', paths: '/b' }], /allow\[0\]\.paths has to be a list of texts/],
    ['backend.reading.allow', [{ host: 'a', allowPrivate: 1 }], /allowPrivate has to be true or false/],
    ['integrations.gitlab', [{}], /integrations\.gitlab\[0\]\.host is missing/],
    ['integrations.github', [{ host: 'https://a.test' }], /integrations\.github\[0\]\.host has to be a host/],
    ['integrations.github', [{ token: 7 }], /integrations\.github\[0\]\.token has to be a text/],
    ['integrations.github', [{ apiBaseUrl: 'ftp://a.test' }], /apiBaseUrl has to be an http or https URL/],
    ['integrations.gerrit', [{ host: 'a.test' }], /gitilesBaseUrl is missing/],
  ];
  for (const [key, value, message] of mistakes) {
    it(`tells that ${message.source}`, () => {
      assert.throws(
        () => parse({ [key]: value }),
        (error) =>
          error instanceof CodedError && error.code === 'reading/config' && message.test(error.message),
      );
    });
  }

  it('keeps secrets out of its messages', () => {
    assert.throws(
      () => parse({ 'integrations.github': [{ token: 'very-secret', host: 'BAD host' }] }),
      (error) => error instanceof Error && !error.message.includes('very-secret'),
    );
  });
});
