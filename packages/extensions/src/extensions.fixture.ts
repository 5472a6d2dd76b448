/** A folder of extensions for tests: real files, a real compiler, and a page that is just an object. */
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createLog } from '@callboard/kernel';
import { isObject, parseJson } from '@callboard/model';
import type { Extension } from './extension.ts';
import { createExtensions, type Extensions, type ExtensionsOptions } from './extensions.ts';

export interface Place extends AsyncDisposable {
  /** Absolute; holds the folder of extensions as `extensions`. */
  readonly root: string;
  readonly folder: string;
  /** What was logged, parsed. */
  readonly lines: readonly Record<string, unknown>[];
  /** Writes files, by their path in the folder of extensions. */
  write(files: Readonly<Record<string, string>>): Promise<void>;
  /** Opens the extensions of the folder; they are closed with it. */
  open(options?: Partial<ExtensionsOptions>): Extensions;
  /** Runs a module as a page would, with these modules of the page. */
  run(code: string, modules: Readonly<Record<string, unknown>>): Promise<Record<string, unknown>>;
}

/** `files`: as in `write`. */
export async function openPlace(files: Readonly<Record<string, string>> = {}): Promise<Place> {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'extensions-')));
  const folder = join(root, 'extensions');
  const opened: Extensions[] = [];
  const lines: Record<string, unknown>[] = [];
  const log = createLog({
    level: 'warn',
    write: (line) => {
      const parsed = parseJson(line);
      if (isObject(parsed)) lines.push(parsed);
    },
  });
  let runs = 0;
  const place: Place = {
    root,
    folder,
    lines,
    write: async (contents) => {
      for (const [name, content] of Object.entries(contents)) {
        const file = join(folder, name);
        await mkdir(dirname(file), { recursive: true });
        await writeFile(file, content);
      }
    },
    open: (options = {}) => {
      const cacheFolder = join(root, 'cache');
      const extensions = createExtensions({ folder, cacheFolder, log, settleTime: 5, ...options });
      opened.push(extensions);
      return extensions;
    },
    run: async (code, modules) => {
      Reflect.set(globalThis, Symbol.for('callboard.host'), { modules });
      runs += 1;
      const file = join(root, `run-${runs}.mjs`);
      await writeFile(file, code);
      const loaded: unknown = await import(pathToFileURL(file).href);
      return isObject(loaded) ? { ...loaded } : {};
    },
    [Symbol.asyncDispose]: async () => {
      for (const extensions of opened) await extensions[Symbol.asyncDispose]();
      await rm(root, { recursive: true, force: true });
    },
  };
  if (Object.keys(files).length > 0) await place.write(files);
  return place;
}

/** The extension of this file; an empty one when there is none. */
export async function extensionOf(extensions: Extensions, file: string): Promise<Extension> {
  const { extensions: all } = await extensions.list();
  const none: Extension = { file: 'none', hash: null, url: null, needs: [], names: [], errors: [] };
  return all.find((extension) => extension.file === file) ?? none;
}

/** Its code; empty when there is none. */
export async function codeOf(extensions: Extensions, file: string): Promise<string> {
  const { hash } = await extensionOf(extensions, file);
  return (hash === null ? null : await extensions.module(hash)) ?? '';
}

/** Waits until the list was told anew and fits. */
export async function listUntil(
  extensions: Extensions,
  fits: (all: readonly Extension[]) => boolean,
): Promise<readonly Extension[]> {
  const stop = new AbortController();
  // Neither the watch nor what it waits for keeps a process alive.
  const alive = setInterval(() => undefined, 1_000);
  const { promise, resolve } = Promise.withResolvers<readonly Extension[]>();
  const look = async (): Promise<void> => {
    const { extensions: all } = await extensions.list();
    if (fits(all)) resolve(all);
  };
  extensions.onChange(() => void look(), stop.signal);
  await look();
  const all = await promise;
  stop.abort();
  clearInterval(alive);
  return all;
}
