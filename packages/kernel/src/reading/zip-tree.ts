/** The folder of a repository out of a zip archive. Its table is at its end, so it lies in a temporary file meanwhile. */
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Entry, ZipFile } from 'yauzl';
import { CodedError, messageOf } from '../error.ts';
import {
  badArchive,
  createTreeMeter,
  pathInTree,
  type TreeEntry,
  type TreeMeter,
  type TreeWish,
} from './tree.ts';

/** Reads to the end; gives the number of entries in the folder. Holds no more in memory than one file. */
export async function readZipTree(archive: Readable, wish: TreeWish): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'callboard-archive-'));
  try {
    const file = join(folder, 'archive.zip');
    await pipeline(archive, createWriteStream(file));
    return await readZipFile(file, wish);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function readZipFile(file: string, wish: TreeWish): Promise<number> {
  const { openPromise } = await import('yauzl');
  const meter = createTreeMeter(wish.limits);
  const zip = await openPromise(file, { lazyEntries: true, autoClose: false }).catch(rethrow);
  try {
    for await (const entry of entriesOf(zip)) {
      const path = pathInTree(entry.fileName, wish);
      if (path === null) continue;
      meter.entry(path, entry.uncompressedSize);
      await wish.visit(await toEntry(path, { zip, entry, meter }).catch(rethrow));
    }
    return meter.entries;
  } finally {
    zip.close();
  }
}

async function* entriesOf(zip: ZipFile): AsyncIterable<Entry> {
  const entries = zip.eachEntry();
  for (;;) {
    const next = await entries.next().catch(rethrow);
    if (next.done === true) return;
    yield next.value;
  }
}

function rethrow(error: unknown): never {
  throw error instanceof CodedError ? error : badArchive(messageOf(error), error);
}

interface ZipPart {
  readonly zip: ZipFile;
  readonly entry: Entry;
  readonly meter: TreeMeter;
}

const FILE_TYPE = 0o170000;
const LINK = 0o120000;

async function toEntry(path: string, { zip, entry, meter }: ZipPart): Promise<TreeEntry> {
  if (entry.fileName.endsWith('/')) return { kind: 'folder', path };
  const mode = entry.externalFileAttributes >>> 16;
  const content = await zip.openReadStreamPromise(entry);
  const chunks: Buffer[] = [];
  for await (const chunk of content) {
    const bytes = Buffer.from(chunk);
    meter.unpacked(bytes.length);
    chunks.push(bytes);
  }
  const bytes = Buffer.concat(chunks);
  if ((mode & FILE_TYPE) === LINK) return { kind: 'link', path, target: bytes.toString() };
  return { kind: 'file', path, content: bytes, executable: (mode & 0o111) !== 0 };
}
