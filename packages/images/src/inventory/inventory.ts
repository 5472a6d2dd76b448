/** What is installed in an image, read from its own package database, and by what it can be changed. */

export type PackageFormat = 'deb' | 'rpm' | 'apk';

export type PackageManager = 'apt' | 'apk' | 'dnf' | 'microdnf' | 'tdnf' | 'yum' | 'zypper';

/** `/etc/os-release`. */
export interface Distro {
  /** Lower-case, as `debian`, `ubuntu`, `alpine`, `rhel`, `amzn`. */
  readonly id: string;
  /** As `11`, `22.04`, `3.19.1`; empty for a rolling one. */
  readonly version: string;
  /** As `bullseye`; null when it does not say. */
  readonly codename: string | null;
  readonly idLike: readonly string[];
  /** `SUPPORT_END`, ISO date; null when it does not say. */
  readonly supportEnd: string | null;
}

export interface InstalledPackage {
  readonly name: string;
  /** Whole: `[epoch:]version[-release]`, an epoch of 0 left out. */
  readonly version: string;
  /** In the words of the distribution, as `amd64`, `x86_64`, `all`, `noarch`. */
  readonly architecture: string;
  readonly source: { readonly name: string; readonly version: string };
  /** Asked for by somebody, not drawn in by another package; null where the database does not know. */
  readonly manual: boolean | null;
  /** Kept back on purpose (`apt-mark hold`, versionlock, a pin in world). */
  readonly held: boolean;
  /** What it needs, as alternatives of package or capability names: `[[a], [b, c]]`. */
  readonly depends: readonly (readonly string[])[];
  readonly provides: readonly string[];
}

/**
 * How the packages are kept: `managed` by a package manager that is in the image; `distroless` and `no-tools` have a
 * database and nothing to change it with; `none` has no database.
 */
export type InventoryState = 'managed' | 'distroless' | 'no-tools' | 'none';

export interface Inventory {
  readonly distro: Distro | null;
  readonly format: PackageFormat | null;
  readonly state: InventoryState;
  /** Null unless the state is `managed`. */
  readonly manager: PackageManager | null;
  /** By name, then architecture. */
  readonly packages: readonly InstalledPackage[];
}

/** The files of an image, of whatever is behind: layers, a folder. Paths begin with `/`; links are followed inside it. */
export interface FileView {
  /** The bytes; null when there is no such file. Throws when it has more than `limit` bytes. */
  read(path: string, limit?: number): Promise<Buffer | null>;
  /** The names in a folder, sorted; null when there is none. */
  list(path: string): Promise<readonly string[] | null>;
}
