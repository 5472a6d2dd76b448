/**
 * The readers against the programs that own the databases: dpkg and apt of this machine on its own root, and rpm and dnf on
 * a small root made here, in SQLite and in Berkeley DB (written by Perl's DB_File), and on the same headers in NDB.
 */

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import * as parser from '@snyk/rpm-parser';
import { DatabaseSync } from 'node:sqlite';
import { createFolderView } from './folder-view.ts';
import type { InstalledPackage, Inventory } from './inventory.ts';
import { readInventory } from './read-inventory.ts';
import { ndbOf } from './rpm-database.fixture.ts';

function run(program: string, args: readonly string[], input?: string): string {
  return execFileSync(program, args, {
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    stdio: ['pipe', 'pipe', 'pipe'],
    ...(input === undefined ? {} : { input }),
  });
}

function rows(text: string): readonly (readonly string[])[] {
  return text.split('\u0001\n').flatMap((row) => (row === '' ? [] : [row.split('\u0002')]));
}

describe('readInventory of this machine, against dpkg-query and apt-mark', () => {
  it('agrees on every field of every package', async () => {
    const { inventory, diagnostics } = await readInventory(createFolderView('/'));
    assert.deepEqual(
      diagnostics.filter(({ severity }) => severity === 'error'),
      [],
    );
    assert.equal(inventory.format, 'deb');
    assert.equal(inventory.state, 'managed');
    assert.equal(inventory.manager, 'apt');
    const fields = [
      'Package',
      'Version',
      'Architecture',
      'source:Package',
      'source:Version',
      'db:Status-Want',
      'db:Status-Status',
      'Pre-Depends',
      'Depends',
      'Provides',
    ];
    const format = `${fields.map((field) => `\${${field}}`).join('\u0002')}\u0001\n`;
    const auto = new Set(run('apt-mark', ['showauto']).trim().split('\n'));
    const theirs = rows(run('dpkg-query', ['-W', '-f', format]))
      .filter((row) => row[6] === 'installed')
      .map(
        ([
          name = '',
          version = '',
          architecture = '',
          source = '',
          sourceVersion = '',
          want,
          ,
          pre = '',
          depends = '',
          provides = '',
        ]) => ({
          name,
          version,
          architecture,
          source: { name: source, version: sourceVersion },
          manual: !auto.has(name) && !auto.has(`${name}:${architecture}`),
          held: want === 'hold',
          depends: [...groupsOf(pre), ...groupsOf(depends)],
          provides: groupsOf(provides).flat(),
        }),
      );
    assert.ok(theirs.length > 50);
    console.log(`${theirs.length} packages of dpkg, ${auto.size} of them automatic`);
    assert.deepEqual(inventory.packages, theirs.toSorted(byKey));
  });

  it('reads os-release as a shell does', async () => {
    const { inventory } = await readInventory(createFolderView('/'));
    const script = '. /etc/os-release; printf "%s\\n" "$ID" "$VERSION_ID" "$VERSION_CODENAME"';
    const [id, version, codename] = run('sh', ['-c', script]).split('\n');
    assert.deepEqual(
      inventory.distro && [inventory.distro.id, inventory.distro.version, inventory.distro.codename],
      [id, version, codename],
    );
  });
});

/** Another way than ours: everything but names and separators is thrown away first. */
function groupsOf(text: string): readonly (readonly string[])[] {
  const plain = text.replaceAll(/\([^)]*\)|\[[^\]]*\]|<[^>]*>|:[a-z0-9-]+|\s/g, '');
  return plain === '' ? [] : plain.split(',').map((group) => group.split('|'));
}

function byKey(a: { name: string; architecture: string }, b: { name: string; architecture: string }): number {
  const [left, right] = [`${a.name}\0${a.architecture}`, `${b.name}\0${b.architecture}`];
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

const SPECS: readonly string[] = [
  `Name: demo-libs
Epoch: 2
Version: 3.0.7
Release: 1.el9
Provides: demo(cap) = 3, libdemo.so.3()(64bit)
Provides: /bin/sh`,
  `Name: demo-app
Version: 1.0~rc1^git5
Release: 0.1.el9
Requires: demo-libs >= 2:3.0
Requires: (demo-libs or demo-other)
Requires: (demo-libs >= 1 with demo-libs < 2:4)
Requires: (demo-missing if demo-absent)
Requires(post): /bin/sh`,
  `Name: demo-many
Version: 20260101
Release: 7
${Array.from({ length: 400 }, (_, at) => `Provides: many(${at}) = ${at}`).join('\n')}`,
];

describe('readInventory of an rpm root, against rpm', () => {
  let folder = '';
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'images-rpm-root-'));
    buildRoot(folder);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('agrees on a SQLite database that dnf wrote', async () => {
    await agrees(join(folder, 'root'), () => packagesOfRpm(join(folder, 'root')));
  });

  it('agrees on the same headers in an NDB database, made by hand: this rpm may have been built without it', async () => {
    const root = join(folder, 'ndb');
    const database = copyWithoutDatabase(join(folder, 'root'), root);
    writeFileSync(join(database, 'Packages.db'), ndbOf(headersOf(join(folder, 'root'))));
    await agrees(root, () => packagesOfRpm(join(folder, 'root')));
    const { response } = await parser.getPackagesNdb(readFileSync(join(database, 'Packages.db')));
    assert.equal(response.length, SPECS.length);
  });

  it('agrees on a Berkeley DB with the same headers, and so does rpm', async () => {
    const root = join(folder, 'bdb');
    const database = copyWithoutDatabase(join(folder, 'root'), root);
    writeBerkeley(headersOf(join(folder, 'root')), join(database, 'Packages'));
    await agrees(root, () => packagesOfRpm(root, ['--define', '_db_backend bdb_ro']));
  });

  it('tells what the other parser tells, where that one tells it', async () => {
    const bytes = readFileSync(join(folder, 'root/var/lib/rpm/rpmdb.sqlite'));
    const { response, error } = await parser.getPackagesSqlite(bytes);
    assert.equal(error, undefined);
    const { inventory } = await readInventory(createFolderView(join(folder, 'root')));
    assert.deepEqual(
      inventory.packages.map(({ name, version }) => `${name} ${version}`),
      response.map((one) => `${one.name} ${parser.formatRpmPackageVersion(one)}`).toSorted(),
    );
  });
});

