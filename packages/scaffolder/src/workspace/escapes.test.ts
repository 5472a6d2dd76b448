/** The corpus of escapes: every path that could lead out, with everything that can be done to a path. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';
import { Worker } from 'node:worker_threads';
import { array, assert as assertProperty, asyncProperty, constantFrom, tuple } from 'fast-check';
import { CodedError } from '@callboard/kernel';
import { createScene, escapesOf, SECRET, type Scene } from './scene.fixture.ts';
import { copyFolder, walkFolder } from './walk.ts';
import { openWorkspace, type Workspace } from './workspace.ts';

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
type Deed = (workspace: Workspace, path: string) => unknown;

const DEEDS: Readonly<Record<string, Deed>> = {
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

/** Each path finds the workspace as it was made; gives how many there were. */
async function tryAll(name: string, holdFolders: boolean): Promise<number> {
  const act = DEEDS[name] ?? assert.fail(name);
  let scene = createScene();
  try {
    const paths = escapesOf(scene).length;
    for (let index = 0; index < paths; index += 1) {
      const path = escapesOf(scene)[index] ?? '';
      const before = scene.snapshot();
      const inside = scene.inside();
      await tryOne(scene, { act, holdFolders, path });
      assert.deepEqual(scene.snapshot(), before, path);
      if (scene.inside() === inside) continue;
      scene[Symbol.dispose]();
      scene = createScene();
    }
    return paths;
  } finally {
    scene[Symbol.dispose]();
  }
}

interface Attempt {
  readonly act: Deed;
  readonly holdFolders: boolean;
  readonly path: string;
}

async function tryOne({ root }: Scene, { act, holdFolders, path }: Attempt): Promise<void> {
  try {
    const shown = String(await act(openWorkspace(root, { holdFolders }), path));
    assert.doesNotMatch(shown, /secret|inner|root:/, path);
  } catch (error) {
    assert.ok(error instanceof CodedError, `${path}: ${String(error)}`);
    assert.doesNotMatch(error.message, /proc\/self/);
  }
}

/** A link may be there already, or lead round in a circle. */
function attempt(deed: () => void): void {
  try {
    deed();
  } catch (error) {
    assert.ok(error instanceof Error && 'code' in error, String(error));
  }
}

describe('openWorkspace', () => {
  for (const name of Object.keys(DEEDS)) {
    it(`touches nothing outside by ${name}`, async () => {
      assert.ok((await tryAll(name, true)) > 30);
    });
  }

  it('touches nothing outside where folders cannot be held open', async () => {
    for (const name of ['readFile', 'list', 'writeFile', 'rename to']) await tryAll(name, false);
  });

  it(
    'writes nothing outside while somebody exchanges folders for links',
    { timeout: 30_000 },
    async (test) => {
      using scene = createScene();
      const workspace = openWorkspace(scene.root);
      if (process.platform !== 'linux') return test.skip('only Linux can hold folders open');
      const before = scene.snapshot();
      const stop = new Int32Array(new SharedArrayBuffer(4));
      const racer = new Worker(
        `const { mkdirSync, renameSync, rmSync, symlinkSync, unlinkSync } = require('node:fs');
         const { parentPort, workerData } = require('node:worker_threads');
         const folder = workerData.root + '/race';
         const aside = workerData.root + '/aside';
         const attempt = (deed) => { try { deed(); } catch {} };
         parentPort.postMessage('ready');
         const turn = () => {
           for (let i = 0; i < 20; i += 1) {
             attempt(() => renameSync(folder, aside));
             attempt(() => symlinkSync(workerData.outside, folder));
             attempt(() => unlinkSync(folder));
             attempt(() => mkdirSync(folder));
             attempt(() => rmSync(aside, { recursive: true, force: true }));
           }
           if (Atomics.load(workerData.stop, 0) === 0) setImmediate(turn);
         };
         turn();`,
        { eval: true, workerData: { root: scene.root, outside: scene.outside, stop } },
      );
      await new Promise((resolve) => racer.once('message', resolve));
      let refused = 0;
      for (let index = 0; index < 200; index += 1) {
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
      Atomics.store(stop, 0, 1);
      await new Promise((resolve) => racer.once('exit', resolve));
      assert.deepEqual(scene.snapshot(), before);
      test.diagnostic(`${refused} of 1800 deeds met a link`);
    },
  );

  it('never gets out, whatever links there are', async () => {
    const name = constantFrom('a', 'b', 'c', '..', '.', '../..', 'a/..', 'b/../..');
    const way = array(name, { minLength: 1, maxLength: 5 }).map((names) => names.join('/'));
    using scene = createScene();
    const before = scene.snapshot();
    await assertProperty(
      asyncProperty(
        array(tuple(constantFrom('a', 'b', 'c', 'a/b', 'b/c'), way), { maxLength: 6 }),
        way,
        async (links, path) => {
          const root = join(scene.root, 'play');
          rmSync(root, { recursive: true, force: true });
          mkdirSync(root);
          writeFileSync(join(root, 'plain.txt'), 'plain');
          const workspace = openWorkspace(root);
          for (const [at, target] of links) {
            // Planted by somebody who does not ask; never outside by ourselves.
            const folder = join(root, dirname(at));
            attempt(() => mkdirSync(folder));
            attempt(() => {
              if (realpathSync(folder).startsWith(root)) symlinkSync(target, join(root, at));
            });
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
      { numRuns: 100 },
    );
    assert.deepEqual(scene.snapshot(), before);
  });
});
