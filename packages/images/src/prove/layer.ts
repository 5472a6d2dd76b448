/** What is in a layer, read from the registry by digest: paths, modes, owners, hashes. Nothing is unpacked. */
import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import { messageOf } from '@callboard/kernel';
import { budgetOf } from '../image/check-layer.ts';
import { hardLinkTarget } from '../image/layer-entry.ts';
import {
  checkMediaType,
  readLayer as readChecked,
  type LayerEntry as CheckedEntry,
} from '../image/layers.ts';
import type { TarKind } from '../image/tar.ts';
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
  const { bytes, entries } = options.limits;
  const found: LayerEntry[] = [];
  /** What hard links may lead to, by its path in the layer. */
  const files = new Map<string, LayerEntry>();
  try {
    checkMediaType(options);
    await readChecked(blob, {
      budget: budgetOf({ unpackedBytes: bytes, entries }),
      diffId: null,
      async see(entry) {
        const { header } = entry;
        const linked = header.kind === 'hardlink' ? files.get(hardLinkTarget(header)) : undefined;
        const shown =
          linked === undefined ? await showEntry(entry, options) : { ...linked, path: pathOf(entry) };
        if (shown === null) return;
        found.push(shown);
        if (entry.role === 'keep' && shown.kind !== 'directory') files.set(entry.path, shown);
      },
    });
  } catch (cause) {
    throw proveError('images/proof-bad-layer', `A layer cannot be judged: ${messageOf(cause)}`, cause);
  } finally {
    blob.destroy();
  }
  return found;
}

/** Null for the bookkeeping of old builders, which nobody unpacks. */
async function showEntry(entry: CheckedEntry, options: ReadLayerOptions): Promise<LayerEntry | null> {
  const { header, role } = entry;
  if (role === 'drop' && kindOf(header.kind) !== 'device') return null;
  const isWanted = options.content === 'hash' && header.kind === 'file' && role === 'keep';
  return {
    path: pathOf(entry),
    kind: role === 'whiteout' || role === 'opaque' ? role : kindOf(header.kind),
    mode: header.mode,
    uid: header.uid,
    gid: header.gid,
    target: header.kind === 'symlink' ? textOf(header.link) : null,
    capabilities: header.xattrs.has('security.capability'),
    content: isWanted ? await hashContent(entry.content) : null,
  };
}

/** A hard link shows as its target does; one to nothing was refused before. */
function kindOf(kind: TarKind): EntryKind {
  if (kind === 'folder') return 'directory';
  if (kind === 'file' || kind === 'hardlink') return 'file';
  return kind === 'symlink' ? kind : 'device';
}

function pathOf({ path, hides }: CheckedEntry): string {
  return `/${textOf(hides ?? path)}`;
}

/** Tars have byte strings; lists of packages have text. */
function textOf(bytes: string): string {
  return Buffer.from(bytes, 'latin1').toString('utf8');
}

async function hashContent(content: AsyncIterable<Buffer>): Promise<FileContent> {
  const hashes = [createHash('md5'), createHash('sha1'), createHash('sha256')] as const;
  let size = 0;
  let head = Buffer.alloc(0);
  for await (const chunk of content) {
    if (head.length < 4) head = Buffer.concat([head, chunk.subarray(0, 4)]);
    size += chunk.length;
    for (const hash of hashes) hash.update(chunk);
  }
  const [md5, sha1, sha256] = hashes.map((hash) => hash.digest('hex'));
  const elf = head.subarray(0, 4).equals(Buffer.from('\x7fELF', 'latin1'));
  return { size, md5: md5 ?? '', sha1: sha1 ?? '', sha256: sha256 ?? '', elf };
}
