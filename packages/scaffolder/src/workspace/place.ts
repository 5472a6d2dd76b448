/** Where a path of a workspace is: the folder that holds it, entered safely, and its name in there. */
import { lstatSync, type Stats } from 'node:fs';
import { join } from 'node:path';
import { pathError, systemCode } from './errors.ts';
import { enterFolder, linkTarget, readLink, type Folder, type Root } from './folder.ts';
import { parsePath } from './path.ts';

export interface Place {
  readonly folder: Folder;
  /** Null: the folder itself, as for the root. */
  readonly name: string | null;
  /** The path to use while the folder is held. */
  readonly at: string;
}

export interface PlaceOptions {
  /** Goes where a link at the end of the path leads. Default: the link itself. */
  readonly follow?: boolean;
  /** Makes the folders on the way. */
  readonly create?: boolean;
}

/** Calls `use` with the place of a path, and lets go of its folder afterwards. What it throws names the path. */
export function atPlace<Value>(
  root: Root,
  { path, ...options }: PlaceOptions & { readonly path: string },
  use: (place: Place) => Value,
): Value {
  try {
    const place = findPlace(root, parsePath(path, root.path), options);
    try {
      return use(place);
    } finally {
      place.folder.close();
    }
  } catch (error) {
    throw pathError(error, path);
  }
}

/** Calls `use` with the folder at a path, links to it followed, and lets go of it afterwards. What it throws names the path. */
export function inFolder<Value>(
  root: Root,
  { path, create = false }: { readonly path: string | readonly string[]; readonly create?: boolean },
  use: (folder: Folder) => Value,
): Value {
  try {
    const names = typeof path === 'string' ? parsePath(path, root.path) : path;
    const folder = enterFolder(root, { names, create });
    try {
      return use(folder);
    } finally {
      folder.close();
    }
  } catch (error) {
    throw pathError(error, typeof path === 'string' ? path : path.join('/'));
  }
}

function findPlace(
  root: Root,
  names: readonly string[],
  { follow = false, create = false }: PlaceOptions,
): Place {
  let way = names;
  for (let hops = 0; ; hops += 1) {
    const name = way.at(-1);
    if (name === undefined || name === '' || name === '.' || name === '..') {
      const folder = enterFolder(root, { names: way, create, hops });
      return { folder, name: null, at: folder.at };
    }
    const folder = enterFolder(root, { names: way.slice(0, -1), create, hops });
    const place = { folder, name, at: `${folder.at}/${name}` };
    try {
      const link = follow ? readLink(place.at) : null;
      if (link === null) return place;
      way = linkTarget(root, { folder, name, link });
    } catch (error) {
      folder.close();
      throw error;
    }
    folder.close();
  }
}

/** What is at a place, a link not followed; null for nothing. */
export function statOf(place: Place): Stats | null {
  return lstatSync(place.at, { throwIfNoEntry: false }) ?? null;
}

/**
 * The absolute path that a path of the workspace really has, every link followed, for a program that has to be given one.
 * What does not exist yet is taken as it is written.
 * @throws CodedError `scaffolder/bad-path`, `scaffolder/outside-workspace`, `scaffolder/path-taken`
 */
export function realPath(root: Root, path: string): string {
  const names = parsePath(path, root.path);
  for (let known = names.length; ; known -= 1) {
    try {
      const there = names.slice(0, known).join('/');
      const real = atPlace(root, { path: there, follow: true }, ({ folder, name }) =>
        join(root.path, ...folder.names, name ?? ''),
      );
      return join(real, ...names.slice(known));
    } catch (error) {
      if (known === 0 || !isMissing(error)) throw error;
    }
  }
}

function isMissing(error: unknown): boolean {
  return systemCode(error) === 'scaffolder/no-such-file';
}
