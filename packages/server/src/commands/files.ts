/** Files that somebody names on the command line: paths, folders and globs. */
import { glob, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Diagnostic } from '@callboard/model';

export interface FoundFiles {
  /** Absolute, sorted, each once. */
  readonly files: readonly string[];
  /** One for each name that stands for no file. */
  readonly missing: readonly Diagnostic[];
}

/** All YAML below a folder. */
export const FOLDER_PATTERN = '**/*.{yaml,yml}';

/** Packages and version control bring YAML that is nobody's catalog. */
const SKIPPED = ['**/node_modules/**', '**/.git/**'];

/** A name is a file, a folder (all YAML in and below it), or a glob; relative ones start at `here`. */
export async function findFiles(names: readonly string[], here: string): Promise<FoundFiles> {
  const files = new Set<string>();
  const missing: Diagnostic[] = [];
  for (const name of names) {
    const found = await filesOf(name, here);
    for (const file of found) files.add(file);
    if (found.length === 0) missing.push(noFile(name, here));
  }
  return { files: [...files].toSorted(), missing };
}

/** What a name stands for; null when there is neither a file nor a folder of that name. */
export async function kindOf(name: string, here: string): Promise<'file' | 'folder' | null> {
  const found = await stat(resolve(here, name)).catch(() => null);
  if (found === null) return null;
  return found.isDirectory() ? 'folder' : 'file';
}

export function noFile(name: string, here: string): Diagnostic {
  return {
    severity: 'error',
    code: 'catalog/source-missing',
    summary: `${name} matches no file`,
    detail: 'Correct the path. Quote globs, so that the shell leaves them to callboard.',
    file: resolve(here, name),
  };
}

async function filesOf(name: string, here: string): Promise<string[]> {
  const path = resolve(here, name);
  const kind = await kindOf(name, here);
  if (kind === 'file') return [path];
  return kind === 'folder' ? matching(FOLDER_PATTERN, path) : matching(name, here);
}

async function matching(pattern: string, folder: string): Promise<string[]> {
  const paths: string[] = [];
  for await (const entry of glob(pattern, { cwd: folder, exclude: SKIPPED })) {
    const path = resolve(folder, entry);
    if ((await kindOf(path, folder)) === 'file') paths.push(path);
  }
  return paths;
}