async function agrees(root: string, ask: () => readonly unknown[]): Promise<void> {
  const { inventory, diagnostics } = await readInventory(createFolderView(root));
  assert.deepEqual(
    diagnostics.map(({ code }) => code),
    ['images/inventory-no-distro'],
  );
  assert.deepEqual(
    { format: inventory.format, state: inventory.state },
    { format: 'rpm', state: 'no-tools' },
  );
  assert.deepEqual(inventory.packages.map(comparable), ask());
  assert.equal(inventory.packages.length, SPECS.length);
  checkRich(inventory);
}

/** What rpm can be asked for in the same words. */
function comparable({ name, version, architecture, source, provides }: InstalledPackage): unknown {
  return {
    name,
    version,
    architecture,
    source: `${source.name}-${source.version.replace(/^\d+:/, '')}`,
    provides,
  };
}

function packagesOfRpm(root: string, options: readonly string[] = []): readonly unknown[] {
  const format =
    '%{NAME}\u0002%{EPOCHNUM}\u0002%{VERSION}-%{RELEASE}\u0002%{ARCH}\u0002%{SOURCERPM}\u0002[%{PROVIDENAME} ]\u0001\n';
  return rows(rpm(root, [...options, '-qa', '--qf', format]))
    .map(([name = '', epoch = '', version = '', architecture = '', source = '', provides = '']) => ({
      name,
      version: epoch === '0' ? version : `${epoch}:${version}`,
      architecture,
      source: source.replace(/\.src\.rpm$/, ''),
      provides: provides.trim().split(' '),
    }))
    .toSorted(byKey);
}

function checkRich({ packages }: Inventory): void {
  const app = packages.find(({ name }) => name === 'demo-app');
  assert.deepEqual(app?.depends.map((group) => group.join('|')).toSorted(), [
    '/bin/sh',
    'demo-libs',
    'demo-libs|demo-other',
  ]);
}

function rpm(root: string, args: readonly string[]): string {
  return run('rpm', ['--root', root, '--dbpath', '/var/lib/rpm', '--nosignature', ...args]);
}

function buildRoot(into: string): void {
  for (const [at, spec] of SPECS.entries()) {
    const file = join(into, `${at}.spec`);
    writeFileSync(file, `${spec}\nSummary: x\nLicense: MIT\nBuildArch: noarch\n%description\nx\n%files\n`);
    run('rpmbuild', ['--quiet', '--define', `_topdir ${into}/build`, '-bb', file]);
  }
  const [repository, root, logs] = [join(into, 'build/RPMS'), join(into, 'root'), join(into, 'logs')];
  run('createrepo_c', ['-q', repository]);
  mkdirSync(root);
  mkdirSync(logs);
  run('dnf', [
    '-q',
    '-y',
    `--installroot=${root}`,
    '--releasever=9',
    '--setopt=reposdir=/nonexistent',
    `--repofrompath=local,file://${repository}`,
    '--repo=local',
    '--nogpgcheck',
    `--setopt=cachedir=${into}/cache`,
    `--setopt=logdir=${logs}`,
    'install',
    'demo-app',
    'demo-many',
  ]);
  // Debian's rpm keeps its database in a home folder, which no image does.
  const written = join(root, run('rpm', ['--eval', '%_dbpath']).trim());
  const database = join(root, 'var/lib/rpm');
  if (written === database) return;
  rmSync(database, { recursive: true, force: true });
  mkdirSync(dirname(database), { recursive: true });
  renameSync(written, database);
}

function copyWithoutDatabase(from: string, to: string): string {
  cpSync(from, to, { recursive: true });
  const database = join(to, 'var/lib/rpm');
  rmSync(database, { recursive: true });
  mkdirSync(database);
  return database;
}

function headersOf(root: string): readonly Buffer[] {
  using database = new DatabaseSync(join(root, 'var/lib/rpm/rpmdb.sqlite'), { readOnly: true });
  return database
    .prepare('SELECT hex(blob) AS blob FROM Packages')
    .all()
    .map((row) => Buffer.from(String(row['blob']), 'hex'));
}

/** A hash database, as rpm's was: keys are numbers of four bytes, key 0 holds the last of them. Two were removed again. */
function writeBerkeley(headers: readonly Buffer[], to: string): void {
  const program = `
    use DB_File; use Fcntl;
    my %h; tie(%h, 'DB_File', $ARGV[0], O_RDWR|O_CREAT, 0644, $DB_HASH) or die "tie: $!";
    my $n = 0;
    while (my $line = <STDIN>) { chomp $line; $n++; $h{pack('L', $n)} = pack('H*', $line); }
    $h{pack('L', 0)} = pack('L', $n);
    $h{pack('L', 99)} = 'x' x 70000; $h{pack('L', 98)} = 'x' x 9000; delete $h{pack('L', 99)}; delete $h{pack('L', 98)};
    untie %h;`;
  run('perl', ['-e', program, to], headers.map((header) => `${header.toString('hex')}\n`).join(''));
}
