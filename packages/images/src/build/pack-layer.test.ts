import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readTar } from '../image/read-tar.ts';
import { linesOf, once, tarOf, type EntryDraft } from '../image/tar.fixture.ts';
import { packLayer, type PackOptions } from './pack-layer.ts';

function pack(drafts: readonly EntryDraft[], given: Partial<PackOptions> = {}): AsyncGenerator<Buffer> {
  return packLayer({
    entries: readTar(once(tarOf(drafts))),
    whiteouts: new Map(),
    root: { mode: 0o755, uid: 0, gid: 0 },
    isTrace: () => false,
    createdAt: 1_700_000_000_999,
    layerBytes: 1e6,
    ...given,
  });
}

describe('packLayer', () => {
  it('writes whiteouts right after the folder that they are in, sorted', async () => {
    const drafts: EntryDraft[] = [
      { path: './', kind: 'folder' },
      { path: './a', kind: 'folder', xattrs: new Map([['trusted.overlay.opaque', Buffer.from('y')]]) },
      { path: './a/b' },
      { path: './a/gone', kind: 'character' },
    ];
    const whiteouts = new Map([
      ['', ['top']],
      ['a', ['z', 'gone']],
    ]);
    assert.deepEqual(await linesOf(pack(drafts, { whiteouts })), [
      'file .wh.top 644',
      'folder a/ 755',
      'file a/.wh..wh..opq 644',
      'file a/.wh.gone 644',
      'file a/.wh.z 644',
      'file a/b 644',
    ]);
  });

  it('has the root only when it looks different, and keeps only attributes that belong to an image', async () => {
    const xattrs = new Map([
      ['user.note', Buffer.from('n')],
      ['security.capability', Buffer.from('c')],
      ['security.selinux', Buffer.from('s')],
      ['trusted.overlay.origin', Buffer.from('o')],
    ]);
    const drafts: EntryDraft[] = [
      { path: './', kind: 'folder', mode: 0o700 },
      { path: './a', xattrs },
    ];
    assert.deepEqual(await linesOf(pack(drafts)), [
      'folder ./ 700',
      'file a 644 security.capability=c user.note=n',
    ]);
  });

  it('sets times that are later than the build to its whole second', async () => {
    const times: number[] = [];
    const drafts = [
      { path: 'old', mtime: 5 },
      { path: 'new', mtime: 1_800_000_000 },
    ];
    for await (const { header } of readTar(pack(drafts))) {
      times.push(header.mtime);
    }
    assert.deepEqual(times, [5, 1_700_000_000]);
  });

  it('refuses a layer that is larger than it may be, to the byte', async () => {
    const drafts = [{ path: 'a', content: 'x'.repeat(1000) }];
    const exact = 512 + 1024 + 1024;
    assert.equal((await linesOf(pack(drafts, { layerBytes: exact }))).length, 1);
    await assert.rejects(linesOf(pack(drafts, { layerBytes: exact - 1 })), {
      code: 'images/build-layer-too-large',
    });
  });
});
