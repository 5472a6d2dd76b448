/** What a reader found, made sure of: names, versions and architectures that can be trusted to be such, each once. */

import { isVersion } from '../versions/versions.ts';
import type { Source } from './image-file.ts';
import type { InstalledPackage, PackageFormat } from './inventory.ts';
import { quoted } from './notes.ts';

/** One database of an image. A `manifest` is a list that no package manager of the image keeps up. */
export interface PackageDatabase {
  readonly format: PackageFormat;
  readonly kind: 'database' | 'manifest';
  readonly path: string;
  readonly packages: readonly InstalledPackage[];
}

/** An entry and where it stands. */
export interface FoundPackage {
  readonly installed: InstalledPackage;
  readonly file: string;
  readonly line?: number;
}

const NAME = /^[A-Za-z0-9._][A-Za-z0-9+._-]{0,254}$/;
const VERSION = /^[!-~]{1,255}$/;
/** `(none)` is how rpm writes the architecture of the keys that it keeps among the packages. */
const ARCHITECTURE = /^(?:[A-Za-z0-9_-]{1,64}|\(none\))$/;
const MOST_PACKAGES = 50_000;

/** Those that can be used, by name, then architecture, then version; a note for each that cannot. */
export function packageList(
  found: readonly FoundPackage[],
  format: PackageFormat,
  { notes }: Source,
): readonly InstalledPackage[] {
  const taken = new Map<string, InstalledPackage>();
  for (const { installed, file, line } of found) {
    const at = line === undefined ? { file } : { file, line };
    const { name, version, architecture } = installed;
    const bad = badPart(installed);
    if (bad !== null) {
      const summary = `The package ${quoted(name)} has a bad ${bad} and was left out.`;
      notes.add({ code: 'images/inventory-broken', severity: 'error', summary, ...at });
      continue;
    }
    if (!isVersion(format, version)) {
      const summary = `The package ${name} has the version ${quoted(version)}.`;
      notes.add({ code: 'images/inventory-bad-version', severity: 'warning', summary, ...at });
    }
    // rpm keeps several versions of one package on purpose, as of a kernel; the others keep one.
    const key = `${name} ${architecture} ${format === 'rpm' ? version : ''}`;
    if (taken.has(key)) {
      const summary = `The package ${name} (${architecture}) is listed twice.`;
      notes.add({ code: 'images/inventory-duplicate', severity: 'warning', summary, ...at });
    }
    if (taken.size >= MOST_PACKAGES) {
      const summary = `There are more than ${MOST_PACKAGES} packages; the others were left out.`;
      notes.add({ code: 'images/inventory-too-much', severity: 'error', summary, ...at });
      break;
    }
    taken.set(key, installed);
  }
  return [...taken.values()].toSorted(byName);
}

function badPart({ name, version, architecture, source }: InstalledPackage): string | null {
  if (!NAME.test(name)) return 'name';
  if (!VERSION.test(version)) return 'version';
  if (!ARCHITECTURE.test(architecture)) return 'architecture';
  return NAME.test(source.name) && VERSION.test(source.version) ? null : 'source';
}

function byName(a: InstalledPackage, b: InstalledPackage): number {
  for (const key of ['name', 'architecture', 'version'] as const) {
    if (a[key] !== b[key]) return a[key] < b[key] ? -1 : 1;
  }
  return 0;
}
