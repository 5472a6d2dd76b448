/** Files of templates and of their tests that somebody names. */
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { findFiles, kindOf, type FoundFiles } from '../files.ts';

const TEST_FILE = /(?:^|[/.])(?:template|form)\.test\.ya?ml$/;
const TEMPLATE = /^kind:\s*["']?Template\b/m;

/**
 * Every file that is named itself, and every template in the folders and globs. What lies in a folder whose name is an
 * expression belongs to a skeleton.
 */
export async function findTemplates(names: readonly string[], here: string): Promise<FoundFiles> {
  const { files, missing } = await findFiles(names, here);
  const named = await namedFiles(names, here);
  const found: string[] = [];
  for (const file of files) {
    if (named.has(file) || (!isOther(file) && TEMPLATE.test(await readFile(file, 'utf8')))) found.push(file);
  }
  return { files: found, missing };
}

function isOther(file: string): boolean {
  return file.includes('{{') || TEST_FILE.test(file);
}

/** `template.test.yaml` and `form.test.yaml` in folders, and any file that is named itself. */
export async function findTemplateTests(names: readonly string[], here: string): Promise<FoundFiles> {
  const { files, missing } = await findFiles(names, here);
  const named = await namedFiles(names, here);
  return { files: files.filter((file) => named.has(file) || TEST_FILE.test(file)), missing };
}

async function namedFiles(names: readonly string[], here: string): Promise<ReadonlySet<string>> {
  const files = new Set<string>();
  for (const name of names) if ((await kindOf(name, here)) === 'file') files.add(resolve(here, name));
  return files;
}

/** Whether a file has tests of a form; otherwise, they are of a whole template. */
export function isFormTest(file: string): boolean {
  return /(?:^|[/.])form\.test\.ya?ml$/.test(file);
}
