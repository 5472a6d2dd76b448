/** Hears of changes in folders. Each folder is watched by itself, so that packages in between cost nothing. */
import { watch, type FSWatcher } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { isFolder, isSubfolder } from './entries.ts';

/** A folder to watch. */
export interface WatchPlace {
  readonly folder: string;
  /** The name in it that matters; null for all. */
  readonly only: string | null;
}

export interface FolderWatch extends Disposable {
  /**
   * Watches these folders and no others; those that are not there are left out.
   * @returns whether one was added that was not watched before
   */
  follow(places: readonly WatchPlace[]): Promise<boolean>;
  /** Whether a folder could not be watched, as when the system has too many watches. */
  readonly isBlind: boolean;
}

interface Watched {
  readonly watcher: FSWatcher;
  /** A folder that was made anew under the same name is another one. */
  readonly inode: number;
  readonly only: string | null;
}

const MAX_FOLDERS = 500;

export interface FolderWatchOptions {
  readonly onChange: () => void;
  /** Is told why a folder is not watched. */
  readonly onBlind: (folder: string, error: unknown) => void;
}

export function createFolderWatch({ onChange, onBlind }: FolderWatchOptions): FolderWatch {
  const watched = new Map<string, Watched>();
  let isBlind = false;
  let isClosed = false;
  const lose = (folder: string, error: unknown): void => {
    watched.get(folder)?.watcher.close();
    watched.delete(folder);
    if (!isBlind) onBlind(folder, error);
    isBlind = true;
  };
  const open = (folder: string, { inode, only }: Omit<Watched, 'watcher'>): void => {
    try {
      const watcher = watch(folder, { persistent: false }, (_event, name) => {
        if (only === null || name === null || name === only) onChange();
      });
      watcher.on('error', (error) => lose(folder, error));
      watched.set(folder, { watcher, inode, only });
    } catch (error) {
      lose(folder, error);
    }
  };
  return {
    get isBlind() {
      return isBlind;
    },
    follow: async (places) => {
      const wanted = new Map<string, Omit<Watched, 'watcher'>>();
      for (const { folder, only } of places) {
        const found = await stat(folder).catch(() => null);
        if (found?.isDirectory() !== true) continue;
        // All of a folder matters when that is wanted once.
        const all = only === null || wanted.get(folder)?.only === null;
        wanted.set(folder, { inode: found.ino, only: all ? null : only });
      }
      if (isClosed) return false;
      for (const [folder, { watcher, inode, only }] of watched) {
        const same = wanted.get(folder);
        if (same?.inode === inode && same.only === only) continue;
        watcher.close();
        watched.delete(folder);
      }
      const added = [...wanted].filter(([folder]) => !watched.has(folder));
      for (const [folder, place] of added) open(folder, place);
      return added.length > 0;
    },
    [Symbol.dispose]: () => {
      isClosed = true;
      for (const { watcher } of watched.values()) watcher.close();
      watched.clear();
    },
  };
}

/**
 * A folder with all below it but packages, and the folder above, where it may be made or replaced; or the nearest folder above
 * when it is not there.
 */
export async function placesToWatch(folder: string): Promise<readonly WatchPlace[]> {
  if (!(await isFolder(folder))) return [await nearest(folder)];
  const found = [folder];
  // It grows while it is read.
  for (const at of found) {
    const entries = await readdir(at, { withFileTypes: true }).catch(() => []);
    for (const entry of entries) {
      if (!entry.isDirectory() || !isSubfolder(entry.name)) continue;
      if (found.length >= MAX_FOLDERS) break;
      found.push(join(at, entry.name));
    }
  }
  return [...found.map(all), { folder: dirname(folder), only: basename(folder) }];
}

const all = (folder: string): WatchPlace => ({ folder, only: null });

/** Where a folder, or the first that is missing above it, would be made. */
async function nearest(folder: string): Promise<WatchPlace> {
  const above = dirname(folder);
  if (above === folder || (await isFolder(above))) return { folder: above, only: basename(folder) };
  return nearest(above);
}
