/**
 * The way into a folder of a workspace, one name after the other, so that no link leads out. On Linux each folder on the
 * way is held open and its entries are reached through it (`/proc/self/fd/<n>/<name>`, what openat(2) is for programs):
 * then nothing that is renamed or replaced meanwhile can move the way. Elsewhere each step is looked at just before.
 */
import { closeSync, constants, existsSync, lstatSync, mkdirSync, openSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { systemCode, workspaceError } from './errors.ts';

/** A folder that was entered; its entries are `<at>/<name>`. */
export interface Folder {
  readonly at: string;
  /** Names from the root, none of which is a link. */
  readonly names: readonly string[];
  close(): void;
}

export interface Root {
  /** Absolute path without links. */
  readonly path: string;
  /** Folders are held open. Default: where the system can. */
  readonly held: boolean;
}

export const CAN_HOLD_FOLDERS = process.platform === 'linux' && existsSync('/proc/self/fd');

export interface Way {
  /** Names on the way; `..` and links among them are followed inside the root. */
  readonly names: readonly string[];
  /** Makes the folders that are missing. */
  readonly create: boolean;
  /** Links that were followed before. */
  readonly hops?: number;
}

const MAX_HOPS = 40;
const MAX_NAMES = 1000;

/**
 * Enters a folder.
 * @throws CodedError `scaffolder/outside-workspace`, `scaffolder/path-taken`; an error with ENOENT for what is missing
 */
export function enterFolder(root: Root, { names, create, hops = 0 }: Way): Folder {
  let followed = hops;
  checkHops(hops, names.length, names);
  let folder = openRoot(root);
  // The last is next.
  let rest = names.toReversed();
  try {
    for (let name = rest.pop(); name !== undefined; name = rest.pop()) {
      if (name === '' || name === '.') continue;
      const link = name === '..' ? null : stepInto(name);
      if (link === null && name !== '..') continue;
      // Going up, and going where a link leads, is done from the root: each step is looked at again.
      const up = name === '..' ? parentOf(folder.names, names) : linkTarget(root, { folder, name, link });
      followed += 1;
      checkHops(followed, up.length + rest.length, names);
      rest = [...rest, ...up.toReversed()];
      folder.close();
      folder = openRoot(root);
    }
    return folder;
  } catch (error) {
    folder.close();
    throw error;
  }

  /** Null when `folder` is now that folder; else where the link leads. */
  function stepInto(name: string): string | null {
    const path = `${folder.at}/${name}`;
    const next = openStep(root, { path, names: [...folder.names, name] });
    if (next === 'missing' && create) {
      makeStep(path);
      rest.push(name);
      return null;
    }
    if (next === 'missing') throw missing();
    if (next === 'other') {
      const target = readLink(path);
      if (target !== null) return target;
      const text = [...folder.names, name].join('/');
      throw workspaceError('scaffolder/path-taken', `'${text}' is a file, not a folder.`);
    }
    folder.close();
    folder = next;
    return null;
  }
}

function checkHops(hops: number, length: number, names: readonly string[]): void {
  if (hops <= MAX_HOPS && length <= MAX_NAMES) return;
  throw workspaceError(
    'scaffolder/outside-workspace',
    `The links on '${names.slice(0, 10).join('/')}' never end.`,
  );
}

interface Link {
  readonly folder: Folder;
  readonly name: string;
  readonly link: string | null;
}

/** Where a link leads, as names from the root with `..` still in it. */
export function linkTarget(root: Root, { folder, name, link }: Link): readonly string[] {
  const target = link ?? '';
  if (!target.startsWith('/')) return [...folder.names, ...target.split('/')];
  if (target === root.path || target.startsWith(`${root.path}/`)) {
    return target.slice(root.path.length + 1).split('/');
  }
  throw escapes([...folder.names, name].join('/'));
}

/** The target of a link; null for what is none. */
export function readLink(path: string): string | null {
  try {
    return readlinkSync(path);
  } catch (error) {
    if (systemCode(error) === 'EINVAL' || systemCode(error) === 'ENOENT') return null;
    throw error;
  }
}

function parentOf(names: readonly string[], wanted: readonly string[]): readonly string[] {
  if (names.length === 0) throw escapes(wanted.join('/'));
  return names.slice(0, -1);
}

function escapes(path: string): Error {
  return workspaceError(
    'scaffolder/outside-workspace',
    `'${path}' is, or goes through, a link that leads out of the workspace.`,
  );
}

function missing(): Error {
  return Object.assign(new Error('a folder on the way is missing'), { code: 'ENOENT' });
}

function makeStep(path: string): void {
  try {
    mkdirSync(path);
  } catch (error) {
    // Somebody else was faster; what it is comes out when it is entered.
    if (systemCode(error) !== 'EEXIST') throw error;
  }
}

function openRoot(root: Root): Folder {
  const folder = openStep(root, { path: root.path, names: [] });
  if (typeof folder !== 'string') return folder;
  throw workspaceError('scaffolder/workspace-io', 'The folder of the workspace is gone.');
}

function heldFolder(descriptor: number, names: readonly string[]): Folder {
  let isOpen = true;
  const close = (): void => {
    // A second close could hit whoever got the number next.
    if (isOpen) closeSync(descriptor);
    isOpen = false;
  };
  return { at: `/proc/self/fd/${descriptor}`, names, close };
}

interface Step {
  readonly path: string;
  readonly names: readonly string[];
}

const FLAGS = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW;

/** A folder that is one itself, not through a link. */
function openStep({ path: root, held }: Root, { path, names }: Step): Folder | 'missing' | 'other' {
  try {
    if (!held) {
      const at = join(root, ...names);
      return lstatSync(at).isDirectory() ? { at, names, close: () => undefined } : 'other';
    }
    const descriptor = openSync(path, FLAGS);
    return heldFolder(descriptor, names);
  } catch (error) {
    const code = systemCode(error);
    if (code === 'ENOENT') return 'missing';
    if (code === 'ENOTDIR' || code === 'ELOOP') return 'other';
    throw error;
  }
}
