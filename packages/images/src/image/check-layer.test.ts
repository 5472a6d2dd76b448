import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { budgetOf, EMPTY_TREE, LayerCheck, type LayerPlan, type LayerTree } from './check-layer.ts';
import { headerOf, type EntryDraft } from './tar.fixture.ts';

const LIMITS = { unpackedBytes: 1e9, entries: 1e6 };

function check(drafts: readonly EntryDraft[], below: LayerTree = EMPTY_TREE, limits = LIMITS): LayerPlan {
  const layer = new LayerCheck(below, budgetOf(limits));
  for (const draft of drafts) {
    layer.see(headerOf(draft));
  }
  return layer.finish();
}

function refuses(code: string, drafts: readonly EntryDraft[], below?: LayerTree): void {
  assert.throws(() => check(drafts, below), { code: `images/layer-${code}` });
}

describe('LayerCheck', () => {
  it('refuses names that are absolute, lead up, or are none', () => {
    refuses('absolute-path', [{ path: '/etc/passwd' }]);
    for (const path of ['..', '../a', 'a/..', 'a/../b', './../x', '']) {
      refuses('bad-path', [{ path }]);
    }
    refuses('bad-path', [{ path: `a/${'n'.repeat(256)}` }]);
    refuses('bad-path', [{ path: 'a/.wh...' }]);
    refuses('bad-path', [{ path: './', kind: 'symlink', link: 'etc' }]);
  });

  it('refuses links that lead above the root, and takes those that do not', () => {
    refuses('link-out', [{ path: 'a', kind: 'symlink', link: '..' }]);
    refuses('link-out', [{ path: 'a/b', kind: 'symlink', link: 'c/../../../x' }]);
    refuses('link-out', [{ path: 'a/b', kind: 'symlink', link: '/../x' }]);
    refuses('link-out', [{ path: 'a', kind: 'symlink', link: '' }]);
    const good = ['x', '../x', '/etc/x', '../..', './../a/b'];
    const plan = check(good.map((link, index) => ({ path: `usr/lib/${index}`, kind: 'symlink', link })));
    assert.equal(plan.tree.links.size, good.length);
  });

  it('refuses hard links to what its layer does not have', () => {
    refuses('link-out', [{ path: 'a', kind: 'hardlink', link: 'etc/shadow' }]);
    refuses('link-out', [
      { path: 'd', kind: 'folder' },
      { path: 'a', kind: 'hardlink', link: 'd' },
    ]);
    refuses('bad-path', [{ path: 'a', kind: 'hardlink', link: '../etc/shadow' }]);
    assert.ok(check([{ path: 'f' }, { path: 'a', kind: 'hardlink', link: '/f' }]));
  });

  it('refuses entries behind links and files, in any order and also of layers below', () => {
    const link: EntryDraft = { path: 'a', kind: 'symlink', link: '/etc' };
    const behind: EntryDraft = { path: 'a/b/passwd' };
    refuses('through-link', [link, behind]);
    refuses('through-link', [behind, link]);
    refuses('through-link', [{ path: 'a' }, behind]);
    refuses('through-link', [link, { path: 'c', kind: 'hardlink', link: 'a' }, { path: 'c/x' }]);
    refuses('through-link', [{ path: 'a', kind: 'folder' }, link]);
    const below = check([link]).tree;
    refuses('through-link', [behind], below);
    assert.ok(check([{ path: 'a', kind: 'folder' }, behind], below));
    assert.ok(check([{ path: '.wh.a' }, behind], below).opaque.has('a'));
  });

  it('refuses devices but the harmless ones of /dev, which it does not make', () => {
    refuses('device', [{ path: 'dev/sda', kind: 'block', major: 8 }]);
    refuses('device', [{ path: 'dev/mem', kind: 'character', major: 1, minor: 1 }]);
    refuses('device', [{ path: 'tmp/null', kind: 'character', major: 1, minor: 3 }]);
    assert.deepEqual(check([{ path: 'dev/null', kind: 'character', major: 1, minor: 3 }]).whiteouts, []);
  });

  it('refuses attributes that an overlay file system obeys', () => {
    for (const name of ['trusted.overlay.redirect', 'trusted.overlay.opaque', 'user.overlay.redirect']) {
      refuses('attribute', [{ path: 'a', kind: 'folder', xattrs: new Map([[name, Buffer.from('y')]]) }]);
    }
  });

  it('counts bytes, entries and names over all layers', () => {
    const two = [{ path: 'a' }, { path: 'b', content: 'x'.repeat(1000) }];
    assert.ok(check(two, EMPTY_TREE, { unpackedBytes: 2048, entries: 2 }));
    assert.throws(() => check(two, EMPTY_TREE, { unpackedBytes: 2047, entries: 2 }), {
      code: 'images/layer-too-large',
    });
    assert.throws(() => check(two, EMPTY_TREE, { unpackedBytes: 1e9, entries: 1 }), {
      code: 'images/layer-too-many-entries',
    });
    const budget = budgetOf({ unpackedBytes: 1e15, entries: 1e9 });
    const layer = new LayerCheck(EMPTY_TREE, budget);
    const large = headerOf({ path: 'a', xattrs: new Map([['user.a', Buffer.alloc(1 << 20)]]) });
    assert.throws(
      () => {
        for (let count = 0; count < 100; count += 1) layer.see(large);
      },
      { code: 'images/layer-too-large' },
    );
  });

  it('learns whiteouts, opaque folders, and folders that are only implied', () => {
    const below = check([
      { path: 'var', kind: 'folder' },
      { path: 'var/mail', kind: 'folder', mode: 0o2775, uid: 1, gid: 8 },
      { path: 'var/mail/old' },
      { path: 'var/gone', kind: 'folder', mode: 0o700 },
    ]).tree;
    const plan = check(
      [
        { path: 'var/mail/new' },
        { path: 'var/.wh.gone' },
        { path: 'opt/x/.wh..wh..opq' },
        { path: 'opt/x/y' },
        { path: '.wh.file' },
        { path: 'file' },
      ],
      below,
    );
    assert.deepEqual(plan.whiteouts, ['var/gone']);
    assert.deepEqual([...plan.opaque], ['opt/x']);
    assert.deepEqual([...plan.implied.keys()], ['opt', 'opt/x', 'var', 'var/mail']);
    assert.deepEqual(plan.implied.get('var/mail')?.mode, 0o2775);
    assert.deepEqual([...plan.tree.folders.keys()].toSorted(), ['opt', 'opt/x', 'var', 'var/mail']);
  });

  it('forgets how a folder looked once it was taken away', () => {
    const first = check([{ path: 'a', kind: 'folder', mode: 0o700 }]).tree;
    const second = check([{ path: '.wh.a' }], first).tree;
    assert.equal(check([{ path: 'a/b' }], second).implied.get('a')?.mode, 0o755);
  });
});
