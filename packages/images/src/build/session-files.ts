/** Writes the files that commands find under `/run/callboard`. */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { SessionOptions } from './engine.ts';
import { buildError, namedFailure } from './errors.ts';

/** For everybody to read, as package managers give up root. Throws `images/build-bad-file`. */
export async function writeSessionFiles(folder: string, files: SessionOptions['files']): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    const parts = path.split('/');
    if (path.includes('\0') || parts.some((part) => part === '' || part === '.' || part === '..')) {
      throw buildError(
        'images/build-bad-file',
        `${JSON.stringify(path)} is no plain relative path for a file of a build.`,
      );
    }
    try {
      await mkdir(dirname(join(folder, path)), { recursive: true, mode: 0o755 });
      await writeFile(join(folder, path), content, { mode: 0o644 });
    } catch (error) {
      throw namedFailure(error, `The file ${path} of a build cannot be written`);
    }
  }
}
