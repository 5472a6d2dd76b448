import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as parser from '@snyk/rpm-parser';
import * as fc from 'fast-check';
import { packageOf, sourceFrom, told } from './image-files.fixture.ts';
import { bdbOf, headerOf, ndbOf, sqliteFrom, sqliteOf, sqliteWithLog } from './rpm-database.fixture.ts';
import { readRpm } from './rpm.ts';

const SQLITE = '/var/lib/rpm/rpmdb.sqlite';
const HEADERS = [
  headerOf({
    name: 'openssl-libs',
    epoch: 1,
    version: '3.0.7',
    release: '27.el9',
    architecture: 'x86_64',
    sourceRpm: 'openssl-3.0.7-27.el9.src.rpm',
    requires: [
      'libc.so.6()(64bit)',
      '(crypto-policies or fips-provider)',
      'rpmlib(X)',
      'libc.so.6()(64bit)',
      'hidden',
    ],
    requireFlags: [0, 0, 1 << 24, 8, 1 << 24],
    provides: ['openssl-libs', 'libcrypto.so.3()(64bit)', 'openssl-libs'],
  }),
  headerOf({
    name: 'bash',
    epoch: 0,
    version: '5.1.8',
    release: '9.el9',
    architecture: 'x86_64',
    sourceRpm: 'bash-5.1.8-9.el9.src.rpm',
  }),
  headerOf({ name: 'gpg-pubkey', version: 'fd431d51', release: '4ae0493b' }),
];
const PACKAGES = [
  packageOf({ name: 'bash', version: '5.1.8-9.el9', architecture: 'x86_64' }),
  packageOf({ name: 'gpg-pubkey', version: 'fd431d51-4ae0493b', architecture: '(none)' }),
  packageOf({
    name: 'openssl-libs',
    version: '1:3.0.7-27.el9',
    architecture: 'x86_64',
    source: { name: 'openssl', version: '1:3.0.7-27.el9' },
    depends: [['libc.so.6()(64bit)'], ['crypto-policies', 'fips-provider']],
    provides: ['openssl-libs', 'libcrypto.so.3()(64bit)'],
  }),
];
const FORMATS = [
  { file: 'rpmdb.sqlite', make: sqliteOf, other: parser.getPackagesSqlite },
  { file: 'Packages.db', make: ndbOf, other: parser.getPackagesNdb },
  { file: 'Packages', make: bdbOf, other: parser.getPackages },
];

