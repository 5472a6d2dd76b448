/** Brings the base of a build to this machine: every blob in a file, checked, and every layer read for what is hostile. */
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { isObject } from '@callboard/model';
import { budgetOf, EMPTY_TREE, PLAIN_FOLDER, type FolderLook, type LayerPlan } from '../image/check-layer.ts';
import type { Descriptor, Digest, Image, ImageAt } from '../image/image.ts';
import { checkMediaType, planLayer } from '../image/layers.ts';
import type { RegistryClient } from '../image/registry-client.ts';
import type { SessionOptions } from './engine.ts';
import { buildError, namedFailure, stopIfAborted } from './errors.ts';
import { byteChunks } from './program.ts';

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
    checkMediaType(descriptor);
    const file = join(folder, hexOf(descriptor.digest));
    await saveBlob(await client.readBlob(at, descriptor, call), file);
    session.log(`pulled layer ${index + 1} of ${image.manifest.layers.length}, ${descriptor.size} bytes`);
    saved.push({ descriptor, file, diffId });
  }
  const layers = await checkLayers(saved, session);
  return { image, rawManifest: toRecord(raw.bytes), rawConfig: toRecord(config), configFile, layers };
}

/** Reads every layer, and learns how to unpack it. */
async function checkLayers(
  saved: readonly SavedLayer[],
  session: SessionOptions,
): Promise<readonly BaseLayer[]> {
  const budget = budgetOf(session.limits);
  const layers: BaseLayer[] = [];
  let below = EMPTY_TREE;
  for (const layer of saved) {
    stopIfAborted(session.signal);
    const { diffId } = layer;
    try {
      const plan = await planLayer(layerFile(layer), { budget, below, diffId, see: () => {} });
      layers.push({ ...layer, plan });
      below = plan.tree;
    } catch (error) {
      throw namedFailure(error, 'A layer of the image cannot be read');
    }
  }
  return layers;
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

/** The blob as it was saved. */
export function layerFile(layer: Pick<SavedLayer, 'file'>): AsyncIterable<Buffer> {
  return byteChunks(createReadStream(layer.file, { highWaterMark: CHUNK }));
}

/** How the root of the image looks. */
export function rootLook({ layers }: Base): FolderLook {
  return layers.findLast((layer) => layer.plan.root !== null)?.plan.root ?? PLAIN_FOLDER;
}
