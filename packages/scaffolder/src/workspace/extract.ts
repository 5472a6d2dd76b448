/**
 * Archives are unpacked into a workspace under limits. What an archive says of itself is believed of nothing: names and
 * links go through the workspace, bytes are counted while they come out.
 */
import { pipeline, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { CodedError, messageOf } from '@callboard/kernel';
import { extract as readTar, type Header } from 'tar-stream';
import { fromBufferPromise, type Entry as ZipEntry, type ZipFile } from 'yauzl';
import { workspaceError } from './errors.ts';
import type { Workspace } from './workspace.ts';

export interface ArchiveLimits {
  /** Unpacked. Default: 500 MiB. */
  readonly bytes?: number;
  /** Files, folders and links. Default: 20,000. */
  readonly entries?: number;
  /** How many times larger unpacked than packed, past the first 10 MiB. Default: 200. */
  readonly ratio?: number;
}

export interface Extraction<Archive> {
  readonly workspace: Workspace;
  /** The folder that gets what is in the archive. Default: the root. */
  readonly to?: string;
  readonly archive: Archive;
  readonly limits?: ArchiveLimits;
  readonly signal?: AbortSignal;
}

const DEFAULTS = { bytes: 500 * 1024 * 1024, entries: 20_000, ratio: 200 };
const RATIO_FROM = 10 * 1024 * 1024;

/**
 * Unpacks a tar archive packed with gzip. Hard links become copies.
 * @returns how many entries it had
 * @throws CodedError `scaffolder/bad-archive`, `scaffolder/too-large`, and those of the workspace; the reason of `signal`
 */
export async function extractTarGz({
  workspace,
  to = '',
  archive,
  limits,
  signal,
}: Extraction<Readable>): Promise<number> {
  const meter = createMeter(limits);
  const tar = readTar();
  pipeline(
    archive,
    (chunks) => meter.packed(chunks),
    createGunzip(),
    (chunks: AsyncIterable<Uint8Array>) => meter.unpacked(chunks),
    tar,
    // The error comes out of the entries.
    () => undefined,
  );
  const stop = (): void => {
    archive.destroy(toError(signal?.reason));
  };
  signal?.addEventListener('abort', stop, { once: true });
  try {
    signal?.throwIfAborted();
    for await (const entry of tar) {
      meter.entry(entry.header.size);
      await writeTarEntry(workspace, { to, header: entry.header, content: entry });
      entry.resume();
    }
    return meter.entries();
  } catch (error) {
    throw signal?.aborted === true ? signal.reason : archiveError(error);
  } finally {
    signal?.removeEventListener('abort', stop);
    archive.destroy();
    tar.destroy();
  }
}

interface TarEntry {
  readonly to: string;
  readonly header: Header;
  readonly content: AsyncIterable<unknown>;
}

async function writeTarEntry(workspace: Workspace, { to, header, content }: TarEntry): Promise<void> {
  const path = `${to}/${header.name}`;
  checkName(header.name);
  switch (header.type) {
    case 'directory':
      return workspace.makeFolder(path);
    case 'symlink':
      return workspace.makeLink(path, header.linkname);
    case 'link': {
      checkName(header.linkname);
      const target = `${to}/${header.linkname}`;
      const executable = workspace.stat(target)?.executable ?? false;
      return workspace.writeFile(path, await workspace.readFile(target), { executable });
    }
    case 'file':
    case 'contiguous-file': {
      const executable = (header.mode & 0o111) !== 0;
      return workspace.writeFile(path, await bytesOf(content), { executable });
    }
    default:
      throw workspaceError(
        'scaffolder/bad-archive',
        `The archive holds '${header.name}', a ${header.type}; only files, folders and links are unpacked.`,
      );
  }
}

async function bytesOf(content: AsyncIterable<unknown>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of content) if (chunk instanceof Uint8Array) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function toError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error(messageOf(reason));
}

/** A name of the archive is never taken for one below the root of the machine, as `to` before it would hide that. */
function checkName(name: string): void {
  if (!name.startsWith('/') && name !== '') return;
  throw workspaceError('scaffolder/outside-workspace', `The archive holds the absolute path '${name}'.`);
}

