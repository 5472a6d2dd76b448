/** Makes one layer of what changed, and pushes the image that has it: layers of the base are not sent again. */
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { endDigest } from '../image/digest.ts';
import type { Descriptor, Digest } from '../image/image.ts';
import type { RegistryClient } from '../image/registry-client.ts';
import type { CommittedImage, CommitTarget } from './engine.ts';
import { namedFailure } from './errors.ts';
import type { Base } from './fetch-base.ts';
import { gzip } from './gzip.ts';
import { newImage, OCI_LAYER_GZIP } from './new-image.ts';

export interface CommitOptions {
  readonly client: RegistryClient;
  readonly base: Base;
  readonly target: CommitTarget;
  /** The tar of the layer. */
  readonly layer: AsyncIterable<Buffer>;
  /** Where the packed layer is written; it is removed again. */
  readonly folder: string;
  readonly signal: AbortSignal;
  readonly stages: Stages;
}

/** Milliseconds by stage, added up over a session. */
export class Stages {
  readonly #took = new Map<string, number>();

  async time<T>(stage: string, work: () => Promise<T>): Promise<T> {
    const started = performance.now();
    try {
      return await work();
    } finally {
      this.#took.set(stage, (this.#took.get(stage) ?? 0) + performance.now() - started);
    }
  }

  took(): Readonly<Record<string, number>> {
    return Object.fromEntries([...this.#took].map(([stage, took]) => [stage, Math.round(took)]));
  }
}

interface PackedLayer {
  readonly file: string;
  readonly descriptor: Descriptor;
  readonly diffId: Digest;
  readonly bytes: number;
}

/** Rejects with `images/build-layer-too-large`, `images/build-disk-full` or `images/registry-…`. */
export async function commitImage(options: CommitOptions): Promise<CommittedImage> {
  const { base, target, stages } = options;
  const file = join(options.folder, 'layer.tar.gz');
  try {
    const packed = await stages.time('compress', () => packTo(file, options));
    const image = newImage({
      ...base,
      base: base.image,
      layer: packed.descriptor,
      diffId: packed.diffId,
      target,
    });
    const digest = await stages.time('push', () => push(options, packed, image));
    return {
      registry: target.registry,
      repository: target.repository,
      digest,
      configDigest: image.configDigest,
      layer: packed.descriptor,
      diffId: packed.diffId,
      layerBytes: packed.bytes,
      took: stages.took(),
    };
  } finally {
    await rm(file, { force: true });
  }
}

async function packTo(file: string, options: CommitOptions): Promise<PackedLayer> {
  const plain = createHash('sha256');
  const zipped = createHash('sha256');
  let bytes = 0;
  let size = 0;
  async function* counted(): AsyncGenerator<Buffer, void, undefined> {
    for await (const chunk of options.layer) {
      plain.update(chunk);
      bytes += chunk.length;
      yield chunk;
    }
  }
  async function* packed(): AsyncGenerator<Buffer, void, undefined> {
    for await (const chunk of gzip(counted())) {
      zipped.update(chunk);
      size += chunk.length;
      yield chunk;
    }
  }
  try {
    await pipeline(Readable.from(packed(), { objectMode: false }), createWriteStream(file, { mode: 0o600 }), {
      signal: options.signal,
    });
  } catch (error) {
    throw namedFailure(error, 'The new layer cannot be written');
  }
  const descriptor = { mediaType: OCI_LAYER_GZIP, digest: endDigest(zipped), size };
  return { file, descriptor, diffId: endDigest(plain), bytes };
}

async function push(
  options: CommitOptions,
  packed: PackedLayer,
  image: ReturnType<typeof newImage>,
): Promise<Digest> {
  const { client, base, target } = options;
  const call = { signal: options.signal };
  const sameRegistry = base.image.registry === target.registry;
  const isHome = sameRegistry && base.image.repository === target.repository;
  for (const layer of isHome ? [] : base.layers) {
    const blob = { ...layer.descriptor, open: () => createReadStream(layer.file) };
    await client.pushBlob(target, blob, sameRegistry ? { ...call, from: base.image.repository } : call);
  }
  await client.pushBlob(target, { ...packed.descriptor, open: () => createReadStream(packed.file) }, call);
  const config = {
    digest: image.configDigest,
    size: image.config.length,
    open: () => Readable.from([image.config]),
  };
  await client.pushBlob(target, config, call);
  const manifest = { mediaType: image.mediaType, bytes: image.manifest, tag: target.tag };
  return await client.pushManifest(target, manifest, call);
}
