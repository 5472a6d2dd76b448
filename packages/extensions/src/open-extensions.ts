/**
 * Finds the extensions of a portal, compiles what changed, and tells who listens. A restart compiles nothing that is as
 * it was; without any extension there is nothing to do.
 */
import { basename, dirname } from 'node:path';
import { messageOf, type Log } from '@callboard/kernel';
import { createBuilder, isCurrent, type Built } from './build-entry.ts';
import { createCompiler } from './compile.ts';
import { findEntries, MAX_ENTRIES, type Entry, type FoundEntries } from './entries.ts';
import { wholeFileError } from './explain.ts';
import type { Extension } from './extension.ts';
import type { Extensions, ExtensionsOptions, Listing } from './extensions.ts';
import { hashOf } from './inputs.ts';
import { locate } from './locate.ts';
import { createModuleStore } from './store.ts';
import { createFolderWatch, placesToWatch, type WatchPlace } from './watch-folders.ts';

/** Modules whose code can be asked for, those that were replaced included. */
const MAX_MODULES = 1_000;
/** Looks at folders that were made meanwhile, before they are left to the watch. */
const MAX_ROUNDS = 5;

/** Looks for nothing before it is first asked. */
export function openExtensions(options: ExtensionsOptions): Extensions {
  const { folder, cacheFolder, log, settleTime = 50, nodePaths = [] } = options;
  const compiler = createCompiler(options);
  const store = createModuleStore(cacheFolder, log);
  const builder = createBuilder({ compiler, store, nodePaths, log });
  const listeners = new Set<(version: string) => void>();
  const modules = new Map<string, Entry>();
  let files: readonly string[] | null = null;
  let known: ReadonlyMap<string, Built> = new Map();
  let listing: Listing = { extensions: [], version: versionOf([]) };
  let isClosed = false;

  const look = async (): Promise<void> => {
    files ??= (await options.files?.()) ?? [];
    await follow();
    const found = await findEntries(folder, files);
    const next = new Map<string, Built>();
    for (const entry of found.entries) {
      if (isClosed) return;
      const before = known.get(entry.file);
      const isSame = before?.entry.path === entry.path && (await isCurrent(before));
      const built = isSame ? before : await builder.build(entry, before);
      next.set(entry.file, built);
      remember(modules, built);
    }
    const isFirst = listing.extensions.length === 0;
    known = next;
    // What changed in a folder before that was watched is seen by one more look.
    if (files.length > 0 && (await follow())) looks.soon();
    tell([...[...next.values()].map(({ extension }) => extension), ...problemsOf(found, folder)]);
    if (isFirst)
      await store.prune(new Set([...found.entries.map((entry) => builder.keyOf(entry)), ...modules.keys()]));
  };
  const tell = (extensions: readonly Extension[]): void => {
    const version = versionOf(extensions);
    if (version === listing.version) return;
    listing = { extensions, version };
    for (const listener of listeners) listener(version);
  };
  const looks = createLooks({ look: async () => (isClosed ? undefined : look()), settleTime, log });
  const watcher = createFolderWatch({
    onChange: () => looks.soon(),
    onBlind: (place, error) =>
      log.warn('a folder of extensions cannot be watched; changes are noticed when a page asks', {
        folder: place,
        error: messageOf(error),
      }),
  });
  /** @returns whether there was a folder that was not watched before */
  const follow = async (): Promise<boolean> => {
    for (let round = 0; round < MAX_ROUNDS; round += 1) {
      const places = [...(await placesToWatch(folder)), ...placesOfPlugins([...known.values()])];
      if (!(await watcher.follow(places))) return round > 0;
    }
    return true;
  };
  let first: Promise<void> | null = null;
  const begun = (): Promise<void> => (first ??= looks.now());

  return {
    get version() {
      return listing.version;
    },
    list: async () => {
      await begun();
      await (watcher.isBlind ? looks.now() : looks.settled());
      return listing;
    },
    module: async (hash) => {
      await begun();
      if (!modules.has(hash)) return null;
      const code = await store.code(hash);
      if (code !== null) return code;
      // Somebody removed it: what is still in use is compiled again.
      known = new Map([...known].filter(([, { extension }]) => extension.hash !== hash));
      await looks.now();
      return store.code(hash);
    },
    locate: async (position) => {
      await begun();
      const entry = modules.get(position.hash);
      const map = entry === undefined ? null : await store.map(position.hash);
      return entry === undefined || map === null ? null : locate(position, { entry, map });
    },
    onChange: (listener, signal) => {
      if (signal.aborted) return;
      begun().catch(() => undefined);
      listeners.add(listener);
      signal.addEventListener('abort', () => listeners.delete(listener), { once: true });
    },
    [Symbol.asyncDispose]: async () => {
      isClosed = true;
      watcher[Symbol.dispose]();
      await looks.end();
      await compiler[Symbol.asyncDispose]();
    },
  };
}

