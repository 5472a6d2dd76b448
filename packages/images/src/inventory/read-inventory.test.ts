import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { zstdCompressSync } from 'node:zlib';
import { packageOf, viewOf } from './image-files.fixture.ts';
import { readInventory } from './read-inventory.ts';
import { headerOf, sqliteOf } from './rpm-database.fixture.ts';

const STATUS = 'Package: a\nStatus: install ok installed\nArchitecture: amd64\nVersion: 1\n';
const DEBIAN = { '/etc/os-release': 'ID=debian\nVERSION_ID=12\n', '/var/lib/dpkg/status': STATUS };
const RPM = {
  '/etc/os-release': 'ID=rhel\n',
  '/var/lib/rpm/rpmdb.sqlite': sqliteOf([
    headerOf({ name: 'a', version: '1', release: '1', architecture: 'noarch' }),
  ]),
};
const APK = { '/etc/os-release': 'ID=alpine\n', '/lib/apk/db/installed': 'P:a\nV:1-r0\n' };

type Files = Readonly<Record<string, string | Buffer>>;

async function read(
  files: Files,
): Promise<{ state: string; codes: readonly string[]; names: readonly string[] }> {
  const { inventory, diagnostics } = await readInventory(viewOf(files));
  return {
    state: [inventory.format, inventory.state, inventory.manager].join(' '),
    codes: diagnostics.map(({ code }) => code),
    names: inventory.packages.map(({ name }) => name),
  };
}

