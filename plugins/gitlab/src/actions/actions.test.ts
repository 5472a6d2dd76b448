import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { createGit } from '@callboard/scaffolder/git';
import { openBench, type Bench } from '../context.fixture.ts';
import { startGitlab, USER_TOKEN, type FakeGitlab } from '../forge.fixture.ts';
import type { FakeProject } from '../forge-world.fixture.ts';

let gitlab: FakeGitlab;
let bench: Bench;
let project: FakeProject;
let repoUrl = '';

before(async () => {
  gitlab = await startGitlab();
  gitlab.world.addGroup('harbourline');
  repoUrl = `${gitlab.forge.host}?owner=harbourline&repo=ledger`;
});
after(async () => gitlab[Symbol.asyncDispose]());
beforeEach(async () => {
  await bench?.[Symbol.asyncDispose]();
  bench = await openBench({ forge: gitlab.forge, git: createGit() });
  gitlab.world.projects.length = 0;
  project = await gitlab.world.addProject('harbourline/ledger');
  gitlab.asked.length = 0;
});
after(async () => bench[Symbol.asyncDispose]());

describe('gitlab:repo:push', () => {
  const git = (...args: string[]) => gitlab.git.git(project.full, ...args);
  const run = (more: object = {}) =>
    bench.run('gitlab:repo:push', { repoUrl, branchName: 'main', commitMessage: 'change', ...more });
  beforeEach(async () => {
    gitlab.world.projects.length = 0;
    project = await gitlab.world.addProject(`harbourline/ledger-${gitlab.world.nextId()}`);
    repoUrl = `${gitlab.forge.host}?project=${encodeURIComponent(project.full)}`;
  });
  after(() => {
    repoUrl = `${gitlab.forge.host}?owner=harbourline&repo=ledger`;
  });

  it('commits to an empty repository, and then what changed', async () => {
    await bench.write({ a: 'a', b: 'b' });
    await run();
    bench.checkpoints.clear();
    await bench.write({ b: 'other', 'sub/c': 'c' });
    const output = await run({ commitMessage: 'second' });
    assert.deepEqual(output, {
      projectid: project.full,
      projectPath: project.full,
      commitHash: await git('rev-parse', 'main'),
    });
    assert.equal(await git('show', '--name-status', '--format=%s', 'main'), 'second\n\nM\tb\nA\tsub/c');
  });

  it('makes a missing branch of the default branch', async () => {
    await bench.write({ a: 'a' });
    await run();
    bench.checkpoints.clear();
    await bench.write({ a: 'A' });
    await run({ branchName: 'next', commitAction: 'update', targetPath: '/' });
    assert.equal(await git('rev-parse', 'next^'), await git('rev-parse', 'main'));
  });

  it('commits nothing when nothing changed, unless it may be empty', async () => {
    await bench.write({ a: 'a' });
    await run();
    bench.checkpoints.clear();
    const output = await run({ commitMessage: 'again' });
    assert.deepEqual(Object.keys(output), ['projectid', 'projectPath']);
    assert.match(bench.log.join('\n'), /Nothing to commit/);
    bench.checkpoints.clear();
    await run({ commitMessage: 'empty', allowEmpty: true });
    assert.equal(await git('log', '--format=%s', 'main'), 'empty\nchange');
  });

  it('does not commit twice when it was killed after the commit', async () => {
    await bench.write({ a: 'a' });
    gitlab.fail({ on: /\/commits$/, afterwards: true, reply: { status: 500, body: {} } });
    await assert.rejects(run(), { code: 'scaffolder/forge-refused' });
    const output = await run();
    assert.equal(output['commitHash'], await git('rev-parse', 'main'));
    assert.equal(await git('rev-list', '--count', 'main'), '1');
  });

  it('says which file is in the way', async () => {
    await bench.write({ a: 'a' });
    await run();
    bench.checkpoints.clear();
    await bench.write({ a: 'A' });
    await assert.rejects(
      run({ commitMessage: 'again', commitAction: 'create' }),
      /file with this name already exists/,
    );
  });
});

