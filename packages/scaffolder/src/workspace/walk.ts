/** Going through whole folders of workspaces under limits: what a folder holds, and a copy of it. */
import { setImmediate } from 'node:timers/promises';
import { workspaceError } from './errors.ts';
import type { Workspace } from './workspace.ts';
import type { WorkspaceEntry } from './entry.ts';

/** Of one folder with all that is in it. */
export interface FolderLimits {
  /** Files, folders and links. Default: 50,000. */
  readonly entries?: number;
  /** Of all files. Default: 1 GiB. */
  readonly bytes?: number;
  /** Levels of folders. Default: 64. */
  readonly depth?: number;
}

const DEFAULTS = { entries: 50_000, bytes: 1024 ** 3, depth: 64 };
/** After so many entries others get their turn. */
const TURN = 50;

/**
 * All that is in a folder, each folder before what it holds, by name. Links are named, not followed.
 * @throws CodedError `scaffolder/too-large` over a limit
 */
export function walkFolder(
  workspace: Workspace,
  path: string,
  limits: FolderLimits = {},
): readonly WorkspaceEntry[] {
  const { entries, bytes, depth } = { ...DEFAULTS, ...limits };
  const found: WorkspaceEntry[] = [];
  let size = 0;
  const visit = (folder: string | readonly string[], level: number): void => {
    if (level > depth) throw tooLarge(path, `${depth} levels of folders`);
    for (const entry of workspace.list(folder)) {
      found.push(entry);
      size += entry.size;
      if (found.length > entries) throw tooLarge(path, `${entries} files and folders`);
      if (size > bytes) throw tooLarge(path, `${bytes} bytes`);
      if (entry.kind === 'folder') visit(entry.path.split('/'), level + 1);
    }
  };
  visit(path, 1);
  return found;
}

function tooLarge(path: string, limit: string): Error {
  return workspaceError('scaffolder/too-large', `'${path}' has more than ${limit}.`);
}

export interface FolderCopy {
  readonly from: { readonly workspace: Workspace; readonly path: string };
  readonly to: { readonly workspace: Workspace; readonly path: string };
  readonly limits?: FolderLimits;
  readonly signal?: AbortSignal;
}

/**
 * Copies what is in a folder; files that are there already are replaced, links stay links.
 * @returns how many files and links there were
 * @throws CodedError also for a link that would lead out of the target
 */
export async function copyFolder({ from, to, limits = {}, signal }: FolderCopy): Promise<number> {
  const source = walkFolder(from.workspace, from.path, limits);
  const root = relativeTo(from.workspace, from.path);
  let files = 0;
  for (const [index, entry] of source.entries()) {
    if (index % TURN === 0) await setImmediate();
    signal?.throwIfAborted();
    const target = `${to.path}/${entry.path.slice(root.length)}`;
    await copyEntry(from.workspace, entry, { workspace: to.workspace, path: target });
    if (entry.kind !== 'folder') files += 1;
  }
  return files;
}

/** The real path of a folder inside its workspace, with a slash at its end; empty for the root. */
function relativeTo(workspace: Workspace, path: string): string {
  const real = workspace.realPath(path).slice(workspace.root.length + 1);
  return real === '' ? '' : `${real}/`;
}

async function copyEntry(
  from: Workspace,
  { kind, path, executable }: WorkspaceEntry,
  to: { readonly workspace: Workspace; readonly path: string },
): Promise<void> {
  switch (kind) {
    case 'folder':
      return to.workspace.makeFolder(to.path);
    case 'link':
      return to.workspace.makeLink(to.path, from.readLink(path));
    case 'file':
      return to.workspace.writeFile(to.path, await from.readFile(path), { executable });
    case 'other':
      throw workspaceError('scaffolder/not-a-file', `'${path}' is a device or a pipe.`);
    default:
      return kind satisfies never;
  }
}
