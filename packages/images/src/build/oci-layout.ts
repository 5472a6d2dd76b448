/** Images in a folder (OCI image layout 1.1): how a builder of this machine gets the base, and gives what it made. */
import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { isObject } from '@callboard/model';
import { digestOf, endDigest, parseDigest } from '../image/digest.ts';
import { layerEntries } from '../image/layers.ts';
import { OCI_MANIFEST, parseImageManifest } from '../image/manifest.ts';
import { padding, TAR_END, writeHeader } from '../image/tar.ts';
import { buildError, namedFailure } from './errors.ts';
import { hexOf, layerFile, type Base, type BaseLayer, type SavedLayer } from './fetch-base.ts';
import { bareImage, OCI_LAYER } from './new-image.ts';

/** Where the blobs of a layout are. */
export function blobFolder(layout: string): string {
  return join(layout, 'blobs', 'sha256');
}

/** Writes what the blobs of the base, which are there, need to be an image called `base`. */
export async function writeBaseLayout(layout: string, base: Base): Promise<void> {
  const layers = await completeLayers(blobFolder(layout), base);
  const { config, configDigest, manifest } = bareImage({ rawConfig: base.rawConfig, layers });
  const digest = digestOf(manifest);
  const annotations = { 'org.opencontainers.image.ref.name': 'base' };
  const index = {
    schemaVersion: 2,
    manifests: [{ mediaType: OCI_MANIFEST, digest, size: manifest.length, annotations }],
  };
  await writeFile(join(blobFolder(layout), hexOf(configDigest)), config);
  await writeFile(join(blobFolder(layout), hexOf(digest)), manifest);
  await writeFile(join(layout, 'index.json'), JSON.stringify(index));
  await writeFile(join(layout, 'oci-layout'), JSON.stringify({ imageLayoutVersion: '1.0.0' }));
}

/**
 * The layers of the base, with entries for the folders that they only imply: builders with a folder for each layer would
 * make those with a mode and owner of their own, and hide those of the layer below.
 */
export async function completeLayers(folder: string, base: Base): Promise<readonly SavedLayer[]> {
  const layers: SavedLayer[] = [];
  for (const layer of base.layers) {
    layers.push(layer.plan.implied.size === 0 ? layer : await writeComplete(folder, layer));
  }
  return layers;
}

async function writeComplete(folder: string, layer: BaseLayer): Promise<SavedLayer> {
  const hash = createHash('sha256');
  let size = 0;
  async function* bytes(): AsyncGenerator<Buffer, void, undefined> {
    for await (const chunk of withFolders(layer)) {
      hash.update(chunk);
      size += chunk.length;
      yield chunk;
    }
  }
  const draft = join(folder, 'draft.tar');
  try {
    await pipeline(bytes(), createWriteStream(draft, { mode: 0o600 }));
  } catch (error) {
    throw namedFailure(error, 'A layer of the base cannot be written');
  }
  const digest = endDigest(hash);
  const file = join(folder, hexOf(digest));
  await rename(draft, file);
  return { descriptor: { mediaType: OCI_LAYER, digest, size }, diffId: digest, file };
}

async function* withFolders(layer: BaseLayer): AsyncGenerator<Buffer, void, undefined> {
  for (const [path, look] of layer.plan.implied) {
    yield writeHeader({ ...look, path, kind: 'folder', size: 0, link: '', major: 0, minor: 0 });
  }
  for await (const { header, content } of layerEntries(layerFile(layer))) {
    yield writeHeader(header);
    yield* content;
    yield Buffer.alloc(padding(header.size));
  }
  yield TAR_END;
}

export async function makeLayout(layout: string): Promise<void> {
  await mkdir(blobFolder(layout), { recursive: true });
}

/** The top layer of the one image of a layout. Throws `images/build-failed` when there is none. */
export async function topLayer(layout: string): Promise<SavedLayer> {
  const index: unknown = JSON.parse(await readFile(join(layout, 'index.json'), 'utf8'));
  const [entry] = isObject(index) && Array.isArray(index['manifests']) ? index['manifests'] : [];
  const digest = parseDigest(isObject(entry) ? entry['digest'] : null);
  if (digest === null) {
    throw buildError('images/build-failed', 'The builder made no image.');
  }
  const bytes = await readFile(join(blobFolder(layout), hexOf(digest)));
  const layer = parseImageManifest(bytes, OCI_MANIFEST).layers.at(-1);
  if (layer === undefined) {
    throw buildError('images/build-failed', 'The builder made an image without a layer.');
  }
  return { descriptor: layer, diffId: layer.digest, file: join(blobFolder(layout), hexOf(layer.digest)) };
}
