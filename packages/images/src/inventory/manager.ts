/** Which package managers an image has, told by their programs: a database alone can be changed by nobody. */

import type { Source } from './image-file.ts';
import type { PackageFormat, PackageManager } from './inventory.ts';

/** On systems where `/bin` is a link these are two folders. */
const FOLDERS: readonly string[] = ['/usr/bin', '/usr/sbin', '/bin', '/sbin'];

/**
 * For each format its program → manager, the best first. Photon and Azure Linux call tdnf also yum, Amazon Linux and
 * Fedora call dnf also yum, and microdnf may be called dnf, whose options it does not know: what they really have goes
 * before it. dnf comes with a program of its generation, dnf-3 or dnf5.
 */
const PROGRAMS: Readonly<Record<PackageFormat, readonly (readonly [string, PackageManager])[]>> = {
  deb: [['apt-get', 'apt']],
  apk: [['apk', 'apk']],
  rpm: [
    ['dnf5', 'dnf'],
    ['dnf-3', 'dnf'],
    ['microdnf', 'microdnf'],
    ['dnf', 'dnf'],
    ['tdnf', 'tdnf'],
    ['zypper', 'zypper'],
    ['yum', 'yum'],
  ],
};

export type Managers = Readonly<Record<PackageFormat, PackageManager | null>>;

export async function readManagers({ files }: Source): Promise<Managers> {
  const programs = new Set<string>();
  for (const folder of FOLDERS) {
    for (const name of (await files.list(folder)) ?? []) programs.add(name);
  }
  const managerOf = (format: PackageFormat): PackageManager | null =>
    PROGRAMS[format].find(([program]) => programs.has(program))?.[1] ?? null;
  return { deb: managerOf('deb'), apk: managerOf('apk'), rpm: managerOf('rpm') };
}
