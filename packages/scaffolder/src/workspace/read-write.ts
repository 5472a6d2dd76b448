/** Reading and writing files of a workspace. */
import {
  closeSync,
  constants,
  fstatSync,
  openSync,
  readFile as readDescriptor,
  readFileSync,
  symlinkSync,
  unlinkSync,
  writeFile as writeDescriptor,
  writeFileSync,
  type Stats,
} from 'node:fs';
import { promisify } from 'node:util';
import { pathError, systemCode, workspaceError } from './errors.ts';
import { enterFolder, type Root } from './folder.ts';
import { parsePath } from './path.ts';
import { atPlace, realPath, statOf, type Place } from './place.ts';

/** Up to here one call that waits is faster than a round through the thread pool. */
const SMALL = 64 * 1024;

const readAll = promisify(readDescriptor);
const writeAll = promisify<number, Uint8Array>(writeDescriptor);

/** Reads a plain file that has no other name. */
export async function readAt(root: Root, path: string, maxBytes: number): Promise<Buffer> {
  // A pipe must not make us wait for its other end.
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  const descriptor = atPlace(root, { path, follow: true }, ({ at, name }) => {
    if (name === null) throw workspaceError('scaffolder/not-a-file', `'${path}' is a folder, not a file.`);
    return openSync(at, flags);
  });
  try {
    const stats = fstatSync(descriptor);
    checkReadable(stats, path);
    if (stats.size > maxBytes) {
      throw workspaceError('scaffolder/too-large', `'${path}' is larger than ${maxBytes} bytes.`);
    }
    return stats.size > SMALL ? await readAll(descriptor) : readFileSync(descriptor);
  } catch (error) {
    throw pathError(error, path);
  } finally {
    closeSync(descriptor);
  }
}

function checkReadable(stats: Stats, path: string): void {
  if (stats.isDirectory()) {
    throw workspaceError('scaffolder/not-a-file', `'${path}' is a folder, not a file.`);
  }
  if (!stats.isFile()) throw workspaceError('scaffolder/not-a-file', `'${path}' is a device or a pipe.`);
  // The other name may be one outside.
  if (stats.nlink > 1) {
    throw workspaceError(
      'scaffolder/not-a-file',
      `'${path}' is a hard link: the same file has another name. Copy it instead of linking it.`,
    );
  }
}

interface Written {
  readonly content: string | Uint8Array;
  readonly mode: number;
}

/** Makes a file anew, in place of a file or a link. */
export async function writeAt(root: Root, path: string, { content, mode }: Written): Promise<void> {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;
  const descriptor = atPlace(root, { path, create: true }, (place) => {
    makeRoom(root, place, path);
    return openSync(place.at, flags, mode);
  });
  try {
    if (bytes.length > SMALL) await writeAll(descriptor, bytes);
    else writeFileSync(descriptor, bytes);
  } catch (error) {
    throw pathError(error, path);
  } finally {
    closeSync(descriptor);
  }
}

/** Takes away the file or the link that something else is going to replace. */
function makeRoom(root: Root, place: Place, path: string): void {
  const stats = statOf(place);
  if (place.name === null || stats?.isDirectory() === true) {
    throw workspaceError('scaffolder/path-taken', `'${path}' is a folder; a file cannot take its place.`);
  }
  if (stats?.isSymbolicLink() === true) realPath(root, path);
  if (stats !== null) unlinkSync(place.at);
}

/** Makes a link that stays inside. */
export function linkAt(root: Root, path: string, target: string): void {
  atPlace(root, { path, create: true }, (place) => {
    checkTarget(root, { place, path, target });
    makeRoom(root, place, path);
    symlinkSync(target, place.at);
  });
}

interface NewLink {
  readonly place: Place;
  readonly path: string;
  readonly target: string;
}

/** A link has to stay inside by what is written in it, and by where the links on that way lead now. */
function checkTarget(root: Root, { place, path, target }: NewLink): void {
  if (target === '' || target.startsWith('/')) {
    throw workspaceError(
      'scaffolder/outside-workspace',
      `The link '${path}' leads to '${target}'. Only links relative to their own folder are made.`,
    );
  }
  const names = [...place.folder.names, target].join('/');
  try {
    parsePath(names, root.path);
    enterFolder(root, { names: names.split('/'), create: false }).close();
  } catch (error) {
    // What is missing, or a file at the end, leads nowhere else.
    if (systemCode(error) === 'ENOENT' || systemCode(error) === 'scaffolder/path-taken') return;
    throw error;
  }
}
