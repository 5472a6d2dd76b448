/**
 * The files of a folder of the workspace, for a commit that is made through the API. Links are not followed, and nothing
 * outside of the workspace is read; what `.gitignore` files name is left out, as git does.
 */
import { constants } from 'node:fs';
import { open, readdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import type { ActionContext } from '@callboard/plugin';
import { gitlabError } from './errors.ts';
import { isIgnored, parseIgnoreFile, type IgnoreRule } from './ignore-rules.ts';

export interface SourceFile {
  /** From the folder, with slashes. */
  readonly path: string;
  readonly content: Buffer;
  readonly executable: boolean;
}

const MAX_FILES = 10_000;
/** Bytes of all files: they travel in one request. */
const MAX_BYTES = 64 * 1024 * 1024;
/** Levels of folders. */
const MAX_DEPTH = 64;

type Place = Pick<ActionContext, 'workspacePath' | 'logger' | 'signal'>;

/**
 * By path.
 * @throws CodedError `scaffolder/outside-workspace`, `scaffolder/no-such-file`, `scaffolder/too-large`
 */
export async function readSourceFiles(place: Place, folder: string): Promise<readonly SourceFile[]> {
  const root = await resolveFolder(place.workspacePath, folder);
  const found: SourceFile[] = [];
  let bytes = 0;

  async function visit(names: readonly string[], inherited: readonly IgnoreRule[]): Promise<void> {
    place.signal.throwIfAborted();
    if (names.length > MAX_DEPTH) throw tooLarge(folder, `${MAX_DEPTH} levels of folders`);
    const here = join(root, ...names);
    // A folder that became a link meanwhile is not gone through.
    if ((await realpath(here)) !== here) throw outside(names.join('/'));
    const entries = await readdir(here, { withFileTypes: true });
    const own = entries.some((entry) => entry.name === '.gitignore' && entry.isFile());
    const text = own ? ((await readPlain(join(here, '.gitignore')))?.content.toString('utf8') ?? '') : '';
    const rules = [...inherited, ...parseIgnoreFile(text, names)];
    for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
      const path = [...names, entry.name];
      if (entry.name === '.git' || isIgnored(rules, path, entry.isDirectory() ? 'folder' : 'file')) continue;
      if (entry.isDirectory()) {
        await visit(path, rules);
        continue;
      }
      const file = entry.isFile() ? await readPlain(join(here, entry.name)) : null;
      if (file === null) {
        place.logger.warn(`${path.join('/')} is left out: it is no plain file.`);
        continue;
      }
      bytes += file.content.length;
      found.push({ path: path.join('/'), ...file });
      if (found.length > MAX_FILES) throw tooLarge(folder, `${MAX_FILES} files`);
      if (bytes > MAX_BYTES) throw tooLarge(folder, `${MAX_BYTES} bytes`);
    }
  }

  await visit([], []);
  return found;
}

/**
 * The absolute path of a folder of the workspace, without links.
 * @throws CodedError `scaffolder/outside-workspace`, `scaffolder/no-such-file`
 */
export async function resolveFolder(workspacePath: string, folder: string): Promise<string> {
  const root = await realpath(workspacePath);
  if (folder.includes('\0')) throw outside(folder);
  // `/docs` is `docs`: that is how Backstage's publishing actions read it.
  const path = await realpath(join(root, folder)).catch((cause: unknown) => {
    const message = `The workspace has no "${folder}". Correct "sourcePath", or make it in an earlier step.`;
    throw gitlabError('scaffolder/no-such-file', message, { cause });
  });
  if (path !== root && !path.startsWith(`${root}/`)) throw outside(folder);
  return path;
}

/** Null for what is no plain file with one name. */
async function readPlain(path: string): Promise<Omit<SourceFile, 'path'> | null> {
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const stats = await file.stat();
    if (!stats.isFile() || stats.nlink > 1) return null;
    if (stats.size > MAX_BYTES) throw tooLarge(path.split('/').at(-1) ?? '', `${MAX_BYTES} bytes`);
    return { content: await file.readFile(), executable: (stats.mode & 0o111) !== 0 };
  } finally {
    await file.close();
  }
}

function tooLarge(folder: string, limit: string): Error {
  const message = `"${folder}" has more than ${limit}, too much for one commit through GitLab's API. Choose a smaller "sourcePath".`;
  return gitlabError('scaffolder/too-large', message);
}

function outside(folder: string): Error {
  const message = `The path "${folder}" leads out of the workspace. Write it relative to the workspace.`;
  return gitlabError('scaffolder/outside-workspace', message);
}
