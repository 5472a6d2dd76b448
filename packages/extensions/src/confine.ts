/**
 * What an extension may be made of: regular files of limited size in its own folder, and packages in a `node_modules` beside
 * or above it. Who may write into the folder must not be able to read other files of the server through it.
 */
import { constants, type BigIntStats } from 'node:fs';
import { open, readdir, realpath, stat, type FileHandle } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import { messageOf } from '@callboard/kernel';

/** Says whether a real path may be read. */
export interface Confinement {
  allows(path: string): Promise<boolean>;
}

/** Bytes of one file: of an extension's own, and of a package. */
const MAX_OWN = 512 * 1024;
const MAX_OF_PACKAGE = 8 * 1024 * 1024;
const INSIDE_PACKAGES = `${sep}node_modules${sep}`;

/** Code of plugins, which was installed as the portal itself was. */
export const UNCONFINED: Confinement = { allows: async () => true };

/** `nodePaths`: more folders with packages. What they hold is linked may lie elsewhere, as workspaces do. */
export function createConfinement(root: string, nodePaths: readonly string[]): Confinement {
  let packages: Promise<readonly string[]> | null = null;
  const isIn = (path: string, folders: readonly string[]): boolean =>
    folders.some((folder) => path.startsWith(folder.endsWith(sep) ? folder : folder + sep));
  return {
    allows: async (path) => {
      if (isIn(path, [root])) return true;
      packages ??= foldersOfPackages([...above(root), ...nodePaths]);
      return isIn(path, await packages);
    },
  };
}

/** The `node_modules` of all folders above, nearest first. */
function above(root: string): readonly string[] {
  const folders: string[] = [];
  for (let at = dirname(root); ; at = dirname(at)) {
    folders.push(join(at, 'node_modules'));
    if (at === dirname(at)) return folders;
  }
}

/** Real paths of the folders, and of the packages that are linked into them. */
async function foldersOfPackages(folders: readonly string[]): Promise<readonly string[]> {
  const found: string[] = [];
  for (const folder of folders) {
    const real = await realpath(folder).catch(() => null);
    if (real === null) continue;
    found.push(real);
    for (const entry of await entriesOf(real)) {
      if (!entry.name.startsWith('@')) {
        if (entry.isSymbolicLink()) found.push(await linked(join(real, entry.name)));
        continue;
      }
      for (const scoped of await entriesOf(join(real, entry.name))) {
        if (scoped.isSymbolicLink()) found.push(await linked(join(real, entry.name, scoped.name)));
      }
    }
  }
  return found;
}

const linked = (path: string): Promise<string> => realpath(path).catch(() => path);
const entriesOf = (path: string) => readdir(path, { withFileTypes: true }).catch(() => []);

export type SourceRead =
  | { readonly kind: 'read'; readonly bytes: Uint8Array<ArrayBuffer>; readonly stamp: string }
  | {
      readonly kind: 'refused';
      /** Goes on after the name of the file. */
      readonly why: string;
    };

/** Reads a file that may be read; never waits for a pipe or a device. */
export async function readSource(path: string, confinement: Confinement): Promise<SourceRead> {
  const refused = (why: string): SourceRead => ({ kind: 'refused', why });
  const real = await realpath(path).catch(() => null);
  if (real === null) return refused('does not exist, or is a link that leads nowhere.');
  if (!(await confinement.allows(real))) {
    return refused(
      'is outside of the folder of extensions. Copy what is needed into the folder, or make a package of it and install it beside the folder.',
    );
  }
  let file: FileHandle | null = null;
  try {
    file = await open(real, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW);
    return await readHandle(file, real.includes(INSIDE_PACKAGES) ? MAX_OF_PACKAGE : MAX_OWN);
  } catch (error) {
    return refused(`cannot be read: ${messageOf(error).split(',')[0]}.`);
  } finally {
    await file?.close();
  }
}

async function readHandle(file: FileHandle, limit: number): Promise<SourceRead> {
  const found = await file.stat({ bigint: true });
  if (!found.isFile())
    return {
      kind: 'refused',
      why: 'is no file that can be read to its end, but a folder, a device or a pipe.',
    };
  if (found.size > limit) {
    const why = `has ${found.size} bytes; ${limit} is the limit. Split it, or leave out what the browser does not need.`;
    return { kind: 'refused', why };
  }
  const bytes = new Uint8Array(Number(found.size));
  const { bytesRead } = await file.read(bytes, 0, bytes.length, 0);
  return { kind: 'read', bytes: bytes.subarray(0, bytesRead), stamp: toStamp(found) };
}

/** Changes whenever the file does; empty when there is none. */
export async function stampOf(path: string): Promise<string> {
  return stat(path, { bigint: true }).then(toStamp, () => '');
}

function toStamp({ ino, size, mtimeNs, ctimeNs }: BigIntStats): string {
  return [ino, size, mtimeNs, ctimeNs].join(':');
}
