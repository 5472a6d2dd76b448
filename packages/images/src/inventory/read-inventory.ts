/**
 * From the files of an image to what is installed in it: every database that is there is read, the one that the image
 * lives by is taken, and what is wrong with any of them is told.
 */

import type { Diagnostic } from '@callboard/model';
import { readApk } from './apk.ts';
import { readChisel } from './chisel.ts';
import { readDpkg } from './dpkg.ts';
import type { Source } from './image-file.ts';
import type { Distro, FileView, InstalledPackage, Inventory, PackageFormat } from './inventory.ts';
import { readManagers, type Managers } from './manager.ts';
import { createNotes } from './notes.ts';
import { readDistro } from './os-release.ts';
import type { PackageDatabase } from './package-list.ts';
import { readRpm } from './rpm.ts';

/** `ID` and `ID_LIKE` of os-release → what such a distribution keeps its packages in. */
const FORMATS: ReadonlyMap<string, PackageFormat> = new Map<string, PackageFormat>([
  ['debian', 'deb'],
  ['ubuntu', 'deb'],
  ['alpine', 'apk'],
  ['wolfi', 'apk'],
  ['chainguard', 'apk'],
  ...['fedora', 'rhel', 'centos', 'amzn', 'ol', 'rocky', 'almalinux', 'mariner', 'azurelinux', 'photon'].map(
    (id) => [id, 'rpm'] as const,
  ),
  ...['suse', 'sles', 'opensuse', 'opensuse-leap', 'opensuse-tumbleweed'].map((id) => [id, 'rpm'] as const),
]);

/**
 * Nothing in the image makes it throw: broken databases give diagnostics, with the line where there is one, and what was
 * good in them stays. Only a failure of the view itself is thrown on.
 */
export async function readInventory(
  files: FileView,
): Promise<{ inventory: Inventory; diagnostics: readonly Diagnostic[] }> {
  const notes = createNotes();
  const source: Source = { files, notes };
  const distro = await readDistro(source);
  const managers = await readManagers(source);
  const databases = [
    ...(await readDpkg(source, { hasApt: managers.deb === 'apt' })),
    ...(await readChisel(source)),
    ...(await readApk(source)),
    ...(await readRpm(source)),
  ];
  const inventory = toInventory(distro, choose(databases, distro, source), managers);
  if (distro === null && inventory.state !== 'none') {
    const summary = 'The image has packages and does not say which distribution it is.';
    const file = '/etc/os-release';
    notes.add({ code: 'images/inventory-no-distro', severity: 'warning', summary, file });
  }
  return { inventory, diagnostics: notes.all };
}

/** Those of one format: the distribution's own if it has any packages, else that with the most. */
function choose(
  databases: readonly PackageDatabase[],
  distro: Distro | null,
  { notes }: Source,
): readonly PackageDatabase[] {
  const filled = databases.filter(({ packages }) => packages.length > 0);
  const ids = distro === null ? [] : [distro.id, ...distro.idLike];
  const own = ids.flatMap((id) => FORMATS.get(id) ?? [])[0];
  const largest = filled.toSorted((a, b) => b.packages.length - a.packages.length)[0]?.format;
  const format = filled.some((one) => one.format === own) ? own : largest;
  for (const { path, packages } of filled.filter((one) => one.format !== format)) {
    const summary = `The image lives by packages of the format ${format}; the ${packages.length} here are not read.`;
    notes.add({ code: 'images/inventory-several', severity: 'warning', summary, file: path });
  }
  // A database without any packages is one too: that of an image in which something went wrong.
  return filled.length === 0 ? databases.slice(0, 1) : filled.filter((one) => one.format === format);
}

function toInventory(
  distro: Distro | null,
  databases: readonly PackageDatabase[],
  managers: Managers,
): Inventory {
  const [first] = databases;
  if (first === undefined) return { distro, format: null, state: 'none', manager: null, packages: [] };
  const { format } = first;
  const packages = merge(databases);
  const manager = managers[format];
  const hasDatabase = databases.some(({ kind }) => kind === 'database');
  if (manager !== null && hasDatabase) return { distro, format, state: 'managed', manager, packages };
  const hasManifest = databases.some(({ kind }) => kind === 'manifest');
  return { distro, format, state: hasManifest ? 'distroless' : 'no-tools', manager: null, packages };
}

/** What a database has is not taken again from a list beside it. */
function merge(databases: readonly PackageDatabase[]): readonly InstalledPackage[] {
  const [only] = databases;
  if (only !== undefined && databases.length === 1) return only.packages;
  const seen = new Set<string>();
  const merged = databases.flatMap(({ packages }) => {
    const fresh = packages.filter(({ name, architecture }) => !seen.has(`${name} ${architecture}`));
    for (const { name, architecture } of fresh) seen.add(`${name} ${architecture}`);
    return fresh;
  });
  return merged.toSorted((a, b) => {
    if (a.name !== b.name) return a.name < b.name ? -1 : 1;
    return a.architecture < b.architecture ? -1 : 1;
  });
}
