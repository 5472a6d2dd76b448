import assert from 'node:assert/strict';
import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { createUrlReader } from '@callboard/kernel';
import type { Forge } from '@callboard/plugin';
import { createGit } from './create-git.ts';
import { testFolder } from './git.fixture.ts';
import { startGitServer } from './http-backend.fixture.ts';
import { withGitServers } from './read-remotes.ts';

const NAME = 'harbourline/payments';
const LOGIN = { username: 'anna', password: 'pass-word' };

async function openReading() {
  const server = await startGitServer({ auth: LOGIN });
  const { url } = await server.createRepository(NAME);
  const git = createGit();
  const forge: Forge = {
    type: 'git',
    host: server.host,
    baseUrl: server.url,
    apiBaseUrl: server.url,
    token: LOGIN.password,
    username: LOGIN.username,
  };
  const plain = createUrlReader({ allow: [], integrations: [] });
  return { server, url, git, reader: withGitServers(plain, { servers: [forge], git }) };
}

describe('withGitServers', () => {
  it('reads a file of a branch with the configured login, and says when nothing changed', async () => {
    const { server, url, git, reader } = await openReading();
    await using _ = server;
    await using folder = await testFolder({
      'catalog-info.yaml': 'kind: Component',
      'docs/index.md': '# Docs',
    });
    const { commitHash } = await git.publish({ remoteUrl: url, login: LOGIN, folder: folder.path });
    const file = `${url}/blob/main/docs/index.md`;
    const read = await reader.read(file);
    assert.ok(read.kind === 'content');
    assert.equal(Buffer.from(read.bytes).toString(), '# Docs');
    assert.equal(read.etag, `"${commitHash}"`);
    assert.deepEqual(await reader.read(file, { etag: `"${commitHash}"` }), { kind: 'not-modified' });
    assert.equal(reader.resolveUrl('/catalog-info.yaml', file), `${url}/blob/main/catalog-info.yaml`);
    await assert.rejects(reader.read(`${url}/blob/main/none.md`), { code: 'reading/not-found' });
    await assert.rejects(reader.read(`${url}/blob/other/docs/index.md`), {
      code: 'scaffolder/git-not-found',
    });
  });

  it('gives the entries of a folder', async () => {
    const { server, url, git, reader } = await openReading();
    await using _ = server;
    await using folder = await testFolder({
      'skeleton/a/b.txt': 'b',
      'skeleton/c.txt': 'c',
      'other.txt': 'o',
    });
    await symlink('c.txt', join(folder.path, 'skeleton/link'));
    await git.publish({ remoteUrl: url, login: LOGIN, folder: folder.path });
    const seen: string[] = [];
    const visit = ({ kind, path }: { kind: string; path: string }) => void seen.push(`${kind} ${path}`);
    const result = await reader.readTree(`${url}/tree/main/skeleton`, { visit });
    assert.deepEqual(seen.toSorted(), ['file a/b.txt', 'file c.txt', 'folder a', 'link link']);
    assert.equal(result.kind === 'tree' && result.entries, 4);
  });

  it('follows no link out of the repository, and leaves other hosts to the reader', async () => {
    const { server, url, git, reader } = await openReading();
    await using _ = server;
    await using folder = await testFolder({ 'a.txt': 'a' });
    await symlink('/etc/hostname', join(folder.path, 'host'));
    await git.publish({ remoteUrl: url, login: LOGIN, folder: folder.path });
    await assert.rejects(reader.read(`${url}/blob/main/host`), { code: 'reading/not-found' });
    await assert.rejects(reader.read(`${url}/blob/main/..%2f..%2fetc/hostname`), {
      code: 'reading/not-found',
    });
    await assert.rejects(reader.read('https://git.example.com/x.git/blob/main/a.txt'), {
      code: 'reading/not-allowed',
    });
  });
});
