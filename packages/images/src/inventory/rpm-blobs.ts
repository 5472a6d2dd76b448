/** What the three storage formats of rpm's database have in common: the headers in it, not yet read. */

export interface Blobs {
  readonly blobs: readonly Buffer[];
  /** Entries that are there and cannot be had. */
  readonly broken: number;
}

/** The bytes are no such database; the message says why. */
export class BadDatabase extends Error {}
