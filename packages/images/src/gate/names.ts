/** Names of packages: which texts are one, which names only look like another, and which packages an image lives by. */
import type { PackageFormat } from '../inventory/inventory.ts';

/** Debian policy 5.6.1, rpm's and apk's own practice. */
const GRAMMAR: Readonly<Record<PackageFormat, RegExp>> = {
  deb: /^[a-z0-9][a-z0-9+.-]+$/,
  rpm: /^[A-Za-z0-9][A-Za-z0-9._+-]*$/,
  apk: /^[A-Za-z0-9][A-Za-z0-9._+-]*$/,
};

/** What reads as something else: to apt-get `name-` and `name+` are orders to remove and install, `x.rpm` is a file. */
const OTHER_MEANING = /-$|(?<!\+)\+$|\.(?:deb|rpm|apk)$/i;

export function isPackageName(format: PackageFormat, name: string): boolean {
  return name.length <= 128 && GRAMMAR[format].test(name) && !OTHER_MEANING.test(name);
}

const CONFUSABLE: readonly (readonly [RegExp, string])[] = [
  [/[il1|]/g, 'l'],
  [/[o0]/g, 'o'],
  [/rn/g, 'm'],
  [/vv/g, 'w'],
  [/[5$]/g, 's'],
  [/[-._]/g, ''],
];

/** Two names with the same skeleton are read as the same: `openssI`, `opens5l` and `open-ssl`. */
export function skeletonOf(name: string): string {
  return CONFUSABLE.reduce((text, [pattern, letter]) => text.replaceAll(pattern, letter), name.toLowerCase());
}

/** The C library, the package manager, shell and core tools, the release, and the keys that packages are signed with. */
const PROTECTED: Readonly<Record<PackageFormat, RegExp>> = {
  deb: /^(?:libc6|libc-bin|apt|libapt-pkg.*|dpkg|base-files|base-passwd|bash|dash|coreutils|util-linux|login|passwd|perl-base|sed|grep|tar|systemd|libsystemd0|.*-keyring)$/,
  rpm: /^(?:glibc.*|rpm|rpm-libs|dnf|libdnf5?|microdnf|tdnf|yum|zypper|libzypp|libsolv.*|bash|coreutils.*|filesystem|setup|systemd|systemd-libs|.*-release|.*-gpg-keys)$/,
  apk: /^(?:musl|busybox|apk-tools|libapk.*|alpine-baselayout.*|alpine-keys|alpine-release|wolfi-baselayout|wolfi-keys)$/,
};

export function isProtected(format: PackageFormat, name: string): boolean {
  return PROTECTED[format].test(name);
}
