/** Brings the base of a build to this machine: every blob in a file, checked, and every layer read for what is hostile. */
import { createHash, type Hash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Duplex, Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import { isObject } from '@callboard/model';
import { endDigest } from '../image/digest.ts';
import type { Descriptor, Digest, Image, ImageAt } from '../image/image.ts';
import type { RegistryClient } from '../image/registry-client.ts';
import {
  budgetOf,
  EMPTY_TREE,
  LayerCheck,
  type LayerBudget,
  type LayerPlan,
  type LayerTree,
} from './check-layer.ts';
import type { SessionOptions } from './engine.ts';
import { buildError, namedFailure, stopIfAborted } from './errors.ts';
import { byteChunks } from './program.ts';
import { readTar, type TarEntry } from './read-tar.ts';

export interface BaseLayer {
  readonly descriptor: Descriptor;
  /** The blob, as the registry has it. */
  readonly file: string;
  readonly diffId: Digest;
  readonly plan: LayerPlan;
}

export interface Base {
  readonly image: Image;
  /** As they were read, for what is not changed in them. */
  readonly rawManifest: Readonly<Record<string, unknown>>;
  readonly rawConfig: Readonly<Record<string, unknown>>;
  readonly configFile: string;
  /** From the base up. */
  readonly layers: readonly BaseLayer[];
}

export interface FetchOptions {
  readonly client: RegistryClient;
  readonly at: ImageAt;
  /** A folder that is there; blobs are made in it by their digest. */
  readonly folder: string;
  readonly session: SessionOptions;
}

/** Bytes that are read at once. */
const CHUNK = 256 * 1024;

/** Rejects with `images/registry-…`, `images/layer-…` or `images/build-disk-full`. */
export async function fetchBase(options: FetchOptions): Promise<Base> {
  const { client, at, folder, session } = options;
  const call = { signal: session.signal };
  const image = await client.image({ ...at, reference: at.digest }, session.platform, call);
  const raw = await client.manifest({ ...at, reference: image.digest }, call);
  if (raw === null) {
    throw buildError(
      'images/build-failed',
      `The image ${image.digest} vanished from ${at.repository} while it was read.`,
    );
  }
  await mkdir(folder, { recursive: true });
  const configFile = join(folder, hexOf(image.manifest.config.digest));
  await saveBlob(await client.readBlob(at, image.manifest.config, call), configFile);
  const config = await readFile(configFile);
  const saved: SavedLayer[] = [];
  for (const [index, descriptor] of image.manifest.layers.entries()) {
    const diffId = image.config.diffIds[index];
    if (diffId === undefined) {
      const message = `${image.digest} has more layers than its configuration knows.`;
      throw buildError('images/layer-wrong-content', message);
    }
    const file = join(folder, hexOf(descriptor.digest));
    await saveBlob(await client.readBlob(at, descriptor, call), file);
    session.log(`pulled layer ${index + 1} of ${image.manifest.layers.length}, ${descriptor.size} bytes`);
    saved.push({ descriptor, file, diffId });
  }
  const budget = budgetOf(session.limits);
  const layers: BaseLayer[] = [];
  let tree = EMPTY_TREE;
  for (const layer of saved) {
    stopIfAborted(session.signal);
    const plan = await checkLayer(layer, tree, budget);
    layers.push({ ...layer, plan });
    tree = plan.tree;
  }
  return { image, rawManifest: toRecord(raw.bytes), rawConfig: toRecord(config), configFile, layers };
}

export function hexOf(digest: Digest): string {
  return digest.slice('sha256:'.length);
}

function toRecord(bytes: Buffer): Readonly<Record<string, unknown>> {
  const value: unknown = JSON.parse(bytes.toString('utf8'));
  return isObject(value) ? value : {};
}

async function saveBlob(source: Readable, file: string): Promise<void> {
  try {
    await pipeline(source, createWriteStream(file, { mode: 0o600 }));
  } catch (error) {
    throw namedFailure(error, 'A part of the image cannot be saved');
  }
}

export interface SavedLayer {
  readonly descriptor: Descriptor;
  readonly diffId: Digest;
  readonly file: string;
}

/** Reads the whole layer and learns how to unpack it. Throws `images/layer-…`. */
async function checkLayer(layer: SavedLayer, below: LayerTree, budget: LayerBudget): Promise<LayerPlan> {
  const check = new LayerCheck(below, budget);
  const hash = createHash('sha256');
  try {
    for await (const entry of readTar(hashed(tarOf(layer), hash))) {
      check.see(entry.header);
    }
  } catch (error) {
    throw layerFailure(error);
  }
  const found = endDigest(hash);
  if (found !== layer.diffId) {
    const message = `The layer ${layer.descriptor.digest} unpacks to ${found}, not to ${layer.diffId}.`;
    throw buildError('images/layer-wrong-content', message);
  }
  return check.finish();
}

/** The entries of a layer that was received. */
export function layerEntries(layer: SavedLayer): AsyncGenerator<TarEntry, void, undefined> {
  return readTar(tarOf(layer));
}

function layerFailure(error: unknown): Error {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return /^(Z_|ZSTD_|ERR_ZSTD|ERR_ZLIB)/.test(code)
    ? buildError('images/layer-broken', `The layer cannot be unpacked: ${code}.`, { cause: error })
    : namedFailure(error, 'A layer of the image cannot be read');
}

async function* hashed(source: AsyncIterable<Buffer>, hash: Hash): AsyncGenerator<Buffer, void, undefined> {
  for await (const chunk of source) {
    hash.update(chunk);
    yield chunk;
  }
}

const LAYER_TYPE =
  /^application\/vnd\.(oci\.image\.layer\.v1\.tar|docker\.image\.rootfs\.diff\.tar)([.+](gzip|zstd))?$/;

function tarOf(layer: SavedLayer): AsyncIterable<Buffer> {
  const known = LAYER_TYPE.exec(layer.descriptor.mediaType);
  if (known === null) {
    const message = `Layers of the type ${layer.descriptor.mediaType} are not known.`;
    throw buildError('images/layer-media-type', message);
  }
  const blob = createReadStream(layer.file, { highWaterMark: CHUNK });
  switch (known[3]) {
    case 'gzip':
      return through(blob, createGunzip({ chunkSize: CHUNK }));
    case 'zstd':
      return through(blob, createZstdDecompress({ chunkSize: CHUNK }));
    default:
      return byteChunks(blob);
  }
}

async function* through(blob: Readable, unpacker: Duplex): AsyncGenerator<Buffer, void, undefined> {
  const piped = pipeline(blob, unpacker);
  // Its failure is that of the unpacker, which the loop meets.
  piped.catch(() => {});
  try {
    yield* byteChunks(unpacker);
  } finally {
    blob.destroy();
    unpacker.destroy();
  }
}
