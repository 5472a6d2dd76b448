/** The archive that `docker load` reads and `docker save` writes: a tar with a `manifest.json` that names its parts. */
import { createReadStream, createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { isObject } from '@callboard/model';
import { cleanPath, parentOf } from './check-layer.ts';
import { buildError } from './errors.ts';
import { hexOf, type SavedLayer } from './fetch-base.ts';
import { bareImage, OCI_LAYER } from './new-image.ts';
import { byteChunks } from './program.ts';
import { readTar } from './read-tar.ts';
import { padding, TAR_END, writeHeader } from './tar.ts';

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
    yield* byteChunks(createReadStream(layer.file));
    yield Buffer.alloc(padding(size));
  }
  yield TAR_END;
}

/** Bytes of the largest text of an archive. */
const TEXT_BYTES = 4 * 1024 * 1024;

/** Saves the parts of an archive in a folder, and finds the top layer among them. Throws `images/build-failed`. */
export async function readTopLayer(archive: AsyncIterable<Buffer>, folder: string): Promise<SavedLayer> {
  const files = new Map<string, string>();
  const links = new Map<string, string>();
  let manifest: unknown = null;
  for await (const { header, content } of readTar(archive)) {
    const path = cleanPath(header.path);
    if (header.kind === 'symlink') {
      links.set(path, joined(parentOf(path), header.link));
    }
    if (header.kind !== 'file') {
      continue;
    }
    if (path === 'manifest.json' && header.size <= TEXT_BYTES) {
      manifest = JSON.parse(Buffer.concat(await Array.fromAsync(content)).toString('utf8'));
      continue;
    }
    const file = join(folder, `part-${files.size}`);
    await pipeline(content, createWriteStream(file, { mode: 0o600 }));
    files.set(path, file);
  }
  const [image] = Array.isArray(manifest) ? (manifest as readonly unknown[]) : [];
  const layers: readonly unknown[] = isObject(image) && Array.isArray(image['Layers']) ? image['Layers'] : [];
  const top = layers.at(-1);
  const name = typeof top === 'string' ? cleanPath(top) : '';
  const file = files.get(links.get(name) ?? name);
  if (file === undefined) {
    throw buildError('images/build-failed', 'Docker saved an image without a top layer.');
  }
  const digest = `sha256:${'0'.repeat(64)}` as const;
  return { descriptor: { mediaType: OCI_LAYER, digest, size: 0 }, diffId: digest, file };
}

function joined(folder: string, link: string): string {
  const parts = folder === '' ? [] : folder.split('/');
  for (const part of link.split('/')) {
    if (part === '..') {
      parts.pop();
    } else if (part !== '' && part !== '.') {
      parts.push(part);
    }
  }
  return parts.join('/');
}
