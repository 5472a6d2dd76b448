/** A registry in memory, with a golden image in it and a patch of that, behind the interface of the client. */
import { Readable } from 'node:stream';
import { digestOf } from '../image/digest.ts';
import type { Digest, ImageAt } from '../image/image.ts';
import { OCI_MANIFEST } from '../image/manifest.ts';
import type { RawManifest, Referrer, RegistryClient, Repository } from '../image/registry-client.ts';
import { registryError } from '../image/registry-errors.ts';

export interface MemoryRegistry extends RegistryClient {
  /** By tag or digest; one repository is enough. */
  readonly manifests: Map<string, RawManifest>;
  readonly blobs: Map<string, Buffer>;
  /** Called before each manifest is put under a tag; what another client does meanwhile. */
  onTag: (tag: string) => void;
}

export const AT: Repository = { registry: '127.0.0.1:5000', repository: 'golden/debian' };

export function memoryRegistry(): MemoryRegistry {
  const manifests = new Map<string, RawManifest>();
  const blobs = new Map<string, Buffer>();
  const referrers = new Map<Digest, Referrer[]>();
  const registry: MemoryRegistry = {
    manifests,
    blobs,
    onTag: () => {},
    image: () =>
      Promise.reject(registryError('images/registry-not-found', 'Promotion reads manifests as they are.')),
    manifest: ({ reference }) => Promise.resolve(manifests.get(reference) ?? null),
    readBlob(_at, { digest }) {
      const bytes = blobs.get(digest);
      if (bytes === undefined) return Promise.reject(registryError('images/registry-not-found', digest));
      return Promise.resolve(Readable.from([bytes]));
    },
    async pushBlob(_at, { digest, open }) {
      const chunks: Buffer[] = [];
      for await (const chunk of open()) if (Buffer.isBuffer(chunk)) chunks.push(chunk);
      blobs.set(digest, Buffer.concat(chunks));
    },
    async pushManifest(_at, { mediaType, bytes, tag }) {
      if (tag !== null) registry.onTag(tag);
      const digest = put(registry, { mediaType, bytes, tag });
      return Promise.resolve(digest);
    },
    tags: () => Promise.resolve([...manifests.keys()].filter((name) => !name.startsWith('sha256:'))),
    referrers: (_at, digest) => Promise.resolve(referrers.get(digest) ?? []),
    noteReferrer(_at, subject, referrer) {
      referrers.set(subject, [...(referrers.get(subject) ?? []), referrer]);
      return Promise.resolve();
    },
  };
  return registry;
}

export function put(
  { manifests }: MemoryRegistry,
  given: { readonly mediaType?: string; readonly bytes: Buffer; readonly tag: string | null },
): Digest {
  const raw = {
    mediaType: given.mediaType ?? OCI_MANIFEST,
    bytes: given.bytes,
    digest: digestOf(given.bytes),
  };
  manifests.set(raw.digest, raw);
  if (given.tag !== null) manifests.set(given.tag, raw);
  return raw.digest;
}

/** A manifest that is told apart by a word. */
export function putImage(registry: MemoryRegistry, word: string, tag: string | null): ImageAt {
  const bytes = Buffer.from(
    JSON.stringify({ schemaVersion: 2, mediaType: OCI_MANIFEST, annotations: { word } }),
  );
  return { ...AT, digest: put(registry, { bytes, tag }) };
}
