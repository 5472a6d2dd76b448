import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseReadingConfig } from './config.ts';
import { toRawRequest } from './forges.ts';
import { integrationFor, type Integration } from './integration.ts';

function integrationsOf(config: Readonly<Record<string, unknown>>): readonly Integration[] {
  return parseReadingConfig({ getOptional: (key) => config[key] }).integrations;
}

const INTEGRATIONS = integrationsOf({
  'integrations.github': [{ host: 'github.com' }, { host: 'ghe.acme.test', token: 'secret' }],
  'integrations.gitlab': [
    { host: 'gitlab.com', token: 'secret' },
    { host: 'gl.acme.test', baseUrl: 'https://gl.acme.test/git' },
  ],
  'integrations.bitbucketCloud': [{ username: 'me', appPassword: 'secret' }],
  'integrations.bitbucketServer': [{ host: 'bb.acme.test', token: 'secret' }],
  'integrations.azure': [
    {
      credentials: [{ personalAccessToken: 'any' }, { personalAccessToken: 'acme', organizations: ['acme'] }],
    },
    { host: 'acme.visualstudio.com' },
    { host: 'ado.acme.test' },
  ],
  'integrations.gitea': [{ host: 'gitea.acme.test', password: 'secret' }],
  'integrations.gerrit': [
    {
      host: 'gerrit.acme.test',
      gitilesBaseUrl: 'https://gerrit.acme.test/gitiles',
      username: 'me',
      password: 'pw',
    },
    { host: 'open.acme.test', gitilesBaseUrl: 'https://open.acme.test/gitiles' },
  ],
});

function rawOf(text: string, integrations: readonly Integration[] = INTEGRATIONS) {
  const url = new URL(text);
  const integration = integrationFor(integrations, url);
  assert.ok(integration !== null, `no integration for ${text}`);
  return toRawRequest(url, integration);
}

const SHA = '0123456789abcdef0123456789abcdef01234567';

const FILES: readonly (readonly [string, string])[] = [
  ['https://github.com/o/r/blob/main/a/b.yaml', 'https://raw.githubusercontent.com/o/r/main/a/b.yaml'],
  ['https://github.com/o/r/tree/main/b.yaml', 'https://raw.githubusercontent.com/o/r/main/b.yaml'],
  ['https://github.com/o/r/raw/v1/b.yaml#L3', 'https://raw.githubusercontent.com/o/r/v1/b.yaml'],
  [
    'https://github.com/o/r/blob/main/a%2fb%20c.yaml',
    'https://raw.githubusercontent.com/o/r/main/a/b%20c.yaml',
  ],
  [
    'https://github.com/o/r/blob/fe%2Fx/a%23b.yaml',
    'https://raw.githubusercontent.com/o/r/fe%2Fx/a%23b.yaml',
  ],
  [
    'https://ghe.acme.test/o/r/blob/main/a/b.yaml',
    'https://ghe.acme.test/api/v3/repos/o/r/contents/a/b.yaml?ref=main',
  ],
  [
    'https://gitlab.com/g/s/p/-/blob/main/a/b.yaml',
    'https://gitlab.com/api/v4/projects/g%2Fs%2Fp/repository/files/a%2Fb.yaml/raw?ref=main',
  ],
  [
    'https://gitlab.com/g/p/blob/main/b%20c.yaml',
    'https://gitlab.com/api/v4/projects/g%2Fp/repository/files/b%20c.yaml/raw?ref=main',
  ],
  [
    'https://gitlab.com/g/p/-/blob/fe%2Fx/a/-/blob/b.yaml',
    'https://gitlab.com/api/v4/projects/g%2Fp/repository/files/a%2F-%2Fblob%2Fb.yaml/raw?ref=fe%2Fx',
  ],
  [
    'https://gitlab.com/g/p/-/raw/main/b.yaml',
    'https://gitlab.com/api/v4/projects/g%2Fp/repository/files/b.yaml/raw?ref=main',
  ],
  [
    'https://gitlab.com/g/p/-/jobs/artifacts/main/raw/api.yaml?job=build',
    'https://gitlab.com/api/v4/projects/g%2Fp/jobs/artifacts/main/raw/api.yaml?job=build',
  ],
  [
    'https://gl.acme.test/git/g/p/-/blob/main/b.yaml',
    'https://gl.acme.test/git/api/v4/projects/g%2Fp/repository/files/b.yaml/raw?ref=main',
  ],
  [
    'https://bitbucket.org/w/r/src/main/a/b.yaml',
    'https://api.bitbucket.org/2.0/repositories/w/r/src/main/a/b.yaml',
  ],
  [
    'https://bb.acme.test/projects/P/repos/r/browse/a/b.yaml?at=refs%2Fheads%2Fmain',
    'https://bb.acme.test/rest/api/1.0/projects/P/repos/r/raw/a/b.yaml?at=refs%2Fheads%2Fmain',
  ],
  [
    'https://bb.acme.test/users/u/repos/r/raw/b.yaml',
    'https://bb.acme.test/rest/api/1.0/projects/~u/repos/r/raw/b.yaml',
  ],
  [
    'https://dev.azure.com/acme/my%20project/_git/repo?path=%2Fa%2Fb.yaml&version=GBmain',
    'https://dev.azure.com/acme/my%20project/_apis/git/repositories/repo/items?api-version=6.0&path=%2Fa%2Fb.yaml&version=main',
  ],
  [
    'https://dev.azure.com/acme/_git/repo?path=/b.yaml&version=GTv1',
    'https://dev.azure.com/acme/repo/_apis/git/repositories/repo/items?api-version=6.0&path=%2Fb.yaml&version=v1&versionType=tag',
  ],
  [
    'https://acme.visualstudio.com/project/_git/repo?path=/b.yaml',
    'https://acme.visualstudio.com/project/_apis/git/repositories/repo/items?api-version=6.0&path=%2Fb.yaml',
  ],
  [
    'https://ado.acme.test/tfs/all/project/_git/repo?path=/b.yaml',
    'https://ado.acme.test/tfs/all/project/_apis/git/repositories/repo/items?api-version=6.0&path=%2Fb.yaml',
  ],
  [
    'https://gitea.acme.test/o/r/src/branch/main/a/b.yaml',
    'https://gitea.acme.test/api/v1/repos/o/r/raw/a/b.yaml?ref=main',
  ],
  [
    'https://gerrit.acme.test/gitiles/p/q/+/refs/heads/main/a/b.yaml',
    'https://gerrit.acme.test/a/projects/p%2Fq/branches/main/files/a%2Fb.yaml/content',
  ],
  [
    `https://open.acme.test/gitiles/p/+/${SHA}/b.yaml`,
    `https://open.acme.test/projects/p/commits/${SHA}/files/b.yaml/content`,
  ],
];

