/**
 * The packages of an image of Mariner or Azure Linux without rpm: `container-manifest-2` has a line a package, its fields
 * set apart by tabs: name, version-release, times of installation and build, vendor, epoch, size, architecture, epoch as a
 * number, source package. `container-manifest-1` has `name-version-release.architecture` only.
 */

import { readText, type Source } from './image-file.ts';
import type { InstalledPackage } from './inventory.ts';
import { packageList, type FoundPackage, type PackageDatabase } from './package-list.ts';
import { sourceOf } from './rpm-header.ts';
import { linesOf } from './stanzas.ts';

const FOLDER = '/var/lib/rpmmanifest';

const READERS: readonly (readonly [string, (line: string) => InstalledPackage | null])[] = [
  ['container-manifest-2', parseFields],
  ['container-manifest-1', parseName],
];

/** The first of the two that is there. */
export async function readManifest(source: Source): Promise<PackageDatabase[]> {
  for (const [name, parse] of READERS) {
    const file = `${FOLDER}/${name}`;
    const text = await readText(source, file);
    if (text === null) continue;
    const found: FoundPackage[] = [];
    let line = 0;
    for (const raw of linesOf(text)) {
      line++;
      if (raw.trim() === '') continue;
      const installed = parse(raw.trimEnd());
      if (installed !== null) {
        found.push({ installed, file, line });
        continue;
      }
      const summary = 'The line tells of no package.';
      source.notes.add({ code: 'images/inventory-broken', severity: 'error', summary, file, line });
    }
    return [{ format: 'rpm', kind: 'manifest', path: file, packages: packageList(found, 'rpm', source) }];
  }
  return [];
}

function parseFields(line: string): InstalledPackage | null {
  const [name = '', version = '', , , , epoch = '', , architecture, number = epoch, file = ''] =
    line.split('\t');
  if (architecture === undefined || !version.includes('-')) return null;
  const prefix = /^[1-9]\d*$/.test(number) ? `${number}:` : '';
  const whole = `${prefix}${version}`;
  return toPackage({ name, version: whole, architecture, source: sourceOf(file, prefix) });
}

function parseName(line: string): InstalledPackage | null {
  const [, name, version, architecture] = /^(\S+)-([^\s-]+-[^\s-]+)\.([^\s.-]+)$/.exec(line) ?? [];
  if (name === undefined || version === undefined || architecture === undefined) return null;
  return toPackage({ name, version, architecture, source: null });
}

function toPackage({
  source,
  ...rest
}: Pick<InstalledPackage, 'name' | 'version' | 'architecture'> & {
  source: InstalledPackage['source'] | null;
}): InstalledPackage {
  return {
    ...rest,
    source: source ?? { name: rest.name, version: rest.version },
    manual: null,
    held: false,
    depends: [],
    provides: [],
  };
}
