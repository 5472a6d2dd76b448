/**
 * What is installed, by source package: a fix is made in the source, and all that is built from it moves together.
 * Upgrading only the binary package that a report names leaves the library beside it as it was.
 */
import type { AffectedPackage } from '../receive/finding.ts';
import type { InstalledPackage, PackageFormat } from '../inventory/inventory.ts';
import { compareVersions } from '../versions/versions.ts';

/** A source package and what of it is installed, each name once, by name. */
export interface InstalledSource {
  readonly name: string;
  readonly packages: readonly InstalledPackage[];
}

interface InstalledSources {
  /** The source that an affected package belongs to, whichever of the two the report names; null when not installed. */
  find(affected: AffectedPackage): InstalledSource | null;
}

export function groupBySource(
  format: PackageFormat,
  packages: readonly InstalledPackage[],
): InstalledSources {
  const byName = new Map<string, InstalledPackage>();
  for (const installed of packages) {
    const known = byName.get(installed.name);
    byName.set(installed.name, known === undefined ? installed : older({ format, known, installed }));
  }
  const sources = new Map<string, InstalledPackage[]>();
  for (const installed of byName.values()) {
    const group = sources.get(installed.source.name);
    if (group === undefined) sources.set(installed.source.name, [installed]);
    else group.push(installed);
  }
  const source = (name: string | null): InstalledSource | null => {
    const group = name === null ? undefined : sources.get(name);
    return name === null || group === undefined ? null : { name, packages: group };
  };
  return {
    // The image's own database is asked before the report's word for the source, which may be of another release.
    find: (affected) =>
      source(byName.get(affected.name)?.source.name ?? null) ??
      source(affected.source) ??
      source(affected.name),
  };
}

/**
 * Whether the binary package has the version of its source, a rebuild of it (`+b1`), or the same but for the epoch where
 * the name of a source rpm has none. Where not, as for dmsetup of lvm2, a fixed version of the source says nothing of it.
 */
export function isNumberedLikeSource(format: PackageFormat, installed: InstalledPackage): boolean {
  const { version, source } = installed;
  switch (format) {
    case 'deb':
      return version.replace(/\+b\d+$/, '') === source.version;
    case 'rpm':
      return version.replace(/^\d+:/, '') === source.version.replace(/^\d+:/, '');
    case 'apk':
      return true;
    default:
      return format satisfies never;
  }
}

/** The same name twice is the same package of two architectures, or two versions side by side: the older one counts. */
function older(pair: {
  readonly format: PackageFormat;
  readonly known: InstalledPackage;
  readonly installed: InstalledPackage;
}): InstalledPackage {
  const { format, known, installed } = pair;
  const kept = compareVersions(format, known.version, installed.version) <= 0 ? known : installed;
  return { ...kept, held: known.held || installed.held };
}
