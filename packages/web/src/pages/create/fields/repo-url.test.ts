import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { allowedIn, forgeOf, NOWHERE, parseHosts, parseRepoUrl, toRepoUrl, withUsual } from './repo-url.ts';

describe('toRepoUrl', () => {
  it('writes what Backstage writes', () => {
    assert.equal(
      toRepoUrl({ ...NOWHERE, host: 'github.com', owner: 'harbourline', repo: 'shop' }),
      'github.com?owner=harbourline&repo=shop',
    );
    assert.equal(
      toRepoUrl({ ...NOWHERE, host: 'dev.azure.com', repo: 'r', organization: 'o', project: 'p' }),
      'dev.azure.com?repo=r&organization=o&project=p',
    );
    assert.equal(toRepoUrl({ ...NOWHERE, owner: 'o' }), undefined);
  });

  it('is read again as it was', () => {
    const part = fc.string();
    fc.assert(
      fc.property(part, part, part, part, part, (owner, repo, organization, workspace, project) => {
        // URLs have no lone halves of a character.
        const whole = { host: 'git.test:8443', owner, repo, organization, workspace, project };
        const place = JSON.parse(JSON.stringify(whole).toWellFormed());
        assert.deepEqual(parseRepoUrl(toRepoUrl(place)), place);
      }),
    );
  });
});

describe('parseRepoUrl', () => {
  it('is nowhere for anything else', () => {
    for (const text of [undefined, '', 7, '?owner=x', 'a b', {}])
      assert.deepEqual(parseRepoUrl(text), NOWHERE);
  });
});

describe('forgeOf', () => {
  it('goes by the configuration, else by the name', () => {
    assert.equal(
      forgeOf('git.harbourline.test', [{ host: 'git.harbourline.test', forge: 'gitea' }]),
      'gitea',
    );
    assert.equal(forgeOf('bitbucket.org', []), 'bitbucketCloud');
    assert.equal(forgeOf('gitlab.harbourline.test', []), 'gitlab');
    assert.equal(forgeOf('git.harbourline.test', []), 'unknown');
  });
});

describe('withUsual', () => {
  it('begins with the first host and parts that are allowed', () => {
    const allowed = allowedIn({
      allowedHosts: ['bitbucket.org'],
      allowedOwners: ['w'],
      allowedProjects: ['p', 'q'],
    });
    assert.deepEqual(withUsual(NOWHERE, allowed, []), {
      ...NOWHERE,
      host: 'bitbucket.org',
      workspace: 'w',
      project: 'p',
    });
  });

  it('leaves alone what is there', () => {
    const place = { ...NOWHERE, host: 'github.com', owner: 'anna' };
    assert.equal(withUsual(place, allowedIn({ allowedOwners: ['eva'] }), []), place);
  });
});

describe('parseHosts', () => {
  it('reads the hosts of the configuration, each once', () => {
    const data = {
      integrations: { github: [{ host: 'github.com' }, {}], gitea: [{ host: 'git.test' }], x: 7 },
    };
    assert.deepEqual(parseHosts(JSON.stringify([{ data }, { data }])), [
      { host: 'github.com', forge: 'github' },
      { host: 'git.test', forge: 'gitea' },
    ]);
  });

  it('knows none from anything else', () => {
    for (const text of [null, '', 'x', '{}', '[7]', '[{"data":{"integrations":[]}}]']) {
      assert.deepEqual(parseHosts(text), []);
    }
  });
});
