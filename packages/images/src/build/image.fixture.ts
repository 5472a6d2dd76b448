/** Images for tests, pushed through the client that the engines use. */
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { digestOf } from '../image/digest.ts';
import type { Digest, ImageAt, Platform } from '../image/image.ts';
import { OCI_MANIFEST } from '../image/manifest.ts';
import type { RegistryClient, Repository } from '../image/registry-client.ts';
import { OCI_LAYER_GZIP } from './new-image.ts';

export const HERE: Platform = {
  os: 'linux',
  architecture: process.arch === 'x64' ? 'amd64' : process.arch,
  variant: null,
};

export interface ImageDraft {
  readonly layers: readonly Buffer[];
  /** The `config` of the configuration. */
  readonly run?: Readonly<Record<string, unknown>>;
  readonly tag?: string;
}

export async function pushImage(client: RegistryClient, at: Repository, draft: ImageDraft): Promise<ImageAt> {
  const layers: { mediaType: string; digest: Digest; size: number }[] = [];
  for (const tar of draft.layers) {
    const blob = gzipSync(tar, { level: 1 });
    layers.push({ mediaType: OCI_LAYER_GZIP, digest: await pushBytes(client, at, blob), size: blob.length });
  }
  const config = Buffer.from(
    JSON.stringify({
      ...HERE,
      variant: undefined,
      created: '2026-01-01T00:00:00Z',
      author: 'kept as it is',
      config: draft.run ?? { Cmd: ['/bin/sh'], Labels: { first: 'one' } },
      rootfs: { type: 'layers', diff_ids: draft.layers.map((tar) => digestOf(tar)) },
      history: draft.layers.map(() => ({ created_by: 'fixture' })),
    }),
  );
  const manifest = {
    schemaVersion: 2,
    mediaType: OCI_MANIFEST,
    config: {
      mediaType: 'application/vnd.oci.image.config.v1+json',
      digest: await pushBytes(client, at, config),
      size: config.length,
    },
    layers,
  };
  const bytes = Buffer.from(JSON.stringify(manifest));
  const digest = await client.pushManifest(at, { mediaType: OCI_MANIFEST, bytes, tag: draft.tag ?? null });
  return { ...at, digest };
}

async function pushBytes(client: RegistryClient, at: Repository, bytes: Buffer): Promise<Digest> {
  const digest = digestOf(bytes);
  await client.pushBlob(at, { digest, size: bytes.length, open: () => Readable.from([bytes]) });
  return digest;
}