describe('gitlab:projectVariable:create', () => {
  const input = { projectId: 0, key: 'KEY', value: 'hunter22', variableType: 'env_var' };
  const run = (more: object = {}) =>
    bench.run('gitlab:projectVariable:create', { ...input, repoUrl, projectId: project.id, ...more });

  it('makes a variable with the defaults of Backstage', async () => {
    await run({ masked: true });
    assert.deepEqual(project.variables, [
      {
        key: 'KEY',
        value: 'hunter22',
        variable_type: 'env_var',
        protected: false,
        masked: true,
        masked_and_hidden: false,
        raw: false,
        environment_scope: '*',
      },
    ]);
  });

  it('takes one that is there with the same value, and no other', async () => {
    await run();
    bench.checkpoints.clear();
    await run();
    await assert.rejects(
      run({ value: 'other-value', key: 'KEY' })
        .then(() => run({ environmentScope: 'x' }))
        .then(() => {
          bench.checkpoints.clear();
          return run({ value: 'other-value' });
        }),
      (error: Error) => {
        assert.match(error.message, /has already been taken/);
        assert.doesNotMatch(error.message, /other-value|hunter22/);
        return true;
      },
    );
  });
});

describe('gitlab:group:ensureExists', () => {
  it('makes what is missing, each below the other, and gives the id of the innermost', async () => {
    const path = ['harbourline/platform', { name: 'Payments Team', slug: 'payments' }];
    const { groupId } = await bench.run('gitlab:group:ensureExists', {
      repoUrl,
      path,
      description: 'They pay',
    });
    const made = gitlab.world.groups.at(-1);
    assert.equal(groupId, made?.id);
    assert.deepEqual(
      [made?.full_path, made?.name, made?.description],
      ['harbourline/platform/payments', 'Payments Team', 'They pay'],
    );
    const groups = gitlab.world.groups.length;
    bench.checkpoints.clear();
    assert.deepEqual(await bench.run('gitlab:group:ensureExists', { repoUrl, path }), { groupId });
    assert.equal(gitlab.world.groups.length, groups);
  });

  it('asks nobody in a dry-run', async () => {
    const input = { repoUrl, path: ['a'] };
    assert.deepEqual(await bench.run('gitlab:group:ensureExists', input, { isDryRun: true }), {
      groupId: 42,
    });
    assert.deepEqual(gitlab.calls(), []);
  });
});

describe('gitlab:group:access', () => {
  const run = (more: object) => bench.run('gitlab:group:access', { repoUrl, path: 'harbourline', ...more });

  it('adds, changes and removes users and groups', async () => {
    const both = { userIds: [7], groupIds: [12] };
    assert.deepEqual(await run(both), { path: 'harbourline', ...both, accessLevel: 30 });
    bench.checkpoints.clear();
    await run({ ...both, accessLevel: 'Maintainer' });
    const levels = () => [...gitlab.world.access].toSorted(([a], [b]) => a.localeCompare(b));
    assert.deepEqual(levels(), [
      ['harbourline group:12', 40],
      ['harbourline user:7', 40],
    ]);
    assert.deepEqual(await run({ ...both, action: 'remove' }), { path: 'harbourline', ...both });
    bench.checkpoints.clear();
    await run({ ...both, action: 'remove' });
    assert.deepEqual(levels(), []);
  });

  it('names a wrong level, nobody, and a group that is missing; asks nobody in a dry-run', async () => {
    await assert.rejects(run({ userIds: [7], accessLevel: 'king' }), /no access level "king"/);
    await assert.rejects(run({}), { code: 'scaffolder/invalid-input' });
    await assert.rejects(run({ path: 'nobody', userIds: [7], action: 'remove' }), /404 Group Not Found/);
    gitlab.asked.length = 0;
    const dry = await bench.run(
      'gitlab:group:access',
      { repoUrl, path: 3, userIds: [7] },
      { isDryRun: true },
    );
    assert.deepEqual(dry, { path: 3, userIds: [7], accessLevel: 30 });
    assert.deepEqual(gitlab.calls(), []);
  });
});

