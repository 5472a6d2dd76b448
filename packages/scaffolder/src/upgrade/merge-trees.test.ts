import assert from 'node:assert/strict';
import { Buffer } from 'node:buffer';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import type { FileTree } from './file-tree.ts';
import { mergeTrees } from './merge-trees.ts';
import { textsOf, treeOf } from './upgrade.fixture.ts';

const LINES = ['one\n', 'two\n', 'three\n', 'four\n', 'five\n', 'six\n', 'seven\n', 'eight\n'];
const TEXT = LINES.join('');

function merge(trees: Record<'base' | 'ours' | 'theirs', Record<string, string | Buffer>>) {
  const { base, ours, theirs } = trees;
  const { files, changes, conflicts } = mergeTrees({
    base: treeOf(base),
    ours: treeOf(ours),
    theirs: treeOf(theirs),
  });
  return { files: textsOf(files), changes, conflicts: conflicts.map(({ path, kind }) => [path, kind]) };
}

describe('mergeTrees', () => {
  it('takes from each side what only it changed', () => {
    const merged = merge({
      base: { 'a.txt': TEXT, 'b.txt': 'b\n', 'gone.txt': 'x\n' },
      ours: { 'a.txt': TEXT.replace('one', 'ONE'), 'b.txt': 'b\n', 'gone.txt': 'x\n', 'own.txt': 'own\n' },
      theirs: { 'a.txt': TEXT.replace('eight', 'EIGHT'), 'b.txt': 'B\n', 'new.txt': 'new\n' },
    });
    assert.deepEqual(merged, {
      files: {
        'a.txt': TEXT.replace('one', 'ONE').replace('eight', 'EIGHT'),
        'b.txt': 'B\n',
        'new.txt': 'new\n',
        'own.txt': 'own\n',
      },
      changes: [
        { path: 'a.txt', kind: 'changed' },
        { path: 'b.txt', kind: 'changed' },
        { path: 'gone.txt', kind: 'deleted' },
        { path: 'new.txt', kind: 'added' },
      ],
      conflicts: [],
    });
  });

  it('marks what both changed, on lines of their own even behind a last line without a break', () => {
    const { files, conflicts } = merge({
      base: { 'a.txt': 'one\ntwo' },
      ours: { 'a.txt': 'one\nours' },
      theirs: { 'a.txt': 'one\ntheirs' },
    });
    assert.equal(files['a.txt'], 'one\n<<<<<<< repository\nours\n=======\ntheirs\n>>>>>>> template\n');
    assert.deepEqual(conflicts, [['a.txt', 'text']]);
  });

  it('brings changes into a file that was renamed, on either side', () => {
    const changed = TEXT.replace('eight', 'EIGHT');
    const byTeam = merge({
      base: { 'a.txt': TEXT },
      ours: { 'src/b.txt': TEXT },
      theirs: { 'a.txt': changed },
    });
    assert.deepEqual(byTeam.files, { 'src/b.txt': changed });
    assert.deepEqual(byTeam.changes, [{ path: 'src/b.txt', kind: 'changed' }]);
    const byTemplate = merge({
      base: { 'a.txt': TEXT },
      ours: { 'a.txt': changed },
      theirs: { 'src/b.txt': TEXT },
    });
    assert.deepEqual(byTemplate.files, { 'src/b.txt': changed });
    assert.deepEqual(byTemplate.changes, [{ path: 'src/b.txt', kind: 'renamed', from: 'a.txt' }]);
    assert.deepEqual([...byTeam.conflicts, ...byTemplate.conflicts], []);
  });

  it('keeps what the team has, and says so, where nothing can be merged', () => {
    const binary = (value: number) => Buffer.from([0, value]);
    const { files, conflicts } = merge({
      base: { 'pic.png': binary(1), 'dropped.txt': 'x\n', 'deleted.txt': 'y\n', 'move.txt': TEXT },
      ours: {
        'pic.png': binary(2),
        'dropped.txt': 'mine\n',
        'move.txt': TEXT,
        there: 'mine\n',
        dir: 'mine\n',
      },
      theirs: {
        'pic.png': binary(3),
        'deleted.txt': 'changed\n',
        there: 'theirs\n',
        'dir/x': 'new',
        'dir/y': TEXT,
      },
    });
    assert.deepEqual(
      conflicts.toSorted(([a = ''], [b = '']) => (a < b ? -1 : 1)),
      [
        ['deleted.txt', 'deleted-here'],
        ['dir/x', 'path-taken'],
        ['dropped.txt', 'deleted-in-template'],
        ['move.txt', 'path-taken'],
        ['pic.png', 'binary'],
        ['there', 'text'],
      ],
    );
    assert.equal(files['pic.png'], '\0\u0002');
    assert.equal(files['dropped.txt'], 'mine\n');
    assert.equal(files['move.txt'], TEXT);
    assert.equal(files['deleted.txt'], undefined);
  });

  it('keeps the line ends and the bytes of the team', () => {
    const windows = TEXT.replaceAll('\n', '\r\n');
    const { files } = merge({
      base: { 'a.txt': TEXT, 'b.txt': TEXT },
      ours: { 'a.txt': windows.replace('one', 'ONE'), 'b.txt': TEXT.replace('one', 'één') },
      theirs: { 'a.txt': TEXT.replace('eight', 'EIGHT'), 'b.txt': TEXT.replace('eight', 'acht €') },
    });
    assert.equal(files['a.txt'], windows.replace('one', 'ONE').replace('eight', 'EIGHT'));
    assert.equal(files['b.txt'], TEXT.replace('one', 'één').replace('eight', 'acht €'));
  });

  it('takes over that a file became executable', () => {
    const { files, changes } = mergeTrees({
      base: treeOf({ run: 'x\n' }),
      ours: treeOf({ run: 'mine\n' }),
      theirs: treeOf({ run: 'x\n' }, '100755'),
    });
    assert.equal(files.get('run')?.mode, '100755');
    assert.deepEqual(changes, [{ path: 'run', kind: 'changed' }]);
  });

  const text = fc.array(fc.constantFrom(...LINES, '\n', '\0'), { maxLength: 12 }).map((all) => all.join(''));
  const tree = fc
    .dictionary(fc.constantFrom('a', 'b', 'c/d', 'c/e', 'f', 'g/h/i'), text, { noNullPrototype: true })
    .map((texts) => treeOf(texts));

  function same(one: FileTree, other: FileTree): void {
    assert.deepEqual(textsOf(one), textsOf(other));
  }

  it('changes nothing when the template did not change', () => {
    fc.assert(
      fc.property(tree, tree, (base, ours) => {
        const merged = mergeTrees({ base, ours, theirs: base });
        same(merged.files, ours);
        assert.deepEqual([merged.changes, merged.conflicts], [[], []]);
      }),
    );
  });

  it('gives what the template has when nothing was changed in the repository', () => {
    fc.assert(
      fc.property(tree, tree, (base, theirs) => {
        const merged = mergeTrees({ base, ours: base, theirs });
        same(merged.files, theirs);
        assert.deepEqual(merged.conflicts, []);
      }),
    );
  });

  it('is without conflicts when the two changed different files, or lines far apart', () => {
    const many = Array.from({ length: 60 }, (_, index) => `line ${index}\n`);
    const changed = (line: number, by: string) => many.with(line, `${by}\n`).join('');
    fc.assert(
      fc.property(fc.nat({ max: 25 }), fc.integer({ min: 30, max: 59 }), fc.boolean(), (low, high, swap) => {
        const [first, second] = swap ? [low, high] : [high, low];
        const merged = merge({
          base: { f: many.join(''), x: 'x\n', y: 'y\n' },
          ours: { f: changed(first, 'ours'), x: 'ours\n', y: 'y\n' },
          theirs: { f: changed(second, 'theirs'), x: 'x\n', y: 'theirs\n' },
        });
        assert.deepEqual(merged.conflicts, []);
        const both = many.with(first, 'ours\n').with(second, 'theirs\n').join('');
        assert.deepEqual(merged.files, { f: both, x: 'ours\n', y: 'theirs\n' });
      }),
    );
  });

  it('never drops a line that only the team has', () => {
    fc.assert(
      fc.property(text, text, text, (base, ours, theirs) => {
        const { files } = merge({
          base: { f: base },
          ours: { f: `${ours}ONLY OURS\n` },
          theirs: { f: theirs },
        });
        assert.match(files['f'] ?? '', /ONLY OURS$/m);
      }),
    );
  });
});
