/**
 * Watches the files that Location entities point to, and those that entities were made from, so that a saved file is
 * seen at once. Folders are watched, not files: editors save by renaming.
 */
import { dirname } from 'node:path';
import { watch as watchFolders, type FSWatcher } from 'chokidar';
import { messageOf, type Log } from '@callboard/kernel';
import picomatch from 'picomatch';
import { globBase } from '../source/read-file.ts';

export interface WatchedTarget {
  /** The Location entity to read again when a file of the target changes. */
  readonly ref: string;
  /** Absolute path or glob. */
  readonly target: string;
}

export interface FileWatch extends AsyncDisposable {
  /** Watches these targets, and single files that entities depend on, in place of what was watched before. */
  follow(targets: readonly WatchedTarget[], files: readonly string[]): void;
  /** False when something cannot be watched, so that changes are missed. */
  readonly isComplete: boolean;
}

export interface FileWatchOptions {
  readonly log: Log;
  /** Files changed, came or went, or may have done so before the watch was in place. */
  readonly onFiles: (paths: readonly string[]) => void;
  /** The target of a Location entity may have changed. */
  readonly onLocation: (ref: string) => void;
}

/** Editors write in several steps; what happens to a file within this many milliseconds is one change. */
const SETTLE = 25;
const IGNORED = /[/\\](?:node_modules|\.git)(?:[/\\]|$)/;

export function createFileWatch(options: FileWatchOptions): FileWatch {
  const exact = new Map<string, Set<string>>();
  const globs = new Map<string, { ref: string; matches: (path: string) => boolean }>();
  const settling = new Map<string, NodeJS.Timeout>();
  const settled = new Set<string>();
  const folders = { flat: new Folders(0, seen), deep: new Folders(undefined, seen) };
  let isComplete = true;
  let telling: NodeJS.Immediate | null = null;

  function seen(path: string): void {
    clearTimeout(settling.get(path));
    settling.set(
      path,
      setTimeout(() => {
        settling.delete(path);
        settled.add(path);
        telling ??= setImmediate(tell);
      }, SETTLE),
    );
  }

  function tell(): void {
    telling = null;
    const paths = [...settled];
    settled.clear();
    const refs = new Set<string>();
    for (const path of paths) {
      for (const ref of exact.get(path) ?? []) refs.add(ref);
      for (const { ref, matches } of globs.values()) if (!refs.has(ref) && matches(path)) refs.add(ref);
    }
    for (const ref of refs) options.onLocation(ref);
    options.onFiles(paths);
  }

  function failed(error: unknown): void {
    isComplete = false;
    options.log.warn('a folder cannot be watched; changes are found by polling', { error: messageOf(error) });
  }

  return {
    follow: (targets, files) => {
      exact.clear();
      globs.clear();
      const flat = new Set(files.map((file) => dirname(file)));
      const deep = new Set<string>();
      const folderOf = new Map<WatchedTarget, string>();
      for (const watched of targets) {
        const { ref, target } = watched;
        const { base, isGlob } = globBase(target);
        folderOf.set(watched, isGlob ? base : dirname(target));
        if (isGlob) {
          globs.set(`${ref} ${target}`, { ref, matches: picomatch(target, { dot: true }) });
          deep.add(base);
        } else {
          exact.set(target, (exact.get(target) ?? new Set()).add(ref));
          flat.add(dirname(target));
        }
      }
      // A file may have changed between its reading and the moment that the watch is in place.
      const ready = (added: ReadonlySet<string>): void => {
        for (const [{ ref }, folder] of folderOf) if (added.has(folder)) options.onLocation(ref);
        const dependencies = files.filter((file) => added.has(dirname(file)));
        if (dependencies.length > 0) options.onFiles(dependencies);
      };
      folders.flat.watch(flat, { ready, failed });
      folders.deep.watch(deep, { ready, failed });
    },
    get isComplete() {
      return isComplete;
    },
    [Symbol.asyncDispose]: async () => {
      for (const timer of settling.values()) clearTimeout(timer);
      if (telling !== null) clearImmediate(telling);
      await Promise.all([folders.flat.close(), folders.deep.close()]);
    },
  };
}

/** Folders watched to one depth, added as they become known. */
class Folders {
  readonly #depth: number | undefined;
  readonly #seen: (path: string) => void;
  readonly #known = new Set<string>();
  readonly #watchers: FSWatcher[] = [];

  constructor(depth: number | undefined, seen: (path: string) => void) {
    this.#depth = depth;
    this.#seen = seen;
  }

  watch(
    folders: ReadonlySet<string>,
    on: { ready: (added: ReadonlySet<string>) => void; failed: (error: unknown) => void },
  ): void {
    const added = new Set([...folders].filter((folder) => !this.#known.has(folder)));
    if (added.size === 0) return;
    for (const folder of added) this.#known.add(folder);
    const watcher = watchFolders([...added], {
      ignoreInitial: true,
      ignored: (path) => IGNORED.test(path),
      ...(this.#depth !== undefined && { depth: this.#depth }),
    });
    watcher.on('add', this.#seen).on('change', this.#seen).on('unlink', this.#seen);
    watcher.on('ready', () => on.ready(added)).on('error', on.failed);
    this.#watchers.push(watcher);
  }

  async close(): Promise<void> {
    await Promise.all(this.#watchers.map((watcher) => watcher.close()));
  }
}
