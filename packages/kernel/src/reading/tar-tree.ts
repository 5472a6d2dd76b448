/** The folder of a repository out of a `tar.gz`, entry by entry while it comes in. */
import { pipeline, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { badArchive, createTreeMeter, pathInTree, type TreeEntry, type TreeWish } from './tree.ts';

/** Reads to the end; gives the number of entries in the folder. Holds no more in memory than one file. */
export async function readTarTree(archive: Readable, wish: TreeWish): Promise<number> {
  const { extract } = await import('tar-stream');
  const meter = createTreeMeter(wish.limits);
  const tar = extract();
  const count = async function* (chunks: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
    for await (const chunk of chunks) {
      meter.unpacked(chunk.length);
      yield chunk;
    }
  };
  // Errors of every part come out of the entries.
  pipeline(archive, createGunzip(), count, tar, () => undefined);
  try {
    for await (const part of tar) {
      const { name, type, size, mode, linkname } = part.header;
      const path = pathInTree(name, wish);
      if (path !== null) {
        meter.entry(path, size);
        await wish.visit(await toEntry({ path, type, size, mode, linkname, content: part }));
      }
      part.resume();
    }
    return meter.entries;
  } finally {
    archive.destroy();
    tar.destroy();
  }
}

interface TarPart {
  readonly path: string;
  readonly type: string;
  readonly size: number;
  readonly mode: number;
  readonly linkname: string;
  readonly content: AsyncIterable<unknown>;
}

async function toEntry({ path, type, size, mode, linkname, content }: TarPart): Promise<TreeEntry> {
  switch (type) {
    case 'directory':
      return { kind: 'folder', path };
    case 'symlink':
      return { kind: 'link', path, target: linkname };
    case 'file':
    case 'contiguous-file':
      return { kind: 'file', path, content: await bytesOf(content, size), executable: (mode & 0o111) !== 0 };
    default:
      throw badArchive(`it holds '${path}', a ${type}`);
  }
}

async function bytesOf(content: AsyncIterable<unknown>, size: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of content) if (chunk instanceof Uint8Array) chunks.push(chunk);
  const [first] = chunks;
  return chunks.length === 1 && first !== undefined ? first : Buffer.concat(chunks, size);
}
