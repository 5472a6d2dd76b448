import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { toTree } from './file-tree.ts';

function files(...paths: string[]): readonly { readonly path: string }[] {
  return paths.map((path) => ({ path }));
}

describe('toTree', () => {
  it('has folders before files, each by name', () => {
    const tree = toTree(files('b.md', 'src/b.ts', 'a.md', 'src/a2.ts', 'src/a10.ts', 'bin/run'));
    assert.deepEqual(
      tree.files.map(({ name }) => name),
      ['a.md', 'b.md'],
    );
    assert.deepEqual(
      tree.folders.map(({ name, path, files: inner }) => [name, path, inner.map((file) => file.name)]),
      [
        ['bin', 'bin', ['run']],
        ['src', 'src', ['a2.ts', 'a10.ts', 'b.ts']],
      ],
    );
  });

  it('joins folders that have nothing but the next one', () => {
    const [folder] = toTree(files('src/main/java/App.java', 'src/main/java/deep/x')).folders;
    assert.equal(folder?.name, 'src/main/java');
    assert.equal(folder?.folders[0]?.path, 'src/main/java/deep');
  });

  it('is empty without files', () => {
    assert.deepEqual(toTree([]), { name: '', path: '', folders: [], files: [] });
  });
});
