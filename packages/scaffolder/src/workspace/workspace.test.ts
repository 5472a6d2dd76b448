import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readlinkSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { CodedError } from '@callboard/kernel';
import { copyFolder, walkFolder } from './walk.ts';
import { createScene, SECRET, type Scene } from './scene.fixture.ts';
import { openWorkspace, resolveInside, type Workspace } from './workspace.ts';

async function codeOf(work: () => unknown): Promise<string> {
  try {
    await work();
  } catch (error) {
    assert.ok(error instanceof CodedError, String(error));
    return error.code;
  }
  return 'done';
}

describe('openWorkspace', () => {
  const inScene = async (use: (workspace: Workspace, scene: Scene) => unknown): Promise<void> => {
    using scene = createScene();
    await use(openWorkspace(scene.root), scene);
  };

  it('writes, reads, lists and removes what is inside, also through links that stay inside', () =>
    inScene(async (workspace, { root }) => {
      await workspace.writeFile('a/b/c.sh', '#!/bin/sh\n', { executable: true });
      assert.equal(statSync(join(root, 'a/b/c.sh')).mode & 0o777, 0o755);
      assert.equal(String(await workspace.readFile('./a//b/../b/c.sh')), '#!/bin/sh\n');
      assert.equal(String(await workspace.readFile(join(root, 'a/b/c.sh'))), '#!/bin/sh\n');
      assert.equal(String(await workspace.readFile('inside/deep/file.txt')), 'deep');
      await workspace.writeFile('inside/deep/new.txt', 'x'.repeat(100_000));
      assert.equal((await workspace.readFile('real/deep/new.txt')).length, 100_000);
      assert.deepEqual(workspace.list('a/b'), [
        { name: 'c.sh', path: 'a/b/c.sh', kind: 'file', size: 10, executable: true },
      ]);
      assert.equal(workspace.stat('a')?.kind, 'folder');
      assert.equal(workspace.stat('nothing/here'), null);
      assert.equal(workspace.remove('a'), true);
      assert.equal(workspace.remove('a'), false);
      assert.equal(workspace.stat('a'), null);
    }));

  it('replaces a file or a link, and never writes into what it leads to', () =>
    inScene(async (workspace, { root, outside }) => {
      await workspace.writeFile('hard.txt', 'mine');
      assert.equal(readFileSync(join(outside, 'secret.txt'), 'utf8'), SECRET);
      assert.equal(readFileSync(join(root, 'hard.txt'), 'utf8'), 'mine');
      workspace.makeLink('link', 'plain.txt');
      await workspace.writeFile('link', 'new');
      assert.equal(readFileSync(join(root, 'plain.txt'), 'utf8'), 'plain');
      workspace.makeLink('link', 'real/deep/file.txt');
      assert.equal(readlinkSync(join(root, 'link')), 'real/deep/file.txt');
      assert.equal(await codeOf(() => workspace.writeFile('real', 'x')), 'scaffolder/path-taken');
      assert.equal(await codeOf(() => workspace.writeFile('plain.txt/x', 'x')), 'scaffolder/path-taken');
      assert.equal(await codeOf(() => workspace.readFile('real')), 'scaffolder/not-a-file');
      assert.equal(await codeOf(() => workspace.readFile('none')), 'scaffolder/no-such-file');
    }));

  it('says what is wrong with a path', () =>
    inScene(async (workspace, { outside }) => {
      const codes: readonly (readonly [string, string])[] = [
        ['../x', 'scaffolder/outside-workspace'],
        [`${outside}/x`, 'scaffolder/outside-workspace'],
        ['to-folder/inner.txt', 'scaffolder/outside-workspace'],
        ['to-file', 'scaffolder/outside-workspace'],
        ['loop-a', 'scaffolder/outside-workspace'],
        ['a\\b', 'scaffolder/bad-path'],
        ['a\0', 'scaffolder/bad-path'],
        ['hard.txt', 'scaffolder/not-a-file'],
        [`${'n'.repeat(300)}/x`, 'scaffolder/bad-path'],
      ];
      for (const [path, code] of codes)
        assert.equal(await codeOf(() => workspace.readFile(path)), code, path);
    }));

  it('makes only links that stay inside, by what they say and by where links on their way lead', () =>
    inScene(async (workspace) => {
      workspace.makeLink('real/link', '../plain.txt');
      assert.equal(String(await workspace.readFile('real/link')), 'plain');
      workspace.makeLink('later', 'not/yet/there');
      workspace.makeFolder('d');
      workspace.makeLink('d/up', '..');
      const refused = ['/etc/passwd', '../..', '', 'up/..', 'up/../outside', '../inside/../..', 'a\\b'];
      for (const target of refused) {
        assert.notEqual(await codeOf(() => workspace.makeLink('d/bad', target)), 'done', target);
        assert.equal(workspace.stat('d/bad'), null);
      }
    }));

  it('renames files and folders, over others only when told to', () =>
    inScene(async (workspace) => {
      workspace.rename('plain.txt', 'x/y/z.txt');
      assert.equal(String(await workspace.readFile('x/y/z.txt')), 'plain');
      await workspace.writeFile('other.txt', 'other');
      assert.equal(await codeOf(() => workspace.rename('other.txt', 'x/y/z.txt')), 'scaffolder/path-taken');
      workspace.rename('other.txt', 'x', { overwrite: true });
      assert.equal(String(await workspace.readFile('x')), 'other');
      assert.equal(await codeOf(() => workspace.rename('real', 'real/deep/a')), 'scaffolder/bad-path');
      assert.equal(
        await codeOf(() => workspace.rename('real/deep', 'real', { overwrite: true })),
        'scaffolder/bad-path',
      );
      assert.equal(await codeOf(() => workspace.rename('.', 'a')), 'scaffolder/bad-path');
      assert.equal(await codeOf(() => workspace.rename('none', 'a')), 'scaffolder/no-such-file');
      assert.equal(String(await workspace.readFile('real/deep/file.txt')), 'deep');
    }));

  it('removes links and not what they lead to, and empties itself', () =>
    inScene((workspace, scene) => {
      const before = scene.snapshot();
      workspace.remove('real');
      workspace.remove('to-folder');
      assert.equal(existsSync(join(scene.outside, 'folder')), true);
      workspace.remove('.');
      assert.deepEqual(workspace.list('.'), []);
      assert.deepEqual(scene.snapshot(), before);
    }));

  it('does not wait for a pipe, and reads none', (test) => {
    using scene = createScene();
    try {
      execFileSync('mkfifo', [join(scene.root, 'pipe')]);
    } catch {
      test.skip('there is no mkfifo');
      return undefined;
    }
    const workspace = openWorkspace(scene.root);
    assert.equal(workspace.stat('pipe')?.kind, 'other');
    const reading = codeOf(() => workspace.readFile('pipe'));
    return reading.then((code) => assert.equal(code, 'scaffolder/not-a-file'));
  });
});