describe('gitlab:group:migrate', () => {
  it('starts the transfer, and hides both tokens in what is refused', async () => {
    const input = {
      destinationAccessToken: USER_TOKEN,
      destinationUrl: repoUrl,
      sourceAccessToken: 'hunter22',
      sourceFullPath: 'old/ledger',
      sourceUrl: 'https://old.harbourline.example',
    };
    gitlab.fail({
      on: /bulk_imports/,
      reply: { status: 422, body: { message: `bad token hunter22 or ${USER_TOKEN}` } },
    });
    await assert.rejects(bench.run('gitlab:group:migrate', input), /422: bad token \*\*\* or \*\*\*\./);
    const output = await bench.run('gitlab:group:migrate', input);
    assert.equal(output['importedRepoUrl'], `${gitlab.forge.host}/harbourline/ledger`);
    assert.equal(typeof output['migrationId'], 'number');
    assert.deepEqual(gitlab.world.migrations.at(-1), {
      configuration: { url: 'https://old.harbourline.example', access_token: 'hunter22' },
      entities: [
        {
          source_type: 'project_entity',
          source_full_path: 'old/ledger',
          destination_slug: 'ledger',
          destination_namespace: 'harbourline',
        },
      ],
    });
  });
});

describe('gitlab:issues:create', () => {
  it('opens an issue in the project of repoUrl, or of projectId', async () => {
    const input = {
      repoUrl,
      title: 'Review',
      labels: 'a,b',
      assignees: [7],
      dueDate: '2026-12-01T00:00:00Z',
      weight: 3,
    };
    const output = await bench.run('gitlab:issues:create', input);
    const { created_at: createdAt, updated_at: _, id, ...issue } = project.issues[0] ?? {};
    assert.deepEqual(output, { issueId: id, issueIid: 1, issueUrl: issue['web_url'] });
    assert.ok(!Number.isNaN(Date.parse(String(createdAt))));
    assert.deepEqual(issue, {
      title: 'Review',
      description: '',
      assignee_ids: [7],
      confidential: false,
      labels: 'a,b',
      due_date: '2026-12-01T00:00:00.000Z',
      weight: 3,
      iid: 1,
      project_id: project.id,
      state: 'opened',
      web_url: issue['web_url'],
    });
    await bench.run('gitlab:issues:create', { ...input, projectId: String(project.id), title: 'Other' });
    assert.equal(project.issues.length, 2);
  });

  it('takes an epic of a group above, and leaves out another', async () => {
    const other = gitlab.world.addGroup('harbourline/other');
    const [top] = gitlab.world.groups;
    gitlab.world.epics.push({ id: 3, group_id: top?.id }, { id: 4, group_id: other.id });
    await bench.run('gitlab:issues:create', { repoUrl, title: 'One', epicId: 3 });
    await bench.run('gitlab:issues:create', { repoUrl, title: 'Two', epicId: 4 });
    assert.deepEqual(
      project.issues.map((issue) => issue['epic_id']),
      [3, undefined],
    );
    assert.match(bench.log.join('\n'), /epic 4 is not of a group of the project/);
    const missing = bench.run('gitlab:issues:create', { repoUrl, title: 'Three', epicId: 5 });
    await assert.rejects(missing, { code: 'scaffolder/invalid-input' });
  });
});

