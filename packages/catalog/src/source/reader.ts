/** What reads the target of a location. One reader a location type; a plugin adds others. */
import type { Diagnostic } from '@callboard/model';

/** Catalog files beyond this size are refused: about 50,000 entities, and a second of parsing. */
export const MAX_FILE_BYTES = 32 * 1024 * 1024;

export interface SourceReader {
  /** The location type it reads: `file`, `url`, … */
  readonly type: string;
  /** Reads everything a target stands for, one outcome a file. Never throws for a source that is bad. */
  read(request: ReadRequest): AsyncIterable<ReadOutcome>;
}

export interface ReadRequest {
  /** Absolute path, glob or URL. */
  readonly target: string;
  /** A missing target is no error. */
  readonly optional: boolean;
  /** Fingerprints of the last good reading, by target; empty to read everything anew. */
  readonly fingerprints: ReadonlyMap<string, string>;
}

export type ReadOutcome =
  /** The same bytes as last time. */
  | { readonly kind: 'unchanged'; readonly target: string; readonly fingerprint: string }
  | {
      readonly kind: 'content';
      readonly target: string;
      readonly fingerprint: string;
      readonly bytes: Uint8Array;
    }
  /** Could not be read: what it gave before stays. */
  | { readonly kind: 'failed'; readonly target: string; readonly diagnostic: Diagnostic };
