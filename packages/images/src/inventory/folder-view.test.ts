import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import * as fc from 'fast-check';
import { createFolderView } from './folder-view.ts';
import type { FileView } from './inventory.ts';

describe('createFolderView', () => {
  let outside = '';
  let view: FileView;

  before(() => {
    outside = mkdtempSync(join(tmpdir(), 'images-folder-view-'));
    const root = join(outside, 'root');
    mkdirSync(join(root, 'usr/lib'), { recursive: true });
    mkdirSync(join(root, 'etc'));
    mkdirSync(join(root, 'a/b'), { recursive: true });
    writeFileSync(join(outside, 'secret'), 'outside');
    writeFileSync(join(root, 'secret'), 'inside');
    writeFileSync(join(root, 'usr/lib/os-release'), 'ID=x\n');
    writeFileSync(join(root, 'large'), Buffer.alloc(1000));
    const links = {
      'etc/os-release': '../usr/lib/os-release',
      'etc/absolute': '/usr/lib/os-release',
      'etc/up': '../../../../secret',
      'etc/machine': join(outside, 'secret'),
      'a/b/out': '/../../secret',
      lib: 'usr/lib',
      'lib-absolute': '/usr/lib/',
      twice: 'lib-absolute',
      self: 'self',
      one: 'two',
      two: 'one',
      'within-itself': 'within-itself/x',
      dangling: '/nowhere',
      empty: '.',
      'folder-above': '..',
    };
    for (const [name, target] of Object.entries(links)) symlinkSync(target, join(root, name));
    view = createFolderView(`${root}/`);
  });
  after(() => rmSync(outside, { recursive: true }));

  const textOf = async (path: string): Promise<string | null> => {
    const bytes = await view.read(path);
    return bytes === null ? null : bytes.toString();
  };

  it('follows relative and absolute links, of files and of folders on the way', async () => {
    for (const path of [
      '/etc/os-release',
      '/etc/absolute',
      '/lib/os-release',
      '/twice/os-release',
      '/lib/../lib/os-release',
    ]) {
      assert.equal(await textOf(path), 'ID=x\n', path);
    }
    assert.deepEqual(await view.list('/twice'), ['os-release']);
  });

  it('never leaves the root, however a link or a path points above it', async () => {
    for (const path of [
      '/etc/up',
      '/a/b/out',
      '/../secret',
      '/../../../../secret',
      '/folder-above/secret',
      'secret',
    ]) {
      assert.equal(await textOf(path), 'inside', path);
    }
    assert.equal(await textOf('/etc/machine'), null);
    assert.deepEqual(await view.list('/folder-above'), await view.list('/'));
  });

  it('finds nothing where links go in circles or nowhere, and in what is no file', async () => {
    for (const path of [
      '/self',
      '/one',
      '/within-itself',
      '/dangling',
      '/etc',
      '/large/x',
      '/\0',
      `/${'x'.repeat(5000)}`,
    ]) {
      assert.equal(await textOf(path), null, path);
    }
    for (const path of ['/self', '/large', '/nowhere', '/dangling'])
      assert.equal(await view.list(path), null, path);
  });

  it('reads a file of just the limit and refuses one of a byte more', async () => {
    assert.equal((await view.read('/large', 1000))?.length, 1000);
    await assert.rejects(() => view.read('/large', 999), { code: 'images/file-too-large', status: 413 });
  });

  it('sorts the names of a folder', async () => {
    const names = (await view.list('/')) ?? [];
    assert.deepEqual(names, names.toSorted());
    assert.ok(names.includes('secret'));
  });

  it('shows nothing of the machine on any path made of what is there', async () => {
    const name = fc.constantFrom(...'.. . etc a b up out machine folder-above empty secret'.split(' '));
    await fc.assert(
      fc.asyncProperty(fc.array(name, { maxLength: 8 }), async (names) => {
        assert.notEqual(await textOf(`/${names.join('/')}`), 'outside');
      }),
      { numRuns: 300 },
    );
  });
});
