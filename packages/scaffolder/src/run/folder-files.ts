/** The files of a folder, as a dry-run shows them: read again only when they changed, links not followed. */
import { lstat, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runError } from './errors.ts';

export interface FolderFile {
  readonly content: Buffer;
  readonly executable: boolean;
}

/** By path with slashes, sorted. */
export type FolderFiles = ReadonlyMap<string, FolderFile>;

export interface FolderLimits {
  readonly files: number;
  /** Bytes of all files. */
  readonly bytes: number;
}

interface Known extends FolderFile {
  /** Changes with the file. */
  readonly mark: string;
}

/**
 * Reads a folder again and again.
 * @returns reads it; rejects with CodedError 413 `scaffolder/dry-run-too-large` over a limit
 */
export function createFolderReader(folder: string, limits: FolderLimits): () => Promise<FolderFiles> {
  let known: ReadonlyMap<string, Known> = new Map();
  return async () => {
    const found = new Map<string, Known>();
    let bytes = 0;
    for await (const path of filePaths(folder, '')) {
      const full = join(folder, path);
      const stats = await lstat(full, { bigint: true });
      if (!stats.isFile()) continue;
      bytes += Number(stats.size);
      if (bytes > limits.bytes || found.size >= limits.files) throw tooLarge(limits);
      const mark = [stats.ino, stats.size, stats.mtimeNs, stats.ctimeNs].join();
      const before = known.get(path);
      const executable = (stats.mode & 0o111n) !== 0n;
      found.set(path, before?.mark === mark ? before : { mark, executable, content: await readFile(full) });
    }
    known = found;
    return found;
  };
}

async function* filePaths(folder: string, below: string): AsyncGenerator<string> {
  const entries = await readdir(join(folder, below), { withFileTypes: true });
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    const path = below === '' ? entry.name : `${below}/${entry.name}`;
    if (entry.isDirectory()) yield* filePaths(folder, path);
    else if (entry.isFile()) yield path;
  }
}

function tooLarge({ files, bytes }: FolderLimits): Error {
  const message = `The dry-run makes more than ${files} files or ${bytes / 1024 / 1024} MiB, which is more than it can show.`;
  return runError('scaffolder/dry-run-too-large', message);
}
