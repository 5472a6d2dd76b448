import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { pack } from 'tar-stream';
import { fileTreeOf, readFileTree, writeFiles } from './file-tree.ts';
import { textsOf, treeOf } from './upgrade.fixture.ts';

async function archive(entries: Readonly<Record<string, string>>): Promise<Uint8Array> {
  const packing = pack();
  for (const [name, text] of Object.entries(entries)) packing.entry({ name, mode: 0o755 }, text);
  packing.finalize();
  return gzipSync(await buffer(packing));
}

describe('fileTreeOf', () => {
  it('reads the files of an archive with their modes', async () => {
    const tree = await fileTreeOf(await archive({ './b/c.sh': 'c\n', a: 'a\n' }));
    assert.deepEqual(tree, treeOf({ a: 'a\n', 'b/c.sh': 'c\n' }, '100755'));
  });

  it('refuses what is no archive, and entries that lead out', async () => {
    await assert.rejects(fileTreeOf(Buffer.from('no archive')), { code: 'scaffolder/bad-base' });
    await assert.rejects(fileTreeOf(gzipSync('no tar')), { code: 'scaffolder/bad-base' });
    for (const name of ['../x', '/etc/x', 'a/../../x', 'a\\..\\x', '.git/hooks/x']) {
      await assert.rejects(fileTreeOf(await archive({ [name]: '' })), { code: 'scaffolder/bad-base' }, name);
    }
  });
});

describe('writeFiles', () => {
  it('writes and deletes files, and what it wrote is read back', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'callboard-tree-'));
    try {
      await writeFile(join(folder, 'old'), 'x');
      await mkdir(join(folder, 'node_modules/x'), { recursive: true });
      await writeFile(join(folder, 'node_modules/x/y'), 'x');
      const tree = treeOf({ 'a/b': 'b\n', c: 'c\n' });
      await writeFiles(folder, { tree, write: ['a/b', 'c'], remove: ['old'] });
      assert.deepEqual(textsOf(await readFileTree(folder)), { 'a/b': 'b\n', c: 'c\n' });
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('writes through no symbolic link', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'callboard-tree-'));
    try {
      await mkdir(join(folder, 'in'));
      await mkdir(join(folder, 'out'));
      await writeFile(join(folder, 'out/kept'), 'kept');
      await symlink('../out', join(folder, 'in/link'));
      const tree = treeOf({ 'link/kept': 'gone', file: 'x' });
      const write = (path: string) => writeFiles(join(folder, 'in'), { tree, write: [path], remove: [] });
      await assert.rejects(write('link/kept'), { code: 'scaffolder/link-in-the-way' });
      await symlink('../out/kept', join(folder, 'in/file'));
      await write('file');
      assert.equal(await readFile(join(folder, 'out/kept'), 'utf8'), 'kept');
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
