/** The workspace as a template left it, packed: what a later version of the template is compared with. */
import { createReadStream } from 'node:fs';
import { lstat, readdir, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { pack, type Pack } from 'tar-stream';

/** Bytes of the tar.gz. */
export const LARGEST_BASE = 5_242_880;
/** Bytes of its files. */
const LARGEST_CONTENT = 67_108_864;
const MOST_ENTRIES = 20_000;
const LEFT_OUT: readonly string[] = ['.git', 'node_modules'];

/**
 * A tar.gz of files and links, with paths relative to the folder, in order and without times: the same files give the same
 * bytes. Links are packed as links. Folders named `.git` or `node_modules` are left out.
 * @returns null when it would be too large, or when there is nothing to pack
 */
export async function packBase(folder: string): Promise<Uint8Array | null> {
  const found = await listFiles(folder);
  if (found === null || found.length === 0) return null;
  const archive = pack();
  const chunks: Buffer[] = [];
  let size = 0;
  const packed = pipeline(archive, createGzip(), async (source: AsyncIterable<Buffer>) => {
    for await (const chunk of source) {
      size += chunk.length;
      if (size > LARGEST_BASE) throw new TooLarge();
      chunks.push(chunk);
    }
  });
  const filled = fill(archive, folder, found).catch((error: unknown) => {
    archive.destroy(error instanceof Error ? error : new Error(String(error)));
    throw error;
  });
  const [result] = await Promise.allSettled([packed, filled]);
  if (result.status === 'fulfilled') {
    await filled;
    return Buffer.concat(chunks);
  }
  if (size > LARGEST_BASE) return null;
  throw result.reason;
}

class TooLarge extends Error {}

interface Found {
  readonly path: string;
  readonly size: number;
  readonly mode: number;
  readonly isLink: boolean;
}

/** Null when it is too much. */
async function listFiles(folder: string): Promise<readonly Found[] | null> {
  const found: Found[] = [];
  const folders = [''];
  let bytes = 0;
  for (let at = folders.pop(); at !== undefined; at = folders.pop()) {
    for (const entry of await readdir(join(folder, at), { withFileTypes: true })) {
      const path = join(at, entry.name);
      if (entry.isDirectory()) {
        if (!LEFT_OUT.includes(entry.name)) folders.push(path);
        continue;
      }
      if (!entry.isFile() && !entry.isSymbolicLink()) continue;
      const { size, mode } = await lstat(join(folder, path));
      bytes += size;
      if (bytes > LARGEST_CONTENT || found.length >= MOST_ENTRIES) return null;
      found.push({ path, size, mode, isLink: entry.isSymbolicLink() });
    }
  }
  return found.toSorted((left, right) => (left.path < right.path ? -1 : 1));
}

async function fill(archive: Pack, folder: string, found: readonly Found[]): Promise<void> {
  const mtime = new Date(0);
  for (const { path, size, mode, isLink } of found) {
    if (archive.destroyed) return;
    const name = path.replaceAll('\\', '/');
    if (isLink) {
      archive.entry({ name, type: 'symlink', linkname: await readlink(join(folder, path)), mtime });
      continue;
    }
    const entry = archive.entry({ name, size, mode: mode & 0o777, mtime });
    if (size === 0) {
      entry.end(Buffer.alloc(0));
      continue;
    }
    await pipeline(createReadStream(join(folder, path), { end: size - 1 }), entry);
  }
  archive.finalize();
}