describe('readRpm', () => {
  for (const { file, make, other } of FORMATS) {
    it(`reads ${file}, and another parser finds the same names and versions in it`, async () => {
      for (const folder of ['/var/lib/rpm', '/usr/lib/sysimage/rpm']) {
        const source = sourceFrom({ [`${folder}/${file}`]: make(HEADERS) });
        const [database] = await readRpm(source);
        assert.deepEqual(database?.packages, PACKAGES);
        assert.deepEqual(told(source), []);
      }
      const { response } = await other(make(HEADERS));
      assert.deepEqual(
        response.map((one) => `${one.name} ${parser.formatRpmPackageVersion(one)}`).toSorted(),
        PACKAGES.map(({ name, version }) => `${name} ${version}`),
      );
    });

    it(`keeps the good packages of ${file} beside a broken one`, async () => {
      const source = sourceFrom({ [`/var/lib/rpm/${file}`]: make([...HEADERS, Buffer.alloc(700, 0xff)]) });
      assert.deepEqual((await readRpm(source))[0]?.packages, PACKAGES);
      assert.deepEqual(told(source), ['broken']);
    });

    it(`says so when ${file} was cut off anywhere`, async () => {
      const good = make(HEADERS);
      await fc.assert(
        fc.asyncProperty(fc.integer({ min: 1, max: good.length - 1 }), async (end) => {
          const source = sourceFrom({ [`/var/lib/rpm/${file}`]: good.subarray(0, end) });
          const found = (await readRpm(source))[0]?.packages ?? [];
          if (told(source).length === 0) assert.deepEqual(found, PACKAGES);
        }),
        { numRuns: 60 },
      );
    });

    it(`takes ${file} with any bytes changed without throwing`, async () => {
      const good = make(HEADERS);
      const changes = fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), {
        minLength: 1,
        maxLength: 20,
      });
      await fc.assert(
        fc.asyncProperty(changes, async (list) => {
          const bytes = Buffer.from(good);
          for (const [at, byte] of list) bytes[at] = byte;
          await readRpm(sourceFrom({ [`/var/lib/rpm/${file}`]: bytes }));
        }),
        { numRuns: 60 },
      );
    });
  }

  it('reads a Berkeley DB of a big-endian machine', async () => {
    const source = sourceFrom({ '/var/lib/rpm/Packages': bdbOf(HEADERS, 'big') });
    assert.deepEqual((await readRpm(source))[0]?.packages, PACKAGES);
  });

  it('says so when entries of a Berkeley DB were lost and their pages were not', async () => {
    const bytes = bdbOf(HEADERS);
    bytes[512 + 25] = 0;
    const source = sourceFrom({ '/var/lib/rpm/Packages': bytes });
    assert.deepEqual((await readRpm(source))[0]?.packages, []);
    assert.deepEqual(told(source), ['broken']);
  });

  it('ends on chains of pages that come back or are shared', async () => {
    const one = bdbOf([Buffer.concat([HEADERS[0] ?? Buffer.alloc(0), Buffer.alloc(3000)])]);
    const pages = one.length / 512;
    // The last page points to the first of its chain, and the value claims four gigabytes.
    one.writeUInt32LE(2, (pages - 1) * 512 + 16);
    one.writeUInt32LE(0xffffffff, 512 + one.readUInt16LE(512 + 26 + 6) + 8);
    const source = sourceFrom({ '/var/lib/rpm/Packages': one });
    assert.deepEqual((await readRpm(source))[0]?.packages, []);
    assert.deepEqual(told(source), ['broken']);
  });

  it('sees what is still in the write-ahead log of SQLite', async () => {
    const [last, ...before] = HEADERS;
    const { database, log } = sqliteWithLog(before, last ?? Buffer.alloc(0));
    const alone = sourceFrom({ [SQLITE]: database });
    assert.equal((await readRpm(alone))[0]?.packages.length, 2);
    const whole = sourceFrom({ [SQLITE]: database, [`${SQLITE}-wal`]: log });
    assert.deepEqual((await readRpm(whole))[0]?.packages, PACKAGES);
  });

  it('refuses a SQLite database in which the packages are computed', async () => {
    const hostile = [
      `CREATE VIEW Packages AS WITH RECURSIVE n(hnum) AS (SELECT 1 UNION ALL SELECT hnum FROM n) SELECT hnum, x'00' AS blob FROM n`,
      `CREATE TABLE Packages (hnum INTEGER PRIMARY KEY, blob AS (zeroblob(1000000000)))`,
      `CREATE VIRTUAL TABLE Packages USING fts5(hnum, blob)`,
      'CREATE TABLE Names (hnum INTEGER PRIMARY KEY)',
    ];
    for (const schema of hostile) {
      const source = sourceFrom({ [SQLITE]: sqliteFrom(schema) });
      assert.deepEqual((await readRpm(source))[0]?.packages, [], schema);
      assert.deepEqual(told(source), ['unreadable'], schema);
    }
  });

  it('looks on when a database is empty or unreadable', async () => {
    const source = sourceFrom({
      '/usr/lib/sysimage/rpm/rpmdb.sqlite': sqliteOf([]),
      '/usr/lib/sysimage/rpm/Packages.db': 'rubbish',
      '/usr/lib/sysimage/rpm/Packages': '',
      '/var/lib/rpm/Packages': bdbOf(HEADERS),
    });
    assert.equal((await readRpm(source))[0]?.path, '/var/lib/rpm/Packages');
    assert.deepEqual(told(source), ['unreadable']);
  });

  it('knows what versionlock and zypper hold', async () => {
    const held = async (files: Record<string, string>): Promise<unknown> => {
      const [database] = await readRpm(sourceFrom({ [SQLITE]: sqliteOf(HEADERS), ...files }));
      return database?.packages.filter((one) => one.held).map(({ name }) => name);
    };
    const dnf = '/etc/dnf/plugins/versionlock.list';
    assert.deepEqual(await held({}), []);
    assert.deepEqual(await held({ [dnf]: '# a comment\nopenssl-libs-1:3.0.7-27.el9.*\n' }), ['openssl-libs']);
    assert.deepEqual(await held({ [dnf]: 'openssl-libs-1:3.0.8-1.el9.*\nbas?-0:5*\n!gpg-*\n' }), ['bash']);
    const yum = '/etc/yum/pluginconf.d/versionlock.list';
    assert.deepEqual(await held({ [yum]: '1:openssl-libs-3.0.7-27.el9.*\n' }), ['openssl-libs']);
    assert.deepEqual(
      await held({ '/etc/zypp/locks': '\ntype: package\nmatch_type: glob\nsolvable_name: bash*\n' }),
      ['bash'],
    );
    assert.deepEqual(await held({ [dnf]: `${'*a'.repeat(200)}\n` }), []);
  });

  it('reads the lists of Mariner only where there is no database with packages', async () => {
    const fields =
      'openssl-libs\t1.1.1k-30.cm2\t1700000000\t1690000000\tMicrosoft\t(none)\t4096\tx86_64\t0\topenssl-1.1.1k-30.cm2.src.rpm\n';
    const epoch = 'bind\t9.16-1.cm2\t1\t1\tMicrosoft\t32\t1\tx86_64\t32\tbind-9.16-1.cm2.src.rpm\n';
    const second = '/var/lib/rpmmanifest/container-manifest-2';
    const source = sourceFrom({ [second]: `${fields}${epoch}rubbish\n`, [SQLITE]: sqliteOf([]) });
    const [database] = await readRpm(source);
    assert.equal(database?.kind, 'manifest');
    assert.deepEqual(database?.packages, [
      packageOf({ name: 'bind', version: '32:9.16-1.cm2', architecture: 'x86_64' }),
      packageOf({
        name: 'openssl-libs',
        version: '1.1.1k-30.cm2',
        architecture: 'x86_64',
        source: { name: 'openssl', version: '1.1.1k-30.cm2' },
      }),
    ]);
    assert.deepEqual(told(source), ['broken 3']);
    const first = sourceFrom({ '/var/lib/rpmmanifest/container-manifest-1': 'glibc-2.35-2.cm2.x86_64\n' });
    assert.deepEqual((await readRpm(first))[0]?.packages, [
      packageOf({ name: 'glibc', version: '2.35-2.cm2', architecture: 'x86_64' }),
    ]);
    const both = sourceFrom({ [second]: fields, [SQLITE]: sqliteOf(HEADERS) });
    assert.equal((await readRpm(both))[0]?.kind, 'database');
  });
});
