import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { describe, it } from 'node:test';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { pack } from 'tar-stream';
import { readLayer, type ReadLayerOptions } from './layer.ts';

const TAR = 'application/vnd.oci.image.layer.v1.tar';
type Packed = Parameters<ReturnType<typeof pack>['entry']>[0];

async function tarOf(...entries: readonly (readonly [Packed, string?])[]): Promise<Buffer> {
  const tar = pack();
  for (const [header, text = ''] of entries) tar.entry(header, Buffer.from(text));
  tar.finalize();
  const chunks: Uint8Array[] = [];
  for await (const chunk of tar) if (chunk instanceof Uint8Array) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function read(bytes: Buffer, given: Partial<ReadLayerOptions> = {}) {
  const limits = { bytes: 1_000_000, entries: 100 };
  return readLayer(Readable.from([bytes]), { mediaType: TAR, content: 'hash', limits, ...given });
}

describe('readLayer', () => {
  it('gives paths, kinds, modes, owners and hashes', async () => {
    const text = '\x7fELF and so on';
    const tar = await tarOf(
      [{ name: './', type: 'directory', mode: 0o755 }],
      [{ name: 'usr/bin/su', mode: 0o104755, uid: 0, gid: 5 }, text],
      [{ name: 'usr/bin/also', type: 'link', linkname: './usr/bin/su' }],
      [{ name: 'lib', type: 'symlink', linkname: 'usr/lib' }],
      [{ name: 'etc/.wh.motd' }],
      [{ name: 'opt/.wh..wh..opq' }],
      [{ name: 'dev/null', type: 'character-device', devmajor: 1, devminor: 3 }],
      [{ name: 'usr/bin/ping', pax: { 'SCHILY.xattr.security.capability': 'x' } }],
    );
    const entries = await read(tar);
    assert.deepEqual(
      entries.map(({ path, kind }) => `${kind} ${path}`),
      [
        'directory /',
        'file /usr/bin/su',
        'file /usr/bin/also',
        'symlink /lib',
        'whiteout /etc/motd',
        'opaque /opt',
        'device /dev/null',
        'file /usr/bin/ping',
      ],
    );
    const [, su, also, lib] = entries;
    const hash = (name: string): string => createHash(name).update(text, 'latin1').digest('hex');
    assert.deepEqual(su?.content, {
      size: text.length,
      md5: hash('md5'),
      sha1: hash('sha1'),
      sha256: hash('sha256'),
      elf: true,
    });
    assert.deepEqual([su?.mode, su?.gid, lib?.target], [0o4755, 5, 'usr/lib']);
    assert.deepEqual(also?.content, su?.content);
    assert.deepEqual(
      entries.filter(({ capabilities }) => capabilities).map(({ path }) => path),
      ['/usr/bin/ping'],
    );
  });

  it('reads gzip and zstd, and skips content that nobody wants', async () => {
    const tar = await tarOf([{ name: 'a' }, 'text']);
    const [packed] = await read(gzipSync(tar), { mediaType: `${TAR}+gzip` });
    assert.equal(packed?.content?.size, 4);
    const [docker] = await read(gzipSync(tar), {
      mediaType: 'application/vnd.docker.image.rootfs.diff.tar.gzip',
    });
    assert.equal(docker?.path, '/a');
    const [skipped] = await read(zstdCompressSync(tar), { mediaType: `${TAR}+zstd`, content: 'skip' });
    assert.deepEqual([skipped?.path, skipped?.content], ['/a', null]);
  });

  it('shows names as text, and what a hard link leads to also behind a whiteout of it', async () => {
    const tar = await tarOf(
      [{ name: 'opt/größe' }, 'text'],
      [{ name: 'opt/.wh.größe' }],
      [{ name: 'opt/also', type: 'link', linkname: '/opt/größe' }],
    );
    assert.deepEqual(
      (await read(tar)).map(({ path, kind, content }) => [path, kind, content?.size]),
      [
        ['/opt/größe', 'file', 4],
        ['/opt/größe', 'whiteout', undefined],
        ['/opt/also', 'file', 4],
      ],
    );
  });

  it('takes a device of number 0:0 for the whiteout that it becomes where layers are unpacked', async () => {
    const [shown] = await read(await tarOf([{ name: 'etc/motd', type: 'character-device' }]));
    assert.deepEqual([shown?.path, shown?.kind], ['/etc/motd', 'whiteout']);
  });

  const bad: readonly (readonly [string, () => Promise<unknown>])[] = [
    ['a name that leads out', async () => read(await tarOf([{ name: '../etc/passwd' }, 'x']))],
    [
      'a hard link that leads nowhere',
      async () => read(await tarOf([{ name: 'a', type: 'link', linkname: 'b' }])),
    ],
    [
      'more entries than allowed',
      async () => read(await tarOf([{ name: 'a' }], [{ name: 'b' }]), { limits: { bytes: 1e6, entries: 1 } }),
    ],
    [
      'more bytes than allowed',
      async () =>
        read(await tarOf([{ name: 'a' }, 'x'.repeat(5000)]), { limits: { bytes: 4000, entries: 9 } }),
    ],
    ['a disk', async () => read(await tarOf([{ name: 'x', type: 'block-device', devmajor: 8 }]))],
    [
      'what follows its end',
      async () => read(Buffer.concat([await tarOf([{ name: 'a' }]), Buffer.alloc(9, 1)])),
    ],
    ['what is no tar', () => read(Buffer.alloc(2048, 'x'))],
    ['what is no gzip', () => read(Buffer.from('plain'), { mediaType: `${TAR}+gzip` })],
    ['what ends early', async () => read((await tarOf([{ name: 'a' }, 'x'.repeat(5000)])).subarray(0, 1000))],
    ['a kind of layer that is not known', () => read(Buffer.alloc(0), { mediaType: 'text/plain' })],
  ];
  for (const [what, run] of bad) {
    it(`refuses ${what}`, async () => {
      await assert.rejects(run, { code: 'images/proof-bad-layer' });
    });
  }

  it('passes on that the stream failed', async () => {
    const broken = Readable.from(
      (async function* () {
        yield await buffer(Readable.from([Buffer.alloc(0)]));
        throw new Error('cut');
      })(),
    );
    await assert.rejects(
      readLayer(broken, { mediaType: TAR, content: 'skip', limits: { bytes: 9, entries: 9 } }),
      /cut/,
    );
  });
});