interface Looks {
  /** When nothing changed for a while. */
  soon(): void;
  now(): Promise<void>;
  /** When there is nothing to look at any more. */
  settled(): Promise<void>;
  end(): Promise<void>;
}

interface LooksOptions {
  readonly look: () => Promise<void>;
  readonly settleTime: number;
  readonly log: Log;
}

/** One look after the other; all who ask while one waits for another get the same. */
function createLooks({ look, settleTime, log }: LooksOptions): Looks {
  let last: Promise<void> = Promise.resolve();
  let next: Promise<void> | null = null;
  let settling: NodeJS.Timeout | null = null;
  const begin = (): Promise<void> => {
    next = null;
    return look();
  };
  const now = (): Promise<void> => {
    if (settling !== null) clearTimeout(settling);
    settling = null;
    next ??= last.then(begin, begin);
    last = next;
    return next;
  };
  const inBackground = (): void => {
    now().catch((error: unknown) => {
      log.error('the extensions could not be looked through', { error: messageOf(error) });
    });
  };
  return {
    now,
    soon: () => {
      if (settling !== null) clearTimeout(settling);
      settling = setTimeout(inBackground, settleTime);
      settling.unref();
    },
    settled: () => (settling === null ? last : now()),
    end: async () => {
      if (settling !== null) clearTimeout(settling);
      await Promise.allSettled([last]);
    },
  };
}

/** Their code is watched where it is developed, not where it is installed. */
function placesOfPlugins(built: readonly Built[]): readonly WatchPlace[] {
  const ofPlugins = built.filter(({ entry }) => !entry.isConfined);
  const paths = ofPlugins.flatMap(({ entry, files }) => [entry.path, ...files.map(({ path }) => path)]);
  const folders = new Set(paths.map((path) => dirname(path)));
  return [...folders]
    .filter((folder) => !folder.includes('node_modules'))
    .map((place) => ({ folder: place, only: null }));
}

function remember(modules: Map<string, Entry>, { extension: { hash }, entry }: Built): void {
  if (hash === null) return;
  // The newest last, so that the oldest can be let go.
  modules.delete(hash);
  modules.set(hash, entry);
  const [oldest] = modules.keys();
  if (modules.size > MAX_MODULES && oldest !== undefined) modules.delete(oldest);
}

/** What is wrong with the folder as a whole, told where extensions are. */
function problemsOf({ refused, unreadable }: FoundEntries, folder: string): readonly Extension[] {
  const problems: Extension[] = [];
  const add = (file: string, text: string): number =>
    problems.push({
      file,
      hash: null,
      url: null,
      needs: [],
      names: [],
      errors: [wholeFileError({ file }, text)],
    });
  if (unreadable !== null) add(basename(folder), `The folder of extensions cannot be read: ${unreadable}.`);
  const [first] = refused;
  if (first !== undefined) {
    add(
      first,
      `There are ${refused.length} extensions more than the ${MAX_ENTRIES} that a portal may have, and this is the first of them. Put files that others import into a subfolder without an index file.`,
    );
  }
  return problems;
}

function versionOf(extensions: readonly Extension[]): string {
  return hashOf(JSON.stringify(extensions)).slice(0, 16);
}
