import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { chmod, readdir, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { promisify } from 'node:util';
import { createGit } from './create-git.ts';
import { testFolder } from './git.fixture.ts';
import { startGitServer } from './http-backend.fixture.ts';

const LOGIN = { username: 'anna', password: 's3cret-token/+' };
const NAME = 'harbourline/payments';

describe('publish', () => {
  it('makes one commit of a folder, with its author, message, modes and links, and pushes it', async () => {
    await using server = await startGitServer({ auth: LOGIN });
    const { url } = await server.createRepository(NAME);
    await using folder = await testFolder({
      'README.md': '# Payments\n',
      'src/main.ts': 'run();\n',
      '.gitignore': 'dist/\n',
      'dist/out.js': 'ignored',
      '.git/config': '[core]\n\tfsmonitor = touch /tmp/never\n',
    });
    await writeFile(join(folder.path, 'run.sh'), '#!/bin/sh\n');
    await chmod(join(folder.path, 'run.sh'), 0o755);
    await symlink('/etc/passwd', join(folder.path, 'link'));
    const git = createGit({ now: () => Date.UTC(2026, 0, 2) });
    const author = { name: 'eva', email: 'eva@harbourline.example' };
    const { commitHash } = await git.publish({
      remoteUrl: url,
      login: LOGIN,
      folder: folder.path,
      author,
      message: 'First\n\nWith a body',
    });
    assert.equal(await server.git(NAME, 'rev-parse', 'main'), commitHash);
    const format = '%an <%ae>|%cn|%aI|%P|%B';
    assert.equal(
      await server.git(NAME, 'log', `--format=${format}`, 'main'),
      'eva <eva@harbourline.example>|eva|2026-01-02T00:00:00+00:00||First\n\nWith a body',
    );
    const listed = await server.git(NAME, 'ls-tree', '-r', '--format=%(objectmode) %(path)', 'main');
    assert.deepEqual(listed.split('\n'), [
      '100644 .gitignore',
      '100644 README.md',
      '120000 link',
      '100755 run.sh',
      '100644 src/main.ts',
    ]);
    assert.equal(await server.git(NAME, 'show', 'main:link'), '/etc/passwd');
  });

  it('succeeds with the first commit when it is repeated after a crash, whatever the time', async () => {
    await using server = await startGitServer();
    const { url } = await server.createRepository(NAME);
    await using folder = await testFolder({ 'a.txt': 'a' });
    const request = { remoteUrl: url, login: null, folder: folder.path, branch: 'trunk' };
    const first = await createGit({ now: () => 1_000_000 }).publish(request);
    const again = await createGit({ now: () => 9_000_000 }).publish(request);
    assert.deepEqual(again, first);
    assert.equal(await server.git(NAME, 'rev-list', '--all', '--count'), '1');
  });

  it('leaves a branch alone that has other commits', async () => {
    await using server = await startGitServer();
    const { url } = await server.createRepository(NAME);
    await using folder = await testFolder({ 'a.txt': 'a' });
    const request = { remoteUrl: url, login: null, folder: folder.path };
    const { commitHash } = await createGit().publish(request);
    await folder.write({ 'a.txt': 'b' });
    await assert.rejects(createGit().publish(request), {
      code: 'scaffolder/git-branch-taken',
      status: 409,
      message: /main .* already has other commits/,
    });
    assert.equal(await server.git(NAME, 'rev-parse', 'main'), commitHash);
  });

  it('says what the remote says when it refuses the push, and can be repeated', async () => {
    await using server = await startGitServer({ auth: LOGIN });
    const { url } = await server.createRepository(NAME);
    await using folder = await testFolder({ 'a.txt': 'a' });
    const request = { remoteUrl: url, login: LOGIN, folder: folder.path };
    server.refusePushes('Licence file is missing');
    await assert.rejects(createGit().publish(request), {
      code: 'scaffolder/git-refused',
      message: /Pushing main to http:.* was refused by the remote: Licence file is missing pre-receive hook/,
    });
    server.refusePushes(null);
    await createGit().publish(request);
    assert.equal(await server.git(NAME, 'show', 'main:a.txt'), 'a');
  });

  it('tells apart a wrong login, a missing repository, a server that is away and one that fails', async () => {
    await using server = await startGitServer({ auth: LOGIN });
    const { url } = await server.createRepository(NAME);
    await using folder = await testFolder({ 'a.txt': 'a' });
    const publish = (remoteUrl: string, password: string | null) =>
      createGit().publish({
        remoteUrl,
        login: password === null ? null : { username: 'anna', password },
        folder: folder.path,
      });
    await assert.rejects(publish(url, 'not-the-one'), { code: 'scaffolder/git-login', status: 403 });
    await assert.rejects(publish(url, null), { code: 'scaffolder/git-login' });
    const missing = publish(`${server.url}/harbourline/nothing.git`, LOGIN.password);
    await assert.rejects(missing, { code: 'scaffolder/git-not-found', status: 404 });
    await assert.rejects(publish('http://127.0.0.1:1/a.git', null), {
      code: 'scaffolder/git-unreachable',
      status: 503,
    });
  });

  it('shows the login to nobody: not in addresses, not in errors', async () => {
    await using server = await startGitServer({ auth: LOGIN });
    const { url } = await server.createRepository(NAME);
    await using folder = await testFolder({ 'a.txt': 'a' });
    server.refusePushes(`No: ${LOGIN.password} ${encodeURIComponent(LOGIN.password)} http://u:pw@host/`);
    const failing = createGit().publish({ remoteUrl: url, login: LOGIN, folder: folder.path });
    await assert.rejects(failing, (error: Error) => {
      assert.match(error.message, /No: \*\*\* \*\*\* http:\/\/\*\*\*@host\//);
      return true;
    });
    assert.ok(server.requests.length > 0);
    assert.ok(server.requests.every((request) => !request.url.includes('s3cret')));
  });

  it('does not carry a login to where a redirect leads', async () => {
    await using server = await startGitServer({ auth: LOGIN });
    const { url } = await server.createRepository(NAME);
    await using folder = await testFolder({ 'a.txt': 'a' });
    const redirecting = createServer((request, response) => {
      response.writeHead(302, { location: `${server.url}${request.url ?? ''}` }).end();
    });
    await new Promise<void>((resolve) => void redirecting.listen(0, '127.0.0.1', resolve));
    const address = redirecting.address();
    const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
    try {
      const remoteUrl = url.replace(/:\d+/, `:${port}`);
      const failing = createGit().publish({ remoteUrl, login: LOGIN, folder: folder.path });
      await assert.rejects(failing, { code: 'scaffolder/git-bad-remote', message: /redirects/ });
      assert.deepEqual(server.requests, []);
    } finally {
      redirecting.close();
    }
  });

  it('takes no address, branch or folder that git would read as something else', async () => {
    await using folder = await testFolder({ 'a.txt': 'a' });
    const publish = (remoteUrl: string, branch?: string) =>
      createGit().publish({
        remoteUrl,
        login: null,
        folder: folder.path,
        ...(branch !== undefined && { branch }),
      });
    const bad = [
      'ext::sh -c touch% /tmp/x',
      '--upload-pack=touch /tmp/x',
      'git@example.com:a/b.git',
      'ssh://example.com/a.git',
      `file://${folder.path}`,
      'http://anna:pw@127.0.0.1/a.git',
      'http://127.0.0.1/a.git?x=y',
      '/tmp',
    ];
    for (const remoteUrl of bad) {
      await assert.rejects(publish(remoteUrl), { code: 'scaffolder/git-bad-remote', status: 400 }, remoteUrl);
    }
    await assert.rejects(publish('http://anna:pw@127.0.0.1/a.git'), (error: Error) => {
      assert.doesNotMatch(error.message, /pw/);
      return true;
    });
    for (const branch of ['-f', 'a b', 'a..b', 'a:refs/heads/b', 'x.lock', 'a\nb', '', '@{u}', '.a']) {
      await assert.rejects(publish('http://127.0.0.1:1/a.git', branch), {
        code: 'scaffolder/git-bad-remote',
      });
    }
  });

  it('refuses a folder with a repository in it, which git would push as a bare reference', async () => {
    await using server = await startGitServer();
    const { url } = await server.createRepository(NAME);
    await using folder = await testFolder({ 'a.txt': 'a' });
    await createGit().publish({ remoteUrl: url, login: null, folder: folder.path });
    await using outer = await testFolder({ 'b.txt': 'b' });
    await promisify(execFile)('git', ['clone', '--quiet', url, join(outer.path, 'inner')]);
    const failing = createGit().publish({ remoteUrl: url, login: null, folder: outer.path, branch: 'x' });
    await assert.rejects(failing, { code: 'scaffolder/git-nested-repository', message: /folder inner/ });
  });

  it('says so when git is not installed', async () => {
    await using folder = await testFolder({ 'a.txt': 'a' });
    const git = createGit({ env: { PATH: folder.path } });
    const failing = git.publish({ remoteUrl: 'http://127.0.0.1:1/a.git', login: null, folder: folder.path });
    await assert.rejects(failing, { code: 'scaffolder/git-missing', status: 501, message: /Install git/ });
  });

  it('ends with its signal and with its time, and leaves no folder behind', async () => {
    await using folder = await testFolder({ 'a.txt': 'a' });
    await using temporary = await testFolder();
    let asked = 0;
    const silent = createServer(() => {
      asked += 1;
      if (asked === 1) stop.abort(new Error('cancelled'));
    });
    await new Promise<void>((resolve) => void silent.listen(0, '127.0.0.1', resolve));
    const address = silent.address();
    const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
    const stop = new AbortController();
    const request = { remoteUrl: `http://127.0.0.1:${port}/a.git`, login: null, folder: folder.path };
    try {
      const options = { temporaryFolder: temporary.path };
      await assert.rejects(createGit(options).publish({ ...request, signal: stop.signal }), /cancelled/);
      const late = createGit({ ...options, timeoutMs: 150 }).publish(request);
      await assert.rejects(late, { code: 'scaffolder/git-timeout', status: 503 });
      assert.deepEqual(await readdir(temporary.path), []);
    } finally {
      silent.closeAllConnections();
      silent.close();
    }
  });
});
