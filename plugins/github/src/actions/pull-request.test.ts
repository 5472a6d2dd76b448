import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { JsonObject } from '@callboard/model';
import type { Git, GitPushBranch } from '@callboard/plugin';
import { githubBench, type GithubBench } from '../bench.fixture.ts';
import type { FakeGithub } from '../forge.fixture.ts';

const ACTION = 'publish:github:pull-request';
const NAME = 'harbourline/ledger';
const INPUT = { branchName: 'add-it', title: 'Add it', description: 'Because.' };

/** A repository with a commit, and other files in the workspace. */
async function published(more: Parameters<typeof githubBench>[0] = {}): Promise<GithubBench> {
  const bench = await githubBench({ files: { 'README.md': '# Ledger\n', 'old.txt': 'old' }, ...more });
  const { git } = bench.github;
  await bench.github.addRepo(NAME);
  await git.git(NAME, '--work-tree', bench.workspacePath, 'add', '--all');
  const tree = await git.git(NAME, 'write-tree');
  await git.git(
    NAME,
    'update-ref',
    'refs/heads/main',
    await git.git(NAME, 'commit-tree', tree, '-m', 'Begin'),
  );
  return bench;
}

/** Notes what is pushed and makes an empty commit of it, for tests that ask for no more. */
function quickGit(pushed: GitPushBranch[]): (github: FakeGithub) => Git {
  return ({ git }) => ({
    publish: () => assert.fail('Nothing is published here.'),
    pushBranch: async (request) => {
      pushed.push(request);
      const name = new URL(request.remoteUrl).pathname.slice(1).replace(/\.git$/, '');
      const commit = ['commit-tree', `${request.base}^{tree}`, '-p', request.base, '-m', 'x'];
      const commitHash = await git.git(name, ...commit);
      await git.git(name, 'update-ref', `refs/heads/${request.branch}`, commitHash);
      return { commitHash, changed: true };
    },
  });
}

const open = (bench: GithubBench, more: JsonObject = {}) => bench.run(ACTION, { ...INPUT, ...more });
const files = (bench: GithubBench, ref: string, name = NAME) =>
  bench.github.git.git(name, 'ls-tree', '-r', '--name-only', ref);

