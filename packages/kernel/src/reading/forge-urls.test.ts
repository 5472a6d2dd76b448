import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseReadingConfig } from './config.ts';
import { createForgeUrls } from './forge-urls.ts';

const config: Readonly<Record<string, unknown>> = {
  'integrations.gitlab': [{ host: 'gl.acme.test', baseUrl: 'https://gl.acme.test/git' }],
  'integrations.bitbucketServer': [{ host: 'bb.acme.test' }],
  'integrations.gitea': [{ host: 'gitea.acme.test' }],
  'integrations.gerrit': [
    {
      host: 'gerrit.acme.test',
      gitilesBaseUrl: 'https://gerrit.acme.test/gitiles',
      baseUrl: 'https://gerrit.acme.test/g',
    },
  ],
};
const urls = createForgeUrls(parseReadingConfig({ getOptional: (key) => config[key] }).integrations);

const GITHUB = 'https://github.com/o/r/blob/main/a/b.yaml';
const GITLAB = 'https://gl.acme.test/git/g/p/-/blob/main/a/b.yaml';
const BITBUCKET = 'https://bitbucket.org/w/r/src/main/a/b.yaml';
const BITBUCKET_SERVER = 'https://bb.acme.test/projects/P/repos/r/browse/a/b.yaml?at=main';
const AZURE = 'https://dev.azure.com/o/p/_git/r?path=%2Fa%2Fb.yaml&version=GBmain';
const GITEA = 'https://gitea.acme.test/o/r/src/branch/main/a/b.yaml';
const GERRIT = 'https://gerrit.acme.test/gitiles/p/+/refs/heads/main/a/b.yaml';

describe('createForgeUrls', () => {
  const resolved: readonly (readonly [string, string, string])[] = [
    [GITHUB, 'c.yaml', 'https://github.com/o/r/tree/main/a/c.yaml'],
    [GITHUB, './d/c.yaml', 'https://github.com/o/r/tree/main/a/d/c.yaml'],
    [GITHUB, '../c.yaml', 'https://github.com/o/r/tree/main/c.yaml'],
    [GITHUB, '/c.yaml', 'https://github.com/o/r/tree/main/c.yaml'],
    ['https://github.com/o/r/blob/main/a%20b/c.yaml', '/d.yaml', 'https://github.com/o/r/tree/main/d.yaml'],
    ['https://github.com/o/r', '/c.yaml', 'https://github.com/o/r/c.yaml'],
    [GITLAB, 'c.yaml', 'https://gl.acme.test/git/g/p/-/blob/main/a/c.yaml'],
    [GITLAB, '/c.yaml', 'https://gl.acme.test/git/g/p/-/blob/main/c.yaml'],
    [BITBUCKET, '/c.yaml', 'https://bitbucket.org/w/r/src/main/c.yaml'],
    [BITBUCKET_SERVER, 'c.yaml', 'https://bb.acme.test/projects/P/repos/r/browse/a/c.yaml?at=main'],
    [BITBUCKET_SERVER, '/c.yaml', 'https://bb.acme.test/projects/P/repos/r/browse/c.yaml?at=main'],
    [AZURE, 'c d.yaml', 'https://dev.azure.com/o/p/_git/r?path=%2Fa%2Fc+d.yaml&version=GBmain'],
    [AZURE, '../c.yaml', 'https://dev.azure.com/o/p/_git/r?path=%2Fc.yaml&version=GBmain'],
    [AZURE, '/c.yaml', 'https://dev.azure.com/o/p/_git/r?path=%2Fc.yaml&version=GBmain'],
    [GITEA, 'c.yaml', 'https://gitea.acme.test/o/r/src/branch/main/a/c.yaml'],
    [GITEA, '/c.yaml', 'https://gitea.acme.test/o/r/src/branch/main/c.yaml'],
    [GERRIT, '/c.yaml', 'https://gerrit.acme.test/gitiles/p/+/refs/heads/main/c.yaml'],
    ['https://example.test/a/b.yaml?x=1', 'c.yaml', 'https://example.test/a/c.yaml?x=1'],
    ['https://example.test/a/b.yaml', '/c.yaml', 'https://example.test/c.yaml'],
    ['https://git.test/o/r/blob/main/a/b.yaml', '/c.yaml', 'https://git.test/o/r/blob/main/c.yaml'],
    [GITHUB, 'https://example.test/c.yaml', 'https://example.test/c.yaml'],
  ];
  for (const [base, url, expected] of resolved) {
    it(`resolves ${url} beside ${base}`, () => {
      assert.equal(urls.resolveUrl(url, base), expected);
    });
  }

  it('throws when there is nothing to be relative to', () => {
    assert.throws(() => urls.resolveUrl('c.yaml', 'no url'), TypeError);
  });

  const edits: readonly (readonly [string, string | null])[] = [
    [GITHUB, 'https://github.com/o/r/edit/main/a/b.yaml'],
    [GITLAB, 'https://gl.acme.test/git/g/p/-/edit/main/a/b.yaml'],
    [BITBUCKET, 'https://bitbucket.org/w/r/src/main/a/b.yaml?mode=edit&at=main'],
    [BITBUCKET_SERVER, 'https://bb.acme.test/projects/P/repos/r/browse/a/b.yaml'],
    [AZURE, AZURE],
    [GITEA, 'https://gitea.acme.test/o/r/_edit/main/a/b.yaml'],
    [GERRIT, 'https://gerrit.acme.test/g/admin/repos/edit/repo/p/branch/refs/heads/main/file/a/b.yaml'],
    ['https://example.test/a/b.yaml', null],
    ['no url', null],
  ];
  for (const [url, expected] of edits) {
    it(`finds the edit page of ${url}`, () => {
      assert.equal(urls.resolveEditUrl(url), expected);
    });
  }

  it('finds the folder of a file on a forge, and none elsewhere', () => {
    assert.equal(urls.folderUrl(GITHUB), 'https://github.com/o/r/tree/main/a/');
    assert.equal(urls.folderUrl(AZURE), 'https://dev.azure.com/o/p/_git/r?path=%2Fa%2F&version=GBmain');
    assert.equal(urls.folderUrl('https://example.test/a/b.yaml'), null);
  });
});
