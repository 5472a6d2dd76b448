/**
 * A root whose package manager is dnf: real dnf, its versionlock plugin and rpm, as Debian builds them. Debian's own
 * package database and tools are taken away and its os-release is another's, so that the image lives by rpm alone. What
 * is not real: no file of the root but those of the test's packages belongs to an rpm package.
 */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { machineMirror, runProgram } from './machine.fixture.ts';

/** The first release whose dnf has the options of that of Red Hat 9: 4.14. */
const SUITE = 'bookworm';

const NOT_NEEDED = [
  'etc/apt',
  'etc/dpkg',
  'etc/hostname',
  'etc/resolv.conf',
  'usr/bin/apt',
  'usr/bin/apt-cache',
  'usr/bin/apt-get',
  'usr/bin/apt-mark',
  'usr/bin/dpkg',
  'usr/share/doc',
  'usr/share/locale',
  'usr/share/man',
  'var/cache/apt',
  'var/lib/apt',
  'var/lib/dpkg',
];

/** Makes the root in the folder; about 250 MB. */
export async function makeRpmRoot(root: string): Promise<void> {
  const { main } = await machineMirror();
  await mkdir(root, { recursive: true });
  const include = ['dnf', 'dnf-plugins-core', 'rpm'];
  await runProgram(
    [
      'mmdebstrap',
      '--variant=minbase',
      '--components=main',
      `--include=${include.join(',')}`,
      SUITE,
      root,
      `deb ${main} ${SUITE} main`,
    ],
    { env: { ...process.env, TMPDIR: join(root, '..') } },
  );
  for (const path of NOT_NEEDED) await rm(join(root, path), { recursive: true, force: true });
  // Debian's rpm has the database in the home of whoever runs it.
  await mkdir(join(root, 'etc/rpm'), { recursive: true });
  await writeFile(join(root, 'etc/rpm/macros'), '%_dbpath /var/lib/rpm\n');
  // It asks for keys that the root has not.
  await writeFile(join(root, 'etc/dnf/plugins/local.conf'), '[main]\nenabled=false\n');
}

/** Which distribution the root says it is. */
export async function dress(root: string, osRelease: Readonly<Record<string, string>>): Promise<void> {
  const path = join(root, 'etc/os-release');
  await rm(path, { force: true });
  const lines = Object.entries(osRelease).map(([name, value]) => `${name}="${value}"\n`);
  await writeFile(path, lines.join(''));
}

/** An uncompressed tar of the root. */
export async function packRoot(root: string, tar: string): Promise<void> {
  await runProgram(['tar', '--numeric-owner', '-C', root, '-cf', tar, '.']);
}
