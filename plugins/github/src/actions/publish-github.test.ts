import assert from 'node:assert/strict';
import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { githubBench } from '../bench.fixture.ts';
import { TOKEN } from '../forge.fixture.ts';

const NAME = 'harbourline/ledger';
const EXISTS = { code: 'scaffolder/repository-exists', status: 409 };

describe('publish:github', () => {
  it('makes a repository, pushes the workspace and protects the branch, with the defaults of Backstage', async () => {
    await using bench = await githubBench({
      files: { 'README.md': '# Ledger\n', 'src/main.ts': 'run();\n' },
    });
    const { github } = bench;
    const output = await bench.run('publish:github', { description: 'Books' });
    assert.deepEqual(output, {
      commitHash: await github.git.git(NAME, 'rev-parse', 'main'),
      remoteUrl: `${github.git.url}/${NAME}.git`,
      repoContentsUrl: `${github.git.url}/${NAME}/blob/main`,
    });
    assert.equal(
      await github.git.git(NAME, 'log', '--format=%an <%ae>|%s', 'main'),
      'Scaffolder <scaffolder@backstage.io>|initial commit',
    );
    assert.equal(
      await github.git.git(NAME, 'ls-tree', '-r', '--name-only', 'main'),
      'README.md\nsrc/main.ts',
    );
    assert.deepEqual(github.repo(NAME).settings, {
      name: 'ledger',
      description: 'Books',
      private: true,
      visibility: 'private',
      allow_merge_commit: true,
      allow_squash_merge: true,
      allow_rebase_merge: true,
      allow_auto_merge: false,
      allow_update_branch: false,
      delete_branch_on_merge: false,
      squash_merge_commit_title: 'COMMIT_OR_PR_TITLE',
      squash_merge_commit_message: 'COMMIT_MESSAGES',
    });
    assert.deepEqual(github.repo(NAME).state.get('protection main'), {
      required_status_checks: { strict: true, contexts: [] },
      restrictions: null,
      enforce_admins: true,
      required_pull_request_reviews: {
        required_approving_review_count: 1,
        require_code_owner_reviews: false,
        dismiss_stale_reviews: false,
        require_last_push_approval: false,
      },
      required_conversation_resolution: false,
      required_linear_history: false,
      block_creations: false,
    });
    assert.deepEqual(github.calls, [
      'GET /repos/harbourline/ledger',
      'GET /users/harbourline',
      'POST /orgs/harbourline/repos',
      'PUT /repos/harbourline/ledger/branches/main/protection',
    ]);
  });

  it('applies every setting, and seals secrets so that only GitHub reads them', async () => {
    await using bench = await githubBench();
    const { github, log } = bench;
    await bench.run('publish:github', {
      access: 'harbourline/payments',
      repoVisibility: 'internal',
      collaborators: [
        { access: 'push', user: 'user:default/anna' },
        { access: 'pull', team: 'nobody' },
      ],
      topics: ['Payments'],
      repoVariables: { REGION: 'eu' },
      secrets: { DEPLOY: 'hunter22' },
      oidcCustomization: { useDefault: false, includeClaimKeys: ['repo'] },
      customProperties: { tier: 'gold', areas: ['a', 'b'] },
      subscribe: true,
      requiredCommitSigning: true,
      restrictions: { users: ['anna'], teams: [] },
      defaultBranch: 'trunk',
    });
    const { settings, state } = github.repo(NAME);
    assert.equal(settings['visibility'], 'internal');
    assert.deepEqual(settings['custom_properties'], { tier: 'gold', areas: ['a', 'b'] });
    const kept = Object.fromEntries(state);
    assert.equal(kept['team payments'], 'admin');
    assert.equal(kept['user anna'], 'push');
    assert.deepEqual(kept['topics'], { names: ['payments'] });
    assert.equal(kept['variable REGION'], 'eu');
    assert.equal(kept['secret DEPLOY'], 'hunter22');
    assert.deepEqual(kept['oidc'], { use_default: false, include_claim_keys: ['repo'] });
    assert.deepEqual(kept['subscription'], { subscribed: true, ignored: false });
    assert.ok('signatures trunk' in kept && 'protection trunk' in kept);
    assert.match(log.join('\n'), /warn: nobody has no pull access: .*404/);
    const shown = JSON.stringify([log, github.calls, [...bench.checkpoints]]);
    assert.ok(!shown.includes('hunter22') && !shown.includes(TOKEN));
    assert.ok(!JSON.stringify(github.bodies).includes('hunter22'));
  });

  it('makes a repository of a user without what only organizations have', async () => {
    await using bench = await githubBench();
    const repoUrl = `${bench.github.forge.host}?owner=anna&repo=notes`;
    await bench.run('publish:github', {
      repoUrl,
      customProperties: { tier: 'gold' },
      protectDefaultBranch: false,
    });
    const { settings } = bench.github.repo('anna/notes');
    assert.deepEqual([settings['visibility'], settings['custom_properties']], [undefined, undefined]);
    assert.ok(!bench.github.calls.some((call) => call.includes('protection')));
  });

  it('makes none for a user whom the token is not of', async () => {
    await using bench = await githubBench();
    const repoUrl = `${bench.github.forge.host}?owner=eva&repo=notes`;
    await assert.rejects(bench.run('publish:github', { repoUrl }), {
      code: 'scaffolder/invalid-input',
      message: /is that of anna, who cannot make a repository for the user eva/,
    });
    assert.equal(bench.github.repos.size, 0);
  });

  it('says what exists when the push is refused, and a retry goes on with the push', async () => {
    await using bench = await githubBench();
    const { github } = bench;
    github.git.refusePushes('no secrets please');
    await assert.rejects(bench.run('publish:github'), {
      code: 'scaffolder/git-refused',
      message:
        /no secrets please[^]*The repository http\S+harbourline\/ledger was created and is kept: retry/,
    });
    github.git.refusePushes(null);
    const output = await bench.run('publish:github');
    assert.equal(output['commitHash'], await github.git.git(NAME, 'rev-parse', 'main'));
    assert.equal(github.calls.filter((call) => call.startsWith('POST')).length, 1);
  });

  it('knows its repository when GitHub made it and the answer was lost', async () => {
    await using bench = await githubBench();
    const { github } = bench;
    github.fail({ route: /^POST \/orgs/, status: 502, body: { message: 'Server Error' }, after: true });
    await assert.rejects(bench.run('publish:github'), { code: 'scaffolder/forge-refused', status: 503 });
    assert.ok(github.repos.has(NAME));
    const { commitHash } = await bench.run('publish:github');
    assert.equal(commitHash, await github.git.git(NAME, 'rev-parse', 'main'));
  });

  it('leaves a repository alone that it did not make', async () => {
    await using bench = await githubBench();
    const { github } = bench;
    await github.addRepo(NAME);
    await assert.rejects(bench.run('publish:github'), EXISTS);
    await assert.rejects(bench.run('publish:github'), EXISTS);
    assert.equal(await github.git.git(NAME, 'for-each-ref'), '');
    assert.ok(github.calls.every((call) => call.startsWith('GET')));
  });

  it('leaves alone what appears under the name and is older than the task', async () => {
    await using bench = await githubBench();
    const { github } = bench;
    github.fail({ route: /^POST \/orgs/, status: 403, body: { message: 'Not now' } });
    await assert.rejects(bench.run('publish:github'), { code: 'scaffolder/forge-refused' });
    await github.addRepo(NAME, { createdAt: '2020-01-01T00:00:00Z' });
    await assert.rejects(bench.run('publish:github'), EXISTS);
  });

  it('finishes settings that failed half-way', async () => {
    await using bench = await githubBench();
    const { github } = bench;
    github.fail({
      route: /PUT .*\/actions\/secrets\//,
      status: 403,
      body: { message: 'Resource not accessible' },
    });
    const input = { repoVariables: { REGION: 'eu' }, secrets: { DEPLOY: 'hunter22' } };
    await assert.rejects(bench.run('publish:github', input), { message: /Resource not accessible/ });
    await bench.run('publish:github', input);
    const { state } = github.repo(NAME);
    assert.deepEqual([state.get('variable REGION'), state.get('secret DEPLOY')], ['eu', 'hunter22']);
  });

  it('goes on without protection where the plan has none', async () => {
    await using bench = await githubBench();
    const message = 'Upgrade to GitHub Pro or make this repository public to enable this feature.';
    bench.github.fail({ route: /protection$/, status: 403, body: { message } });
    await bench.run('publish:github');
    assert.match(bench.log.join('\n'), /warn: The branch main is not protected/);
  });

  it('waits for a branch that GitHub shows late', async () => {
    await using bench = await githubBench();
    bench.github.fail({ route: /protection$/, status: 404, body: { message: 'Branch not found' }, times: 2 });
    await bench.run('publish:github');
    assert.ok(bench.github.repo(NAME).state.has('protection main'));
    assert.equal(bench.waits.length, 2);
  });

  it('takes author and message of the configuration', async () => {
    await using bench = await githubBench({
      config: { 'scaffolder.defaultAuthor.name': 'Harbourline', 'scaffolder.defaultCommitMessage': 'Begin' },
    });
    await bench.run('publish:github', { sourcePath: '.' });
    const format = '--format=%an <%ae>|%s';
    assert.equal(
      await bench.github.git.git(NAME, 'log', format, 'main'),
      'Harbourline <scaffolder@backstage.io>|Begin',
    );
  });

  it('refuses folders outside of the workspace before anything is made', async () => {
    await using bench = await githubBench();
    for (const sourcePath of ['..', '../workspace-2', 'a/../..']) {
      await assert.rejects(bench.run('publish:github', { sourcePath }), {
        code: 'scaffolder/outside-workspace',
      });
    }
    await symlink('/etc', join(bench.workspacePath, 'link'));
    await assert.rejects(bench.run('publish:github', { sourcePath: 'link' }), {
      code: 'scaffolder/outside-workspace',
    });
    await assert.rejects(bench.run('publish:github', { sourcePath: 'none' }), {
      code: 'scaffolder/no-such-file',
    });
    assert.equal(bench.github.repos.size, 0);
  });

  it('refuses a team that is not there before anything is made', async () => {
    await using bench = await githubBench();
    await assert.rejects(bench.run('publish:github', { access: 'harbourline/none' }), {
      code: 'scaffolder/invalid-input',
      message: /no team "none"/,
    });
    assert.equal(bench.github.repos.size, 0);
  });
});

