/**
 * What is in a layer, read from the registry by digest: paths, modes, owners, hashes. Read with another tar reader than
 * the engines use, so that a fault of theirs is not also ours. Nothing is unpacked.
 */
import { createHash } from 'node:crypto';
import { PassThrough, type Readable, type Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import { extract, type Extract } from 'tar-stream';
import { messageOf } from '@callboard/kernel';
import { proveError } from './errors.ts';

export type EntryKind = 'file' | 'directory' | 'symlink' | 'device' | 'whiteout' | 'opaque';

export interface LayerEntry {
  /** Begins with `/`; of a whiteout, what it takes away; of an opaque one, the folder. */
  readonly path: string;
  readonly kind: EntryKind;
  /** Permission bits, with setuid, setgid and sticky. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Where a symbolic link leads; null for others. */
  readonly target: string | null;
  /** Linux file capabilities are set. */
  readonly capabilities: boolean;
  /** Of a file, when they were asked for. */
  readonly content: FileContent | null;
}

export interface FileContent {
  readonly size: number;
  /** Hexadecimal. */
  readonly md5: string;
  readonly sha1: string;
  readonly sha256: string;
  readonly elf: boolean;
}

export interface ReadLayerOptions {
  readonly mediaType: string;
  readonly content: 'hash' | 'skip';
  readonly limits: LayerLimits;
}

export interface LayerLimits {
  /** Bytes, uncompressed. */
  readonly bytes: number;
  readonly entries: number;
}

/** In the order of the layer; a hard link has what its target has. Rejects with `images/proof-bad-layer`. */
export async function readLayer(blob: Readable, options: ReadLayerOptions): Promise<readonly LayerEntry[]> {
  const { limits } = options;
  const entries: LayerEntry[] = [];
  const byPath = new Map<string, LayerEntry>();
  const tar = extract();
  const pumped = pipeline(blob, decompressor(options.mediaType), counted(limits.bytes), tar);
  // The loop below sees the failure too; it is awaited at the end.
  pumped.catch(() => undefined);
  try {
    for await (const entry of tar) {
      const read = await readEntry(entry, options, byPath);
      if (entries.push(read) > limits.entries) throw new Error(`it has more than ${limits.entries} entries`);
      byPath.set(read.path, read);
    }
    await pumped;
  } catch (cause) {
    blob.destroy();
    throw proveError('images/proof-bad-layer', `A layer cannot be judged: ${messageOf(cause)}.`, cause);
  }
  return entries;
}

type Entry = Extract extends AsyncIterable<infer Source> ? Source : never;

async function readEntry(
  entry: Entry,
  options: ReadLayerOptions,
  byPath: ReadonlyMap<string, LayerEntry>,
): Promise<LayerEntry> {
  const { header } = entry;
  const path = cleanPath(header.name);
  const wanted = options.content === 'hash' && (header.type === 'file' || header.type === 'contiguous-file');
  const content = await readContent(entry, wanted);
  const base = path.slice(path.lastIndexOf('/') + 1);
  const folder = path.slice(0, path.lastIndexOf('/')) || '/';
  const common = {
    mode: header.mode & 0o7777,
    uid: header.uid,
    gid: header.gid,
    target: header.type === 'symlink' ? header.linkname : null,
    capabilities: Object.keys(header.pax ?? {}).includes('SCHILY.xattr.security.capability'),
    content,
  };
  if (base === '.wh..wh..opq') return { ...common, path: folder, kind: 'opaque' };
  if (base.startsWith('.wh.')) {
    return { ...common, path: `${folder === '/' ? '' : folder}/${base.slice(4)}`, kind: 'whiteout' };
  }
  if (header.type !== 'link') return { ...common, path, kind: kindOf(header.type) };
  const linked = byPath.get(cleanPath(header.linkname));
  if (linked === undefined) throw new Error(`the hard link ${path} leads nowhere`);
  return { ...linked, path };
}

function kindOf(type: string): EntryKind {
  if (type === 'file' || type === 'contiguous-file') return 'file';
  if (type === 'directory' || type === 'symlink') return type;
  return 'device';
}

async function readContent(entry: Entry, wanted: boolean): Promise<FileContent | null> {
  if (!wanted) {
    entry.resume();
    return null;
  }
  const hashes = [createHash('md5'), createHash('sha1'), createHash('sha256')] as const;
  let size = 0;
  let head = Buffer.alloc(0);
  for await (const chunk of entry) {
    if (!Buffer.isBuffer(chunk)) continue;
    if (head.length < 4) head = Buffer.concat([head, chunk.subarray(0, 4)]);
    size += chunk.length;
    for (const hash of hashes) hash.update(chunk);
  }
  const [md5, sha1, sha256] = hashes.map((hash) => hash.digest('hex'));
  const elf = head.subarray(0, 4).equals(Buffer.from('\x7fELF', 'latin1'));
  return { size, md5: md5 ?? '', sha1: sha1 ?? '', sha256: sha256 ?? '', elf };
}

function cleanPath(name: string): string {
  const parts = name.split('/').filter((part) => part !== '' && part !== '.');
  if (parts.includes('..') || name.includes('\0'))
    throw new Error(`the name ${JSON.stringify(name)} leads out`);
  return `/${parts.join('/')}`;
}

function decompressor(mediaType: string): Transform {
  if (/[+.]gzip$/.test(mediaType)) return createGunzip();
  if (mediaType.endsWith('+zstd')) return createZstdDecompress();
  if (mediaType.endsWith('.tar')) return new PassThrough();
  throw proveError(
    'images/proof-bad-layer',
    `A layer of the kind ${JSON.stringify(mediaType)} cannot be read.`,
  );
}

function counted(limit: number): Transform {
  let size = 0;
  return new PassThrough({
    transform(chunk: Buffer, _encoding, done) {
      size += chunk.length;
      if (size > limit) done(new Error(`it has more than ${limit} bytes`));
      if (size <= limit) done(null, chunk);
    },
  });
}
