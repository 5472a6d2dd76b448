/** What the folder of a repository holds, and how much of it is taken. */
import { readingError } from './codes.ts';

/** Paths are relative to the folder, with slashes, never with `..`. */
export type TreeEntry =
  | { readonly kind: 'folder'; readonly path: string }
  | {
      readonly kind: 'file';
      readonly path: string;
      readonly content: Uint8Array;
      readonly executable: boolean;
    }
  /** `target` is what the repository has: it may lead anywhere. */
  | { readonly kind: 'link'; readonly path: string; readonly target: string };

export interface TreeLimits {
  /** Downloaded. Default: 100 MiB. */
  readonly maxBytes: number;
  /** Of the whole archive, unpacked. Default: 500 MiB. */
  readonly maxUnpackedBytes: number;
  /** Of one file, which is held in memory. Default: 100 MiB. */
  readonly maxFileBytes: number;
  /** Files, folders and links in the folder. Default: 20,000. */
  readonly maxEntries: number;
}

export const TREE_LIMITS: TreeLimits = {
  maxBytes: 100 * 1024 * 1024,
  maxUnpackedBytes: 500 * 1024 * 1024,
  maxFileBytes: 100 * 1024 * 1024,
  maxEntries: 20_000,
};

/** An archive that is being read, the part of it that is wanted, and who wants it. */
export interface TreeWish {
  /** The archive has a folder of the forge's around all. */
  readonly wrapped: boolean;
  /** Path in the archive, inside that; empty for all. */
  readonly folder: string;
  readonly limits: TreeLimits;
  readonly visit: (entry: TreeEntry) => Promise<void> | void;
}

/** Counts, and throws `reading/too-large` over a limit. */
export interface TreeMeter {
  /** Bytes that came out of the archive. */
  unpacked(bytes: number): void;
  /** One more entry in the folder. `size` is what the archive says. */
  entry(path: string, size: number): void;
  readonly entries: number;
}

export function createTreeMeter({ maxUnpackedBytes, maxFileBytes, maxEntries }: TreeLimits): TreeMeter {
  let bytes = 0;
  let entries = 0;
  return {
    unpacked: (more) => {
      bytes += more;
      if (bytes > maxUnpackedBytes) throw tooLarge(`more than ${maxUnpackedBytes} bytes when unpacked`);
    },
    entry: (path, size) => {
      if (size > maxFileBytes) throw tooLarge(`a file, '${path}', of ${size} bytes`);
      entries += 1;
      if (entries > maxEntries) throw tooLarge(`more than ${maxEntries} files and folders`);
    },
    get entries() {
      return entries;
    },
  };
}

function tooLarge(what: string): Error {
  return readingError(
    'reading/too-large',
    `The repository has ${what}. Point to a smaller repository or folder.`,
  );
}

/**
 * The path in the wanted folder of an entry of an archive; null when it is not in there, or is the folder itself.
 * @throws CodedError `reading/http-status` for a name that no repository has
 */
export function pathInTree(
  name: string,
  { wrapped, folder }: Pick<TreeWish, 'wrapped' | 'folder'>,
): string | null {
  const names = name.split('/').filter((part) => part !== '' && part !== '.');
  if (name.startsWith('/') || name.includes('\0') || names.includes('..')) {
    throw badArchive(`it holds the path '${name}'`);
  }
  const inside = (wrapped ? names.slice(1) : names).join('/');
  if (folder === '') return inside === '' ? null : inside;
  return inside.startsWith(`${folder}/`) ? inside.slice(folder.length + 1) : null;
}

/** The host gave something that cannot be an archive of a repository. */
export function badArchive(problem: string, cause?: unknown): Error {
  return readingError('reading/http-status', `The archive of the repository is damaged: ${problem}.`, cause);
}