const NO_FILES: readonly string[] = [
  'https://github.com/o/r',
  'https://github.com/o/r/blob/main',
  'https://github.com/o/r/issues/1',
  'https://github.com/o/r/blob/main/%2e%2e%2fb.yaml',
  'https://github.com/o/r/blob/main/%252e%252e%252fb.yaml',
  'https://github.com/o/r/blob/main/%5c..%5cb.yaml',
  'https://github.com/o/r/blob/main/%zz.yaml',
  'https://gitlab.com/g/p',
  'https://gitlab.com/g/p/-/tree/main/a',
  'https://gl.acme.test/g/p/-/blob/main/b.yaml',
  'https://bitbucket.org/w/r/pull-requests/1',
  'https://bb.acme.test/projects/P/repos/r/browse',
  'https://dev.azure.com/acme/project/_git/repo',
  'https://dev.azure.com/acme/project/_git/repo?path=/../b.yaml',
  `https://dev.azure.com/acme/project/_git/repo?path=/b.yaml&version=GC${SHA}`,
  'https://dev.azure.com/acme/project/_build?path=/b.yaml',
  'https://gitea.acme.test/o/r/issues/1/2/3',
  'https://gerrit.acme.test/gitiles/p/+/refs/tags/v1/b.yaml',
  'https://gerrit.acme.test/other/p/+/refs/heads/main/b.yaml',
];

describe('toRawRequest', () => {
  for (const [shown, raw] of FILES) {
    it(`asks for the bytes of ${shown}`, () => {
      assert.equal(rawOf(shown)?.url.href, raw);
    });
  }

  for (const url of NO_FILES) {
    it(`knows that ${url} is no file`, () => {
      assert.equal(rawOf(url), null);
    });
  }

  it('sends the credentials in the way each forge wants them', () => {
    const basic = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`;
    const expected: readonly (readonly [string, string | undefined])[] = [
      ['https://github.com/o/r/blob/main/b.yaml', undefined],
      ['https://ghe.acme.test/o/r/blob/main/b.yaml', 'Bearer secret'],
      ['https://gitlab.com/g/p/-/blob/main/b.yaml', 'Bearer secret'],
      ['https://bitbucket.org/w/r/src/main/b.yaml', basic('me:secret')],
      ['https://bb.acme.test/projects/P/repos/r/raw/b.yaml', 'Bearer secret'],
      ['https://dev.azure.com/acme/p/_git/r?path=/b.yaml', basic(':acme')],
      ['https://dev.azure.com/other/p/_git/r?path=/b.yaml', basic(':any')],
      ['https://ado.acme.test/all/p/_git/r?path=/b.yaml', undefined],
      ['https://gitea.acme.test/o/r/src/branch/main/b.yaml', 'token secret'],
      ['https://gerrit.acme.test/gitiles/p/+/HEAD/b.yaml', basic('me:pw')],
    ];
    for (const [url, authorization] of expected) {
      assert.equal(rawOf(url)?.headers['authorization'], authorization, url);
    }
  });

  it('asks the GitHub API for raw content once there is a token', () => {
    const withToken = integrationsOf({ 'integrations.github': [{ token: 'secret' }] });
    const request = rawOf('https://github.com/o/r/blob/main/a/b.yaml', withToken);
    assert.equal(request?.url.href, 'https://api.github.com/repos/o/r/contents/a/b.yaml?ref=main');
    assert.deepEqual(request?.headers, {
      accept: 'application/vnd.github.v3.raw',
      authorization: 'Bearer secret',
    });
  });

  it('uses the raw URL of a GitHub Enterprise server that has one and needs no token', () => {
    const rawOnly = integrationsOf({
      'integrations.github': [{ host: 'ghe.acme.test', rawBaseUrl: 'https://ghe.acme.test/raw/' }],
    });
    const request = rawOf('https://ghe.acme.test/o/r/blob/main/b.yaml', rawOnly);
    assert.equal(request?.url.href, 'https://ghe.acme.test/raw/o/r/main/b.yaml');
  });

  it('knows that Gerrit sends Base64', () => {
    assert.equal(rawOf('https://gerrit.acme.test/gitiles/p/+/HEAD/b.yaml')?.encoding, 'base64');
    assert.equal(rawOf('https://github.com/o/r/blob/main/b.yaml')?.encoding, 'identity');
  });
});
