/** The archive that `docker load` reads and `docker save` writes: a tar with a `manifest.json` that names its parts. */
import { createWriteStream } from 'node:fs';
import { posix } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { CodedError } from '@callboard/kernel';
import { isObject } from '@callboard/model';
import { cleanPath, parentOf } from '../image/layer-entry.ts';
import { readTar } from '../image/read-tar.ts';
import { padding, TAR_END, writeHeader } from '../image/tar.ts';
import { buildError, namedFailure } from './errors.ts';
import { hexOf, layerFile, type SavedLayer } from './fetch-base.ts';
import { bareImage } from './new-image.ts';

export interface ArchiveImage {
  readonly rawConfig: Readonly<Record<string, unknown>>;
  readonly layers: readonly SavedLayer[];
  /** As `callboard-build:one`. */
  readonly name: string;
}

function fileHeader(path: string, size: number): Buffer {
  const plain = {
    kind: 'file',
    mode: 0o644,
    uid: 0,
    gid: 0,
    mtime: 0,
    link: '',
    major: 0,
    minor: 0,
  } as const;
  return writeHeader({ ...plain, path, size, xattrs: new Map() });
}

export async function* writeArchive(image: ArchiveImage): AsyncGenerator<Buffer, void, undefined> {
  const { config, configDigest } = bareImage(image);
  const names = image.layers.map((layer, index) => `${index}-${hexOf(layer.diffId)}/layer.tar`);
  const about = [{ Config: `${hexOf(configDigest)}.json`, RepoTags: [image.name], Layers: names }];
  const texts: readonly (readonly [string, Buffer])[] = [
    [`${hexOf(configDigest)}.json`, config],
    ['manifest.json', Buffer.from(JSON.stringify(about))],
  ];
  for (const [path, bytes] of texts) {
    yield Buffer.concat([fileHeader(path, bytes.length), bytes, Buffer.alloc(padding(bytes.length))]);
  }
  for (const [index, layer] of image.layers.entries()) {
    const { size } = layer.descriptor;
    yield fileHeader(names[index] ?? '', size);
    yield* layerFile(layer);
    yield Buffer.alloc(padding(size));
  }
  yield TAR_END;
}

/** Bytes of the largest text of an archive. */
const TEXT_BYTES = 4 * 1024 * 1024;

/**
 * Saves the parts of an archive in a folder, and gives the file that has the top layer. Names differ between versions of
 * Docker; `manifest.json` knows them. Throws `images/build-failed`, or what the archive rejects with.
 */
export async function saveTopLayer(archive: AsyncIterable<Buffer>, folder: string): Promise<string> {
  try {
    const { files, links, manifest } = await saveParts(archive, folder);
    const top = topOf(manifest);
    const file = top === null ? undefined : files.get(links.get(top) ?? top);
    if (file !== undefined) {
      return file;
    }
  } catch (error) {
    const isForm = error instanceof CodedError && error.code.startsWith('images/layer-');
    throw isForm ? unreadable(error) : namedFailure(error, 'An image of Docker cannot be saved');
  }
  throw unreadable(new Error('it names no top layer.'));
}

function unreadable(cause: Error): Error {
  return buildError('images/build-failed', `Docker saved an image that cannot be read: ${cause.message}`, {
    cause,
  });
}

interface ArchiveParts {
  /** Path in the archive → file. */
  readonly files: ReadonlyMap<string, string>;
  /** Path in the archive → where the link leads in it: layers that are the same. */
  readonly links: ReadonlyMap<string, string>;
  /** The text of `manifest.json`. */
  readonly manifest: string;
}

async function saveParts(archive: AsyncIterable<Buffer>, folder: string): Promise<ArchiveParts> {
  const files = new Map<string, string>();
  const links = new Map<string, string>();
  let manifest = '';
  for await (const { header, content } of readTar(archive)) {
    const path = cleanPath(header.path);
    if (header.kind === 'symlink') {
      links.set(path, posix.join(parentOf(path), header.link));
    }
    if (header.kind !== 'file') {
      continue;
    }
    if (path === 'manifest.json' && header.size <= TEXT_BYTES) {
      manifest = Buffer.concat(await Array.fromAsync(content)).toString('utf8');
      continue;
    }
    const file = posix.join(folder, `part-${files.size}`);
    await pipeline(content, createWriteStream(file, { mode: 0o600 }));
    files.set(path, file);
  }
  return { files, links, manifest };
}

/** The path of the top layer of the one image; null when the manifest has none. */
function topOf(manifest: string): string | null {
  let images: unknown;
  try {
    images = JSON.parse(manifest);
  } catch {
    return null;
  }
  const image: unknown = Array.isArray(images) ? images[0] : null;
  const layers: readonly unknown[] = isObject(image) && Array.isArray(image['Layers']) ? image['Layers'] : [];
  const top = layers.at(-1);
  return typeof top === 'string' ? cleanPath(top) : null;
}
