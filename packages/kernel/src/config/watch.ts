/**
 * Live reload. Watches the directories of all files a configuration was read from, or would be if they
 * existed: editors and Kubernetes replace files rather than write them. A look at the files' stamps, not
 * the event, decides whether anything changed, and only once the files have come to rest are they loaded.
 */
import { watch, type FSWatcher } from 'node:fs';
import { access, realpath } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { hasErrors, type Diagnostic } from '@callboard/model';
import { messageOf } from '../error.ts';
import { stampOf } from './files.ts';
import { loadConfig, type LoadedConfig } from './load.ts';
import type { ConfigSchema } from './schema.ts';
import { diagnostic } from './tree.ts';

export interface ConfigChange {
  /**
   * `applied`: the same Config now has new values, and its subscribers were told.
   * `unchanged`: the files changed, their values did not.
   * `rejected`: there are errors, and the old values stay.
   * `unwatched`: nothing was loaded, but some changes will not be noticed.
   */
  readonly outcome: 'applied' | 'unchanged' | 'rejected' | 'unwatched';
  readonly diagnostics: readonly Diagnostic[];
  /** What is read now. */
  readonly files: readonly string[];
}

export interface WatchOptions {
  /** Told of every reload; must not throw. */
  readonly onChange: (change: ConfigChange) => void;
  /** Default: those the configuration was loaded with. */
  readonly schemas?: readonly ConfigSchema[];
  /** How long files must be at rest, in milliseconds. Default: 50. */
  readonly debounceMs?: number;
}

/** Starts watching. The watcher does not keep the process alive; close it to end it. */
export function watchConfig(loaded: LoadedConfig, options: WatchOptions): ConfigWatcher {
  return new ConfigWatcher(loaded, options);
}

export class ConfigWatcher {
  readonly #options: WatchOptions;
  /** The load whose values are in use. Its Config object stays the same throughout. */
  #applied: LoadedConfig;
  /** Of the latest load, applied or not. */
  #stamps: ReadonlyMap<string, string>;
  /** The stamps at the last look, while they differ from those of the latest load. */
  #unrest: string | null = null;
  readonly #directories = new Map<string, WatchedDirectory>();
  #timer: NodeJS.Timeout | null = null;
  #work: Promise<void>;
  #closed = false;

  constructor(loaded: LoadedConfig, options: WatchOptions) {
    this.#options = options;
    this.#applied = loaded;
    this.#stamps = loaded.stamps;
    // The look after that finds what changed since the load.
    this.#work = this.#follow().then(() => this.#schedule());
  }

