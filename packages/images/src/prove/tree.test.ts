import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { entry, file } from './evidence.fixture.ts';
import { realPath, withLayer } from './tree.ts';

describe('withLayer', () => {
  const base = withLayer(new Map(), [
    entry('/opt', 'directory'),
    file('/opt/a', 'a'),
    file('/opt/sub/b', 'b'),
    file('/etc/x', 'x'),
  ]);

  it('takes away what whiteouts say, and all below', () => {
    const tree = withLayer(base, [entry('/opt/sub', 'whiteout'), entry('/etc/x', 'whiteout')]);
    assert.deepEqual([...tree.keys()], ['/opt', '/opt/a']);
    assert.equal(base.size, 4);
  });

  it('empties an opaque folder of what was below, not of its own, wherever it stands', () => {
    const tree = withLayer(base, [file('/opt/new', 'n'), entry('/opt', 'opaque')]);
    assert.deepEqual([...tree.keys()].toSorted(), ['/etc/x', '/opt', '/opt/new']);
  });

  it('puts a file or a link in the place of a folder, also of one that was only implied', () => {
    const tree = withLayer(base, [file('/opt', 'file'), entry('/etc', 'symlink', { target: 'opt' })]);
    assert.deepEqual([...tree.keys()].toSorted(), ['/etc', '/opt']);
  });

  it('empties the whole tree by an opaque root', () => {
    const tree = withLayer(base, [entry('/', 'opaque'), file('/etc/new', 'n')]);
    assert.deepEqual([...tree.keys()], ['/etc/new']);
  });

  it('puts back what the same layer takes away', () => {
    const tree = withLayer(base, [file('/etc/x', 'new'), entry('/etc/x', 'whiteout')]);
    assert.equal(tree.get('/etc/x')?.content?.size, 3);
  });
});

describe('realPath', () => {
  const tree = withLayer(new Map(), [
    entry('/lib', 'symlink', { target: 'usr/lib' }),
    entry('/usr/lib/here', 'symlink', { target: '/opt/./there' }),
    entry('/opt/there', 'symlink', { target: '../var/x' }),
    entry('/round', 'symlink', { target: 'round' }),
    entry('/out', 'symlink', { target: '../../..' }),
  ]);

  it('follows the links of folders, relative and absolute, but not the last part', () => {
    assert.equal(realPath(tree, '/lib/libc.so'), '/usr/lib/libc.so');
    assert.equal(realPath(tree, '/lib/here/f'), '/var/x/f');
    assert.equal(realPath(tree, '/lib'), '/lib');
  });

  it('ends for circles and stays inside the root', () => {
    assert.match(realPath(tree, '/round/f'), /^\/round/);
    assert.equal(realPath(tree, '/out/etc/passwd'), '/etc/passwd');
  });
});