describe('resolveInside', () => {
  it('gives the real path for programs, also of what is not there yet', async () => {
    using scene = createScene();
    const { root } = scene;
    assert.equal(resolveInside(root, '.'), root);
    assert.equal(resolveInside(root, 'inside/deep'), join(root, 'real/deep'));
    assert.equal(resolveInside(root, 'inside/new/file'), join(root, 'real/new/file'));
    assert.equal(await codeOf(() => resolveInside(root, 'to-folder')), 'scaffolder/outside-workspace');
    assert.equal(await codeOf(() => resolveInside(root, 'to-folder/new')), 'scaffolder/outside-workspace');
    assert.equal(await codeOf(() => resolveInside(join(root, 'none'), 'x')), 'scaffolder/workspace-io');
  });
});

describe('walkFolder and copyFolder', () => {
  it('name all that is in a folder, copy it, and stop at limits', async () => {
    using scene = createScene();
    const workspace = openWorkspace(scene.root);
    await workspace.writeFile('tree/b/run.sh', 'x', { executable: true });
    await workspace.writeFile('tree/a.txt', 'aa');
    workspace.makeLink('tree/link', 'a.txt');
    const paths = walkFolder(workspace, 'tree').map(({ path, kind }) => `${kind} ${path}`);
    assert.deepEqual(paths, ['file tree/a.txt', 'folder tree/b', 'file tree/b/run.sh', 'link tree/link']);
    const copied = await copyFolder({
      from: { workspace, path: 'tree' },
      to: { workspace, path: 'copy/of' },
    });
    assert.equal(copied, 3);
    assert.equal(workspace.stat('copy/of/b/run.sh')?.executable, true);
    assert.equal(workspace.readLink('copy/of/link'), 'a.txt');
    // Programs make names that no path of a template can have.
    mkdirSync(join(scene.root, 'tree', 'odd\\name'));
    writeFileSync(join(scene.root, 'tree', 'odd\\name', 'c:'), '');
    assert.ok(walkFolder(workspace, 'tree').some(({ path }) => path === 'tree/odd\\name/c:'));
    for (const limits of [{ entries: 3 }, { bytes: 2 }, { depth: 1 }]) {
      assert.equal(await codeOf(() => walkFolder(workspace, 'tree', limits)), 'scaffolder/too-large');
    }
  });
});
