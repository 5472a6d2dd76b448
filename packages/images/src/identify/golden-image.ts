/** What a golden image is: a name that teams build on, and every digest that the name has had. */
import type { Digest, Platform } from '../image/image.ts';

export interface GoldenImage {
  /** Unique, as `debian-11`. */
  readonly name: string;
  /** Host and port. */
  readonly registry: string;
  /** As `golden/debian`. */
  readonly repository: string;
  /** The tag that is moved when a patch is proved. */
  readonly tag: string;
  readonly platform: Platform;
  /** The newest first; the first is what the tag points to. Older ones are what applications still stand on. */
  readonly versions: readonly GoldenVersion[];
}

/** One manifest of a golden image, as it was read from the registry. */
export interface GoldenVersion {
  readonly digest: Digest;
  /** Of the index that it was found in; null when the tag names the manifest itself. */
  readonly indexDigest: Digest | null;
  /** Of the uncompressed layers, from the base up. */
  readonly diffIds: readonly Digest[];
  /** Of the layers as the registry has them. */
  readonly layers: readonly Digest[];
}