describe('publish:github:pull-request', () => {
  it('puts the workspace on a branch and opens a pull request to the default branch', async () => {
    await using bench = await published();
    const { github } = bench;
    await bench.write({ 'docs/new.md': 'new' });
    const output = await open(bench, {
      targetPath: 'services/api',
      sourcePath: 'docs',
      draft: true,
      reviewers: ['eva', 'eva'],
      teamReviewers: ['payments'],
      assignees: ['anna'],
    });
    assert.deepEqual(output, {
      targetBranchName: 'main',
      remoteUrl: `${github.git.url}/${NAME}/pull/7`,
      pullRequestNumber: 7,
    });
    assert.equal(await files(bench, 'add-it'), 'README.md\nold.txt\nservices/api/new.md');
    const { state } = github.repo(NAME);
    assert.deepEqual(state.get('pull'), {
      title: 'Add it',
      body: 'Because.',
      head: 'harbourline:add-it',
      base: { ref: 'main' },
      draft: true,
      number: 7,
      html_url: output['remoteUrl'],
    });
    assert.deepEqual(state.get('reviewers'), { reviewers: ['eva'], team_reviewers: ['payments'] });
    assert.deepEqual(state.get('assignees'), { assignees: ['anna'] });
    assert.equal(
      await github.git.git(NAME, 'log', '-1', '--format=%an <%ae>|%s', 'add-it'),
      `Anna <2+anna@users.noreply.${github.forge.host}>|Add it`,
    );
  });

  it('deletes files, as the author of the step', async () => {
    await using bench = await published();
    await bench.write({ 'docs/new.md': 'new' });
    await open(bench, { sourcePath: 'docs', filesToDelete: ['old.txt'], gitAuthorName: 'eva' });
    assert.equal(await bench.github.git.git(NAME, 'log', '-1', '--format=%an', 'add-it'), 'eva');
    assert.equal(await files(bench, 'add-it'), 'README.md\nnew.md');
  });

  it('opens an empty one when nothing differs, unless that is not wanted', async () => {
    await using bench = await published();
    assert.deepEqual(await open(bench, { createWhenEmpty: false }), {});
    assert.ok(!bench.github.repo(NAME).state.has('pull'));
    bench.checkpoints.clear();
    assert.equal((await open(bench))['pullRequestNumber'], 7);
    assert.equal(await bench.github.git.git(NAME, 'rev-list', '--count', 'main..add-it'), '1');
    assert.equal(await bench.github.git.git(NAME, 'diff', 'main', 'add-it'), '');
  });

  it('knows the empty branch of an earlier try, and leaves one of others alone but with update', async () => {
    await using bench = await published();
    const { github } = bench;
    github.fail({ route: /^POST \S+\/pulls$/, status: 502 });
    await assert.rejects(open(bench), { status: 503 });
    const tip = () => github.git.git(NAME, 'log', '-1', '--format=%s', 'add-it');
    assert.equal((await open(bench))['pullRequestNumber'], 7);
    bench.checkpoints.clear();
    await assert.rejects(open(bench, { title: 'Other' }), { code: 'scaffolder/branch-exists', status: 409 });
    assert.equal(await tip(), 'Add it');
    await open(bench, { title: 'Other', update: true });
    assert.equal(await tip(), 'Other');
  });

  it('leaves a branch with other commits alone, and replaces it with update', async () => {
    await using bench = await published();
    const { github } = bench;
    await bench.write({ 'a.txt': '1' });
    await open(bench);
    bench.checkpoints.clear();
    await bench.write({ 'a.txt': '2' });
    await assert.rejects(open(bench, { title: 'Again' }), { code: 'scaffolder/git-branch-taken' });
    const output = await open(bench, { title: 'Again', update: true });
    assert.equal(output['pullRequestNumber'], 7);
    assert.equal(await github.git.git(NAME, 'show', 'add-it:a.txt'), '2');
    assert.equal(JSON.stringify(github.repo(NAME).state.get('pull')).includes('Again'), true);
  });

  it('takes the pull request of an earlier try whose answer was lost', async () => {
    await using bench = await published();
    const { github } = bench;
    await bench.write({ 'a.txt': '1' });
    github.fail({ route: /^POST \S+\/pulls$/, status: 502, after: true });
    await assert.rejects(open(bench), { code: 'scaffolder/forge-refused', status: 503 });
    assert.equal((await open(bench))['pullRequestNumber'], 7);
    assert.equal(await github.git.git(NAME, 'rev-list', '--count', 'main..add-it'), '1');
  });

  it('names the pull request that is there already with other words', async () => {
    await using bench = await published({ gitFor: quickGit([]) });
    await open(bench);
    bench.checkpoints.clear();
    await assert.rejects(open(bench, { title: 'Other' }), {
      code: 'scaffolder/pull-request-exists',
      message: /\/pull\/7\. Use another "branchName"/,
    });
  });

  it('uses a fork when it is told to, and when the token may not push', async () => {
    for (const isTold of [true, false]) {
      const pushed: GitPushBranch[] = [];
      await using bench = await published({ gitFor: quickGit(pushed) });
      const { github } = bench;
      const repo = github.repo(NAME);
      github.repos.set(NAME, { ...repo, push: isTold });
      github.fail({ route: /GET \/repos\/anna\/ledger\/branches\/main/, status: 404, times: 2 });
      const output = await open(bench, isTold ? { forceFork: true } : {});
      assert.equal(output['remoteUrl'], `${github.git.url}/${NAME}/pull/7`);
      assert.equal(pushed[0]?.remoteUrl, `${github.git.url}/anna/ledger.git`);
      assert.match(JSON.stringify(repo.state.get('pull')), /"head":"anna:add-it"/);
    }
  });

  it('goes on when GitHub does not take the reviewers', async () => {
    await using bench = await published({ gitFor: quickGit([]) });
    const body = { message: 'Reviews may only be requested from collaborators.' };
    bench.github.fail({ route: /requested_reviewers/, status: 422, body });
    assert.equal((await open(bench, { reviewers: ['nobody'] }))['pullRequestNumber'], 7);
    assert.match(bench.log.join('\n'), /warn: Pull request 7 has no reviewers: .*collaborators/);
  });

  it('takes the author of the configuration, unless the token’s user is wanted', async () => {
    const pushed: GitPushBranch[] = [];
    const config = { 'scaffolder.defaultAuthor.name': 'Harbourline' };
    await using bench = await published({ config, gitFor: quickGit(pushed) });
    await open(bench);
    bench.checkpoints.clear();
    await open(bench, { forceEmptyGitAuthor: true });
    assert.deepEqual(
      pushed.map(({ author }) => author?.name),
      ['Harbourline', 'Anna'],
    );
  });

  it('sends nothing in a dry-run', async () => {
    await using bench = await githubBench();
    const repoUrl = `${bench.github.forge.host}?owner=harbourline&repo=ledger`;
    const output = await bench.run(ACTION, INPUT, { isDryRun: true });
    assert.deepEqual(output, { targetBranchName: 'add-it', remoteUrl: repoUrl, pullRequestNumber: 43 });
    assert.deepEqual(bench.github.calls, []);
  });
});
