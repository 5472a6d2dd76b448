/** What the reader of each format gets and gives. */
import type { Finding, FoundImage, Scanner } from './finding.ts';
import { timeOf, wrongField, type Part } from './part.ts';

export interface Context {
  /** Milliseconds since 1970: the time of what has none of its own. */
  readonly receivedAt: number;
  /** Of the report, as a file name. */
  readonly name: string;
  /** What is known of the image besides the report; the report goes first. */
  readonly image: Partial<FoundImage>;
}

export interface Reading {
  readonly scanner: Scanner;
  readonly findings: readonly Finding[];
  /** Null when the report is not of one image. */
  readonly image: FoundImage | null;
  /** The report is of everything that the scanner sees in the image now. */
  readonly snapshot: boolean;
  /** When it was made, in milliseconds since 1970; when it arrived, if it does not say. */
  readonly at: number;
}

/** Clocks differ; a report from further ahead than this is from a wrong one. One day, in milliseconds. */
const AHEAD = 24 * 60 * 60 * 1_000;

/**
 * The time of a report or of a finding; that of its arrival when it has none, or one of the future, which would make
 * every later report look old.
 */
export function updatedAtOf(part: Part, key: string, { receivedAt }: Context): number {
  const time = timeOf(part, key);
  if (time === null || time <= receivedAt + AHEAD) return time ?? receivedAt;
  wrongField(part, key, 'lies in the future; the time of arrival is taken');
  return receivedAt;
}

/** What the report says of the image, and what is known besides where it says nothing. */
export function withKnown(found: FoundImage, known: Partial<FoundImage>): FoundImage {
  return {
    digest: found.digest ?? known.digest ?? null,
    configDigest: found.configDigest ?? known.configDigest ?? null,
    registry: found.registry ?? known.registry ?? null,
    repository: found.repository ?? known.repository ?? null,
    tags: found.tags.length > 0 ? found.tags : (known.tags ?? []),
    platform: found.platform ?? known.platform ?? null,
    diffIds: found.diffIds.length > 0 ? found.diffIds : (known.diffIds ?? []),
    distro: found.distro ?? known.distro ?? null,
  };
}
