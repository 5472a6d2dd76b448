/**
 * Folders become commits on remotes, and remotes become folders. Each operation works in a bare repository of its own that
 * is deleted with it, so nothing of a workspace is ever read as git's configuration, and two of them never meet.
 */
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Git, GitAuthor, GitCommit, GitPublish, GitPushBranch } from '@callboard/plugin';
import { cloneShallow, type CloneRequest, type Cloned } from './clone.ts';
import { overlayTree, readCommit, storeFolder, writeCommit, type Overlay } from './commits.ts';
import { gitError, takenError } from './errors.ts';
import { fetchCommit, pushCommit } from './push.ts';
import { checkRefName, checkRepositoryPath } from './remote.ts';
import { mustRunGit, type GitSession } from './run-git.ts';
import { inSession, type GitOptions } from './session.ts';

export interface PortalGit extends Git {
  /**
   * Writes the files of a branch, tag or commit to a folder, without history.
   * @throws CodedError `scaffolder/git-*`
   */
  cloneShallow(request: CloneRequest): Promise<Cloned>;
}

const AUTHOR: GitAuthor = { name: 'Scaffolder', email: 'scaffolder@backstage.io' };
const MESSAGE = 'initial commit';

/** Needs the program `git`, 2.31 or newer; that it is there is found out by the first operation. */
export function createGit(options: GitOptions = {}): PortalGit {
  return {
    publish: (request) => publish(options, request),
    pushBranch: (request) => pushBranch(options, request),
    cloneShallow: (request) => cloneShallow(options, request),
  };
}

async function publish(options: GitOptions, request: GitPublish): Promise<GitCommit> {
  const { branch = 'main', folder } = request;
  checkRefName(branch);
  const { author, message, at } = commitOptions(options, request);
  return inSession(options, request, async (session) => {
    if (session.isLocal) await makeLocal(session, branch);
    const { tree } = await storeFolder(session, folder);
    const commit = await writeCommit(session, { tree, parents: [], author, message, at });
    const pushed = await pushCommit(session, { commit, branch, force: false });
    if (pushed === 'pushed') return { commitHash: commit };
    // The push of a run that was killed may have arrived.
    const tip = await fetchCommit(session, `refs/heads/${branch}`);
    const isOurs = tip !== null && (await sameCommit(session, { tip, commit }));
    if (!isOurs) throw takenError(branch, session.remoteUrl);
    return { commitHash: tip };
  });
}

/** A repository on this machine is made when it is first published to; one that is there stays as it is. */
async function makeLocal(
  session: GitSession & { readonly remoteUrl: string },
  branch: string,
): Promise<void> {
  const path = fileURLToPath(session.remoteUrl);
  const env = { GIT_DIR: path };
  const options = ['--quiet', '--bare', '--template=', `--initial-branch=${branch}`];
  await mkdir(dirname(path), { recursive: true });
  await mustRunGit(session, ['init', ...options, path], { env });
}

/** The two differ in their dates at most. */
async function sameCommit(
  session: GitSession,
  { tip, commit }: { readonly tip: string; readonly commit: string },
): Promise<boolean> {
  const [theirs, ours] = [await readCommit(session, tip), await readCommit(session, commit)];
  return JSON.stringify(theirs) === JSON.stringify(ours);
}

async function pushBranch(
  options: GitOptions,
  request: GitPushBranch,
): Promise<GitCommit & { readonly changed: boolean }> {
  const { branch, base, folder, force = false } = request;
  checkRefName(branch);
  checkRefName(base);
  const targetPath = checkRepositoryPath(request.targetPath ?? '');
  const deletions = (request.deletions ?? []).map(checkRepositoryPath).filter((path) => path !== '');
  const { author, message, at } = commitOptions(options, request);
  return inSession(options, request, async (session) => {
    const { remoteUrl } = session;
    const onto = await fetchCommit(session, `refs/heads/${base}`);
    if (onto === null) {
      throw gitError(`couldn't find remote ref ${base}`, { doing: `Fetching from ${remoteUrl}` });
    }
    const { entries } = await storeFolder(session, folder);
    const overlay = { entries, targetPath, deletions };
    const [tree, before] = [
      await overlayTree(session, { ...overlay, onto }),
      await readCommit(session, onto),
    ];
    if (tree === before.tree) {
      // A run that was killed after its push finds its own commit.
      return { commitHash: onto, changed: branch === base && before.message === message.trim() };
    }
    const commit = await writeCommit(session, { tree, parents: [onto], author, message, at });
    const pushed = await pushCommit(session, { commit, branch, force });
    if (pushed === 'pushed') return { commitHash: commit, changed: true };
    const tip = await fetchCommit(session, `refs/heads/${branch}`);
    const isOurs = tip !== null && (await holds(session, { ...overlay, onto: tip, message, author }));
    if (!isOurs) throw takenError(branch, remoteUrl);
    return { commitHash: tip, changed: true };
  });
}

/** A commit of this message and author has all of these files already. */
async function holds(
  session: GitSession,
  overlay: Overlay & { readonly message: string; readonly author: GitAuthor },
): Promise<boolean> {
  const facts = await readCommit(session, overlay.onto);
  const { name, email } = overlay.author;
  if (facts.message !== overlay.message.trim() || facts.author !== `${name} <${email}>`) return false;
  return (await overlayTree(session, overlay)) === facts.tree;
}

function commitOptions(
  { author = AUTHOR, now = Date.now }: GitOptions,
  request: GitPublish,
): { readonly author: GitAuthor; readonly message: string; readonly at: number } {
  const given = request.author;
  return {
    author: {
      name: orElse(clean(given?.name), author.name),
      email: orElse(clean(given?.email), author.email),
    },
    message: orElse(request.message?.replaceAll('\0', '').trim(), MESSAGE),
    at: now(),
  };
}

/** Git refuses names of nothing but what it strips. */
function clean(text: string | undefined): string {
  return (text ?? '').replaceAll(/[<>\r\n\0]/g, '').trim();
}

function orElse(text: string | undefined, other: string): string {
  return text === undefined || text === '' ? other : text;
}