describe('readInventory', () => {
  it('tells by the programs of the image what keeps its packages', async () => {
    const cases: readonly (readonly [Files, string])[] = [
      [{ ...DEBIAN, '/usr/bin/apt-get': '' }, 'deb managed apt'],
      [{ ...DEBIAN, '/usr/bin/dpkg': '' }, 'deb no-tools '],
      [{ ...APK, '/sbin/apk': '' }, 'apk managed apk'],
      [{ ...APK, '/usr/bin/apk': '' }, 'apk managed apk'],
      [APK, 'apk no-tools '],
      [{ ...RPM, '/usr/bin/dnf': '', '/usr/bin/yum': '' }, 'rpm managed dnf'],
      [{ ...RPM, '/usr/bin/microdnf': '' }, 'rpm managed microdnf'],
      [{ ...RPM, '/usr/bin/microdnf': '', '/usr/bin/dnf': '' }, 'rpm managed microdnf'],
      [{ ...RPM, '/usr/bin/microdnf': '', '/usr/bin/dnf': '', '/usr/bin/dnf-3': '' }, 'rpm managed dnf'],
      [{ ...RPM, '/usr/bin/tdnf': '', '/usr/bin/yum': '' }, 'rpm managed tdnf'],
      [{ ...RPM, '/usr/bin/yum': '' }, 'rpm managed yum'],
      [{ ...RPM, '/bin/zypper': '' }, 'rpm managed zypper'],
      [{ ...RPM, '/usr/bin/rpm': '', '/usr/bin/apt-get': '' }, 'rpm no-tools '],
      [{}, ' none '],
      [{ '/etc/os-release': 'ID=debian\n', '/usr/bin/apt-get': '' }, ' none '],
    ];
    for (const [files, expected] of cases) {
      const { state, codes } = await read(files);
      assert.equal(state, expected);
      assert.deepEqual(codes, []);
    }
  });

  it('calls an image distroless that has lists of packages and nothing to change them with', async () => {
    const folder = {
      '/etc/os-release': 'ID=debian\n',
      '/var/lib/dpkg/status.d/a': 'Package: a\nVersion: 1\nArchitecture: all\n',
    };
    assert.equal((await read(folder)).state, 'deb distroless ');
    const mixed = await read({
      ...folder,
      '/usr/bin/apt-get': '',
      '/var/lib/dpkg/status': `${STATUS}\n${STATUS.replace('a', 'b')}`,
    });
    assert.deepEqual(mixed.state, 'deb managed apt');
    const mariner = {
      '/etc/os-release': 'ID=mariner\n',
      '/var/lib/rpmmanifest/container-manifest-1': 'a-1-1.noarch\n',
    };
    assert.equal((await read(mariner)).state, 'rpm distroless ');
  });

  it('reads the manifest of chisel', async () => {
    const lines = [
      '{"jsonwall":"1.0","schema":"1.0","count":4}',
      '{"kind":"content","slice":"libc6_libs","path":"/usr/lib/libc.so.6"}',
      '{"kind":"package","name":"libc6","version":"2.39-0ubuntu8","sha256":"x","arch":"amd64"}',
      '{"kind":"package","name":"ca-certificates","version":"20240203","sha256":"x","arch":"all"}',
      '{"kind":"package","name":7}',
      '{"kind":',
    ];
    const path = '/var/lib/chisel/manifest.wall';
    const image = { '/etc/os-release': 'ID=ubuntu\n', [path]: zstdCompressSync(lines.join('\n')) };
    const { inventory, diagnostics } = await readInventory(viewOf(image));
    assert.equal(inventory.state, 'distroless');
    assert.deepEqual(inventory.packages, [
      packageOf({ name: 'ca-certificates', version: '20240203', architecture: 'all' }),
      packageOf({ name: 'libc6', version: '2.39-0ubuntu8' }),
    ]);
    assert.deepEqual(
      diagnostics.map(({ line }) => line),
      [6, 5],
    );
    const bomb = zstdCompressSync(Buffer.alloc(65 * 1024 * 1024));
    assert.deepEqual((await read({ ...image, [path]: bomb })).codes, ['images/inventory-unreadable']);
    assert.deepEqual((await read({ ...image, [path]: 'rubbish' })).codes, ['images/inventory-unreadable']);
  });

  it('takes the database of the distribution and tells of another', async () => {
    const both = { ...RPM, ...DEBIAN, '/usr/bin/apt-get': '' };
    const debian = await read(both);
    assert.equal(debian.state, 'deb managed apt');
    assert.deepEqual(debian.codes, ['images/inventory-several']);
    assert.equal(
      (await read({ ...both, '/etc/os-release': 'ID=mine\nID_LIKE="rhel fedora"\n' })).state,
      'rpm no-tools ',
    );
    const unknown = await read({ ...both, '/etc/os-release': 'ID=mine\n' });
    assert.equal(unknown.state, 'deb managed apt');
    const emptied = await read({ ...both, '/var/lib/dpkg/status': '' });
    assert.equal(emptied.state, 'rpm no-tools ');
  });

  it('says so when packages have no distribution, and keeps them', async () => {
    const { '/var/lib/dpkg/status': status } = DEBIAN;
    const { codes, names } = await read({ '/var/lib/dpkg/status': status });
    assert.deepEqual(codes, ['images/inventory-no-distro']);
    assert.deepEqual(names, ['a']);
  });

  it('has a database without packages where that is all there is', async () => {
    assert.equal((await read({ ...DEBIAN, '/var/lib/dpkg/status': '' })).state, 'deb no-tools ');
    const broken = await read({ ...RPM, '/var/lib/rpm/rpmdb.sqlite': 'rubbish' });
    assert.equal(broken.state, 'rpm no-tools ');
    assert.deepEqual(broken.codes, ['images/inventory-unreadable']);
  });

  it('orders packages by name, then architecture', async () => {
    const stanza = (name: string, architecture: string): string =>
      `Package: ${name}\nStatus: install ok installed\nArchitecture: ${architecture}\nVersion: 1\n\n`;
    const status = [
      stanza('b', 'amd64'),
      stanza('a', 'i386'),
      stanza('a', 'amd64'),
      stanza('a+', 'all'),
    ].join('');
    const { inventory } = await readInventory(viewOf({ ...DEBIAN, '/var/lib/dpkg/status': status }));
    assert.deepEqual(
      inventory.packages.map(({ name, architecture }) => `${name} ${architecture}`),
      ['a amd64', 'a i386', 'a+ all', 'b amd64'],
    );
  });

  it('tells of so many problems and no more', async () => {
    const { codes } = await read({ ...DEBIAN, '/var/lib/dpkg/status': 'rubbish\n'.repeat(100_000) });
    assert.equal(codes.length, 201);
    assert.equal(codes.at(-1), 'images/inventory-too-much');
  });

  it('throws on what the view throws that is not about the image', async () => {
    const lost = { ...viewOf(DEBIAN), read: () => Promise.reject(new Error('the registry is gone')) };
    await assert.rejects(() => readInventory(lost), /the registry is gone/);
  });
});
