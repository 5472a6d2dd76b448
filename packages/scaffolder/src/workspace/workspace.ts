/**
 * The folder that a task works in. Every path that an action is given goes through here: whatever a template, an archive
 * or an earlier step put into the folder, nothing outside of it is read, written, renamed or deleted.
 *
 * What must hold: links are followed only inside; a file is never written through a link or into one of its other names
 * (it is made anew); nothing but plain files with one name is read.
 */
import { readlinkSync, realpathSync } from 'node:fs';
import { workspaceError } from './errors.ts';
import { listAt, statAt, type WorkspaceEntry } from './entry.ts';
import { CAN_HOLD_FOLDERS, type Root } from './folder.ts';
import { removeAt, renameAt } from './move.ts';
import { atPlace, inFolder, realPath } from './place.ts';
import { linkAt, readAt, writeAt } from './read-write.ts';

/**
 * Paths are relative to the root, with slashes. Every method throws a CodedError with a code of WORKSPACE_ERRORS that names
 * the path.
 */
export interface Workspace {
  /** Absolute path without links. */
  readonly root: string;
  /** What is at a path, a link at its end not followed; null for nothing. */
  stat(path: string): WorkspaceEntry | null;
  /** Rejects with `scaffolder/too-large` over `maxBytes`. Default: 100 MiB. */
  readFile(path: string, options?: { readonly maxBytes?: number }): Promise<Buffer>;
  /** Makes the folders on the way; replaces a file or a link that is there. Default mode: not executable. */
  writeFile(
    path: string,
    content: string | Uint8Array,
    options?: { readonly executable?: boolean },
  ): Promise<void>;
  /** With those on the way; one that is there already is no mistake. */
  makeFolder(path: string): void;
  /** A link that stays inside the workspace wherever it is read from; replaces a file or a link that is there. */
  makeLink(path: string, target: string): void;
  /** Where a link leads, as it is written in it. */
  readLink(path: string): string;
  /** The absolute path that a path really has, every link followed; what is missing is taken as written. */
  realPath(path: string): string;
  /** With all that is in it; of the root, only what is in it. False when there was nothing. */
  remove(path: string): boolean;
  /** Makes the folders on the way. With `overwrite`, what is at the new path is removed first. */
  rename(from: string, to: string, options?: { readonly overwrite?: boolean }): void;
  /** What a folder holds, by name. Names on the way in place of a path reach folders whose names no path can have. */
  list(path: string | readonly string[]): readonly WorkspaceEntry[];
}

export interface WorkspaceOptions {
  /** Holds folders open while they are used, so that they cannot be exchanged meanwhile. Default: where it is possible. */
  readonly holdFolders?: boolean;
}

/** Opens a folder that exists as a workspace. Holds nothing open. @throws CodedError `scaffolder/workspace-io` */
export function openWorkspace(folder: string, options: WorkspaceOptions = {}): Workspace {
  const root = rootOf(folder, options);
  return {
    root: root.path,
    stat: (path) => statAt(root, path),
    readFile: (path, { maxBytes = DEFAULT_MAX_BYTES } = {}) => readAt(root, path, maxBytes),
    writeFile: (path, content, { executable = false } = {}) =>
      writeAt(root, path, { content, mode: executable ? 0o755 : 0o644 }),
    makeFolder: (path) => inFolder(root, { path, create: true }, () => undefined),
    makeLink: (path, target) => linkAt(root, path, target),
    readLink: (path) => atPlace(root, { path }, ({ at }) => readlinkSync(at)),
    realPath: (path) => realPath(root, path),
    remove: (path) => removeAt(root, path),
    rename: (from, to, { overwrite = false } = {}) => renameAt(root, { from, to, overwrite }),
    list: (path) => listAt(root, path),
  };
}

/**
 * The absolute path that a path really has below a folder, every link followed, for a program that has to be given one.
 * @throws CodedError `scaffolder/bad-path`, `scaffolder/outside-workspace`
 */
export function resolveInside(folder: string, path: string): string {
  return realPath(rootOf(folder, {}), path);
}

const DEFAULT_MAX_BYTES = 100 * 1024 * 1024;

function rootOf(folder: string, { holdFolders = CAN_HOLD_FOLDERS }: WorkspaceOptions): Root {
  try {
    return { path: realpathSync(folder), held: holdFolders && CAN_HOLD_FOLDERS };
  } catch (error) {
    throw workspaceError('scaffolder/workspace-io', 'The folder of the workspace is gone.', error);
  }
}
