/**
 * The one reader of layers: as streams, without unpacking anything. What could reach out of the image, or fill this
 * machine, is refused by name, with the same checks for those who look into an image, build on it and prove it.
 */
import { createHash, type Hash } from 'node:crypto';
import { EMPTY_TREE, LayerCheck, type SeenEntry } from './check-layer.ts';
import type { LayerBudget, LayerPlan, LayerTree } from './check-layer.ts';
import { endDigest } from './digest.ts';
import type { Descriptor, Digest } from './image.ts';
import { layerError } from './layer-errors.ts';
import { readTar, type TarEntry } from './read-tar.ts';
import { unpackBlob, type UnpackBlobOptions } from './unpack-blob.ts';

/** A header, what it was found to be, and the bytes of a file, once; what is not read is passed over. */
export interface LayerEntry extends TarEntry, SeenEntry {}

export interface LayerOptions extends UnpackBlobOptions {
  /** What may be unpacked; it is used up, so that one budget holds for all layers of an image. */
  readonly budget: LayerBudget;
  /** What the layers below show. Default: there are none. */
  readonly below?: LayerTree;
  /** What the unpacked layer has to be; null where nobody has said. */
  readonly diffId: Digest | null;
  readonly see: (entry: LayerEntry) => Promise<void> | void;
}

/** As `planLayer`, for those who only look; gives the tree with this layer on top. */
export async function readLayer(source: AsyncIterable<Buffer>, options: LayerOptions): Promise<LayerTree> {
  return (await planLayer(source, options)).tree;
}

/**
 * Shows every entry in its order, and says how to unpack them. What was shown counts only once this resolves: some
 * faults are known at the end. Rejects with `images/layer-…`, or with what the source rejects with.
 */
export async function planLayer(source: AsyncIterable<Buffer>, options: LayerOptions): Promise<LayerPlan> {
  const { budget, below = EMPTY_TREE, diffId, see } = options;
  const check = new LayerCheck(below, budget);
  const hash = createHash('sha256');
  for await (const { header, content } of readTar(hashed(unpackBlob(source, options), hash))) {
    await see({ header, content, ...check.see(header) });
  }
  const found = endDigest(hash);
  if (diffId !== null && found !== diffId) {
    throw layerError('images/layer-wrong-content', `The layer unpacks to ${found}, not to ${diffId}.`);
  }
  return check.finish();
}

/** The entries of a layer that was checked before, or that was made here: nothing but its form is looked at. */
export function layerEntries(source: AsyncIterable<Buffer>): AsyncGenerator<TarEntry, void, undefined> {
  return readTar(unpackBlob(source));
}

const LAYER_TYPE =
  /^application\/vnd\.(oci\.image\.layer\.v1\.tar|docker\.image\.rootfs\.diff\.tar)([.+](gzip|zstd))?$/;

/** Throws `images/layer-media-type` for what is no tar, encrypted, or kept by no registry. */
export function checkMediaType({ mediaType }: Pick<Descriptor, 'mediaType'>): void {
  if (!LAYER_TYPE.test(mediaType)) {
    throw layerError('images/layer-media-type', `Layers of the type ${mediaType} are not known.`);
  }
}

async function* hashed(source: AsyncIterable<Buffer>, hash: Hash): AsyncGenerator<Buffer, void, undefined> {
  for await (const chunk of source) {
    hash.update(chunk);
    yield chunk;
  }
}
