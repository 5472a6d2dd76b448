import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { createImageView, type ImageViewOptions } from './image-view.ts';
import type { KeptPaths } from './kept-paths.ts';
import { gzipLayer, imageOf, type RawEntry } from './layers.fixture.ts';

async function viewOf(
  layers: readonly (readonly RawEntry[])[],
  options?: ImageViewOptions,
): Promise<Awaited<ReturnType<typeof createImageView>> & { readonly reads: number }> {
  const { image, registry, reads } = imageOf(layers.map(gzipLayer));
  const view = await createImageView(registry, image, options);
  return { ...view, reads: reads() };
}

const link = (name: string, target: string): RawEntry => ({ name, flag: '2', link: target });
const STATUS = '/var/lib/dpkg/status';

describe('createImageView', () => {
  it('keeps the package databases, from the topmost layer that has them', async () => {
    const view = await viewOf([
      [
        { name: 'var/lib/dpkg/status', content: 'old' },
        { name: 'var/lib/dpkg/status.d/a', content: 'A' },
        { name: 'usr/bin/apt-get', content: 'program' },
        { name: 'usr/share/doc/x', content: 'not kept' },
      ],
      [
        { name: 'var/lib/dpkg/status', content: 'new' },
        { name: 'var/lib/dpkg/status.d/b', content: 'B' },
      ],
    ]);
    assert.equal((await view.read(STATUS))?.toString(), 'new');
    assert.deepEqual(await view.list('/var/lib/dpkg/status.d'), ['a', 'b']);
    assert.equal((await view.read('/var/lib/dpkg/status.d/a'))?.toString(), 'A');
    assert.deepEqual(await view.list('/usr/bin'), ['apt-get']);
    assert.equal(await view.read('/lib/apk/db/installed'), null);
    assert.equal(await view.list('/sbin'), null);
    assert.equal(view.reads, 2);
  });

  it('does not say that there is nothing where it did not look', async () => {
    const view = await viewOf([[{ name: 'etc/passwd', content: 'x' }, { name: 'usr/bin/sh' }]]);
    for (const path of ['/etc/passwd', '/nowhere', '/usr/bin/sh']) {
      await assert.rejects(view.read(path), { code: 'images/view-not-kept' });
    }
    await assert.rejects(view.list('/etc'), { code: 'images/view-not-kept' });
  });

  it('honours whiteouts, opaque folders, and what takes the place of a folder', async () => {
    const base: readonly RawEntry[] = [
      { name: 'var/lib/dpkg/status', content: 'base' },
      { name: 'var/lib/dpkg/status.d/a', content: 'A' },
    ];
    const statusAfter = async (...upper: readonly RawEntry[]): Promise<readonly unknown[]> => {
      const view = await viewOf([base, upper]);
      const bytes = await view.read(STATUS);
      return [bytes === null ? null : bytes.toString(), await view.list('/var/lib/dpkg/status.d')];
    };
    assert.deepEqual(await statusAfter({ name: 'var/lib/dpkg/.wh.status' }), [null, ['a']]);
    assert.deepEqual(await statusAfter({ name: 'var/.wh.lib' }), [null, null]);
    assert.deepEqual(await statusAfter({ name: 'var/lib/dpkg/.wh..wh..opq' }), [null, null]);
    assert.deepEqual(
      await statusAfter({ name: 'var/lib/.wh..wh..opq' }, { name: 'var/lib/dpkg/status', content: 'up' }),
      ['up', null],
    );
    assert.deepEqual(await statusAfter({ name: 'var/lib/dpkg', content: 'a file' }), [null, null]);
    assert.deepEqual(await statusAfter({ name: 'var/lib/dpkg/status.d/.wh.a' }), ['base', []]);
    assert.deepEqual(
      await statusAfter({ name: 'var/lib/dpkg/status', content: 'up' }, { name: 'var/lib/dpkg/.wh.status' }),
      ['up', ['a']],
    );
  });

  it('follows links inside the root, to what is kept with one reading', async () => {
    const view = await viewOf([
      [
        link('bin', 'usr/bin'),
        link('etc/os-release', '../usr/lib/os-release'),
        { name: 'usr/lib/os-release', content: 'ID=debian' },
        { name: 'usr/bin/apt-get' },
        link('var/lib/rpm', '../../usr/lib/sysimage/rpm'),
        { name: 'usr/lib/sysimage/rpm/rpmdb.sqlite', content: 'db' },
      ],
    ]);
    assert.equal((await view.read('/etc/os-release'))?.toString(), 'ID=debian');
    assert.equal((await view.read('/var/lib/rpm/rpmdb.sqlite'))?.toString(), 'db');
    assert.deepEqual(await view.list('/bin'), ['apt-get']);
    assert.equal(view.reads, 1);
  });

  it('reads again for what links lead to elsewhere, also links to links', async () => {
    const view = await viewOf([
      [
        { name: 'data/real/status', content: 'there' },
        link('data/lib', 'real'),
        link('var/lib/dpkg', '/data/lib'),
        link('etc/os-release', '/opt/release'),
        { name: 'opt/release', content: 'ID=x' },
      ],
    ]);
    assert.equal((await view.read(STATUS))?.toString(), 'there');
    assert.equal((await view.read('/etc/os-release'))?.toString(), 'ID=x');
    assert.ok(view.reads <= 4, `${view.reads}`);
  });

  it('reads a database that is a hard link to another name, whichever comes first', async () => {
    const view = await viewOf([
      [
        { name: 'tmp/first', content: 'same' },
        { name: 'var/lib/dpkg/status', flag: '1', link: './tmp/first' },
      ],
    ]);
    assert.equal((await view.read(STATUS))?.toString(), 'same');
    const old = await viewOf([
      [
        { name: 'var/lib/dpkg/status-old', content: 'same' },
        { name: 'var/lib/dpkg/status', flag: '1', link: 'var/lib/dpkg/status-old' },
      ],
    ]);
    assert.equal((await old.read(STATUS))?.toString(), 'same');
    assert.equal(old.reads, 1);
  });

  it('finds nothing behind circles and links to nowhere', async () => {
    const view = await viewOf([
      [link('var/lib/dpkg/status', 'status'), link('etc/os-release', '/nowhere'), link('lib', 'lib/x')],
    ]);
    assert.equal(await view.read(STATUS), null);
    assert.equal(await view.read('/etc/os-release'), null);
    assert.equal(await view.read('/lib/apk/db/installed'), null);
  });

  it('refuses links to links without end', async () => {
    const chain = Array.from({ length: 6 }, (_, index) => link(`l${index}`, `l${index + 1}`));
    const view = await viewOf([[link('etc/os-release', '/l0'), ...chain, { name: 'l6', content: 'far' }]], {
      keep: { files: ['etc/os-release'], folders: [], names: [] },
    }).catch((error: unknown) => error);
    assert.ok(view instanceof Error && 'code' in view);
    assert.equal(view.code, 'images/layer-through-link');
  });

  const hostile: readonly (readonly [string, readonly RawEntry[], string])[] = [
    [
      'a database that is there twice',
      [{ name: 'var/lib/dpkg/status' }, { name: './var/lib/dpkg/status' }],
      'images/layer-bad-path',
    ],
    ['one in upper case', [{ name: 'var/lib/DPKG/status' }], 'images/layer-bad-path'],
    ['a way out', [{ name: '../var/lib/dpkg/status' }], 'images/layer-bad-path'],
  ];
  for (const [what, entries, code] of hostile) {
    it(`refuses ${what}`, async () => {
      await assert.rejects(viewOf([entries]), { code });
    });
  }

  it('refuses a layer that goes through a link of a lower one', async () => {
    const layers = [[link('var/lib/dpkg', '/data')], [{ name: 'var/lib/dpkg/status', content: 'hidden' }]];
    await assert.rejects(viewOf(layers), { code: 'images/layer-through-link' });
  });

  it('refuses layers that are elsewhere, and other layers than the configuration names', async () => {
    const { image, registry } = imageOf([gzipLayer([{ name: 'a' }])]);
    const [layer] = image.manifest.layers;
    assert.ok(layer !== undefined);
    const mediaType = 'application/vnd.docker.image.rootfs.foreign.diff.tar.gzip';
    const foreign = { ...image, manifest: { ...image.manifest, layers: [{ ...layer, mediaType }] } };
    await assert.rejects(createImageView(registry, foreign), { code: 'images/layer-media-type' });
    const other = { ...image, config: { ...image.config, diffIds: [layer.digest] } };
    await assert.rejects(createImageView(registry, other), { code: 'images/layer-wrong-content' });
  });

  it('keeps no more than it may, and gives no more than it is asked for', async () => {
    const content = 'x'.repeat(1_000);
    const entries = [
      { name: 'var/lib/dpkg/status', content },
      { name: 'var/lib/dpkg/status.d/a', content },
    ];
    const view = await viewOf([entries], { limits: { fileBytes: 1_000 } });
    await assert.rejects(view.read(STATUS, 999), { code: 'images/file-too-large' });
    const small = await viewOf([entries], { limits: { fileBytes: 999 } });
    await assert.rejects(small.read(STATUS), { code: 'images/file-too-large' });
    await assert.rejects(viewOf([entries], { limits: { keptBytes: 1_999 } }), {
      code: 'images/layer-too-large',
    });
    await assert.rejects(viewOf([entries, entries], { limits: { entries: 3 } }), {
      code: 'images/layer-too-many-entries',
    });
  });

  it('shows what a plain unpacking of layer after layer would', async () => {
    const keep: KeptPaths = { files: [], folders: ['d'], names: [] };
    const name = fc.constantFrom('a', 'b', 'c');
    const path = fc.array(name, { minLength: 1, maxLength: 3 }).map((parts) => `d/${parts.join('/')}`);
    const change = fc.record({ path, what: fc.constantFrom('file', 'whiteout', 'opaque') });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(change, { maxLength: 4 }), { minLength: 1, maxLength: 4 }),
        async (changes) => {
          const files = new Map<string, string>();
          const layers = changes.map((layer, index) => unpack(files, layer, `${index}`));
          const view = await viewOf(layers, { keep });
          for (const one of new Set(changes.flat().map((each) => each.path))) {
            const bytes = await view.read(`/${one}`);
            assert.equal(bytes === null ? null : bytes.toString(), files.get(one) ?? null, one);
          }
        },
      ),
      { numRuns: 150 },
    );
  });
});

