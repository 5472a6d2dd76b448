/** Reads the files of a remote into a folder, under limits, with no link that leads out of it. */
import { mkdir, readdir, realpath, rm } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { CodedError } from '@callboard/kernel';
import type { GitRemote } from '@callboard/plugin';
import { gitError } from './errors.ts';
import { fetchCommit } from './push.ts';
import { checkRefName } from './remote.ts';
import { mustRunGit, type GitSession } from './run-git.ts';
import { inSession, type GitOptions } from './session.ts';

export interface CloneRequest extends GitRemote {
  /** Branch, tag or full hash of a commit; null is the remote's default branch. */
  readonly ref: string | null;
  /** Absolute path; empty, or made. */
  readonly folder: string;
  /** Default: 50,000 files of 512 MiB in all. */
  readonly limits?: { readonly files: number; readonly bytes: number };
}

export interface Cloned {
  readonly commitHash: string;
  /** Links that lead out of the folder or nowhere, which were not written. */
  readonly leftOut: readonly string[];
}

const LIMITS = { files: 50_000, bytes: 512 * 1024 ** 2 };

export async function cloneShallow(options: GitOptions, request: CloneRequest): Promise<Cloned> {
  const { ref, folder, limits = LIMITS } = request;
  if (ref !== null) checkRefName(ref);
  await mkdir(folder, { recursive: true });
  if ((await readdir(folder)).length > 0) {
    throw new CodedError(
      500,
      'scaffolder/git-failed',
      `The folder ${folder} is not empty. Give an empty one.`,
    );
  }
  return inSession(options, request, async (session) => {
    const commitHash = await fetchCommit(session, ref ?? 'HEAD');
    if (commitHash === null) {
      throw gitError(`couldn't find remote ref ${ref ?? 'HEAD'}`, {
        doing: `Fetching from ${session.remoteUrl}`,
      });
    }
    const links = await checkSize(session, { commitHash, limits });
    const env = { GIT_WORK_TREE: folder, GIT_INDEX_FILE: join(session.home, 'clone.index') };
    await mustRunGit(session, ['read-tree', commitHash], { env });
    await mustRunGit(session, ['checkout-index', '--all'], { env, cwd: folder });
    return { commitHash, leftOut: await removeOutward(folder, links) };
  });
}

/** @returns the paths of symbolic links @throws CodedError `scaffolder/git-too-large` */
async function checkSize(
  session: GitSession & { readonly remoteUrl: string },
  { commitHash, limits }: { readonly commitHash: string; readonly limits: typeof LIMITS },
): Promise<readonly string[]> {
  const listed = await mustRunGit(session, ['ls-tree', '-r', '-l', '-z', '--full-tree', commitHash]);
  const links: string[] = [];
  let files = 0;
  let bytes = 0;
  for (const line of listed.split('\0')) {
    const [, mode, size, path] = /^(\d+) \w+ [0-9a-f]+ +(\d+|-)\t(.*)$/s.exec(line) ?? [];
    if (path === undefined) continue;
    files += 1;
    bytes += Number(size) || 0;
    if (mode === '120000') links.push(path);
  }
  if (files <= limits.files && bytes <= limits.bytes) return links;
  const message = `${session.remoteUrl} has ${files} files of ${bytes} bytes; the limits are ${limits.files} and ${limits.bytes}. Use a smaller repository.`;
  throw new CodedError(413, 'scaffolder/git-too-large', message);
}

/** All are looked at before the first goes: one may lead through another. */
async function removeOutward(folder: string, links: readonly string[]): Promise<readonly string[]> {
  const root = await realpath(folder);
  const leftOut: string[] = [];
  for (const path of links) {
    const target = await realpath(join(folder, path)).catch(() => null);
    const isInside = target === root || target?.startsWith(`${root}${sep}`) === true;
    if (!isInside) leftOut.push(path);
  }
  for (const path of leftOut) await rm(join(folder, path), { force: true });
  return leftOut;
}
