import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { budgetOf, EMPTY_TREE, LayerCheck, type LayerTree } from './check-layer.ts';
import { tarOf, type EntryDraft } from './image.fixture.ts';
import { packLayer, type PackOptions } from './pack-layer.ts';
import { readTar } from './read-tar.ts';
import { overlayTar } from './unpack-layer.ts';

async function* once(bytes: Buffer): AsyncGenerator<Buffer> {
  yield bytes;
}

async function linesOf(tar: AsyncIterable<Buffer>): Promise<string[]> {
  const lines: string[] = [];
  for await (const { header, content } of readTar(tar)) {
    let text = '';
    for await (const part of content) {
      text += part.toString('latin1');
    }
    const marks = [...header.xattrs].map(([name, value]) => `${name}=${value.toString('latin1')}`);
    const parts = [header.kind, header.path, header.mode.toString(8), header.link, text, ...marks];
    lines.push(parts.filter((part) => part !== '').join(' '));
  }
  return lines;
}

async function overlay(drafts: readonly EntryDraft[], below: LayerTree = EMPTY_TREE) {
  const check = new LayerCheck(below, budgetOf({ unpackedBytes: 1e9, entries: 1e6 }));
  for await (const { header } of readTar(once(tarOf(drafts)))) {
    check.see(header);
  }
  const plan = check.finish();
  return { plan, lines: await linesOf(overlayTar(readTar(once(tarOf(drafts))), plan)) };
}

describe('overlayTar', () => {
  it('turns whiteouts into devices and attributes, and leaves out what is not unpacked', async () => {
    const { lines } = await overlay([
      { path: './', kind: 'folder', mode: 0o750 },
      { path: './a/', kind: 'folder' },
      { path: './a/.wh..wh..opq' },
      { path: './a/.wh.gone' },
      { path: './a/kept', content: 'text' },
      { path: './a/twin', kind: 'hardlink', link: '/a/kept' },
      { path: './dev/null', kind: 'character', major: 1, minor: 3 },
    ]);
    assert.deepEqual(lines, [
      'folder ./ 750',
      'folder dev/ 755',
      'folder a/ 755 trusted.overlay.opaque=y',
      'file a/kept 644 text',
      'hardlink a/twin 644 a/kept',
      'character a/gone 0',
    ]);
  });

  it('gives folders without an entry the look that they had below', async () => {
    const { plan } = await overlay([{ path: 'a', kind: 'folder', mode: 0o1777 }]);
    assert.deepEqual((await overlay([{ path: 'a/b' }], plan.tree)).lines, ['folder a/ 1777', 'file a/b 644']);
  });
});

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