/** Does to a map of files what a layer says, whiteouts first; gives the entries of the layer. */
function unpack(
  files: Map<string, string>,
  layer: readonly { readonly path: string; readonly what: string }[],
  text: string,
): readonly RawEntry[] {
  const used = new Set<string>();
  const isFree = (path: string): boolean =>
    ![...used].some((one) => one === path || one.startsWith(`${path}/`) || path.startsWith(`${one}/`));
  const taken = layer.filter(({ path }) => {
    const free = isFree(path);
    if (free) used.add(path);
    return free;
  });
  const remove = (path: string): void => {
    for (const file of files.keys()) if (file === path || file.startsWith(`${path}/`)) files.delete(file);
  };
  // A file of a lower layer becomes a folder when something is in it.
  const removeAbove = (path: string): void => {
    for (const file of files.keys()) if (path.startsWith(`${file}/`)) files.delete(file);
  };
  for (const { path } of taken.filter((one) => one.what !== 'file')) {
    remove(path);
    removeAbove(path);
  }
  for (const { path } of taken.filter((one) => one.what === 'file')) {
    remove(path);
    removeAbove(path);
    files.set(path, text);
  }
  return taken.flatMap(({ path, what }): readonly RawEntry[] => {
    const slash = path.lastIndexOf('/');
    if (what === 'file') return [{ name: path, content: text }];
    if (what === 'opaque') return [{ name: path, flag: '5' }, { name: `${path}/.wh..wh..opq` }];
    return [{ name: `${path.slice(0, slash)}/.wh.${path.slice(slash + 1)}` }];
  });
}
