import assert from 'node:assert/strict';
import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { ask, component, EXAMPLES, folderOf } from './callboard.fixture.ts';

describe('callboard validate', () => {
  it('finds nothing wrong with the examples', async () => {
    await using folder = await folderOf();
    const files = ['org.yaml', 'images.yaml', 'systems/**/catalog-info.yaml'];
    const { code, out } = await ask(['validate', ...files.map((file) => join(EXAMPLES, 'catalog', file))], {
      cwd: folder.path,
    });
    assert.equal(code, 0, out);
    assert.match(out, /^\d\d files, \d+ entities: no problems\n$/);
  });

  it('finds the mistake in every broken example and says where', async () => {
    const { code, out } = await ask(['validate', '.'], { cwd: join(EXAMPLES, 'broken') });
    assert.equal(code, 1);
    for (const name of ['alias-bomb', 'bad-name', 'foreign-field', 'missing-owner', 'tab-indentation']) {
      assert.match(out, new RegExp(`^${name}\\.yaml:\\d+(:\\d+)? error [a-z]+/[a-z-]+: `, 'm'));
    }
    assert.match(out, /\n10 files, \d+ entities: \d+ errors\n$/);
    assert.doesNotMatch(out, /^ +at .*\(/m, 'a stack trace');
  });

  it('gives programs JSON, with absolute paths', async () => {
    await using folder = await folderOf({ 'a.yaml': component('a b') });
    const { code, out } = await ask(['validate', 'a.yaml', 'b.yaml', '--json'], { cwd: folder.path });
    assert.equal(code, 1);
    const { diagnostics, ...rest } = JSON.parse(out);
    assert.deepEqual(rest, { files: 1, entities: 1, errors: 2, warnings: 0 });
    const found = diagnostics.map(({ code: name, file }: { code: string; file: string }) => [name, file]);
    assert.deepEqual(found, [
      ['catalog/source-missing', join(folder.path, 'b.yaml')],
      ['model/invalid-format', join(folder.path, 'a.yaml')],
    ]);
  });

  it('takes files, folders and globs from where it is called, each file once', async () => {
    await using folder = await folderOf({
      'a.yaml': component('a'),
      'sub/b.yml': component('b'),
      'sub/deep/c[1].yaml': component('c'),
      'sub/readme.md': 'no entity',
      'node_modules/x/d.yaml': 'nobody: looks here',
    });
    await symlink('a.yaml', join(folder.path, 'link.yaml'));
    const count = async (...names: string[]) => {
      const { out } = await ask(['validate', ...names], { cwd: folder.path });
      return out.split('\n').at(-2);
    };
    assert.equal(await count('sub', './sub/b.yml', 'sub/*.yml'), '2 files, 2 entities: no problems');
    assert.equal(await count('**/c*.yaml'), '1 file, 1 entity: no problems');
    assert.equal(await count('sub/deep/c[1].yaml'), '1 file, 1 entity: no problems');
    // The link shows the same entity a second time.
    assert.equal(await count('.'), '4 files, 4 entities: 1 error');
  });

  it('passes with warnings, but not when it is strict', async () => {
    await using folder = await folderOf({ 'a.yaml': `${component('a')}  limit: .inf\n` });
    const [lenient, strict] = await Promise.all([
      ask(['validate', 'a.yaml'], { cwd: folder.path }),
      ask(['validate', 'a.yaml', '--strict'], { cwd: folder.path }),
    ]);
    assert.match(lenient.out, /: 1 warning\n$/);
    assert.deepEqual([lenient.code, strict.code], [0, 1]);
  });

  it('refuses what is too large and what is no text', async () => {
    await using folder = await folderOf({ 'large.yaml': '# \n'.repeat(12_000_000), 'zero.yaml': '\0' });
    const { code, out } = await ask(['validate', '.'], { cwd: folder.path });
    assert.equal(code, 1);
    assert.match(out, /^large\.yaml error catalog\/yaml-too-large: /m);
    assert.match(out, /^zero\.yaml error catalog\/not-text: /m);
  });
});
