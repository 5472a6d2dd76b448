/** The files beside a template, read once so that rules can look at them without a disk. */
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isBinaryFile } from 'isbinaryfile';

export interface TemplateFile {
  /** Relative to the folder of the template, with `/`. */
  readonly path: string;
  /** Null when it is binary or too large to look at. */
  readonly text: string | null;
}

export interface TemplateFiles {
  readonly files: readonly TemplateFile[];
  /** There was more than was read: nothing can be said about what is missing. */
  readonly isPartial: boolean;
}

const MOST_FILES = 5_000;
/** Bytes of one file. */
const LARGEST = 512 * 1024;
/** Bytes of all of them. */
const MOST_BYTES = 32 * 1024 * 1024;
const SKIPPED = new Set(['.git', 'node_modules']);

/** Symbolic links are not followed. @throws Error when the folder cannot be read */
export async function readTemplateFiles(folder: string): Promise<TemplateFiles> {
  const files: TemplateFile[] = [];
  let bytes = 0;
  const waiting = [''];
  while (waiting.length > 0) {
    const below = waiting.pop() ?? '';
    const entries = await readdir(join(folder, below), { withFileTypes: true });
    for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
      const path = below === '' ? entry.name : `${below}/${entry.name}`;
      if (entry.isDirectory() && !SKIPPED.has(entry.name)) waiting.push(path);
      if (!entry.isFile()) continue;
      const { size } = await stat(join(folder, path));
      bytes += size;
      if (files.length >= MOST_FILES || bytes > MOST_BYTES) return { files, isPartial: true };
      files.push({ path, text: size > LARGEST ? null : await textOf(join(folder, path)) });
    }
  }
  return { files, isPartial: false };
}

async function textOf(path: string): Promise<string | null> {
  const bytes = await readFile(path);
  return (await isBinaryFile(bytes)) ? null : bytes.toString('utf8');
}
