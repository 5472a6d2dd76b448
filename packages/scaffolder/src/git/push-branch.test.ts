import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createGit } from './create-git.ts';
import { testFolder, type TestFolder } from './git.fixture.ts';
import { startGitServer, type GitServer } from './http-backend.fixture.ts';

const NAME = 'harbourline/payments';
const git = createGit({ now: () => 1_000_000 });

/** A repository with four files on `main`. */
async function published(): Promise<{
  server: GitServer;
  url: string;
  folder: TestFolder;
  main: string;
  [Symbol.asyncDispose](): Promise<void>;
}> {
  const server = await startGitServer();
  const { url } = await server.createRepository(NAME);
  const folder = await testFolder({ 'a.txt': 'a', 'docs/b.md': 'b', 'docs/c.md': 'c', 'é ü': 'x' });
  const { commitHash } = await git.publish({ remoteUrl: url, login: null, folder: folder.path });
  const dispose = async (): Promise<void> => {
    await folder[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
  };
  return { server, url, folder, main: commitHash, [Symbol.asyncDispose]: dispose };
}

const files = (server: GitServer, ref: string) => server.git(NAME, 'ls-tree', '-r', '--name-only', '-z', ref);

describe('pushBranch', () => {
  it('puts files below a path on top of a branch, deletes others, and keeps the rest', async () => {
    await using at = await published();
    await using more = await testFolder({ 'deep/new.txt': 'new' });
    const request = { remoteUrl: at.url, login: null, folder: more.path, base: 'main', branch: 'feature/x' };
    const result = await git.pushBranch({
      ...request,
      targetPath: './services/api/',
      deletions: ['docs', 'é ü', 'not-there'],
      message: 'Add it',
    });
    assert.equal(result.changed, true);
    assert.equal(await at.server.git(NAME, 'rev-parse', 'feature/x'), result.commitHash);
    assert.equal(await at.server.git(NAME, 'rev-parse', 'feature/x~1'), at.main);
    assert.equal(await files(at.server, 'feature/x'), 'a.txt\0services/api/deep/new.txt\0');
    assert.equal(await at.server.git(NAME, 'rev-parse', 'main'), at.main);
  });

  it('replaces a file by a folder of the same name, and a folder by a file', async () => {
    await using at = await published();
    await using more = await testFolder({ 'a.txt/inner': '1', docs: 'flat' });
    const request = { remoteUrl: at.url, login: null, folder: more.path, base: 'main', branch: 'swap' };
    await git.pushBranch(request);
    assert.equal(await files(at.server, 'swap'), 'a.txt/inner\0docs\0é ü\0');
  });

  it('pushes nothing when nothing differs', async () => {
    await using at = await published();
    const request = { remoteUrl: at.url, login: null, folder: at.folder.path, base: 'main', branch: 'same' };
    assert.deepEqual(await git.pushBranch(request), { commitHash: at.main, changed: false });
    await assert.rejects(at.server.git(NAME, 'rev-parse', '--verify', 'same'));
  });

  it('finds its own commit again after a crash, also when the base has gone on', async () => {
    await using at = await published();
    await using more = await testFolder({ 'new.txt': 'new' });
    const request = { remoteUrl: at.url, login: null, folder: more.path, base: 'main', branch: 'x' };
    const first = await git.pushBranch({ ...request, message: 'New' });
    await using other = await testFolder({ 'other.txt': 'other' });
    await git.pushBranch({ ...request, folder: other.path, branch: 'main', message: 'Other' });
    const again = await createGit().pushBranch({ ...request, message: 'New' });
    assert.deepEqual(again, first);
  });

  it('finds its own commit again on the branch that it started from', async () => {
    await using at = await published();
    await using more = await testFolder({ 'new.txt': 'new' });
    const request = { remoteUrl: at.url, login: null, folder: more.path, base: 'main', branch: 'main' };
    const first = await git.pushBranch({ ...request, message: 'New' });
    assert.deepEqual(await createGit().pushBranch({ ...request, message: 'New' }), first);
  });

  it('leaves a branch of others alone, unless it is told to replace it', async () => {
    await using at = await published();
    await using more = await testFolder({ 'new.txt': 'new' });
    const request = { remoteUrl: at.url, login: null, folder: more.path, base: 'main', branch: 'x' };
    const first = await git.pushBranch(request);
    await more.write({ 'new.txt': 'newer' });
    await assert.rejects(git.pushBranch(request), { code: 'scaffolder/git-branch-taken' });
    assert.equal(await at.server.git(NAME, 'rev-parse', 'x'), first.commitHash);
    const second = await git.pushBranch({ ...request, force: true });
    assert.equal(await at.server.git(NAME, 'rev-parse', 'x'), second.commitHash);
    assert.equal(await at.server.git(NAME, 'show', 'x:new.txt'), 'newer');
  });

  it('names a base that is not there, and refuses paths that leave the repository', async () => {
    await using at = await published();
    const request = { remoteUrl: at.url, login: null, folder: at.folder.path, base: 'nope', branch: 'x' };
    await assert.rejects(git.pushBranch(request), { code: 'scaffolder/git-not-found', message: /nope/ });
    for (const targetPath of ['../x', 'a/../../b', '/etc', '.git/hooks', 'a/.GIT']) {
      const failing = git.pushBranch({ ...request, base: 'main', targetPath });
      await assert.rejects(failing, { code: 'scaffolder/git-bad-path' }, targetPath);
    }
  });
});
