import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { budgetOf, EMPTY_TREE, LayerCheck, type LayerTree } from '../image/check-layer.ts';
import { readTar } from '../image/read-tar.ts';
import { linesOf, once, tarOf, type EntryDraft } from '../image/tar.fixture.ts';
import { overlayTar } from './unpack-layer.ts';

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
