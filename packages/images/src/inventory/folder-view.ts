/**
 * A folder of this machine as the root of an image. Links are resolved by hand, inside the root: an absolute link begins at
 * the root, `..` stops there, and nothing of the machine around it is ever opened.
 * Only for a folder that nobody changes meanwhile: between the look at a path and its opening, a link could be put there.
 */

import { constants } from 'node:fs';
import { lstat, open, readdir, readlink } from 'node:fs/promises';
import { CodedError, messageOf, type ErrorStatus } from '@callboard/kernel';
import type { FileView } from './inventory.ts';

/** Code → HTTP status. */
const FILE_ERRORS = {
  /** A file of an image has more bytes than the caller takes. */
  'images/file-too-large': 413,
  /** The machine does not let us read a file of an image, or failed to. */
  'images/file-unreadable': 500,
} as const satisfies Record<string, ErrorStatus>;

/** Links on the way to one file, as in the kernel. */
const MOST_LINKS = 40;
const DEFAULT_LIMIT = 64 * 1024 * 1024;

/** How the machine says that there is nothing to be had at a path. */
const ABSENT: ReadonlySet<string> = new Set(['ENOENT', 'ENOTDIR', 'ELOOP', 'ENAMETOOLONG', 'EINVAL']);

/**
 * A missing file, a folder, a device, a link that leads nowhere or in circles are all null to `read`; its default limit is
 * 64 MiB. Throws `images/file-too-large` (413) and `images/file-unreadable` (500).
 */
export function createFolderView(root: string): FileView {
  const base = root.replace(/\/+$/, '');
  return {
    async read(path, limit = DEFAULT_LIMIT) {
      const real = await resolve(base, path);
      return real === null ? null : readWithin(real, { path, limit });
    },
    async list(path) {
      const real = await resolve(base, path);
      if (real === null) return null;
      try {
        return (await readdir(real === '' ? '/' : real)).toSorted();
      } catch (error) {
        return nullIfAbsent(error, path);
      }
    },
  };
}

/** The path on this machine, without links below the root; null when it leads nowhere. */
async function resolve(base: string, path: string): Promise<string | null> {
  if (path.includes('\0')) return null;
  const rest = path.split('/').toReversed();
  const done: string[] = [];
  let links = 0;
  for (let name = rest.pop(); name !== undefined; name = rest.pop()) {
    if (name === '' || name === '.') continue;
    if (name === '..') {
      done.pop();
      continue;
    }
    const here = [base, ...done, name].join('/');
    const target = await linkTarget(here, path);
    if (target === null) {
      done.push(name);
      continue;
    }
    links++;
    if (links > MOST_LINKS) return null;
    if (target.startsWith('/')) done.length = 0;
    rest.push(...target.split('/').toReversed());
  }
  return [base, ...done].join('/');
}

/** Null when it is no link; what is not there is found out by the one that opens it. */
async function linkTarget(here: string, path: string): Promise<string | null> {
  try {
    return (await lstat(here)).isSymbolicLink() ? await readlink(here) : null;
  } catch (error) {
    return nullIfAbsent(error, path);
  }
}

async function readWithin(
  real: string,
  { path, limit }: { path: string; limit: number },
): Promise<Buffer | null> {
  try {
    // Not blocked by a pipe, not led away by a link.
    await using file = await open(real, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    if (!(await file.stat()).isFile()) return null;
    const chunks: Buffer[] = [];
    let size = 0;
    for (;;) {
      const { bytesRead, buffer } = await file.read({ buffer: Buffer.allocUnsafe(256 * 1024) });
      if (bytesRead === 0) return Buffer.concat(chunks, size);
      chunks.push(buffer.subarray(0, bytesRead));
      size += bytesRead;
      if (size > limit) {
        throw fileError('images/file-too-large', `${path} has more than ${limit} bytes.`);
      }
    }
  } catch (error) {
    if (error instanceof CodedError) throw error;
    return nullIfAbsent(error, path);
  }
}

function nullIfAbsent(error: unknown, path: string): null {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  // What cannot be opened because it is a socket or a device without a driver has nothing to read either.
  if (typeof code === 'string' && (ABSENT.has(code) || code === 'ENXIO' || code === 'ENODEV')) return null;
  const message = `${path} cannot be read: ${messageOf(error)}`;
  throw fileError('images/file-unreadable', message, { cause: error });
}

function fileError(code: keyof typeof FILE_ERRORS, message: string, options?: ErrorOptions): CodedError {
  return new CodedError(FILE_ERRORS[code], code, message, options);
}