describe('github:repo:create', () => {
  it('makes a repository with settings of its own', async () => {
    await using bench = await githubBench();
    const { github } = bench;
    const output = await bench.run('github:repo:create', {
      access: 'eva',
      autoInit: true,
      workflowAccess: 'organization',
    });
    const { settings, state } = github.repo(NAME);
    assert.equal(settings['auto_init'], true);
    assert.equal(state.get('user eva'), 'admin');
    assert.deepEqual(state.get('workflow access'), { access_level: 'organization' });
    assert.deepEqual(output, {
      remoteUrl: `${github.git.url}/${NAME}.git`,
      repoContentsUrl: `${github.git.url}/${NAME}/blob/main`,
    });
  });
});

describe('github:repo:push', () => {
  it('pushes to a repository that is there', async () => {
    await using bench = await githubBench();
    const { github } = bench;
    await bench.run('github:repo:create');
    const { commitHash } = await bench.run('github:repo:push', { gitCommitMessage: 'First' });
    assert.equal(commitHash, await github.git.git(NAME, 'rev-parse', 'main'));
    assert.ok(github.repo(NAME).state.has('protection main'));
  });

  it('says so when there is none', async () => {
    await using bench = await githubBench();
    await assert.rejects(bench.run('github:repo:push'), {
      code: 'scaffolder/forge-refused',
      status: 404,
      message: /GET \S+ledger with 404: Not Found\. Check the names/,
    });
  });
});
