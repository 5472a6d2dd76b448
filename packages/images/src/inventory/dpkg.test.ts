import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { VERSIONS } from '../versions/generated.fixture.ts';
import { readDpkg } from './dpkg.ts';
import { packageOf, sourceFrom, told } from './image-files.fixture.ts';
import type { InstalledPackage } from './inventory.ts';

const STATUS = '/var/lib/dpkg/status';
const APT = { hasApt: true };

const LIBC = `Package: libc6
Status: install ok installed
Priority: optional
Architecture: amd64
Multi-Arch: same
Source: glibc (2.31-13)
Version: 2.31-13+deb11u11
Provides: libc6-abi, libc6-x (= 1), libc6-y:any
Pre-Depends: libgcc-s1
Depends: libcrypt1 (>= 1:4.4.10-10~), libidn2-0 (>= 2.0.5~) | libidn2:any,
 perl:any
Conffiles:
 /etc/ld.so.conf.d/x.conf d4e7a7b88a71b5ffd9e2644e71a0cfab
Description: GNU C Library
 Not: a field
 .
 The end.
`;

describe('readDpkg', () => {
  it('reads every field that is needed of a stanza', async () => {
    const source = sourceFrom({ [STATUS]: LIBC });
    const [database] = await readDpkg(source, APT);
    assert.deepEqual(database?.packages, [
      packageOf({
        name: 'libc6',
        version: '2.31-13+deb11u11',
        source: { name: 'glibc', version: '2.31-13' },
        manual: true,
        depends: [['libgcc-s1'], ['libcrypt1'], ['libidn2-0', 'libidn2'], ['perl']],
        provides: ['libc6-abi', 'libc6-x', 'libc6-y'],
      }),
    ]);
    assert.deepEqual(told(source), []);
  });

  it('takes what is installed, held too, tells of what is half installed, and forgets what is gone', async () => {
    const states = [
      'install ok installed',
      'hold ok installed',
      'deinstall ok config-files',
      'unknown ok not-installed',
      'install ok half-configured',
      'install ok unpacked',
      'install ok triggers-pending',
      'install reinstreq installed',
      'nonsense',
    ];
    const status = states.map(
      (state, at) => `Package: p${at}\nStatus: ${state}\nArchitecture: all\nVersion: 1\n\n`,
    );
    const source = sourceFrom({ [STATUS]: status.join('') });
    const [database] = await readDpkg(source, APT);
    assert.deepEqual(
      database?.packages.map(({ name, held }) => [name, held]),
      [
        ['p0', false],
        ['p1', true],
        ['p6', false],
        ['p7', false],
      ],
    );
    assert.deepEqual(told(source), [
      'half-installed 21',
      'half-installed 26',
      'half-installed 36',
      'broken 41',
    ]);
  });

  it('knows what apt drew in by itself, a package of all architectures under its machine', async () => {
    const stanza = (name: string, architecture: string): string =>
      `Package: ${name}\nStatus: install ok installed\nVersion: 1\nArchitecture: ${architecture}\n\n`;
    const status = [stanza('a', 'amd64'), stanza('a', 'i386'), stanza('b', 'all'), stanza('c', 'amd64')].join(
      '',
    );
    const marks =
      'Package: a\nArchitecture: i386\nAuto-Installed: 1\n\nPackage: b\nArchitecture: amd64\nAuto-Installed: 1\n\nPackage: c\nArchitecture: amd64\nAuto-Installed: 0\n';
    const manual = async (files: Record<string, string>, hasApt: boolean): Promise<unknown> =>
      (await readDpkg(sourceFrom({ [STATUS]: status, ...files }), { hasApt }))[0]?.packages.map(
        (one) => one.manual,
      );
    assert.deepEqual(await manual({ '/var/lib/apt/extended_states': marks }, true), [
      true,
      false,
      false,
      true,
    ]);
    assert.deepEqual(await manual({}, true), [true, true, true, true]);
    assert.deepEqual(await manual({}, false), [null, null, null, null]);
  });

  it('reads status.d, where nothing has a Status, and not the checksums beside it', async () => {
    const source = sourceFrom({
      '/var/lib/dpkg/status.d/base': 'Package: base-files\nVersion: 12.4\nArchitecture: amd64\n',
      '/var/lib/dpkg/status.d/base.md5sums': '0123  etc/issue\n',
      '/var/lib/dpkg/status.d/bGliYw==':
        'Package: libc6\nVersion: 2.36\nArchitecture: amd64\nSource: glibc\n',
    });
    const [database, ...others] = await readDpkg(source, { hasApt: false });
    assert.deepEqual(others, []);
    assert.equal(database?.kind, 'manifest');
    assert.deepEqual(database?.packages, [
      packageOf({ name: 'base-files', version: '12.4' }),
      packageOf({ name: 'libc6', version: '2.36', source: { name: 'glibc', version: '2.36' } }),
    ]);
    assert.deepEqual(told(source), []);
  });

  it('keeps what is good of a broken status and says where it is broken', async () => {
    const bad = [
      'Package: ok\nStatus: install ok installed\nArchitecture: amd64\nVersion: 1\nthis is nothing\n',
      'Status: install ok installed\nVersion: 1\nArchitecture: amd64\n',
      'Package: x; reboot\nStatus: install ok installed\nVersion: 1\nArchitecture: amd64\n',
      'Package: noversion\nStatus: install ok installed\nArchitecture: amd64\n',
      'Package: odd\nStatus: install ok installed\nArchitecture: amd64\nVersion: v1\n',
      'Package: ok\nStatus: install ok installed\nArchitecture: amd64\nVersion: 2\n',
    ];
    const source = sourceFrom({ [STATUS]: bad.join('\n') });
    const [database] = await readDpkg(source, APT);
    assert.deepEqual(
      database?.packages.map(({ name, version }) => `${name} ${version}`),
      ['odd v1', 'ok 2'],
    );
    assert.deepEqual(told(source), [
      'broken 5',
      'broken 7',
      'broken 11',
      'broken 16',
      'bad-version 20',
      'duplicate 25',
    ]);
  });

  it('leaves out an epoch of zero and keeps any other', async () => {
    const stanza = (name: string, version: string): string =>
      `Package: ${name}\nStatus: install ok installed\nArchitecture: all\nVersion: ${version}\nSource: s (${version})\n\n`;
    const source = sourceFrom({ [STATUS]: stanza('a', '0:1-1') + stanza('b', '1:1-1') });
    const [database] = await readDpkg(source, APT);
    assert.deepEqual(
      database?.packages.map(({ version, source: from }) => [version, from.version]),
      [
        ['1-1', '1-1'],
        ['1:1-1', '1:1-1'],
      ],
    );
  });

  it('tells of a status that is too large instead of reading it', async () => {
    const source = sourceFrom({});
    const large = { ...source, files: { ...source.files, read: tooLarge } };
    assert.deepEqual(await readDpkg(large, APT), []);
    assert.deepEqual(told(source), ['unreadable']);
  });

  it('reads back whatever was written', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(anyPackage, { selector: ({ name }) => name, maxLength: 20 }),
        async (packages) => {
          const source = sourceFrom({
            [STATUS]: packages.map(toStanza).join('\n'),
            '/var/lib/apt/extended_states': packages
              .filter((one) => one.manual === false)
              .map(toMark)
              .join('\n'),
          });
          const [database] = await readDpkg(source, APT);
          assert.deepEqual(told(source), []);
          assert.deepEqual(
            database?.packages,
            packages.toSorted((a, b) => (a.name < b.name ? -1 : 1)),
          );
        },
      ),
    );
  });

  it('takes any text, and any status that was cut off or changed anywhere, without throwing', async () => {
    const changed = fc
      .tuple(fc.nat(LIBC.length), fc.nat(20), fc.string({ unit: 'binary', maxLength: 5 }))
      .map(([at, removed, added]) => LIBC.slice(0, at) + added + LIBC.slice(at + removed));
    await fc.assert(
      fc.asyncProperty(fc.oneof(changed, fc.string({ unit: 'binary' })), async (text) => {
        await readDpkg(sourceFrom({ [STATUS]: text, '/var/lib/apt/extended_states': text }), APT);
      }),
      { numRuns: 500 },
    );
  });
});

