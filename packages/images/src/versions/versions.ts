/**
 * Which of two package versions is newer, in the words of the distribution they come from. The three formats disagree
 * on the same texts (`1.0~rc1`, `1.01`, `1.0-1`), so nothing else in the room compares versions by itself.
 */

import type { PackageFormat } from '../inventory/inventory.ts';
import { compareApk, isApkVersion } from './apk.ts';
import { compareDpkg, isDpkgVersion } from './dpkg.ts';
import type { Ordering } from './ordering.ts';
import { compareRpm, isRpmVersion } from './rpm.ts';

/**
 * A total order over every text: a bad version is no error and no exception, it has a place too (its format's file says
 * which). Ask `isVersion` before an answer that matters. Equal versions may differ as text, as `1.0` and `0:1.0`.
 */
export function compareVersions(format: PackageFormat, a: string, b: string): Ordering {
  switch (format) {
    case 'deb':
      return compareDpkg(a, b);
    case 'rpm':
      return compareRpm(a, b);
    case 'apk':
      return compareApk(a, b);
    default:
      return format satisfies never;
  }
}

/** Whether the package manager of the format would take the text as a whole version, epoch and release included. */
export function isVersion(format: PackageFormat, text: string): boolean {
  switch (format) {
    case 'deb':
      return isDpkgVersion(text);
    case 'rpm':
      return isRpmVersion(text);
    case 'apk':
      return isApkVersion(text);
    default:
      return format satisfies never;
  }
}
