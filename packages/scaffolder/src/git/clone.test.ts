import assert from 'node:assert/strict';
import { readdir, readFile, symlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { describe, it } from 'node:test';
import { createGit } from './create-git.ts';
import { testFolder } from './git.fixture.ts';
import { startGitServer } from './http-backend.fixture.ts';

const NAME = 'harbourline/templates';
const LOGIN = { username: 'anna', password: 'pass-word' };
const git = createGit();

describe('cloneShallow', () => {
  it('writes the files of a branch, a tag, a commit, or the default branch', async () => {
    await using server = await startGitServer({ auth: LOGIN });
    const { url } = await server.createRepository(NAME);
    await using folder = await testFolder({ 'a/b.txt': 'one' });
    const remote = { remoteUrl: url, login: LOGIN };
    const first = await git.publish({ ...remote, folder: folder.path });
    await server.git(NAME, 'tag', '-a', '-m', 'first', 'v1', 'main');
    await folder.write({ 'a/b.txt': 'two' });
    const second = await git.pushBranch({ ...remote, folder: folder.path, base: 'main', branch: 'next' });
    const read = async (ref: string | null): Promise<readonly [string, string]> => {
      await using target = await testFolder();
      const { commitHash, leftOut } = await git.cloneShallow({ ...remote, ref, folder: target.path });
      assert.deepEqual([await readdir(target.path), leftOut], [['a'], []]);
      return [commitHash, await readFile(join(target.path, 'a/b.txt'), 'utf8')];
    };
    assert.deepEqual(await read(null), [first.commitHash, 'one']);
    assert.deepEqual(await read('v1'), [first.commitHash, 'one']);
    assert.deepEqual(await read('next'), [second.commitHash, 'two']);
    assert.deepEqual(await read(first.commitHash), [first.commitHash, 'one']);
    await assert.rejects(read('nope'), { code: 'scaffolder/git-not-found' });
    await assert.rejects(read('--upload-pack=x'), { code: 'scaffolder/git-bad-remote' });
  });

  it('leaves out links that lead out of the folder, by whatever way, and keeps the others', async () => {
    await using server = await startGitServer();
    const { url } = await server.createRepository(NAME);
    await using folder = await testFolder({ 'p/q/file': 'x' });
    const link = (target: string, name: string) => symlink(target, join(folder.path, name));
    await link('/etc/passwd', 'absolute');
    await link('../../../../etc/passwd', 'p/up');
    await link('../..', 'p/q/root');
    // Inside by its text, outside by what it goes through.
    await link('p/q/root/..', 'sneaky');
    await link('p/q/file', 'good');
    await link('missing', 'dangling');
    const remote = { remoteUrl: url, login: null };
    await git.publish({ ...remote, folder: folder.path });
    await using target = await testFolder();
    const { leftOut } = await git.cloneShallow({ ...remote, ref: 'main', folder: target.path });
    assert.deepEqual(leftOut.toSorted(), ['absolute', 'dangling', 'p/up', 'sneaky']);
    assert.deepEqual((await readdir(target.path)).toSorted(), ['good', 'p']);
    assert.equal(await readFile(join(target.path, 'good'), 'utf8'), 'x');
  });

  it('keeps to its limits before it writes a file, and to the folder being empty', async () => {
    await using server = await startGitServer();
    const { url } = await server.createRepository(NAME);
    await using folder = await testFolder({ a: '12345', b: '67890' });
    const remote = { remoteUrl: url, login: null };
    await git.publish({ ...remote, folder: folder.path });
    await using target = await testFolder();
    const request = { ...remote, ref: null, folder: target.path };
    for (const limits of [
      { files: 1, bytes: 100 },
      { files: 9, bytes: 9 },
    ]) {
      await assert.rejects(git.cloneShallow({ ...request, limits }), {
        code: 'scaffolder/git-too-large',
        status: 413,
      });
    }
    assert.deepEqual(await readdir(target.path), []);
    await target.write({ there: '' });
    await assert.rejects(git.cloneShallow(request), { code: 'scaffolder/git-failed', message: /not empty/ });
  });

  it('finds nothing in an empty repository, and reads file: remotes only where that is allowed', async () => {
    await using server = await startGitServer();
    const { url, path } = await server.createRepository(NAME);
    await using target = await testFolder();
    const request = { login: null, ref: null, folder: target.path };
    await assert.rejects(git.cloneShallow({ ...request, remoteUrl: url }), {
      code: 'scaffolder/git-not-found',
    });
    await using folder = await testFolder({ a: 'a' });
    const local = createGit({ folders: { local: dirname(path) } });
    const remoteUrl = `file://local/${basename(path)}`;
    await local.publish({ remoteUrl, login: null, folder: folder.path });
    await local.cloneShallow({ ...request, remoteUrl });
    assert.deepEqual(await readdir(target.path), ['a']);
    await using empty = await testFolder();
    const refused = git.cloneShallow({ ...request, remoteUrl, folder: empty.path });
    await assert.rejects(refused, { code: 'scaffolder/git-bad-remote' });
    for (const outside of [
      'file://local/../x.git/..',
      `file://${path}`,
      'file://other/x.git',
      'file://local/a b.git',
    ]) {
      const wrong = local.cloneShallow({ ...request, remoteUrl: outside, folder: empty.path });
      await assert.rejects(wrong, { code: 'scaffolder/git-bad-remote' });
    }
    await local.publish({ remoteUrl: 'file://local/new/one.git', login: null, folder: folder.path });
    await local.cloneShallow({ ...request, remoteUrl: 'file://local/new/one.git', folder: empty.path });
    assert.deepEqual(await readdir(empty.path), ['a']);
  });
});
