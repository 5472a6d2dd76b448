import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, readlinkSync, statSync, symlinkSync, mkdirSync, rmSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { Worker } from 'node:worker_threads';
import fc from 'fast-check';
import { CodedError } from '@callboard/kernel';
import { copyFolder, walkFolder } from './walk.ts';
import { createScene, escapesOf, SECRET, type Scene } from './scene.fixture.ts';
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

/** What can be done to a path. Gives what it brought to light. */
const DEEDS: Readonly<Record<string, (workspace: Workspace, path: string) => unknown>> = {
  stat: (workspace, path) => JSON.stringify(workspace.stat(path)),
  readFile: async (workspace, path) => (await workspace.readFile(path)).toString(),
  writeFile: (workspace, path) => workspace.writeFile(path, 'taken over'),
  makeFolder: (workspace, path) => workspace.makeFolder(path),
  'makeLink at': (workspace, path) => workspace.makeLink(path, 'plain.txt'),
  'makeLink to': async (workspace, path) => {
    workspace.makeLink('fresh-link', path);
    return (await workspace.readFile('fresh-link')).toString();
  },
  remove: (workspace, path) => workspace.remove(path),
  'rename from': async (workspace, path) => {
    workspace.rename(path, 'fresh');
    return (await workspace.readFile('fresh')).toString();
  },
  'rename to': (workspace, path) => workspace.rename('plain.txt', path, { overwrite: true }),
  list: (workspace, path) =>
    workspace
      .list(path)
      .map((entry) => entry.name)
      .join(),
  walk: (workspace, path) =>
    walkFolder(workspace, path)
      .map((entry) => entry.path)
      .join(),
  'copy from': (workspace, path) =>
    copyFolder({ from: { workspace, path }, to: { workspace, path: 'fresh-folder' } }),
  'copy to': (workspace, path) =>
    copyFolder({ from: { workspace, path: 'real/deep' }, to: { workspace, path } }),
  realPath: (workspace, path) => {
    const real = workspace.realPath(path);
    assert.ok(real.startsWith(`${workspace.root}/`), real);
  },
};

for (const holdFolders of [true, false]) {
  describe(`openWorkspace, folders ${holdFolders ? 'held open' : 'looked at'}`, () => {
    for (const [name, act] of Object.entries(DEEDS)) {
      it(`touches nothing outside by ${name}`, async () => {
        const paths = escapesOf({
          top: '/t',
          root: '/t/ws',
          outside: '/t/outside',
          snapshot: () => [],
          [Symbol.dispose]: () => undefined,
        });
        for (const index of paths.keys()) {
          using scene = createScene();
          const before = scene.snapshot();
          const workspace = openWorkspace(scene.root, { holdFolders });
          const path = escapesOf(scene)[index] ?? '';
          let shown = '';
          try {
            shown = String(await act(workspace, path));
          } catch (error) {
            assert.ok(error instanceof CodedError, `${path}: ${String(error)}`);
            assert.doesNotMatch(error.message, /proc\/self/);
          }
          assert.doesNotMatch(shown, /secret|inner|root:/, path);
          assert.deepEqual(scene.snapshot(), before, path);
        }
      });
    }
  });
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

  it(
    'writes nothing outside while somebody exchanges folders for links',
    { timeout: 30_000 },
    async (test) => {
      using scene = createScene();
      const workspace = openWorkspace(scene.root);
      if (process.platform !== 'linux') return test.skip('only Linux can hold folders open');
      const before = scene.snapshot();
      const racer = new Worker(
        `const { mkdirSync, renameSync, symlinkSync, rmSync } = require('node:fs');
       const { parentPort, workerData } = require('node:worker_threads');
       const folder = workerData.root + '/race';
       mkdirSync(folder + '/inner', { recursive: true });
       symlinkSync(workerData.outside, workerData.root + '/evil');
       let stop = false;
       parentPort.on('message', () => { stop = true; });
       parentPort.postMessage('ready');
       const turn = () => {
         for (let i = 0; i < 200; i += 1) {
           try { renameSync(folder, workerData.root + '/aside'); renameSync(workerData.root + '/evil', folder); } catch {}
           try { renameSync(folder, workerData.root + '/evil'); renameSync(workerData.root + '/aside', folder); } catch {}
         }
         if (stop) { parentPort.postMessage('done'); parentPort.close(); } else setImmediate(turn);
       };
       turn();`,
        { eval: true, workerData: { root: scene.root, outside: scene.outside } },
      );
      await new Promise((resolve) => racer.once('message', resolve));
      let refused = 0;
      for (let index = 0; index < 1500; index += 1) {
        for (const path of ['race/new.txt', 'race/secret.txt', 'race/inner/deep.txt']) {
          const written = await codeOf(() => workspace.writeFile(path, 'taken over'));
          const removed = await codeOf(() => workspace.remove(path));
          const read = await codeOf(async () =>
            assert.notEqual(String(await workspace.readFile(path)), SECRET),
          );
          refused += [written, removed, read].filter(
            (code) => code === 'scaffolder/outside-workspace',
          ).length;
        }
      }
      racer.postMessage('stop');
      await new Promise((resolve) => racer.once('exit', resolve));
      rmSync(join(scene.root, 'evil'), { force: true });
      assert.deepEqual(scene.snapshot(), before);
      test.diagnostic(`${refused} of 13500 deeds met a link`);
    },
  );

  it('never gets out, whatever links there are', async () => {
    const name = fc.constantFrom('a', 'b', 'c', '..', '.', '../..', 'a/..', 'b/../..');
    const way = fc.array(name, { minLength: 1, maxLength: 5 }).map((names) => names.join('/'));
    using scene = createScene();
    const before = scene.snapshot();
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c', 'a/b', 'b/c'), way), { maxLength: 6 }),
        way,
        async (links, path) => {
          const root = join(scene.root, 'play');
          rmSync(root, { recursive: true, force: true });
          mkdirSync(root);
          const workspace = openWorkspace(root);
          for (const [at, target] of links) {
            // Planted by somebody who does not ask.
            try {
              mkdirSync(join(root, at, '..'), { recursive: true });
              symlinkSync(target, join(root, at));
            } catch {
              continue;
            }
          }
          for (const act of [
            DEEDS['writeFile'],
            DEEDS['rename to'],
            DEEDS['remove'],
            DEEDS['makeFolder'],
            DEEDS['realPath'],
          ]) {
            try {
              await act?.(workspace, `${path}/x`);
            } catch (error) {
              assert.ok(error instanceof CodedError, String(error));
            }
          }
          assert.equal(existsSync(join(scene.root, 'x')), false);
          assert.equal(existsSync(join(scene.top, 'x')), false);
        },
      ),
      { numRuns: 150 },
    );
    assert.deepEqual(scene.snapshot(), before);
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
    for (const limits of [{ entries: 3 }, { bytes: 2 }, { depth: 1 }]) {
      assert.equal(await codeOf(() => walkFolder(workspace, 'tree', limits)), 'scaffolder/too-large');
    }
  });
});