describe('gitlab:issue:edit', () => {
  it('changes an issue and gives what it is then', async () => {
    await bench.run('gitlab:issues:create', { repoUrl, title: 'Review', assignees: [7] });
    const input = {
      repoUrl,
      projectId: project.id,
      issueIid: 1,
      title: 'Reviewed',
      stateEvent: 'close',
      addLabels: 'done',
    };
    const output = await bench.run('gitlab:issue:edit', { ...input, updatedAt: '2026-11-21T09:30:00Z' });
    assert.deepEqual(output, {
      issueUrl: project.issues[0]?.['web_url'],
      projectId: project.id,
      issueId: project.issues[0]?.['id'],
      issueIid: 1,
      state: 'closed',
      title: 'Reviewed',
      updatedAt: '2026-11-21T09:30:00.000Z',
    });
    assert.deepEqual(project.issues[0]?.['assignee_ids'], []);
  });
});

describe('gitlab:pipeline:trigger', () => {
  const run = () =>
    bench.run('gitlab:pipeline:trigger', {
      repoUrl,
      projectId: project.id,
      tokenDescription: 'once',
      branch: 'main',
      variables: { someName: 'a&b=c', OTHER: '' },
    });

  it('starts a pipeline with its variables as they are, and takes its token away', async () => {
    const { pipelineUrl } = await run();
    assert.equal(pipelineUrl, 'https://git.harbourline.example/harbourline/ledger/-/pipelines/5');
    const variables = { someName: 'a&b=c', OTHER: '' };
    assert.deepEqual(gitlab.world.pipelines.at(-1), { ref: 'main', token: 'glptt-made', variables });
    assert.deepEqual(project.triggers, []);
    assert.doesNotMatch(
      gitlab.asked.map(({ call, query }) => `${call}?${query.toString()}`).join(' '),
      /glptt-made/,
    );
  });

  it('takes its token away when the pipeline is refused', async () => {
    gitlab.fail({
      on: /trigger\/pipeline/,
      reply: { status: 400, body: { message: { base: ['Reference not found'] } } },
    });
    await assert.rejects(run(), /400: base Reference not found\./);
    assert.deepEqual(project.triggers, []);
  });
});

describe('gitlab:projectAccessToken:create', () => {
  it('makes a token, once', async () => {
    const input = { repoUrl, projectId: project.id };
    assert.deepEqual(await bench.run('gitlab:projectAccessToken:create', input), {
      access_token: 'glpat-made',
    });
    await bench.run('gitlab:projectAccessToken:create', input);
    const asked = gitlab.asked.filter(({ call }) => call.endsWith('/access_tokens'));
    const { expires_at: expiresAt, ...body } = asked[0]?.body ?? {};
    assert.equal(asked.length, 1);
    assert.deepEqual(body, { name: 'tokenname', scopes: ['read_repository'], access_level: 40 });
    assert.match(String(expiresAt), /^\d{4}-\d{2}-\d{2}$/);
    assert.doesNotMatch(bench.log.join(' '), /glpat-made/);
  });
});

describe('gitlab:projectDeployToken:create', () => {
  it('gives the token and the name that goes with it', async () => {
    const input = { repoUrl, projectId: 'harbourline/ledger', name: 'cluster', scopes: ['read_registry'] };
    assert.deepEqual(await bench.run('gitlab:projectDeployToken:create', input), {
      deploy_token: 'gldt-made',
      user: 'gitlab+deploy-token-1',
    });
    const none = bench.run('gitlab:projectDeployToken:create', { ...input, scopes: [] });
    await assert.rejects(none, { code: 'scaffolder/invalid-input' });
  });
});

describe('gitlab:user:info', () => {
  it('tells whose token it is, and who somebody is', async () => {
    assert.deepEqual(await bench.run('gitlab:user:info', { repoUrl, token: USER_TOKEN }), {
      id: 7,
      username: 'eva',
      name: 'EVA',
      state: 'active',
      webUrl: 'https://git.harbourline.example/eva',
      email: 'eva@harbourline.example',
      createdAt: '2025-01-02T03:04:05.000Z',
    });
    const { username } = await bench.run('gitlab:user:info', { repoUrl, userId: 1 });
    assert.equal(username, 'root');
    await assert.rejects(bench.run('gitlab:user:info', { repoUrl, userId: 99 }), /404 User Not Found/);
  });
});
