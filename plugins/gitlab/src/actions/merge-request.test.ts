import assert from 'node:assert/strict';
import { chmod, cp, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';
import { createGit } from '@callboard/scaffolder/git';
import { openBench, type Bench } from '../context.fixture.ts';
import { startGitlab, type FakeGitlab } from '../forge.fixture.ts';
import type { FakeProject } from '../forge-world.fixture.ts';

describe('publish:gitlab:merge-request', () => {
  let gitlab: FakeGitlab;
  let bench: Bench;
  let project: FakeProject;
  let number = 0;
  const input = () => ({
    repoUrl: `${gitlab.forge.host}?owner=harbourline&repo=${project.full.split('/').at(-1)}`,
    title: 'Add the gateway',
    branchName: 'add-gateway',
  });
  const run = (more: object = {}) => bench.run('publish:gitlab:merge-request', { ...input(), ...more });
  const git = (...args: string[]) => gitlab.git.git(project.full, ...args);

  before(async () => {
    gitlab = await startGitlab();
    gitlab.world.addGroup('harbourline');
    await using seed = await openBench({ forge: gitlab.forge, git: createGit() });
    await seed.write({ 'README.md': 'old\n', 'docs/index.md': 'docs\n', same: 'same\n' });
    const repoUrl = `${gitlab.forge.host}?owner=harbourline&repo=seed`;
    await seed.run('publish:gitlab', { repoUrl, defaultBranch: 'main' });
  });
  after(async () => gitlab[Symbol.asyncDispose]());
  beforeEach(async () => {
    number += 1;
    bench = await openBench({ forge: gitlab.forge, git: createGit() });
    project = await gitlab.world.addProject(`harbourline/service-${number}`);
    const repository = (name: string) => join(gitlab.git.folder, `${name}.git`);
    await cp(repository('harbourline/seed'), repository(project.full), { recursive: true });
    await bench.write({ 'docs/index.md': 'docs\n', same: 'same\n' });
    await bench.write({ 'README.md': 'new\n', 'src/gateway.ts': 'open();\n' });
    gitlab.asked.length = 0;
  });
  const close = async () => bench[Symbol.asyncDispose]();

  it('creates what is new, updates what differs, leaves the rest alone, and opens the merge request', async () => {
    await chmod(join(bench.workspacePath, 'same'), 0o755);
    const output = await run({
      description: 'It pays',
      labels: ['a', 'b'],
      assignee: 'eva',
      reviewers: ['root', 'who'],
    });
    const url = `${gitlab.git.url}/${project.full}/-/merge_requests/1`;
    assert.deepEqual(output, {
      targetBranchName: 'main',
      projectid: project.full,
      projectPath: project.full,
      mergeRequestUrl: url,
    });
    const raw = await git('diff', '--raw', '--no-renames', 'main', 'add-gateway');
    assert.deepEqual(raw.replaceAll(/ [0-9a-f]+ [0-9a-f]+ (?=[AMD])/g, ' ').split('\n'), [
      ':100644 100644 M\tREADME.md',
      ':100644 100755 M\tsame',
      ':000000 100644 A\tsrc/gateway.ts',
    ]);
    assert.equal(await git('log', '--format=%s', 'main..add-gateway'), 'Add the gateway');
    assert.deepEqual(project.mergeRequests, [
      {
        source_branch: 'add-gateway',
        target_branch: 'main',
        title: 'Add the gateway',
        remove_source_branch: false,
        description: 'It pays',
        assignee_id: 7,
        labels: 'a,b',
        reviewer_ids: [1],
        iid: 1,
        web_url: url,
      },
    ]);
    assert.match(bench.log.join('\n'), /GitLab has no user "who"/);
    await close();
  });

  it('puts a folder below targetPath, and takes targetPath as the folder when none is named', async () => {
    await run({ sourcePath: 'src', targetPath: 'services/gateway' });
    assert.equal(await git('show', 'add-gateway:services/gateway/gateway.ts'), 'open();');
    bench.checkpoints.clear();
    await run({ branchName: 'docs', targetPath: 'docs', commitAction: 'update' });
    assert.equal(await git('diff', '--name-only', 'main', 'docs'), '');
    await close();
  });

  it('deletes with commitAction delete, and commits nothing with skip', async () => {
    await run({ commitAction: 'delete', sourcePath: 'docs', targetPath: 'docs' });
    assert.equal(await git('diff', '--name-status', 'main', 'add-gateway'), 'D\tdocs/index.md');
    await run({ branchName: 'nothing', commitAction: 'skip' });
    assert.equal(await git('rev-parse', 'nothing'), await git('rev-parse', 'main'));
    assert.equal(project.mergeRequests.length, 2);
    await close();
  });

  it('refuses a branch with commits of its own, and names its merge request', async () => {
    await run();
    bench.checkpoints.clear();
    await bench.write({ another: 'file' });
    const error = { code: 'scaffolder/branch-exists', message: /merge_requests\/1/ };
    await assert.rejects(run(), error);
    await close();
  });

  it('goes on wherever it was killed, with one branch, one commit and one merge request', async () => {
    const lost = { status: 500, body: { message: 'lost' } };
    for (const on of [/POST .*\/branches$/, /POST .*\/commits$/, /POST .*\/merge_requests$/]) {
      gitlab.fail({ on, afterwards: true, reply: lost });
      await assert.rejects(run(), { code: 'scaffolder/forge-refused' });
    }
    const output = await run();
    assert.equal(output['mergeRequestUrl'], project.mergeRequests[0]?.['web_url']);
    assert.equal(await git('rev-list', '--count', 'main..add-gateway'), '1');
    assert.equal(project.mergeRequests.length, 1);
    await close();
  });

  it('waits for the approval rules, adds their reviewers, and merges by itself when asked to', async () => {
    gitlab.world.statuses.push('preparing');
    await run({ assignReviewersFromApprovalRules: true, autoMerge: true, reviewers: ['root'] });
    assert.deepEqual(project.mergeRequests[0]?.['reviewer_ids'], [7, 1]);
    assert.equal(project.mergeRequests[0]?.['auto_merge'], true);
    assert.deepEqual(gitlab.calls(/\/merge$/), [
      `PUT /projects/${encodeURIComponent(project.full)}/merge_requests/1/merge`,
    ]);
    await close();
  });

  it('compares with trees of many pages', async () => {
    const many = Object.fromEntries(Array.from({ length: 130 }, (_, index) => [`many/${index}`, `${index}`]));
    await bench.write(many);
    const repoUrl = `${gitlab.forge.host}?owner=harbourline&repo=many`;
    await bench.run('publish:gitlab', { repoUrl, defaultBranch: 'main', sourcePath: 'many' });
    gitlab.asked.length = 0;
    await bench.write({ 'many/7': 'changed' });
    await run({ repoUrl, sourcePath: 'many' });
    assert.equal(await gitlab.git.git('harbourline/many', 'diff', '--name-only', 'main', 'add-gateway'), '7');
    assert.equal(gitlab.calls(/\/tree$/).length, 2);
    await close();
  });

  it('neither follows links nor leaves the workspace or the repository', async () => {
    await symlink('/etc/passwd', join(bench.workspacePath, 'passwd'));
    await symlink('/etc', join(bench.workspacePath, 'etc'));
    await run();
    assert.equal(await git('ls-tree', '--name-only', 'add-gateway'), 'README.md\ndocs\nsame\nsrc');
    assert.match(bench.log.join('\n'), /passwd is left out/);
    bench.checkpoints.clear();
    const outside = { code: 'scaffolder/outside-workspace' };
    await assert.rejects(run({ branchName: 'b', sourcePath: 'etc' }), outside);
    await assert.rejects(run({ branchName: 'b', sourcePath: '../..' }), outside);
    await assert.rejects(run({ branchName: 'b', sourcePath: '.', targetPath: 'a/../../x' }), outside);
    await close();
  });
});
