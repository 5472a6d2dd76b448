/**
 * Versions as scanners write them, made whole: `[epoch:]version[-release]`, without an epoch of 0. Which of several
 * fixed versions counts is decided by the order of the package's own format.
 */
import { compareVersions, isVersion } from '../versions/versions.ts';
import type { AffectedPackage } from './finding.ts';

const MAX_VERSION = 256;
const INSTALLED = /^[A-Za-z0-9][A-Za-z0-9.+~:^_-]*$/;
/** What language packages have besides: ranges are none of it. */
const OF_LANGUAGE = /^[A-Za-z0-9][A-Za-z0-9.+~:^_!@/-]*$/;

/** What stands where a fixed version would, when there is none. */
const NONE = new Set(['notavailable', 'na', 'none', 'noneprovided', 'unknown', 'nofix', 'null', '0', '']);

/** The parts of a version that is split up; a version that is whole already stays as it is. Null: it is none. */
export function wholeVersion({
  version,
  release,
  epoch,
  kind,
}: {
  version: string;
  release: string | null;
  epoch: number | null;
  kind: AffectedPackage['kind'];
}): string | null {
  const tail = release === null || release === '' || version.endsWith(`-${release}`) ? '' : `-${release}`;
  const numbered = epoch !== null && Number.isSafeInteger(epoch) && epoch > 0 && !/^\d+:/.test(version);
  return installedVersion(`${numbered ? `${epoch}:` : ''}${version}${tail}`, kind);
}

/** Null when it is no version. */
export function installedVersion(text: string, kind: AffectedPackage['kind']): string | null {
  const version = withoutZeroEpoch(text);
  if (version.length > MAX_VERSION) return null;
  return (kind === 'language' ? OF_LANGUAGE : INSTALLED).test(version) ? version : null;
}

export interface FixedVersions {
  /** The lowest one above what is installed; the highest when none is; null when there is none at all. */
  readonly version: string | null;
  /** The first text that is neither a version nor a word for none. */
  readonly bad: string | null;
}

/** Of lists and of texts with commas in them, as `25.0.2, 24.0.9`. */
export function fixedVersion(
  texts: readonly string[],
  installed: string,
  kind: AffectedPackage['kind'],
): FixedVersions {
  const candidates = texts.flatMap((text) => text.split(',')).map((text) => text.trim());
  const named = candidates.filter((text) => !NONE.has(text.toLowerCase().replace(/[^a-z0-9]/g, '')));
  const good = named.map((text) => toFixed(text, kind)).filter((version) => version !== null);
  const bad = named.find((text) => toFixed(text, kind) === null) ?? null;
  const format = kind === 'language' ? 'deb' : kind;
  const from = bare(installed, kind);
  const sorted = good.toSorted((a, b) => compareVersions(format, bare(a, kind), bare(b, kind)));
  const above = sorted.find((version) => compareVersions(format, bare(version, kind), from) > 0);
  return { version: above ?? sorted.at(-1) ?? null, bad };
}

function toFixed(text: string, kind: AffectedPackage['kind']): string | null {
  // Some databases of languages write the fix as a lower bound.
  const version = installedVersion(kind === 'language' ? text.replace(/^(?:>=|=|\^|~)\s*/, '') : text, kind);
  return version === null || kind === 'language' || isVersion(kind, version) ? version : null;
}

/** Versions of Go modules begin with a `v`, those of their fixes do not. */
const bare = (version: string, kind: AffectedPackage['kind']): string =>
  kind === 'language' ? version.replace(/^v(?=\d)/, '') : version;

function withoutZeroEpoch(text: string): string {
  return text.trim().replace(/^0+:/, '');
}
