/** What can change an image: open a session on a digest, run commands in it, commit what changed as one layer. */
import type { Descriptor, Digest, ImageAt, Platform } from '../image/image.ts';
import type { Command, CommandOutput } from '../script/command.ts';

export interface BuildEngine {
  /** As `node`, `buildah`, `docker`. */
  readonly name: string;
  /** Null when it can be used here, else why not, for people. */
  unavailable(): Promise<string | null>;
  /** Reads the base and makes its files ready. */
  open(base: ImageAt, options: SessionOptions): Promise<BuildSession>;
  /** Keeps the files of the base until it is disposed, for sessions that are opened on it meanwhile; where an engine can. */
  hold?(base: ImageAt, options: SessionOptions): Promise<AsyncDisposable>;
}

export interface SessionOptions {
  readonly platform: Platform;
  /** A line of what happens, for the log of the build. */
  readonly log: (line: string) => void;
  readonly signal: AbortSignal;
  /** Files that commands find under `/run/callboard`, by relative path, and that are in no layer: repositories, keys. */
  readonly files: Readonly<Record<string, string>>;
  readonly limits: BuildLimits;
}

export interface BuildLimits {
  /** Bytes of all unpacked layers of the base. */
  readonly unpackedBytes: number;
  /** Bytes of the new layer, uncompressed. */
  readonly layerBytes: number;
  /** Entries of all layers of the base. */
  readonly entries: number;
}

/** Whatever it made on this machine is gone once it is disposed, also after a failure. */
export interface BuildSession extends AsyncDisposable {
  /** Where the files of the image are, for those who read them; changes of commands show. */
  readonly root: string;
  run(command: Command): Promise<CommandOutput>;
  /** Pushes what changed as one layer on the base; nothing is tagged but `target`. */
  commit(target: CommitTarget): Promise<CommittedImage>;
}

export interface CommitTarget {
  readonly registry: string;
  readonly repository: string;
  /** Null: only by digest. */
  readonly tag: string | null;
  /** Added to those of the base. */
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  /** For the history of the image, as `callboard patch 01j…`. */
  readonly createdBy: string;
  /** Milliseconds since 1970; file times later than this are set to it. */
  readonly createdAt: number;
}

export interface CommittedImage extends ImageAt {
  readonly configDigest: Digest;
  readonly layer: Descriptor;
  readonly diffId: Digest;
  /** Bytes of the layer, uncompressed. */
  readonly layerBytes: number;
  /** Milliseconds by stage, as `pull`, `unpack`, `run`, `diff`, `compress`, `push`. */
  readonly took: Readonly<Record<string, number>>;
}
