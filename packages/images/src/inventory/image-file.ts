/** Reads one text file of an image; a file that is too large is the image's fault and becomes a diagnostic. */

import type { FileView } from './inventory.ts';
import type { Notes } from './notes.ts';

/** Bytes. A status of 5,000 packages has 6 MiB, an rpm database of 1,000 packages 60 MiB. */
export const TEXT_LIMIT = 32 * 1024 * 1024;
export const DATABASE_LIMIT = 160 * 1024 * 1024;

/** What the readers of one image share. */
export interface Source {
  readonly files: FileView;
  readonly notes: Notes;
}

/** Null when there is no such file, or it has more than `limit` bytes. Other failures of the view are thrown on. */
export async function readBytes(source: Source, path: string, limit: number): Promise<Buffer | null> {
  try {
    return await source.files.read(path, limit);
  } catch (error) {
    if (!isTooLarge(error)) throw error;
    source.notes.add({
      code: 'images/inventory-unreadable',
      severity: 'error',
      summary: `The file has more than ${limit} bytes.`,
      file: path,
    });
    return null;
  }
}

export async function readText(source: Source, path: string, limit = TEXT_LIMIT): Promise<string | null> {
  const bytes = await readBytes(source, path, limit);
  return bytes === null ? null : bytes.toString('utf8');
}

/** Every view says so with an error of HTTP status 413. */
function isTooLarge(error: unknown): boolean {
  return error instanceof Error && 'status' in error && error.status === 413;
}