/**
 * Unpacks a zip archive.
 * @returns how many entries it had
 * @throws CodedError `scaffolder/bad-archive`, `scaffolder/too-large`, and those of the workspace; the reason of `signal`
 */
export async function extractZip({
  workspace,
  to = '',
  archive,
  limits,
  signal,
}: Extraction<Uint8Array>): Promise<number> {
  const meter = createMeter(limits);
  meter.pack(archive.length);
  try {
    const zip = await fromBufferPromise(Buffer.from(archive), { lazyEntries: true, strictFileNames: true });
    for await (const entry of zip.eachEntry()) {
      signal?.throwIfAborted();
      meter.entry(entry.uncompressedSize);
      await writeZipEntry(workspace, { to, zip, entry, meter });
    }
    return meter.entries();
  } catch (error) {
    throw signal?.aborted === true ? signal.reason : archiveError(error);
  }
}

const FILE_TYPE = 0o170000;
const FOLDER = 0o040000;
const FILE = 0o100000;
const LINK = 0o120000;

interface ZipPart {
  readonly to: string;
  readonly zip: ZipFile;
  readonly entry: ZipEntry;
  readonly meter: Meter;
}

async function writeZipEntry(workspace: Workspace, { to, zip, entry, meter }: ZipPart): Promise<void> {
  const path = `${to}/${entry.fileName}`;
  checkName(entry.fileName);
  // Archives made on other systems say nothing here.
  const mode = entry.externalFileAttributes >>> 16;
  const type = mode & FILE_TYPE;
  if (entry.fileName.endsWith('/') || type === FOLDER) return workspace.makeFolder(path);
  if (type !== 0 && type !== FILE && type !== LINK) {
    throw workspaceError(
      'scaffolder/bad-archive',
      `The archive holds '${entry.fileName}', a device or a pipe; only files, folders and links are unpacked.`,
    );
  }
  if (entry.isEncrypted()) {
    throw workspaceError('scaffolder/bad-archive', `'${entry.fileName}' in the archive is encrypted.`);
  }
  const stream = await zip.openReadStreamPromise(entry);
  const content = await bytesOf(meter.unpacked(stream));
  if (type === LINK) return workspace.makeLink(path, content.toString());
  return workspace.writeFile(path, content, { executable: (mode & 0o111) !== 0 });
}

interface Meter {
  /** Counts packed bytes that are in memory already. */
  pack(bytes: number): void;
  packed(chunks: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array>;
  unpacked(chunks: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array>;
  /** One more entry, of which the archive says that it is so large. */
  entry(size: number): void;
  entries(): number;
}

function createMeter(limits: ArchiveLimits = {}): Meter {
  const { bytes, entries, ratio } = { ...DEFAULTS, ...limits };
  let packed = 0;
  let unpacked = 0;
  let count = 0;
  const grow = (size: number): void => {
    unpacked += size;
    if (unpacked > bytes) throw tooLarge(`more than ${bytes} bytes`);
    if (unpacked > RATIO_FROM && unpacked > packed * ratio) {
      throw tooLarge(`more than ${ratio} times its size`);
    }
  };
  return {
    pack: (size) => {
      packed += size;
    },
    packed: async function* (chunks) {
      for await (const chunk of chunks) {
        packed += chunk.length;
        yield chunk;
      }
    },
    unpacked: async function* (chunks) {
      for await (const chunk of chunks) {
        grow(chunk.length);
        yield chunk;
      }
    },
    entry: (size) => {
      count += 1;
      if (count > entries) throw tooLarge(`more than ${entries} files and folders`);
      if (size > bytes) throw tooLarge(`more than ${bytes} bytes`);
    },
    entries: () => count,
  };
}

function tooLarge(what: string): Error {
  return workspaceError('scaffolder/too-large', `The archive unpacks to ${what}.`);
}

function archiveError(error: unknown): Error {
  if (error instanceof CodedError) return error;
  return workspaceError(
    'scaffolder/bad-archive',
    `The archive cannot be unpacked: ${messageOf(error)}.`,
    error,
  );
}
