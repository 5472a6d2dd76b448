/** Finds the extensions: files directly in the folder, `index` files of its subfolders, and files that plugins name. */
import { readdir, realpath, stat } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import { basename, dirname, extname, join, relative, sep } from 'node:path';
import { isObject, parseJson } from '@callboard/model';

/** What is to be compiled. */
export interface Entry {
  /** How it is called; see `Extension.file`. */
  readonly file: string;
  /** Absolute. */
  readonly path: string;
  /** Real path of the folder that it belongs to. */
  readonly root: string;
  /** Whether its imports may not leave the root. */
  readonly isConfined: boolean;
  /** Put before a path within the root to make the name of a file: empty, or a package name and a slash. */
  readonly prefix: string;
}

export interface FoundEntries {
  readonly entries: readonly Entry[];
  /** Files that were not taken because there are too many. */
  readonly refused: readonly string[];
  /** Why the folder cannot be read; null when it can, or is not there. */
  readonly unreadable: string | null;
}

/** Extensions of one portal. */
export const MAX_ENTRIES = 200;
const SOURCES = ['.tsx', '.ts', '.jsx', '.js'];
const NO_EXTENSION = /\.d\.ts$|\.(?:test|spec|stories|config)\.[jt]sx?$/;

/** Sorted by name. A folder that is not there has none. */
export async function findEntries(folder: string, files: readonly string[]): Promise<FoundEntries> {
  const inFolder = await entriesOfFolder(folder);
  const ofPlugins = await Promise.all(files.map(entryOfPlugin));
  const all = [...inFolder.entries, ...ofPlugins];
  return {
    entries: all.slice(0, MAX_ENTRIES),
    refused: all.slice(MAX_ENTRIES).map(({ file }) => file),
    unreadable: inFolder.unreadable,
  };
}

async function entriesOfFolder(
  folder: string,
): Promise<{ readonly entries: readonly Entry[]; readonly unreadable: string | null }> {
  const names = await namesIn(folder);
  if (typeof names === 'string') return { entries: [], unreadable: names };
  const root = await realpath(folder).catch(() => folder);
  const toEntry = (file: string): Entry => ({
    file,
    path: join(root, file),
    root,
    prefix: '',
    isConfined: true,
  });
  const entries: Entry[] = [];
  for (const name of names.toSorted()) {
    if (isExtension(name)) {
      // A folder of such a name is none; what is no file at all is taken, so that it is told and not passed over.
      if (!(await isFolder(join(root, name)))) entries.push(toEntry(name));
    } else if (isSubfolder(name) && (await isFolder(join(root, name)))) {
      const index = await indexOf(join(root, name));
      if (index !== null) entries.push(toEntry(`${name}/${index}`));
    }
  }
  return { entries, unreadable: null };
}

/** Whether a name directly in the folder is that of a folder to look into. */
export function isSubfolder(name: string): boolean {
  return !name.startsWith('.') && name !== 'node_modules';
}

function isExtension(name: string): boolean {
  return SOURCES.includes(extname(name)) && !name.startsWith('.') && !NO_EXTENSION.test(name);
}

async function indexOf(folder: string): Promise<string | null> {
  const names = await namesIn(folder);
  if (typeof names === 'string') return null;
  const index = SOURCES.map((extension) => `index${extension}`).find((name) => names.includes(name));
  return index ?? null;
}

/** Names in a folder, none when it is not there; a text says why it cannot be read. */
async function namesIn(folder: string): Promise<readonly string[] | string> {
  try {
    return await readdir(folder);
  } catch (error) {
    const code = isObject(error) || error instanceof Error ? Reflect.get(error, 'code') : null;
    return code === 'ENOENT' ? [] : String(code ?? error);
  }
}

export async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

/** The code of a plugin may use all of its package. */
async function entryOfPlugin(file: string): Promise<Entry> {
  const path = await realpath(file).catch(() => file);
  const { root, name } = packageOf(path);
  const prefix = `${name ?? basename(root)}/`;
  return { file: prefix + relative(root, path).split(sep).join('/'), path, root, prefix, isConfined: false };
}

function packageOf(path: string): { readonly root: string; readonly name: string | null } {
  for (let at = dirname(path); at !== dirname(at); at = dirname(at)) {
    const name = nameIn(join(at, 'package.json'));
    if (name !== null) return { root: at, name };
  }
  return { root: dirname(path), name: null };
}

function nameIn(file: string): string | null {
  try {
    const content = parseJson(readFileSync(file, 'utf8'));
    return isObject(content) && typeof content['name'] === 'string' ? content['name'] : null;
  } catch {
    // There is none, or none with a name; the folder above is asked.
    return null;
  }
}
