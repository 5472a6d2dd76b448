import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Forge } from '@callboard/plugin';
import { createGit } from '../../git/create-git.ts';
import { actionBench } from '../action.fixture.ts';
import { startGitea } from './gitea.fixture.ts';
import { createPublishGiteaAction } from './publish-gitea.ts';

const OPTIONS = { token: 'gitea-token-1', user: 'anna', organizations: ['harbourline'] };

function actionFor(forge: Forge) {
  const defaults = { author: { name: 'Scaffolder', email: 's@harbourline.example' }, message: 'Begin' };
  return createPublishGiteaAction({ git: createGit(), forges: [forge], fetch, defaults });
}

describe('publish:gitea', () => {
  it('makes a repository for an organization and pushes the workspace to it', async () => {
    await using gitea = await startGitea(OPTIONS);
    await using bench = await actionBench({ 'README.md': 'hello' });
    const output = await bench.run(actionFor(gitea.forge), {
      repoUrl: `${gitea.forge.host}?owner=harbourline&repo=ledger`,
      description: 'Books',
      repoVisibility: 'private',
    });
    const commitHash = await gitea.git.git('harbourline/ledger', 'rev-parse', 'main');
    const url = `${gitea.git.url}/harbourline/ledger`;
    assert.deepEqual(output, {
      remoteUrl: `${url}.git`,
      repoContentsUrl: `${url}/src/branch/main/`,
      commitHash,
    });
    assert.deepEqual(gitea.repositories.get('harbourline/ledger'), {
      name: 'ledger',
      description: 'Books',
      private: true,
      default_branch: 'main',
      auto_init: false,
    });
  });

  it('makes it for the user of the token, named or not', async () => {
    await using gitea = await startGitea(OPTIONS);
    await using bench = await actionBench({ 'README.md': 'hello' });
    await bench.run(actionFor(gitea.forge), { repoUrl: `${gitea.forge.host}?owner=Anna&repo=one` });
    await bench.run(actionFor(gitea.forge), { repoUrl: `${gitea.forge.host}?repo=two` });
    assert.deepEqual([...gitea.repositories.keys()], ['anna/one', 'anna/two']);
  });

  it('goes on after a refused push where it stopped', async () => {
    await using gitea = await startGitea(OPTIONS);
    await using bench = await actionBench({ 'README.md': 'hello' });
    const input = { repoUrl: `${gitea.forge.host}?owner=harbourline&repo=ledger` };
    gitea.git.refusePushes('Quota exceeded');
    await assert.rejects(bench.run(actionFor(gitea.forge), input), {
      code: 'scaffolder/git-refused',
      message: /Quota exceeded/,
    });
    assert.match(bench.log.at(-1) ?? '', /warn: The repository .* was created and is kept/);
    gitea.git.refusePushes(null);
    const output = await bench.run(actionFor(gitea.forge), input);
    assert.equal(output['commitHash'], await gitea.git.git('harbourline/ledger', 'rev-parse', 'main'));
    assert.deepEqual(gitea.calls, ['POST /orgs/harbourline/repos']);
  });

  it('takes an empty repository that a killed run left behind, and no other', async () => {
    await using gitea = await startGitea(OPTIONS);
    await using bench = await actionBench({ 'README.md': 'hello' });
    const input = { repoUrl: `${gitea.forge.host}?owner=harbourline&repo=ledger` };
    gitea.git.refusePushes('later');
    await assert.rejects(bench.run(actionFor(gitea.forge), input));
    gitea.git.refusePushes(null);
    bench.checkpoints.clear();
    await bench.run(actionFor(gitea.forge), input);
    bench.checkpoints.clear();
    await assert.rejects(bench.run(actionFor(gitea.forge), input), {
      code: 'scaffolder/repository-exists',
      status: 409,
    });
  });

  it('says what is wrong with host, owner, name and token, and never shows the token', async () => {
    await using gitea = await startGitea(OPTIONS);
    await using bench = await actionBench({ 'README.md': 'hello' });
    const { forge } = gitea;
    const run = (repoUrl: string, at: Forge = forge) => bench.run(actionFor(at), { repoUrl });
    await assert.rejects(run(`${forge.host}?owner=nobody&repo=x`), {
      code: 'scaffolder/forge-refused',
      message: /no organization nobody/,
    });
    await assert.rejects(run(`${forge.host}?owner=harbourline&repo=a%20b`), {
      code: 'scaffolder/forge-refused',
      message: /422: \[Name\]: AlphaDashDot/,
    });
    await assert.rejects(run('gitea.com?owner=harbourline&repo=x'), { code: 'scaffolder/bad-repo-url' });
    const noToken = { ...forge, token: null };
    await assert.rejects(run(`${forge.host}?owner=harbourline&repo=x`, noToken), {
      code: 'scaffolder/no-token',
    });
    const away = { ...forge, apiBaseUrl: 'http://127.0.0.1:1/api/v1' };
    await assert.rejects(run(`${forge.host}?owner=harbourline&repo=x`, away), {
      code: 'scaffolder/forge-unreachable',
      message: /does not answer: \S+/,
    });
    const wrong = { ...forge, token: 'wrong-token' };
    await assert.rejects(run(`${forge.host}?owner=harbourline&repo=x`, wrong), (error: Error) => {
      assert.match(error.message, /401/);
      assert.doesNotMatch(error.message, /wrong-token/);
      return true;
    });
  });
});
