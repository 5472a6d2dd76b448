/** A finding: one vulnerability in one image, whatever scanner said so. Everything after `receive` sees only this. */
import type { Digest, Platform } from '../image/image.ts';

export const SEVERITIES = ['critical', 'high', 'medium', 'low', 'negligible', 'unknown'] as const;
/** `negligible` is Inspector's INFORMATIONAL and Debian's unimportant; `unknown` its UNTRIAGED. */
export type Severity = (typeof SEVERITIES)[number];

export type Scanner = 'inspector' | 'trivy' | 'grype' | 'osv';

export interface Finding {
  /** The same for every report of it: `<scanner>/<image digest>/<vulnerability>`, or the ARN of Inspector. */
  readonly id: string;
  readonly scanner: Scanner;
  /** As `CVE-2024-6119`; the scanner's own identifier where there is no CVE. */
  readonly vulnerability: string;
  /** Other identifiers of the same, as `USN-6986-1`. */
  readonly aliases: readonly string[];
  readonly severity: Severity;
  /** `closed`: the scanner no longer sees it, which is no proof that it was fixed. */
  readonly status: 'active' | 'closed' | 'suppressed';
  readonly image: FoundImage;
  /** At least one. */
  readonly packages: readonly AffectedPackage[];
  /** At most 300 characters of one line; somebody's text, to be quoted and never followed. */
  readonly title: string;
  /** The probability of exploitation within 30 days, 0 to 1; null when the report does not say. */
  readonly epss: number | null;
  /** Null when the report does not say. */
  readonly knownExploited: boolean | null;
  /** Milliseconds since 1970; null when the report does not say. */
  readonly publishedAt: number | null;
  /** When the fix was released, in milliseconds since 1970: the start of the exposure that can be ended. */
  readonly fixedAt: number | null;
  /** When the scanner last changed it, in milliseconds since 1970; a report without one has its own time. */
  readonly updatedAt: number;
}

export interface FoundImage {
  /** Of the manifest of one platform; null when the report names none, as of an image that was never pushed. */
  readonly digest: Digest | null;
  /** Of the configuration (the image ID); null when the report does not say. */
  readonly configDigest: Digest | null;
  /** Host and port; null when the report does not say. */
  readonly registry: string | null;
  readonly repository: string | null;
  /** Those at the time of the report; they may have moved since. */
  readonly tags: readonly string[];
  readonly platform: Platform | null;
  /** Of the uncompressed layers, from the base up; empty when the report does not say. */
  readonly diffIds: readonly Digest[];
  /** The distribution, in the words of os-release, as `debian` and `11`; null when the report does not say. */
  readonly distro: { readonly id: string; readonly version: string } | null;
}

export interface AffectedPackage {
  readonly name: string;
  /** The source package; null when the report does not say. */
  readonly source: string | null;
  /** `deb`, `rpm` and `apk` are packages of the distribution, which this room patches; `language` is everything else. */
  readonly kind: 'deb' | 'rpm' | 'apk' | 'language';
  /** What is installed, whole: `[epoch:]version[-release]`. */
  readonly version: string;
  /** The lowest version with the fix, whole; null when there is none, or the report does not say. */
  readonly fixedVersion: string | null;
  readonly architecture: string | null;
  /** The layer that brought it, uncompressed; null when the report does not say. */
  readonly diffId: Digest | null;
  /** Where it is in the image, for what no package manager knows. */
  readonly path: string | null;
}
