/**
 * The layer of a session: what changed, as a tar with OCI whiteouts. The same changes always give the same bytes:
 * sorted names, whole seconds, no time later than the build's, numeric owners, whiteouts before what is beside them.
 */
import { lstat, readdir } from 'node:fs/promises';
import type { FolderLook } from '../image/check-layer.ts';
import {
  cleanPath,
  hardLinkTarget,
  keptAttributes,
  OPAQUE_MARKER,
  WHITEOUT_PREFIX,
} from '../image/layer-entry.ts';
import type { TarEntry } from '../image/read-tar.ts';
import { padding, TAR_END, writeHeader, type TarHeader } from '../image/tar.ts';
import { buildError } from './errors.ts';

/** Names that were taken away, by folder; one character a byte. */
export type Whiteouts = ReadonlyMap<string, readonly string[]>;

/** Finds the 0:0 devices that the overlay file system leaves for what was removed. */
export async function findWhiteouts(upper: string): Promise<Whiteouts> {
  const found = new Map<string, string[]>();
  const waiting = [''];
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
    for (const entry of await readdir(bytesOf(upper, folder), { withFileTypes: true, encoding: 'buffer' })) {
      const name = entry.name.toString('latin1');
      const path = folder === '' ? name : `${folder}/${name}`;
      if (entry.isDirectory()) {
        waiting.push(path);
      } else if (entry.isCharacterDevice() && (await lstat(bytesOf(upper, path))).rdev === 0) {
        const beside = found.get(folder) ?? [];
        found.set(folder, beside);
        beside.push(name);
      }
    }
  }
  return found;
}

function bytesOf(folder: string, path: string): Buffer {
  return Buffer.concat([Buffer.from(`${folder}/`), Buffer.from(path, 'latin1')]);
}

export interface PackOptions {
  /** What an overlay file system collected, or a layer with OCI whiteouts already. */
  readonly entries: AsyncIterable<TarEntry>;
  readonly whiteouts: Whiteouts;
  /** How the root looked before; it is in the layer only when that changed. */
  readonly root: Pick<FolderLook, 'mode' | 'uid' | 'gid'>;
  /** What the engine left and no command did. Gets a clean path. */
  readonly isTrace: (path: string, header: TarHeader) => boolean;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  /** Bytes of the tar. */
  readonly layerBytes: number;
}

/** The bytes of the layer. Throws `images/build-layer-too-large`. */
export async function* packLayer(options: PackOptions): AsyncGenerator<Buffer, void, undefined> {
  const latest = Math.floor(options.createdAt / 1000);
  let room = options.layerBytes - TAR_END.length;
  const spend = (bytes: number, path: string) => {
    room -= bytes;
    if (room < 0) {
      const message = `The new layer would be larger than ${options.layerBytes} bytes (at ${JSON.stringify(path)}).`;
      throw buildError('images/build-layer-too-large', message);
    }
  };
  const head = (header: TarHeader) => {
    const bytes = writeHeader(header);
    spend(bytes.length, header.path);
    return bytes;
  };
  for (const name of (options.whiteouts.get('') ?? []).toSorted()) {
    yield head(marker(`${WHITEOUT_PREFIX}${name}`, latest));
  }
  for await (const { header, content } of options.entries) {
    const path = cleanPath(header.path);
    if (isDevice(header) || options.isTrace(path, header)) {
      continue;
    }
    if (path === '' && sameLook(header, options.root)) {
      continue;
    }
    yield head({
      ...header,
      path: path === '' ? './' : path,
      link: header.kind === 'hardlink' ? hardLinkTarget(header) : header.link,
      mtime: Math.min(header.mtime, latest),
      xattrs: header.kind === 'hardlink' ? new Map() : keptAttributes(header.xattrs),
    });
    if (header.kind === 'folder' && path !== '') {
      if (header.xattrs.get('trusted.overlay.opaque')?.toString() === 'y') {
        yield head(marker(`${path}/${OPAQUE_MARKER}`, latest));
      }
      for (const name of (options.whiteouts.get(path) ?? []).toSorted()) {
        yield head(marker(`${path}/${WHITEOUT_PREFIX}${name}`, latest));
      }
    }
    if (header.size > 0) {
      spend(header.size + padding(header.size), path);
      yield* content;
      yield Buffer.alloc(padding(header.size));
    }
  }
  yield TAR_END;
}

function isDevice(header: TarHeader): boolean {
  return header.kind === 'character' || header.kind === 'block';
}

function sameLook(header: TarHeader, look: PackOptions['root']): boolean {
  return (
    header.kind === 'folder' &&
    header.mode === look.mode &&
    header.uid === look.uid &&
    header.gid === look.gid
  );
}

function marker(path: string, mtime: number): TarHeader {
  const plain = { kind: 'file', mode: 0o644, uid: 0, gid: 0, size: 0, link: '', major: 0, minor: 0 } as const;
  return { ...plain, path, mtime, xattrs: new Map() };
}
