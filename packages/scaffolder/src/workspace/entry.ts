/** What lies in a folder of a workspace: looked at itself, no link followed. */
import { readdirSync, type Stats } from 'node:fs';
import { systemCode } from './errors.ts';
import type { Folder, Root } from './folder.ts';
import { atPlace, inFolder, statOf, type Place } from './place.ts';

/** What a folder of a workspace holds. */
export interface WorkspaceEntry {
  readonly name: string;
  /** From the root, with slashes. */
  readonly path: string;
  /** `other`: a device, socket or pipe. */
  readonly kind: 'file' | 'folder' | 'link' | 'other';
  /** Bytes of a file; 0 for what is none. */
  readonly size: number;
  readonly executable: boolean;
}

/** What is at a path; null for nothing. */
export function statAt(root: Root, path: string): WorkspaceEntry | null {
  try {
    return atPlace(root, { path }, (place) => {
      const stats = statOf(place);
      return stats === null ? null : entryOf(place, stats);
    });
  } catch (error) {
    if (systemCode(error) === 'scaffolder/no-such-file') return null;
    throw error;
  }
}

/** What a folder holds, by name. A link to a folder is followed. */
export function listAt(root: Root, path: string | readonly string[]): readonly WorkspaceEntry[] {
  return inFolder(root, { path }, entriesOf);
}

function entriesOf(folder: Folder): readonly WorkspaceEntry[] {
  const found: WorkspaceEntry[] = [];
  for (const name of readdirSync(folder.at).toSorted()) {
    const stats = statOf({ folder, name, at: `${folder.at}/${name}` });
    if (stats !== null) found.push(entryOf({ folder, name }, stats));
  }
  return found;
}

function entryOf({ folder, name }: Pick<Place, 'folder' | 'name'>, stats: Stats): WorkspaceEntry {
  const names = name === null ? folder.names : [...folder.names, name];
  const kind = kindOf(stats);
  return {
    name: names.at(-1) ?? '',
    path: names.join('/'),
    kind,
    size: kind === 'file' ? stats.size : 0,
    executable: kind === 'file' && (stats.mode & 0o111) !== 0,
  };
}

function kindOf(stats: Stats): WorkspaceEntry['kind'] {
  if (stats.isFile()) return 'file';
  if (stats.isDirectory()) return 'folder';
  return stats.isSymbolicLink() ? 'link' : 'other';
}
