import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import * as fc from 'fast-check';
import { digestOf } from './digest.ts';
import { paxOf, rawEntry, tarOf, type RawEntry } from './layers.fixture.ts';
import { readLayer, type LayerOptions } from './layers.ts';

const END = Buffer.alloc(1_024);

function chunks(bytes: Buffer, size = 700): AsyncIterable<Buffer> {
  return (async function* () {
    for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
  })();
}

async function read(
  blob: Buffer,
  { tar = blob, ...options }: Partial<LayerOptions> & { tar?: Buffer } = {},
): Promise<readonly string[]> {
  const seen: string[] = [];
  await readLayer(chunks(blob), {
    budget: { bytes: 1e9, entries: 1_000, names: 1e6 },
    diffId: digestOf(tar),
    see: async ({ header, path, role, hides, content }) => {
      let text = '';
      for await (const part of content) text += part.toString();
      const more = [hides, text].filter((word) => word !== null && word !== '');
      seen.push([role, header.kind, path, ...more].join(' '));
    },
    ...options,
  });
  return seen;
}

describe('readLayer', () => {
  const plain = tarOf([
    { name: './', flag: '5' },
    { name: './etc/', flag: '5' },
    { name: './etc/motd', content: 'hello' },
    { name: 'etc/.wh.gone' },
    { name: 'opt/.wh..wh..opq' },
    { name: 'etc/link', flag: '2', link: '/usr/lib/x' },
    { name: 'etc/hard', flag: '1', link: 'etc/motd' },
    { name: 'dev/null', flag: '3', device: [1, 3] },
    { name: 'short', pax: { path: `long/${'x'.repeat(200)}`, mtime: '1.5' }, content: 'pax' },
  ]);
  const expected = [
    'keep folder ',
    'keep folder etc',
    'keep file etc/motd hello',
    'whiteout file etc/.wh.gone etc/gone',
    'opaque file opt/.wh..wh..opq opt',
    'keep symlink etc/link',
    'keep hardlink etc/hard',
    'drop character dev/null',
    `keep file long/${'x'.repeat(200)} pax`,
  ];
  for (const [packing, blob] of [
    ['as it is', plain],
    ['with gzip', gzipSync(plain)],
    [
      'with gzip in two parts',
      Buffer.concat([gzipSync(plain.subarray(0, 999)), gzipSync(plain.subarray(999))]),
    ],
    ['with zstd', zstdCompressSync(plain)],
    [
      'with zstd in frames, some to be skipped',
      Buffer.concat([
        ...[0, 1, 2].map((part) =>
          zstdCompressSync(plain.subarray(part * 1_000, part === 2 ? undefined : part * 1_000 + 1_000)),
        ),
        Buffer.from([0x50, 0x2a, 0x4d, 0x18, 4, 0, 0, 0, 1, 2, 3, 4]),
      ]),
    ],
  ] as const) {
    it(`shows the entries of a layer ${packing}`, async () => {
      assert.deepEqual(await read(blob, { tar: plain }), expected);
    });
  }

  it('reads GNU long names, and passes over what is not read', async () => {
    const long = 'y'.repeat(300);
    const tar = tarOf([
      { name: '././@LongLink', flag: 'L', content: `${long.slice(0, 250)}\0` },
      { name: 'cut', content: 'z'.repeat(5_000) },
      { name: 'after', content: 'ok' },
    ]);
    const seen: string[] = [];
    const see = ({ path }: { path: string }): void => void seen.push(path);
    await read(tar, { see });
    assert.deepEqual(seen, [long.slice(0, 250), 'after']);
  });

  const device = { flag: '3', device: [8, 0] } as const;
  const hostile: readonly (readonly [string, readonly RawEntry[], string])[] = [
    ['an absolute path', [{ name: '/etc/passwd' }], 'images/layer-absolute-path'],
    [
      'an absolute path of a pax record',
      [{ name: 'x', pax: { path: '/etc/passwd' } }],
      'images/layer-absolute-path',
    ],
    ['..', [{ name: '../etc/passwd' }], 'images/layer-bad-path'],
    ['.. in the middle', [{ name: 'a/../../b' }], 'images/layer-bad-path'],
    ['.. at the end', [{ name: 'a/..', flag: '5' }], 'images/layer-bad-path'],
    [
      '.. of a GNU long name',
      [{ name: '@', flag: 'L', content: '../x\0' }, { name: 'x' }],
      'images/layer-bad-path',
    ],
    ['a link above the root', [{ name: 'a/l', flag: '2', link: '../../etc' }], 'images/layer-link-out'],
    [
      'a link above the root by a detour',
      [{ name: 'a', flag: '2', link: 'b/../../c' }],
      'images/layer-link-out',
    ],
    ['an absolute link above the root', [{ name: 'a', flag: '2', link: '/../etc' }], 'images/layer-link-out'],
    [
      'a link of a pax record',
      [{ name: 'a', flag: '2', link: 'b', pax: { linkpath: '../../x' } }],
      'images/layer-link-out',
    ],
    [
      'a hard link to what is not in the layer',
      [{ name: 'a', flag: '1', link: 'etc/shadow' }],
      'images/layer-link-out',
    ],
    [
      'a hard link out of the root',
      [{ name: 'a', flag: '1', link: '../../etc/shadow' }],
      'images/layer-bad-path',
    ],
    [
      'an entry below a link',
      [{ name: 'a', flag: '2', link: '/etc' }, { name: 'a/passwd' }],
      'images/layer-through-link',
    ],
    [
      'an entry before the link it is below',
      [{ name: 'a/passwd' }, { name: 'a', flag: '2', link: '/etc' }],
      'images/layer-through-link',
    ],
    [
      'an entry below a hard link to a link',
      [{ name: 'l', flag: '2', link: '/etc' }, { name: 'h', flag: '1', link: 'l' }, { name: 'h/x' }],
      'images/layer-through-link',
    ],
    ['an entry below a file', [{ name: 'a' }, { name: 'a/b' }], 'images/layer-through-link'],
    [
      'a folder and a link of one name',
      [
        { name: 'a', flag: '5' },
        { name: 'a', flag: '2', link: '/etc' },
      ],
      'images/layer-through-link',
    ],
    [
      'the same behind a dot',
      [
        { name: 'a', flag: '5' },
        { name: './/a/.', flag: '2', link: '/etc' },
      ],
      'images/layer-through-link',
    ],
    ['a disk', [{ name: 'dev/sda', ...device }], 'images/layer-device'],
    ['a block device', [{ name: 'dev/null', flag: '4', device: [1, 3] }], 'images/layer-device'],
    ['a memory device', [{ name: 'dev/mem', flag: '3', device: [1, 1] }], 'images/layer-device'],
    ['a null device elsewhere', [{ name: 'tmp/null', flag: '3', device: [1, 3] }], 'images/layer-device'],
    ['a NUL in a pax path', [{ name: 'x', pax: { path: 'a\0b' } }], 'images/layer-broken'],
    ['a line break in a name', [{ name: 'a\nb' }], 'images/layer-bad-path'],
    ['an escape in a link', [{ name: 'a', flag: '2', link: 'b\u001b[2J' }], 'images/layer-bad-path'],
    ['an empty name', [{ name: '' }], 'images/layer-bad-path'],
    ['a name of too many bytes', [{ name: 'x', pax: { path: 'x'.repeat(256) } }], 'images/layer-bad-path'],
    ['a path of too many bytes', [{ name: 'x', pax: { path: 'a/'.repeat(3_000) } }], 'images/layer-broken'],
    ['a whiteout of ..', [{ name: 'a/.wh...' }], 'images/layer-bad-path'],
    ['a whiteout of .', [{ name: 'a/.wh..' }], 'images/layer-bad-path'],
    ['a whiteout with content', [{ name: 'a/.wh.b', content: 'x' }], 'images/layer-bad-path'],
    ['a whiteout that is a link', [{ name: 'a/.wh.b', flag: '2', link: 'c' }], 'images/layer-bad-path'],
    ['an opaque marker that is a folder', [{ name: 'a/.wh..wh..opq', flag: '5' }], 'images/layer-bad-path'],
    [
      'an attribute of overlay',
      [{ name: 'a', flag: '5', pax: { 'SCHILY.xattr.trusted.overlay.redirect': '/' } }],
      'images/layer-attribute',
    ],
    ['a file with holes', [{ name: 'a', pax: { 'GNU.sparse.size': '9' } }], 'images/layer-broken'],
    ['an old GNU file with holes', [{ name: 'a', flag: 'S' }], 'images/layer-broken'],
    ['a type that nobody knows', [{ name: 'a', flag: 'Z' }], 'images/layer-broken'],
    ['a folder with content', [{ name: 'a', flag: '5', content: 'x' }], 'images/layer-broken'],
    ['a link with content', [{ name: 'a', flag: '2', link: 'b', content: 'x' }], 'images/layer-broken'],
    [
      'records for all entries',
      [{ name: 'g', flag: 'g', content: paxOf({ path: '../x' }) }, { name: 'a' }],
      'images/layer-broken',
    ],
    [
      'a pax record of a wrong length',
      [{ name: 'p', flag: 'x', content: '99 path=x\n' }, { name: 'a' }],
      'images/layer-broken',
    ],
    ['a pax size that is no number', [{ name: 'a', pax: { size: '1e9' } }], 'images/layer-broken'],
    ['a pax size below zero', [{ name: 'a', pax: { size: '-1' } }], 'images/layer-broken'],
    [
      'a pax header without an entry',
      [{ name: 'p', flag: 'x', content: paxOf({ path: 'a' }) }],
      'images/layer-broken',
    ],
    [
      'two pax headers for one entry',
      [
        { name: 'p', flag: 'x', content: paxOf({ path: 'a' }) },
        { name: 'b', pax: { path: 'c' } },
      ],
      'images/layer-broken',
    ],
    [
      'two GNU long names for one entry',
      [{ name: '@', flag: 'L', content: 'a\0' }, { name: '@', flag: 'L', content: 'b\0' }, { name: 'c' }],
      'images/layer-broken',
    ],
    ['a wrong checksum', [{ name: 'a', checksum: 1 }], 'images/layer-broken'],
    ['a size beyond the end', [{ name: 'a', size: 1_000_000, content: 'x' }], 'images/layer-broken'],
    ['a size of terabytes', [{ name: 'a', size: 8 ** 11 - 1 }], 'images/layer-too-large'],
  ];
  for (const [what, entries, code] of hostile) {
    it(`refuses ${what}`, async () => {
      const tar = tarOf(entries);
      await assert.rejects(read(gzipSync(tar), { tar }), { code });
    });
  }

  it('refuses what follows the end, where readers differ in what they see', async () => {
    const hidden = Buffer.concat([tarOf([{ name: 'a' }]), tarOf([{ name: 'hidden' }])]);
    await assert.rejects(read(hidden), { code: 'images/layer-broken' });
    const half = Buffer.concat([rawEntry({ name: 'a' }), Buffer.alloc(512), rawEntry({ name: 'b' }), END]);
    await assert.rejects(read(half), { code: 'images/layer-broken' });
  });

  it('refuses what is packed badly: cut, spoiled, or followed by something', async () => {
    const tar = tarOf([{ name: 'a', content: 'x'.repeat(9_999) }]);
    const spoiled = gzipSync(tar);
    spoiled[20] = (spoiled[20] ?? 0) ^ 0xff;
    const blobs = [
      gzipSync(tar).subarray(0, -9),
      spoiled,
      Buffer.concat([gzipSync(tar), Buffer.from('garbage')]),
      Buffer.concat([gzipSync(tar), Buffer.alloc(99)]),
      Buffer.concat([zstdCompressSync(tar), Buffer.from('garbage')]),
      zstdCompressSync(tar).subarray(0, -5),
      Buffer.from('PK\u0003\u0004 this is a zip'),
      Buffer.from('x'),
    ];
    for (const blob of blobs) await assert.rejects(read(blob, { tar }), { code: 'images/layer-broken' });
  });

  it('refuses bombs by their ratio, their size and the number of entries', async () => {
    const zeros = tarOf([{ name: 'zeros', content: Buffer.alloc(70 * 1024 * 1024) }]);
    const code = 'images/layer-too-large';
    await assert.rejects(read(gzipSync(zeros), { tar: zeros, see: () => undefined }), {
      code,
      message: /300 times/,
    });
    const tar = tarOf(Array.from({ length: 20 }, (_, index) => ({ name: `f${index}`, content: 'x' })));
    const budget = { bytes: 1e9, entries: 1_000, names: 1e6 };
    await assert.rejects(read(tar, { budget: { ...budget, bytes: 10_000 } }), { code });
    await assert.rejects(read(tar, { budget: { ...budget, names: 10 } }), { code });
    await assert.rejects(read(tar, { budget: { ...budget, entries: 19 } }), {
      code: 'images/layer-too-many-entries',
    });
  });

  it('refuses a layer that is not the one of the configuration', async () => {
    const tar = tarOf([{ name: 'a' }]);
    await assert.rejects(read(tar, { diffId: digestOf('another') }), { code: 'images/layer-wrong-content' });
  });

  it('refuses entries below a link of a lower layer', async () => {
    const tar = tarOf([{ name: 'run/x' }]);
    const below = { folders: new Map(), links: new Set(['run']) };
    await assert.rejects(read(tar, { below }), { code: 'images/layer-through-link' });
  });

  it('rejects with the error of the source', async () => {
    const gone = new Error('gone');
    const source = (async function* () {
      yield gzipSync(tarOf([{ name: 'a' }])).subarray(0, 20);
      throw gone;
    })();
    const options = {
      budget: { bytes: 1e9, entries: 9, names: 99 },
      diffId: digestOf(''),
      see: () => undefined,
    };
    await assert.rejects(readLayer(source, options), gone);
  });

  it('ends every random change of a layer in an answer or a named refusal, and shows no way out', async () => {
    const change = fc.record({ at: fc.nat(plain.length - 1), byte: fc.nat(255) });
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 4 }), async (changes) => {
        const tar = Buffer.from(plain);
        for (const { at, byte } of changes) {
          const header = Math.floor(at / 512) * 512;
          tar[at] = byte;
          // A right checksum lets the change through to what reads the fields.
          const block = tar.subarray(header, header + 512);
          if (block.toString('latin1', 257, 262) !== 'ustar') continue;
          block.write(' '.repeat(8), 148);
          const sum = block.reduce((total, value) => total + value, 0);
          block.write(`${sum.toString(8).padStart(6, '0')}\u0000 `, 148, 'latin1');
        }
        try {
          for (const line of await read(tar)) assert.ok(!line.split(/[ /]/).includes('..'), line);
        } catch (error) {
          assert.ok(error instanceof Error && 'code' in error, String(error));
          assert.match(String(error.code), /^images\/layer-/);
        }
      }),
      { numRuns: 500 },
    );
  });
});