  /** Stops watching; a reload that is under way ends first, without effect. */
  async close(): Promise<void> {
    this.#closed = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    for (const directory of this.#directories.values()) directory.watcher.close();
    this.#directories.clear();
    await this.#work;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #schedule(): void {
    if (this.#closed || this.#timer !== null) return;
    const { debounceMs = 50 } = this.#options;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.#work = this.#work.then(() => this.#look());
    }, debounceMs);
    this.#timer.unref();
  }

  async #look(): Promise<void> {
    // Directories may have appeared since. Stamps taken after that miss nothing.
    await this.#follow();
    if (this.#closed) return;
    const paths = [...this.#stamps.keys()];
    const stamps = await Promise.all(paths.map(stampOf));
    const same = paths.every((path, index) => stamps[index] === this.#stamps.get(path));
    const unrest = same ? null : stamps.join();
    const settled = unrest !== null && unrest === this.#unrest;
    this.#unrest = settled ? null : unrest;
    if (settled) await this.#reload();
    // Looks go on until one finds nothing new, since events may come during a reload.
    if (unrest !== null) this.#schedule();
  }

  async #reload(): Promise<void> {
    const { schemas = this.#applied.options.schemas } = this.#options;
    const options = schemas === undefined ? {} : { schemas };
    const next = await loadConfig({ ...this.#applied.options, ...options });
    if (this.#closed) return;
    this.#stamps = next.stamps;
    await this.#follow();
    if (this.#closed) return;
    const { files, diagnostics } = next;
    if (hasErrors(diagnostics) || lostMainFile(next, this.#applied)) {
      this.#options.onChange({ outcome: 'rejected', diagnostics, files });
      return;
    }
    const { config } = this.#applied;
    this.#applied = { ...next, config };
    try {
      const outcome = config.adopt(next.config) ? 'applied' : 'unchanged';
      this.#options.onChange({ outcome, diagnostics, files });
    } catch (error) {
      const failed = subscriberFailed(error);
      this.#options.onChange({ outcome: 'applied', diagnostics: [...diagnostics, failed], files });
    }
  }

  /** Watches what the latest load needs, and nothing else. */
  async #follow(): Promise<void> {
    const wanted = await directoriesOf([...this.#stamps.keys()]);
    if (this.#closed) return;
    for (const [path, directory] of this.#directories) {
      if (wanted.has(path)) continue;
      directory.watcher.close();
      this.#directories.delete(path);
    }
    for (const [path, names] of wanted) {
      const known = this.#directories.get(path);
      if (known === undefined) this.#open(path, names);
      else known.names = names;
    }
  }

  #open(path: string, names: Names): void {
    try {
      const watcher = watch(path, { persistent: false }, (_event, name) => {
        const { names: current } = directory;
        if (current === 'any' || name === null || current.has(name)) this.#schedule();
      });
      const directory: WatchedDirectory = { watcher, names };
      watcher.on('error', (error) => this.#lose(path, error));
      this.#directories.set(path, directory);
    } catch (error) {
      this.#lose(path, error);
    }
  }

  #lose(path: string, error: unknown): void {
    this.#directories.get(path)?.watcher.close();
    this.#directories.delete(path);
    if (this.#closed) return;
    const { files } = this.#applied;
    this.#options.onChange({ outcome: 'unwatched', diagnostics: [watchFailed(path, error)], files });
  }
}

/** The names in a directory whose events matter. */
type Names = ReadonlySet<string> | 'any';

interface WatchedDirectory {
  readonly watcher: FSWatcher;
  names: Names;
}

/**
 * The directories to watch. Behind a symbolic link any name may matter (Kubernetes swaps `..data`), and
 * for a directory that does not exist yet any name in the nearest one above.
 */
async function directoriesOf(files: readonly string[]): Promise<ReadonlyMap<string, Names>> {
  const wanted = new Map<string, Set<string> | 'any'>();
  const want = (path: string, name: string | null): void => {
    const names = wanted.get(path) ?? new Set<string>();
    if (names === 'any' || name === null) wanted.set(path, 'any');
    else wanted.set(path, names.add(name));
  };
  for (const file of files) {
    const directory = dirname(file);
    const existing = await nearestExisting(directory);
    const real = await realpath(file).catch(() => file);
    const linked = real !== file;
    want(existing, linked || existing !== directory ? null : basename(file));
    if (linked) want(dirname(real), basename(real));
  }
  return wanted;
}

async function nearestExisting(directory: string): Promise<string> {
  const exists = await access(directory).then(
    () => true,
    () => false,
  );
  const above = dirname(directory);
  return exists || above === directory ? directory : nearestExisting(above);
}

/** Without its main file a configuration is valid but empty; no running process should fall into that. */
function lostMainFile(next: LoadedConfig, applied: LoadedConfig): boolean {
  const lost = ({ diagnostics }: LoadedConfig): boolean =>
    diagnostics.some(({ code }) => code === 'config/file-missing');
  return lost(next) && !lost(applied);
}

function subscriberFailed(error: unknown): Diagnostic {
  return diagnostic('error', 'config/subscriber-failed', {
    summary: `The new configuration is in use, but not everywhere: ${messageOf(error)}`,
    detail: 'Correct the configuration, or restart the process.',
  });
}

function watchFailed(path: string, error: unknown): Diagnostic {
  return diagnostic('warning', 'config/watch-failed', {
    place: { file: path },
    summary: `Changes in ${path} will not be noticed: ${messageOf(error)}`,
    detail: 'Raise the limit of watched files of the system, or restart the process after changes.',
  });
}