async function tooLarge(path: string): Promise<Buffer | null> {
  if (path !== STATUS) return null;
  throw Object.assign(new Error(path), { status: 413 });
}

const name = fc
  .tuple(
    fc.constantFrom('a', 'lib', '0'),
    fc.string({ unit: fc.constantFrom(...'az09+.-'.split('')), maxLength: 8 }),
  )
  .map((parts) => parts.join(''));
const version = VERSIONS.deb.map((text) => text.replace(/^0+:(?=[^:]*$)/, ''));

const plain = { noNullPrototype: true };

const anyPackage: fc.Arbitrary<InstalledPackage> = fc.record(
  {
    name,
    version,
    architecture: fc.constantFrom('amd64', 'all', 'arm64'),
    source: fc.record({ name, version }, plain),
    manual: fc.boolean(),
    held: fc.boolean(),
    depends: fc.array(fc.array(name, { minLength: 1, maxLength: 3 }), { maxLength: 4 }),
    provides: fc.array(name, { maxLength: 3 }),
  },
  plain,
);

function toStanza(one: InstalledPackage): string {
  const lines = [
    `Package: ${one.name}`,
    `Status: ${one.held ? 'hold' : 'install'} ok installed`,
    `Architecture: ${one.architecture}`,
    `Source: ${one.source.name} (${one.source.version})`,
    `Version: ${one.version}`,
    'Description: x',
    ' Package: not-this-one',
  ];
  if (one.provides.length > 0) lines.push(`Provides: ${one.provides.join(' (= 1), ')}`);
  if (one.depends.length > 0)
    lines.push(`Depends: ${one.depends.map((group) => group.join(' (>= 0) | ')).join(',\n ')}`);
  return `${lines.join('\n')}\n`;
}

function toMark({ name: marked, architecture }: InstalledPackage): string {
  return `Package: ${marked}\nArchitecture: ${architecture === 'all' ? 'amd64' : architecture}\nAuto-Installed: 1\n`;
}
