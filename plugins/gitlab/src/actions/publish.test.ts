import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { createGit } from '@callboard/scaffolder/git';
import { openBench, type Bench } from '../context.fixture.ts';
import { CONFIGURED_TOKEN, startGitlab, USER_TOKEN, type FakeGitlab } from '../forge.fixture.ts';

describe('publish:gitlab', () => {
  let gitlab: FakeGitlab;
  let bench: Bench;
  let number = 0;
  /** A new name for each test. */
  let repo = '';
  const repoUrl = (): string => `${gitlab.forge.host}?owner=harbourline&repo=${repo}`;
  const projectOf = (name: string) =>
    gitlab.world.projects.find(({ full }) => full === `harbourline/${name}`);

  before(async () => {
    gitlab = await startGitlab();
    gitlab.world.addGroup('harbourline');
  });
  after(async () => gitlab[Symbol.asyncDispose]());
  beforeEach(async () => {
    await bench?.[Symbol.asyncDispose]();
    number += 1;
    repo = `ledger-${number}`;
    gitlab.asked.length = 0;
    bench = await openBench({ forge: gitlab.forge, git: createGit() });
    await bench.write({
      'README.md': '# Ledger\n',
      'src/main.ts': 'start();\n',
      '.gitignore': 'out\n',
      'out/x': '',
    });
  });
  after(async () => bench[Symbol.asyncDispose]());

  it('makes the project with its settings and pushes the workspace as one commit', async () => {
    const output = await bench.run('publish:gitlab', {
      repoUrl: repoUrl(),
      repoVisibility: 'internal',
      defaultBranch: 'main',
      gitCommitMessage: 'begin',
      gitAuthorName: 'anna',
      gitAuthorEmail: 'anna@harbourline.example',
      topics: ['money'],
      settings: { description: 'Books', merge_method: 'ff' },
    });
    const hash = await gitlab.git.git(`harbourline/${repo}`, 'rev-parse', 'main');
    const url = `${gitlab.git.url}/harbourline/${repo}`;
    assert.deepEqual(output, {
      remoteUrl: url,
      repoContentsUrl: `${url}/-/blob/main`,
      projectId: projectOf(repo)?.id,
      commitHash: hash,
      created: true,
    });
    assert.equal(
      await gitlab.git.git(`harbourline/${repo}`, 'log', '--format=%an <%ae> %s', 'main'),
      'anna <anna@harbourline.example> begin',
    );
    assert.equal(
      await gitlab.git.git(`harbourline/${repo}`, 'ls-tree', '-r', '--name-only', 'main'),
      '.gitignore\nREADME.md\nsrc/main.ts',
    );
    const { namespace_id: _, ...made } = projectOf(repo)?.made ?? {};
    assert.deepEqual(made, {
      name: repo,
      path: repo,
      visibility: 'internal',
      topics: ['money'],
      description: 'Books',
      merge_method: 'ff',
    });
  });

  it('has the defaults of Backstage: private, master, author and message of the configuration', async () => {
    const config = {
      'scaffolder.defaultAuthor.name': 'Harbourline',
      'scaffolder.defaultCommitMessage': 'chore: begin',
    };
    await using configured = await openBench({ forge: gitlab.forge, git: createGit(), config });
    await configured.write({ a: 'a' });
    const output = await configured.run('publish:gitlab', { repoUrl: repoUrl() });
    assert.equal(output['repoContentsUrl'], `${gitlab.git.url}/harbourline/${repo}/-/blob/master`);
    assert.equal(projectOf(repo)?.made['visibility'], 'private');
    assert.equal(
      await gitlab.git.git(`harbourline/${repo}`, 'log', '--format=%an %ae %s', 'master'),
      'Harbourline scaffolder@backstage.io chore: begin',
    );
  });

  it('makes branches, protects them, and stores variables', async () => {
    await bench.run('publish:gitlab', {
      repoUrl: repoUrl(),
      defaultBranch: 'main',
      branches: [
        { name: 'next', create: true, protect: true },
        { name: 'main', protect: true },
      ],
      projectVariables: [{ key: 'KEY', value: 'hunter22', masked: true, description: 'one' }],
    });
    assert.equal(
      await gitlab.git.git(`harbourline/${repo}`, 'rev-parse', 'next'),
      await gitlab.git.git(`harbourline/${repo}`, 'rev-parse', 'main'),
    );
    assert.deepEqual([...(projectOf(repo)?.protected ?? [])], ['next', 'main']);
    assert.deepEqual(projectOf(repo)?.variables, [
      {
        key: 'KEY',
        value: 'hunter22',
        variable_type: 'env_var',
        protected: false,
        masked: true,
        masked_and_hidden: false,
        raw: false,
        environment_scope: '*',
        description: 'one',
      },
    ]);
    assert.doesNotMatch(bench.log.join('\n'), /hunter22/);
  });

  it('goes on after a push that was refused, without making the project twice', async () => {
    const input = { repoUrl: repoUrl(), defaultBranch: 'main' };
    gitlab.git.refusePushes('the disk is full');
    await assert.rejects(bench.run('publish:gitlab', input), /the disk is full/);
    gitlab.git.refusePushes(null);
    assert.match(bench.log.join('\n'), /was created and is kept: a retry pushes to it/);
    const output = await bench.run('publish:gitlab', input);
    assert.equal(output['created'], true);
    assert.equal(output['commitHash'], await gitlab.git.git(`harbourline/${repo}`, 'rev-parse', 'main'));
    assert.equal(gitlab.calls(/^POST \/projects$/).length, 1);
  });

  it('takes the empty project of an earlier try that was killed before it was noted', async () => {
    gitlab.fail({ on: /^POST \/projects$/, afterwards: true, reply: { status: 500, body: {} } });
    const input = { repoUrl: repoUrl(), defaultBranch: 'main' };
    await assert.rejects(bench.run('publish:gitlab', input), {
      code: 'scaffolder/forge-refused',
      status: 503,
    });
    const output = await bench.run('publish:gitlab', input);
    assert.equal(output['projectId'], projectOf(repo)?.id);
  });

  it('refuses a project that has content, or that somebody else made', async () => {
    const input = { repoUrl: repoUrl(), defaultBranch: 'main' };
    await gitlab.world.addProject(`harbourline/${repo}`, 7);
    const expected = { code: 'scaffolder/repository-exists', status: 409 };
    await assert.rejects(bench.run('publish:gitlab', input), expected);
    repo = `${repo}-full`;
    await bench.run('publish:gitlab', { ...input, repoUrl: repoUrl() });
    bench.checkpoints.clear();
    await assert.rejects(bench.run('publish:gitlab', { ...input, repoUrl: repoUrl() }), expected);
  });

  it('leaves a project as it is with skipExisting', async () => {
    const project = await gitlab.world.addProject(`harbourline/${repo}`, 7);
    const output = await bench.run('publish:gitlab', { repoUrl: repoUrl(), skipExisting: true });
    const url = `${gitlab.git.url}/harbourline/${repo}`;
    assert.deepEqual(output, {
      remoteUrl: url,
      repoContentsUrl: `${url}/-/blob/master`,
      projectId: project.id,
      created: false,
    });
    assert.equal(await gitlab.git.git(`harbourline/${repo}`, 'for-each-ref'), '');
  });

  it('leaves the repository empty with sourcePath false, and takes a folder with a path', async () => {
    const empty = await bench.run('publish:gitlab', { repoUrl: repoUrl(), sourcePath: false });
    assert.equal(empty['commitHash'], undefined);
    repo = `${repo}-src`;
    await bench.run('publish:gitlab', { repoUrl: repoUrl(), sourcePath: 'src' });
    assert.equal(await gitlab.git.git(`harbourline/${repo}`, 'ls-tree', '--name-only', 'master'), 'main.ts');
  });

  it('makes nothing when the folder is missing or outside of the workspace', async () => {
    const run = (sourcePath: string) => bench.run('publish:gitlab', { repoUrl: repoUrl(), sourcePath });
    await assert.rejects(run('nowhere'), { code: 'scaffolder/no-such-file' });
    await assert.rejects(run('..'), { code: 'scaffolder/outside-workspace' });
    assert.deepEqual(gitlab.calls(), []);
  });

  it("uses the step's own token as Bearer, and adds owners with that of the configuration", async () => {
    const ownerToken = { repoUrl: repoUrl(), token: USER_TOKEN, sourcePath: false };
    await bench.run('publish:gitlab', { ...ownerToken, setUserAsOwner: true, ownerUsername: 'root' });
    const logins = gitlab.asked.map(({ call, login }) => `${login} ${call.replace(/\/\d+/, '/…')}`);
    assert.ok(logins.includes('bearer POST /projects'));
    assert.ok(logins.includes('private-token POST /projects/…/members'));
    assert.deepEqual(projectOf(repo)?.members, [
      { access_level: 50, user_id: 7 },
      { access_level: 50, user_id: 1 },
    ]);
  });

  it('goes on without an owner that GitLab does not know', async () => {
    await bench.run('publish:gitlab', { repoUrl: repoUrl(), sourcePath: false, ownerUsername: 'nobody' });
    assert.match(bench.log.join('\n'), /GitLab has no user "nobody"/);
  });

  it('asks for the token of the user when the configuration says so', async () => {
    const config = { 'scaffolder.requireScmUserCredentials': true };
    await using strict = await openBench({ forge: gitlab.forge, git: createGit(), config });
    await assert.rejects(strict.run('publish:gitlab', { repoUrl: repoUrl() }), {
      code: 'scaffolder/no-token',
    });
    const input = { repoUrl: repoUrl(), token: USER_TOKEN, setUserAsOwner: true };
    await assert.rejects(strict.run('publish:gitlab', input), { code: 'scaffolder/invalid-input' });
  });

  it('names the namespace that is missing, and the host that is not configured', async () => {
    const elsewhere = `${gitlab.forge.host}?owner=nobody&repo=x`;
    await assert.rejects(bench.run('publish:gitlab', { repoUrl: elsewhere }), /no namespace nobody/);
    await assert.rejects(bench.run('publish:gitlab', { repoUrl: 'git.example.com?owner=a&repo=b' }), {
      code: 'scaffolder/bad-repo-url',
    });
    await assert.rejects(bench.run('publish:gitlab', { repoUrl: gitlab.forge.host }), {
      code: 'scaffolder/bad-repo-url',
    });
  });

  it('pushes to the host of the configuration, whatever GitLab takes for its own', async () => {
    await gitlab.git.createRepository(`harbourline/${repo}`);
    const body = {
      id: 5,
      http_url_to_repo: `https://elsewhere.example/harbourline/${repo}.git`,
      path_with_namespace: `harbourline/${repo}`,
    };
    gitlab.fail({ on: /^POST \/projects$/, reply: { status: 201, body } });
    const output = await bench.run('publish:gitlab', { repoUrl: repoUrl() });
    assert.equal(output['remoteUrl'], `${gitlab.git.url}/harbourline/${repo}`);
    assert.equal(output['commitHash'], await gitlab.git.git(`harbourline/${repo}`, 'rev-parse', 'master'));
  });

  it('stops when the task is cancelled', async () => {
    const stop = new AbortController();
    stop.abort(new Error('cancelled by anna'));
    await assert.rejects(
      bench.run('publish:gitlab', { repoUrl: repoUrl() }, { signal: stop.signal }),
      /cancelled by anna/,
    );
    assert.deepEqual(gitlab.calls(), []);
  });

  it('never shows its token: not in an error, a log line or the URL of a request', async () => {
    const bad = { repoUrl: repoUrl(), token: 'hunter22-wrong' };
    await assert.rejects(bench.run('publish:gitlab', bad), (error: Error) => {
      assert.match(error.message, /401 Unauthorized: \*\*\*/);
      assert.doesNotMatch(`${error.stack} ${JSON.stringify(error)}`, /hunter22/);
      return true;
    });
    await bench.run('publish:gitlab', { repoUrl: repoUrl() });
    const urls = gitlab.git.requests.map(({ url }) => url).join(' ');
    assert.doesNotMatch(
      bench.log.join(' ') + urls + JSON.stringify([...bench.checkpoints]),
      new RegExp(CONFIGURED_TOKEN),
    );
  });
});
