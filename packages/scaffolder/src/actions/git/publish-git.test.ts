import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Forge } from '@callboard/plugin';
import { createGit } from '../../git/create-git.ts';
import { startGitServer, type GitServer } from '../../git/http-backend.fixture.ts';
import { actionBench } from '../action.fixture.ts';
import { createPublishGitAction } from './publish-git.ts';

const NAME = 'harbourline/ledger';
const TOKEN = 'forge-token-1';

function actionFor(forges: readonly Forge[]) {
  const defaults = {
    author: { name: 'Scaffolder', email: 'scaffolder@harbourline.example' },
    message: 'Begin',
  };
  return createPublishGitAction({ git: createGit(), forges, fetch, defaults });
}

function forgeAt({ url, host }: GitServer, type: Forge['type'], token: string | null = TOKEN): Forge {
  return { type, host, baseUrl: url, apiBaseUrl: `${url}/api`, token };
}

describe('publish:git', () => {
  it('pushes a folder of the workspace to a plain git server, and tells what it made', async () => {
    await using server = await startGitServer({ auth: { username: 'anna', password: 'pw-of-anna' } });
    const { url } = await server.createRepository(NAME);
    await using bench = await actionBench({ 'out/README.md': 'hello', 'other.txt': 'no' });
    const output = await bench.run(actionFor([forgeAt(server, 'git', null)]), {
      remoteUrl: url,
      defaultBranch: 'trunk',
      username: 'anna',
      token: 'pw-of-anna',
      sourcePath: './out',
      gitAuthorName: 'eva',
      gitCommitMessage: 'Hello',
    });
    const commitHash = await server.git(NAME, 'rev-parse', 'trunk');
    assert.deepEqual(output, { remoteUrl: url, repoContentsUrl: `${url}/blob/trunk`, commitHash });
    assert.equal(await server.git(NAME, 'ls-tree', '-r', '--name-only', 'trunk'), 'README.md');
    assert.equal(
      await server.git(NAME, 'log', '--format=%an %ae %s', 'trunk'),
      'eva scaffolder@harbourline.example Hello',
    );
  });

  it('uses the token of the configuration for the host that it is of, and goes to no other', async () => {
    await using server = await startGitServer({ auth: { username: 'x-access-token', password: TOKEN } });
    await using other = await startGitServer({ auth: { password: TOKEN } });
    await server.createRepository(NAME);
    const { url } = await other.createRepository(NAME);
    await using bench = await actionBench({ 'README.md': 'hello' });
    const action = actionFor([forgeAt(server, 'github')]);
    const output = await bench.run(action, { repoUrl: `${server.host}?owner=harbourline&repo=ledger` });
    assert.equal(output['remoteUrl'], `${server.url}/${NAME}.git`);
    assert.equal(output['repoContentsUrl'], `${server.url}/${NAME}/blob/main`);
    await assert.rejects(bench.run(action, { remoteUrl: url }), { code: 'scaffolder/host-not-configured' });
    assert.deepEqual(other.requests, []);
  });

  it('does not push again what an earlier try pushed, also when the checkpoint was lost', async () => {
    await using server = await startGitServer();
    const { url } = await server.createRepository(NAME);
    await using bench = await actionBench({ 'README.md': 'hello' });
    const action = actionFor([forgeAt(server, 'git', null)]);
    const first = await bench.run(action, { remoteUrl: url });
    const asked = server.requests.length;
    assert.deepEqual(await bench.run(action, { remoteUrl: url }), first);
    assert.equal(server.requests.length, asked);
    bench.checkpoints.clear();
    assert.deepEqual(await bench.run(action, { remoteUrl: url }), first);
    assert.equal(await server.git(NAME, 'rev-list', '--all', '--count'), '1');
  });

  it('refuses a source path that leaves the workspace, and a step without an address', async () => {
    await using bench = await actionBench({ 'README.md': 'hello' });
    const remoteUrl = 'http://127.0.0.1:1/a.git';
    const root = 'http://127.0.0.1:1';
    const action = actionFor([
      { type: 'git', host: '127.0.0.1:1', baseUrl: root, apiBaseUrl: root, token: null },
    ]);
    for (const sourcePath of ['..', '/etc', 'a/../../b']) {
      const failing = bench.run(action, { remoteUrl, sourcePath });
      await assert.rejects(failing, { code: 'scaffolder/outside-workspace' }, sourcePath);
    }
    for (const sourcePath of ['missing', 'README.md']) {
      const failing = bench.run(action, { remoteUrl, sourcePath });
      await assert.rejects(failing, { code: 'scaffolder/git-bad-path', message: /There is no folder/ });
    }
    await assert.rejects(bench.run(action, {}), { code: 'scaffolder/invalid-input' });
  });
});
