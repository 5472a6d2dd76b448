/** What this room asks of a registry (OCI distribution 1.1). Every byte that is read is checked against its digest. */
import type { Readable } from 'node:stream';
import type { Descriptor, Digest, Image, Platform } from './image.ts';

/** Where something is, without which one it is. */
export interface Repository {
  /** Host and port. */
  readonly registry: string;
  /** As `golden/debian`. */
  readonly repository: string;
}

export interface RawManifest {
  readonly mediaType: string;
  readonly digest: Digest;
  readonly bytes: Buffer;
}

export interface NewBlob {
  readonly digest: Digest;
  readonly size: number;
  /** Called again for each try. */
  readonly open: () => Readable;
}

export interface CallOptions {
  readonly signal?: AbortSignal;
}

/** Every method rejects with a `CodedError` `images/registry-…`; those that may pass by themselves were tried again. */
export interface RegistryClient {
  /** By tag or digest; of an index the manifest of the platform. Manifest and configuration are checked and parsed. */
  image(
    at: Repository & { readonly reference: string },
    platform: Platform,
    options?: CallOptions,
  ): Promise<Image>;
  /** By tag or digest, as it is: an index stays one. Null when there is none. */
  manifest(
    at: Repository & { readonly reference: string },
    options?: CallOptions,
  ): Promise<RawManifest | null>;
  /** The stream fails at its end when the bytes are not those of the digest, and before when there are more of them. */
  readBlob(at: Repository, blob: Descriptor, options?: CallOptions): Promise<Readable>;
  /** Sends nothing when the registry has it; `from` names a repository of the same registry that has it. */
  pushBlob(at: Repository, blob: NewBlob, options?: CallOptions & { readonly from?: string }): Promise<void>;
  /** Null: only by its digest. A tag is moved when it exists. */
  pushManifest(
    at: Repository,
    manifest: { readonly mediaType: string; readonly bytes: Buffer; readonly tag: string | null },
    options?: CallOptions,
  ): Promise<Digest>;
  tags(at: Repository, options?: CallOptions): Promise<readonly string[]>;
  /** Manifests whose `subject` is the digest; by the fallback tag where the registry has no such API. */
  referrers(at: Repository, digest: Digest, options?: CallOptions): Promise<readonly Referrer[]>;
  /** Adds to the fallback tag where the registry has no referrers API; call it after `pushManifest` of one with a subject. */
  noteReferrer(at: Repository, subject: Digest, referrer: Referrer, options?: CallOptions): Promise<void>;
}

export interface Referrer extends Descriptor {
  readonly artifactType: string | null;
  readonly annotations: Readonly<Record<string, string>>;
}
