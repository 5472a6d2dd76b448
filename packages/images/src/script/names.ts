/**
 * The last check of a package name before it becomes an argument, whatever was checked before. An argument that is only
 * a package name can be no option, path, address, version pin, glob or removal.
 */
import type { PackageFormat } from '../inventory/inventory.ts';
import { scriptError } from './errors.ts';

const NAMES: Readonly<Record<PackageFormat, RegExp>> = {
  deb: /^[a-z0-9][a-z0-9+.-]+$/,
  rpm: /^[A-Za-z0-9][A-Za-z0-9._+-]*$/,
  apk: /^[a-z0-9][a-z0-9._+-]*$/i,
};

/** What the package manager would take for something else than a package of this name. */
const OTHER_MEANINGS: Readonly<Record<PackageFormat, RegExp>> = {
  // `apt-get install foo-` removes foo.
  deb: /-$/,
  // A file, looked for in the working folder.
  rpm: /\.rpm$/i,
  apk: /\.apk/i,
};

const MAX_LENGTH = 256;

export function isSafeName(format: PackageFormat, name: string): boolean {
  return name.length <= MAX_LENGTH && NAMES[format].test(name) && !OTHER_MEANINGS[format].test(name);
}

/** The names as they were, each once and sorted, so that equal plans give equal commands. */
export function checkNames(format: PackageFormat, names: readonly string[]): readonly string[] {
  for (const name of names) {
    if (isSafeName(format, name)) continue;
    const shown = JSON.stringify(name.length > 80 ? `${name.slice(0, 80)}…` : name);
    throw scriptError('images/script-bad-name', `${shown} is no name of a ${format} package.`);
  }
  return [...new Set(names)].toSorted();
}
