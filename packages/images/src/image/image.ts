/** What an image is, as far as every step has to know: digests, platforms, manifest and configuration (OCI 1.1). */

/** `sha256:` and 64 lower-case hexadecimal digits. */
export type Digest = `sha256:${string}`;

export interface Platform {
  /** As `linux`. */
  readonly os: string;
  /** As `amd64`, in the words of OCI. */
  readonly architecture: string;
  /** As `v8`; null when the image names none. */
  readonly variant: string | null;
}

/** One image of a registry, by digest: the manifest of one platform, never an index. */
export interface ImageAt {
  /** Host and port, as `registry.example.com:5000`. */
  readonly registry: string;
  /** As `golden/debian`. */
  readonly repository: string;
  readonly digest: Digest;
}

/** What a manifest says of a blob. */
export interface Descriptor {
  readonly mediaType: string;
  readonly digest: Digest;
  /** Bytes. */
  readonly size: number;
}

/** An image that was read from a registry and is what its digests say. */
export interface Image extends ImageAt {
  readonly platform: Platform;
  /** The manifest as it was read; its digest is the image's. */
  readonly manifest: ImageManifest;
  readonly config: ImageConfig;
}

export interface ImageManifest {
  readonly mediaType: string;
  readonly config: Descriptor;
  /** From the base up. */
  readonly layers: readonly Descriptor[];
  readonly annotations: Readonly<Record<string, string>>;
}

export interface ImageConfig {
  readonly architecture: string;
  readonly os: string;
  readonly variant: string | null;
  /** ISO 8601; null when the image does not say. */
  readonly created: string | null;
  /** What runs: `User`, `Env`, `Entrypoint`, `Cmd`, `WorkingDir`, `Labels`, … as they were read. */
  readonly run: Readonly<Record<string, unknown>>;
  /** The digests of the uncompressed layers, from the base up. */
  readonly diffIds: readonly Digest[];
  readonly history: readonly HistoryEntry[];
}

export interface HistoryEntry {
  readonly created?: string;
  readonly created_by?: string;
  readonly comment?: string;
  readonly empty_layer?: boolean;
}
