/** The packages that the portal is made of, with the versions that are installed. */
import { readFileSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import { isObject, parseJson } from '@callboard/model';

export interface InstalledPackage {
  readonly name: string;
  /** Separated by commas when there are several. */
  readonly versions: string;
}

interface PackageFile {
  readonly path: string;
  readonly name: string;
  readonly version: string;
  readonly dependencies: readonly string[];
}

const OWN = new URL('../../package.json', import.meta.url);
const ROOMS = '@callboard/';

/** The version of the portal. */
export function ownVersion(): string {
  return readPackage(OWN)?.version ?? '0.0.0';
}

/** The rooms of the portal and what they depend on, by name. Reads some thirty small files. */
export function installedPackages(): InstalledPackage[] {
  const versions = new Map<string, Set<string>>();
  const seen = new Set<string>();
  const waiting = [readPackage(OWN)];
  for (const file of waiting) {
    if (file === null || seen.has(file.path)) continue;
    seen.add(file.path);
    versions.set(file.name, (versions.get(file.name) ?? new Set()).add(file.version));
    if (!file.name.startsWith(ROOMS)) continue;
    for (const name of file.dependencies) {
      const found = findPackageJSON(name, file.path);
      waiting.push(found === undefined ? null : readPackage(found));
    }
  }
  return [...versions]
    .map(([name, found]) => ({ name, versions: [...found].toSorted().join(', ') }))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

function readPackage(path: string | URL): PackageFile | null {
  const value = parseJson(readFileSync(path, 'utf8'));
  if (!isObject(value)) return null;
  const { name, version, dependencies } = value;
  return {
    path: String(path),
    name: String(name),
    version: String(version),
    dependencies: isObject(dependencies) ? Object.keys(dependencies) : [],
  };
}
