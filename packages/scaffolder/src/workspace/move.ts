/** Removing and renaming what is in a workspace. */
import { readdirSync, renameSync, rmdirSync, unlinkSync } from 'node:fs';
import { workspaceError } from './errors.ts';
import { enterFolder, type Folder, type Root } from './folder.ts';
import { atPlace, statOf, type Place } from './place.ts';

const MAX_DEPTH = 200;

/** Removes with all that is in it; of the root, only what is in it. False when there was nothing. */
export function removeAt(root: Root, path: string): boolean {
  return atPlace(root, { path }, (place) => {
    const stats = statOf(place);
    if (stats === null) return false;
    if (place.name === null) emptyFolder(root, place.folder);
    else removeEntry(root, place.folder, { name: place.name, isFolder: stats.isDirectory() });
    return true;
  });
}

interface Named {
  readonly name: string;
  readonly isFolder: boolean;
}

function removeEntry(root: Root, folder: Folder, { name, isFolder }: Named): void {
  const at = `${folder.at}/${name}`;
  if (!isFolder) return unlinkSync(at);
  const inner = enterFolder(root, { names: [...folder.names, name], create: false });
  try {
    emptyFolder(root, inner);
  } finally {
    inner.close();
  }
  rmdirSync(at);
}

function emptyFolder(root: Root, folder: Folder): void {
  if (folder.names.length > MAX_DEPTH) {
    const path = folder.names.slice(0, 3).join('/');
    throw workspaceError('scaffolder/too-large', `'${path}/…' has more than ${MAX_DEPTH} levels of folders.`);
  }
  for (const entry of readdirSync(folder.at, { withFileTypes: true })) {
    removeEntry(root, folder, { name: entry.name, isFolder: entry.isDirectory() });
  }
}

interface Renaming {
  readonly from: string;
  readonly to: string;
  readonly overwrite: boolean;
}

/** Renames; neither of the two may be inside the other. */
export function renameAt(root: Root, { from, to, overwrite }: Renaming): void {
  atPlace(root, { path: from }, (source) => {
    if (statOf(source) === null) {
      throw workspaceError('scaffolder/no-such-file', `There is no '${from}' in the workspace.`);
    }
    atPlace(root, { path: to, create: true }, (target) => {
      checkApart(source, target, { from, to });
      if (statOf(target) !== null) {
        if (!overwrite) {
          throw workspaceError(
            'scaffolder/path-taken',
            `'${from}' is not renamed: there is something at '${to}' already. Set overwrite to replace it.`,
          );
        }
        removeAt(root, [...target.folder.names, target.name ?? ''].join('/'));
      }
      renameSync(source.at, target.at);
    });
  });
}

function checkApart(source: Place, target: Place, { from, to }: { from: string; to: string }): void {
  const parts = [source, target].map(({ folder, name }) => `${[...folder.names, name].join('/')}/`);
  const [a = '', b = ''] = parts;
  const isRoot = source.name === null || target.name === null;
  if (isRoot || a.startsWith(b) || b.startsWith(a)) {
    throw workspaceError(
      'scaffolder/bad-path',
      `'${from}' cannot be renamed to '${to}': one of them is inside the other.`,
    );
  }
}
