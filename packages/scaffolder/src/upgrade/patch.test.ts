import assert from 'node:assert/strict';
import { Buffer } from 'node:buffer';
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { readFileTree, writeFiles, type FileTree } from './file-tree.ts';
import { mergeTrees } from './merge-trees.ts';
import { patchOf } from './patch.ts';
import { treeOf } from './upgrade.fixture.ts';

async function applied(ours: FileTree, patch: Buffer, ...more: readonly string[]): Promise<FileTree> {
  const folder = await mkdtemp(join(tmpdir(), 'callboard-patch-'));
  try {
    await writeFiles(folder, { tree: ours, write: [...ours.keys()], remove: [] });
    const env = { PATH: process.env['PATH'] ?? '', GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null' };
    execFileSync('git', ['apply', '--whitespace=nowarn', ...more, '-'], {
      cwd: folder,
      env,
      input: patch,
      stdio: 'pipe',
    });
    return await readFileTree(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const TEXT = Array.from({ length: 30 }, (_, index) => `line ${index}\n`).join('');

describe('patchOf', () => {
  const base = treeOf({
    'a.txt': TEXT,
    'move me.txt': TEXT.replaceAll('line', 'moved'),
    'gone.txt': 'x',
    empty: '',
    'no-break.txt': 'a\nb',
    'größe "1".txt': 'ä\n',
    'windows.txt': 'a\r\nb\r\n',
    'pic.bin': Buffer.from([0, 1, 2, 3]),
    'old.bin': Buffer.from([0, 9]),
    run: 'x\n',
  });
  const theirs = new Map([
    ...treeOf({
      'a.txt': TEXT.replace('line 3\n', '').replace('line 20\n', 'changed\nand more\n'),
      'sub dir/moved.txt': TEXT.replaceAll('line', 'moved').replace('moved 7\n', 'edited\n'),
      'no-break.txt': 'a\nb\n',
      'größe "1".txt': 'ö\n',
      'windows.txt': 'a\r\nc\r\n',
      'pic.bin': Buffer.from(Array.from({ length: 5000 }, (_, index) => (index * index) % 251)),
      'new/empty': '',
      'new/one line': 'one',
    }),
    ...treeOf({ run: 'x\n', 'new/script': '#!/bin/sh\n' }, '100755'),
    ...treeOf({ 'new/link': '../a.txt' }, '120000'),
  ]);

  it('is a patch that git applies: texts, renames, modes, links, binaries, odd names and missing line ends', async () => {
    const merged = mergeTrees({ base, ours: base, theirs });
    const patch = patchOf(base, merged);
    const after = await applied(base, patch);
    assert.deepEqual(after, new Map([...theirs].toSorted(([a], [b]) => (a < b ? -1 : 1))));
    const back = await applied(theirs, patch, '--reverse');
    assert.deepEqual([...back.keys()], [...base.keys()]);
    assert.deepEqual(back.get('old.bin'), base.get('old.bin'));
  });

  it('is empty when nothing changes', () => {
    assert.equal(patchOf(base, mergeTrees({ base, ours: base, theirs: base })).length, 0);
  });

  it('takes files that have nothing in common as a whole', async () => {
    const lines = (word: string) =>
      Array.from({ length: 6_000 }, (_, index) => `${word} ${index}\n`).join('');
    const [ours, next] = [treeOf({ f: lines('a') }), treeOf({ f: `${lines('b')}end` })];
    assert.deepEqual(
      await applied(ours, patchOf(ours, mergeTrees({ base: ours, ours, theirs: next }))),
      next,
    );
  });

  it('leads from any tree to any other', async () => {
    const content = fc.array(fc.constantFrom('a\n', 'b\n', '\n', 'c', '\0', '\r\n'), { maxLength: 8 });
    const tree = fc
      .dictionary(fc.constantFrom('a', 'b c', 'd/e', 'd/é', 'g'), content, {
        noNullPrototype: true,
        minKeys: 1,
      })
      .map((texts) =>
        treeOf(Object.fromEntries(Object.entries(texts).map(([path, all]) => [path, all.join('')]))),
      );
    await fc.assert(
      fc.asyncProperty(tree, tree, async (ours, next) => {
        const patch = patchOf(ours, mergeTrees({ base: ours, ours, theirs: next }));
        if (patch.length > 0) assert.deepEqual(await applied(ours, patch), next);
        else assert.deepEqual(ours, next);
      }),
      { numRuns: 25 },
    );
  });
});
