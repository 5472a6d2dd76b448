/** The files of a folder in memory, as git sees them: content and mode by path. */
import { Buffer } from 'node:buffer';
import { chmod, lstat, mkdir, readdir, readFile, readlink, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { buffer } from 'node:stream/consumers';
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { CodedError } from '@callboard/kernel';
import { extract } from 'tar-stream';

/** git's: a file, an executable file, a symbolic link whose content is where it leads. */
export type FileMode = '100644' | '100755' | '120000';

export interface TreeFile {
  readonly content: Buffer;
  readonly mode: FileMode;
}

/** By path with `/`, relative, never with `..`. */
export type FileTree = ReadonlyMap<string, TreeFile>;

/** What belongs to no template. */
const SKIPPED = new Set(['.git', 'node_modules']);
const MOST_FILES = 20_000;
const MOST_BYTES = 256 * 1024 * 1024;

/**
 * Reads a folder; symbolic links are kept as such and not followed; `.git` and `node_modules` are left out.
 * @throws CodedError 413 `scaffolder/tree-too-large`
 */
export async function readFileTree(folder: string): Promise<FileTree> {
  const tree = new Map<string, TreeFile>();
  let bytes = 0;
  const waiting = [''];
  while (waiting.length > 0) {
    const below = waiting.pop() ?? '';
    for (const entry of await readdir(join(folder, below), { withFileTypes: true })) {
      const path = below === '' ? entry.name : `${below}/${entry.name}`;
      if (SKIPPED.has(entry.name)) continue;
      if (entry.isDirectory()) waiting.push(path);
      const file = await readEntry(join(folder, path));
      if (file === null) continue;
      bytes += file.content.length;
      tree.set(path, file);
      refuseTooLarge(folder, { files: tree.size, bytes });
    }
  }
  return sorted(tree);
}

async function readEntry(path: string): Promise<TreeFile | null> {
  const found = await lstat(path);
  if (found.isSymbolicLink()) return { content: Buffer.from(await readlink(path)), mode: '120000' };
  if (!found.isFile()) return null;
  return { content: await readFile(path), mode: (found.mode & 0o100) === 0 ? '100644' : '100755' };
}

function refuseTooLarge(
  name: string,
  { files, bytes }: { readonly files: number; readonly bytes: number },
): void {
  if (files <= MOST_FILES && bytes <= MOST_BYTES) return;
  const limit = `${MOST_FILES} files or ${MOST_BYTES / 1024 / 1024} MiB`;
  throw new CodedError(413, 'scaffolder/tree-too-large', `${name} has more than ${limit}`);
}

function sorted(tree: ReadonlyMap<string, TreeFile>): FileTree {
  return new Map([...tree].toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/**
 * Reads a `.tar.gz`, as it is kept of what a template wrote. Entries whose path leads out are refused.
 * @throws CodedError 400 `scaffolder/bad-base`, 413 `scaffolder/tree-too-large`
 */
export async function fileTreeOf(archive: Uint8Array): Promise<FileTree> {
  const tree = new Map<string, TreeFile>();
  const reading = extract();
  let bytes = 0;
  try {
    const unpacked = pipeline(Readable.from([archive]), createGunzip(), reading);
    // The loop below reports what goes wrong; this only keeps the rejection from going unheard meanwhile.
    unpacked.catch(() => {});
    for await (const entry of reading) {
      const { name, type, mode, size, linkname } = entry.header;
      bytes += size;
      refuseTooLarge('The archive', { files: tree.size, bytes });
      const read = await buffer(entry);
      if (type === 'directory') continue;
      const isLink = type === 'symlink';
      const content = isLink ? Buffer.from(linkname ?? '') : read;
      const plain = (mode & 0o100) === 0 ? '100644' : '100755';
      tree.set(safePath(name), { content, mode: isLink ? '120000' : plain });
    }
    await unpacked;
  } catch (cause) {
    if (cause instanceof CodedError) throw cause;
    throw new CodedError(400, 'scaffolder/bad-base', 'It is no .tar.gz archive that can be read', { cause });
  }
  return sorted(tree);
}

function safePath(name: string): string {
  const parts = name.split('/').filter((part) => part !== '' && part !== '.');
  const leadsOut = name.startsWith('/') || name.includes('\0') || name.includes('\\') || parts.includes('..');
  if (leadsOut || parts.length === 0 || parts.includes('.git')) {
    throw new CodedError(400, 'scaffolder/bad-base', `The archive has an entry that leads out: ${name}`);
  }
  return parts.join('/');
}

/**
 * Writes the paths of a tree below a folder, and deletes others. Nothing is written through a symbolic link.
 * @throws CodedError 409 `scaffolder/link-in-the-way`
 */
export async function writeFiles(
  folder: string,
  { tree, write, remove }: { tree: FileTree; write: readonly string[]; remove: readonly string[] },
): Promise<void> {
  for (const path of remove) {
    await refuseLinks(folder, path);
    await rm(join(folder, path), { force: true });
  }
  for (const path of write) {
    const file = tree.get(path);
    if (file === undefined) continue;
    await refuseLinks(folder, path);
    const target = join(folder, path);
    await mkdir(dirname(target), { recursive: true });
    await rm(target, { force: true });
    if (file.mode === '120000') await symlink(file.content.toString('utf8'), target);
    else await writeFile(target, file.content);
    if (file.mode === '100755') await chmod(target, 0o755);
  }
}

/** A folder of the path that is a link would lead the file elsewhere. */
async function refuseLinks(folder: string, path: string): Promise<void> {
  const parts = path.split('/').slice(0, -1);
  let at = folder;
  for (const part of parts) {
    at = `${at}${sep}${part}`;
    const found = await lstat(at).catch(() => null);
    if (found === null) return;
    if (!found.isSymbolicLink()) continue;
    const message = `${path} is not written: ${part} is a symbolic link`;
    throw new CodedError(409, 'scaffolder/link-in-the-way', message);
  }
}
